"""Names of people, told from other words with capitals, and what stands beside them.

What an academic holds ("docent", "universitetslektor i pedagogik") is a title; what somebody does
here ("projektledare") is a role; where they do it ("Institutionen för vård") is an organisation.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import NamedTuple

_LONGEST_NAME = 80
_LONGEST_BIT = 120
_LONGEST_ROLE = 60
_MOST_SPACES = 6
_UPPER = "A-ZÅÄÖÉÈÜØÆÇÑÁÍÓÚŠŽŁÐÞ"
_NAME_WORD = (
    rf"(?:[{_UPPER}][\w’'`-]+|[{_UPPER}]\.|von|af|de|da|van|der|den|la|el|al|bin|di|zu|ter)"
)
_NAME = re.compile(rf"[{_UPPER}][\w’'`-]+(?:\s+{_NAME_WORD}){{0,3}}\s+[{_UPPER}][\w’'`-]+$")
_ACADEMIC = re.compile(
    r"\b(professor\w*|docent\w*|(?:universitets|gymnasie|adjungerad\s+|biträdande\s+)?(?:lektor|adjunkt)"
    r"(?:en|er|at)?|lektorat|doktorand\w*|licentiand|(?:fil|med|tekn|ekon|jur|teol|phil)\.?\s*(?:d|dr|lic|mag|kand)\b\.?|"
    r"(?:filosofie|medicine|teknologie|teknisk|ekonomie|juris|teologie|konstnärlig)\s+(?:doktor|licentiat|magister)|"
    r"ph\.?\s?d\.?(?:\s+(?:student|candidate))?|postdok\w*|postdoc\w*|"
    r"(?:senior|assistant|associate|university)?\s*(?:lecturer|reader)|doctoral\s+(?:student|candidate)|"
    r"civilingenjör|emerit(?:us|a)|dr\.?|m\.?\s?sc\.?)(?!\w)",
    re.IGNORECASE,
)
_DEGREES = re.compile(r"\b(?:FD|TeknD|MedD|FilD|EkonD|TD|MD|FL)\b")
_BEFORE_NAME = re.compile(
    r"^((?:(?:bitr(?:ädande|\.)?|adjungerad|gäst|senior|associate|assistant|adjunct)\s*)?"
    r"(?:prof(?:essor)?|docent|univ(?:ersitets)?lektor|lektor|adjunkt|doktorand|dr|doc|"
    r"(?:fil|med|tekn|ekon)\.?\s*(?:dr|lic|mag)|ph\.?d)\b\.?(?:\s*(?:emerit(?:us|a)))?)\s+(?=[A-ZÅÄÖÉÜØÆ])",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"^(?:mejla|maila|e-?posta|ring|skriv|skicka|kontakta|läs|besök|visa|ladda|anmäl|boka|se|till|från|email|call|write|"
    r"send|visit|download|view|show|follow|följ|hitta|find|meet|möt|stöd|support|the|welcome|välkommen)\b|"
    r"\b(office|team|department|unit|centre|center|library|support|contact|read|more|learning|research\w*|"
    r"group|projects?|press|service|info|about|campus|school|faculty|institute|hospital|municipality|region\w*|"
    r"university|college|academy|city|county|council|agency|science|health|care|welfare|student|"
    r"phone|mail|e-?post|e-?mail|telefon|mobil|tel|box|enhet\w*|avdelning\w*|institution\w*|kansli\w*|akademi\w*|"
    r"förvaltning\w*|bibliotek\w*|växel\w*|reception\w*|högskol\w*|universitet\w*|kommun\w*|stad|staden|stads|"
    r"skola\w*|\w+skolan|sjukhus\w*|sjukvård\w*|\w*förbund\w*|\w*myndighet\w*|forsknings?\w*|utbildning\w*|"
    r"projekt\w*|partner\w*|samverkan\w*|samarbete\w*|centrum|institut\w*|kontakt\w*|läs|mer|om|sidan|besöks?\w*|"
    r"adress\w*|postadress|gata|gatan|vägen|hus|plan|sverige|sweden|ab|lärande\w*|område\w*|areas?|"
    r"hållbar\w*|sustainab\w*|development|utveckling\w*|collaboration|network|nätverk\w*|program\w*|kurs\w*|"
    r"nyhet\w*|news|aktuellt|publicerad|uppdaterad|senast)\b",
    re.IGNORECASE,
)
_ORGANISATION = re.compile(
    r"^(?:institution(?:en)?|avdelning(?:en)?|enhet(?:en)?|högskolan|akademin|sektionen|fakulteten|centrum|kansliet|"
    r"förvaltningen|department|school|faculty|division|unit|centre|center|institute|university|college|"
    r"region|campus|stiftelsen|föreningen)\b",
    re.IGNORECASE,
)
_ORGANISATION_ENDS = re.compile(
    r"(?:\b(?:kommun|stad|ab|universitet|högskola|institut|centrum|university|college|hospital|"
    r"municipality|institute|council)|förvaltning(?:en)?|nämnd(?:en)?|sjukhus(?:et)?|sjukvården|"
    r"regionen|förbund(?:et)?|skolan|bolaget|verket|myndigheten|styrelsen|avdelning(?:en)?)$",
    re.IGNORECASE,
)
_HAS_PLACE = re.compile(r"\w\s+(?:vid|för|på|at|for|hos|med)\s+\w", re.IGNORECASE)
_ROLE_ENDS = re.compile(
    r"(?:ansvarig|ledare|chef|samordnare|koordinator|strateg|föreståndare|prefekt|handledare|utvecklare|"
    r"forskare|lärare|rektor|dekan|sekreterare|kurator|rådgivare|handläggare|controller|kommunikatör|"
    r"manager|director|leader|co-?ordinator|head|researcher|officer|supervisor|ledamot|ordförande|"
    r"samverkare|konsult|assistent|administratör|direktör|ingenjör|expert|kontaktperson|investigator)\b",
    re.IGNORECASE,
)
_JOINS = re.compile(r"\s+(?:och|and|samt|&)\s+")


class Bit(NamedTuple):
    """What one part of a contact's line turned out to be."""

    role: str = ""
    title: str = ""
    organisation: str = ""


