"""Names of organisations: which texts mention, and which look like one."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.analysis.wordlists import word_list
from indexer.jobs.vocabulary.wording import is_bare_form

if TYPE_CHECKING:
    from collections.abc import Iterator

_LONGEST, _MOST_WORDS = 80, 8
_CAPITAL = r"[A-ZÅÄÖÉÜØ]"
_NAME_WORD = rf"{_CAPITAL}(?:[\w&'-]|\.(?=\w)){{0,40}}"
_JOINED = rf"{_NAME_WORD}(?:[ \u00a0]{_NAME_WORD}){{0,3}}"
_BODIES = (
    r"(?i:kommun|stad|universitet|högskola|sjukhus|lasarett|folkhögskola|kommunalförbund|kommunförbund|"
    r"skolförbund|samordningsförbund|landsting|länsmuseum|museum|stadsbibliotek|science[ ]park|"
    r"municipality|university|university[ ]college|hospital|university[ ]hospital|county[ ]council|"
    r"institutet|institute|stiftelse|foundation|arena)"
)
_COMPANIES = r"(?:AB|AS|Inc|Ltd)"
_BEGINNINGS = (
    r"(?:Region|Länsstyrelsen[ ]i|Högskolan[ ]i|Högskolan|City[ ]of|Municipality[ ]of|"
    r"University[ ]of|Stiftelsen|Institutet[ ]för)"
)
# Not behind a dot: A.A.A.A would else be tried from every letter on.
_START = r"(?<![\w.&'-])"
_NAMED_BEHIND = re.compile(
    rf"{_START}(?P<name>{_JOINED}[ \u00a0](?:{_BODIES}|{_COMPANIES}))s?(?![\w-])"
)
_NAMED_BEFORE = re.compile(
    rf"{_START}(?P<name>{_BEGINNINGS}[ \u00a0]{_JOINED}(?:[ \u00a0]län)?)(?![\w-])"
)
_COMPOUND = re.compile(
    rf"{_START}(?P<name>(?:{_NAME_WORD}[ \u00a0]){{0,2}}{_CAPITAL}[\w-]{{2,40}}(?:verket|"
    r"myndigheten|styrelsen|sjukvården|regionen|högskolan|universitetet|inspektionen|förmedlingen))"
    r"s?(?![\w-])"
)
_FORMS = (_NAMED_BEHIND, _NAMED_BEFORE, _COMPOUND)
_BEGINS = re.compile(r"(?:^|[.!?:•–\n|\"”][ \u00a0]*)$")
_NO_NAME = re.compile(
    r"@|https?:|www\.|\bm\.?\s?fl\b|[.!?;:]\s|[!?:]$|^(?:läs|se|kontakta?|till|visa|ladda|mer|read|see|more|"
    r"contact|övriga|andra|flera|olika|lokala|regionala|samtliga|alla|inga|ingen|ej|several|"
    r"other|various|all|none)\b",
    re.IGNORECASE,
)
_GENERIC = re.compile(
    r"(?:kommuner|företag|skolor|förskolor|näringsliv|civilsamhälle|sektor|organisationer|"
    r"myndigheter|föreningar|partners?|samarbetspartners?|lärosäten|högskolor|aktörer|"
    r"companies|municipalities|schools|universities|partners|organisations|industry)(?:na|et|n)?$",
    re.IGNORECASE,
)
_PRESS = re.compile(
    r"\b(?:press|förlag\w*|verlag|publish\w*|books|elsevier|springer|wiley|sage|ieee|routledge|"
    r"taylor|mdpi|emerald|studentlitteratur|journal|frontiers|acm|proceedings)\b",
    re.IGNORECASE,
)
_LEADS = frozenset(
    {"både", "enligt", "även", "också", "samt", "hos", "genom", "bland", "tillsammans", "inklusive"}
    | {
        "sedan",
        "idag",
        "medan",
        "varken",
        "liksom",
        "utöver",
        "förutom",
        "kring",
        "läs",
        "kontakta",
    }
    | {
        "tack",
        "vare",
        "hela",
        "följande",
        "flera",
        "dagens",
        "nya",
        "per",
        "via",
        "trots",
        "exempelvis",
    }
    | {"both", "together", "within", "according", "like", "since", "among", "via", "today", "visit"}
)
_TRAILING = re.compile(r"\s*\([^()]*\)$")


def mentions(text: str) -> Iterator[str]:
    """Yield the names of organisations in running text, as they stand there."""
    for pattern in _FORMS:
        for match in pattern.finditer(text):
            name = _without_lead(match["name"])
            # "Regelverket" may only begin a sentence with a capital.
            begins = " " not in match["name"] and _BEGINS.search(
                text, max(0, match.start() - 3), match.start()
            )
            if name and not is_bare_form(name) and not begins:
                yield name


def looks_like(name: str) -> bool:
    """Tell whether a name says what kind of organisation it is: "… kommun", "Region …"."""
    return any(form.fullmatch(name) for form in _FORMS)


def stated(name: str) -> str:
    """Return the name of a stated partner without what is in brackets; empty if it is none."""
    name = _TRAILING.sub("", " ".join(name.split())).strip(" .,;–-")
    if not 1 < len(name) <= _LONGEST or name.count(" ") >= _MOST_WORDS or not name.isprintable():
        return ""
    if _NO_NAME.search(name) or _GENERIC.search(name) or is_bare_form(name):
        return ""
    return name if any(map(str.isupper, name.split()[0])) or name[0].isdigit() else ""


def affiliation(name: str) -> str:
    """Return the organisation of an author's affiliation, without its department or country."""
    parts = [part for part in (stated(part) for part in name.split(",")) if part]
    return next((part for part in parts if looks_like(part) and not _PRESS.search(part)), "")


def _without_lead(name: str) -> str:
    """Drop the word that only begins the sentence: "I Vänersborgs kommun"."""
    words = name.split()
    while len(words) > 1 and words[0].casefold() in _leads():
        words = words[1:]
    return " ".join(words) if len(words) > 1 or looks_like(words[0]) else ""


def _leads() -> frozenset[str]:
    return word_list("stopwords_sv") | word_list("stopwords_en") | _LEADS
