"""The words around contacts: headings that open them, labels, lines that name others."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Literal

from indexer.extract.addresses import without_addresses
from indexer.extract.charset import clean
from indexer.extract.names import is_academic, is_name, is_role, split_name

if TYPE_CHECKING:
    from collections.abc import Iterator

Opens = Literal["contacts", "group", ""]

_CONTACT_HEADING = re.compile(
    r"^(?:dina\s+|våra\s+|vår\s+|mer\s+|your\s+|our\s+)?"
    r"(?:(?:press|media)?kontakt\w*|(?:press\s+|media\s+)?contacts?\b|frågor|questions|"
    r"för\s+mer\s+information|for\s+more\s+information|projektledare|project\s+leaders?|"
    r"projektledning|forskningsled\w+|vill\s+du\s+veta\s+mer|hör\s+av\s+dig|get\s+in\s+touch)",
    re.IGNORECASE,
)
# Organisations take part too, and lists of people lead to their pages: a name must be more here.
_GROUP_HEADING = re.compile(
    r"^(?:våra\s+|our\s+)?(?:medverkande|medlemmar|members|deltagare|participants|arbetsgrupp\w*|"
    r"styrgrupp\w*|steering\s+(?:group|committee)|(?:deltagande\s+)?forskare\b|researchers|"
    r"medarbetare|staff\b|people\b|personer|personal\b|projektgrupp\w*|"
    r"project\s+(?:group|team|members)|forskargrupp\w*|research\s+(?:group|team)|team\b)",
    re.IGNORECASE,
)
_OF_THE_PAGE = re.compile(
    r"^\W*(?:sid(?:an)?s?ansvarig|(?:innehålls|informations|webbplats)ansvarig|sidägare|"
    r"ansvarig\s+utgivare|webb?(?:ansvarig|redaktör)|redaktör|"
    r"(?:senast\s+|sidan\s+|last\s+|page\s+)*"
    r"(?:uppdatera|publicera|granska|ändra|updated|published|reviewed)|"
    r"fotograf|foto\b|bild\b|text\b|skribent|författare|page\s+(?:manager|editor)|editor\b|photo|"
    r"skriven\s+av|written\s+by|author|av:|by:)",
    re.IGNORECASE,
)
_LABEL = re.compile(
    r"(?:namn|name|roll|role|befattning|position|uppdrag|funktion|titel|title|e-?post(?:adress)?|"
    r"e-?mail(?:\s+address)?|mejl|mail|telefon(?:nummer)?|tel|tfn|phone|mobil(?:telefon)?|mobile|"
    r"fax|adress|address|besöksadress|organisation|arbetsplats|avdelning|department|kontakt\w*|"
    r"contacts?(?:\s+persons?)?|skicka\s+e-?post|mejla|ring|direkt|växel|skriv|läs\s+mer|"
    r"visa\s+profil|profil|orcid|kontakta|för\s+mer\s+information\W*\s*kontakta|"
    r"for\s+more\s+information\W*\s*(?:please\s+)?contact|eller|or|och|and)\W*",
    re.IGNORECASE,
)
_LABELLED = re.compile(r"^([^:|]{3,60}):\s*(\S.*)?$", re.DOTALL)
_SPLIT = re.compile(r"\s*[,;|•·\n]\s*|\s+[–—-]\s+")
_DOTTED = re.compile(r"[a-z0-9_-]+(?:\.[a-z0-9_-]+)+")
_ABBREVIATED = re.compile(r"(?:\b(?:dr|lic|mag|kand|prof|sc)|\b[Dd])$")
_SHORTEST_BIT = 3


def opens(heading: str, *, level: int) -> Opens:
    """Return what a heading opens: contacts, or people who may be organisations."""
    if _CONTACT_HEADING.match(heading):
        return "contacts"
    # The first heading of a list of people is no reason to take them for contacts.
    return "group" if level > 1 and _GROUP_HEADING.match(heading) else ""


def is_of_the_page(line: str) -> bool:
    """Tell whether a line names who keeps the page or took its pictures."""
    return bool(_OF_THE_PAGE.match(line))


def bits(text: str) -> Iterator[str]:
    """Yield the parts of a line that are no address, number or label."""
    if (match := _LABELLED.match(text)) and _LABEL.fullmatch(match[1]):
        text = match[2] or ""
    for raw in _SPLIT.split(without_addresses(text)):
        bit = raw.strip(" .:–-()[]<>*")
        if len(bit) < _SHORTEST_BIT or _LABEL.fullmatch(bit) or _is_address_part(bit):
            continue
        yield bit + _end_of(bit, raw)


def _end_of(bit: str, raw: str) -> str:
    """Return what was cut off a part and belongs to it: a parenthesis, the dot of "fil. dr."."""
    if "(" in bit and ")" not in bit:
        return ")"
    return "." if raw.rstrip().endswith(".") and _ABBREVIATED.search(bit) else ""


def _is_address_part(bit: str) -> bool:
    """Tell whether a part is of an address: "eva.ek" apart from its host, or a link."""
    return bit.startswith("http") or (bool(_DOTTED.fullmatch(bit)) and not is_academic(bit))


def is_labelled(text: str) -> bool:
    """Tell whether a line says with a label what it holds: "E-post: eva.ek@example.org"."""
    match = _LABELLED.match(text)
    return match is not None and bool(_LABEL.fullmatch(match[1]))


def label_of(bit: str) -> tuple[str, str]:
    """Return the label and the value of "Projektledare: Eva Ek"; the label may be empty."""
    match = _LABELLED.match(bit)
    return (match[1].strip(), match[2].strip()) if match and match[2] else ("", bit)


def held(text: str, hint: str) -> list[str]:
    """Return what an element that is said to hold one thing holds; nothing if that is a name.

    A title is taken apart where a role stands in it: "Professor, forskningsledare".
    """
    whole = clean(without_addresses(text).replace("|", " ").strip(" .:"))
    if not whole or _LABEL.fullmatch(whole) or is_name(split_name(whole)[0]):
        return []
    parts = [part for part in _SPLIT.split(whole) if part]
    return parts if hint == "title" and any(map(is_role, parts)) else [whole]