@lru_cache(maxsize=10_000)
def is_name(text: str) -> bool:
    """Tell whether a text looks like the name of a person."""
    if len(text) > _LONGEST_NAME or not _NAME.match(text):
        return False
    return not (is_academic(text) or _NO_PERSON.search(text))


@lru_cache(maxsize=10_000)
def is_academic(text: str) -> bool:
    """Tell whether a text names an academic title."""
    return bool(_ACADEMIC.search(text) or _DEGREES.search(text))


def is_role(text: str) -> bool:
    """Tell whether a text names what somebody does, by the word it ends with."""
    is_short = len(text) <= _LONGEST_ROLE and text.count(" ") <= _MOST_SPACES
    return is_short and bool(_ROLE_ENDS.search(text))


def is_organisation(text: str) -> bool:
    """Tell whether a text names where people work, and not what they do there."""
    if is_role(text):
        return False
    ends = _ORGANISATION_ENDS.search(text) and not _HAS_PLACE.search(text)
    return bool(_ORGANISATION.match(text) or ends)


def split_name(text: str) -> tuple[str, str]:
    """Return the name and the titles of "Docent Eva Ek", "Eva Ek (PhD)" or just "Eva Ek"."""
    titles: list[str] = []
    if match := re.search(r"\s*\(([^()]{2,60})\)$", text):
        if is_academic(match[1]):
            titles.append(match[1])
        text = text[: match.start()]
    while match := _BEFORE_NAME.match(text):
        titles.insert(0, match[1])
        text = text[match.end() :]
    return text.strip(" :–-"), ", ".join(titles)


def sort_bit(text: str) -> Bit:
    """Tell what a part of a contact's line says."""
    if len(text) > _LONGEST_BIT:
        return Bit()
    if is_academic(text):
        return _academic(text)
    if is_organisation(text):
        return Bit(organisation=text)
    return Bit(role=text)


def _academic(text: str) -> Bit:
    """Part "docent och föreståndare": the title, and what else they are."""
    for match in _JOINS.finditer(text):
        before, after = text[: match.start()], text[match.end() :]
        if before.endswith("-"):
            continue
        if is_role(after) and is_academic(before) and not is_academic(after):
            return Bit(title=before, role=after)
        if is_role(before) and is_academic(after) and not is_academic(before):
            return Bit(title=after, role=before)
    return Bit(title=text)
