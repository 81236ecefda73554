"""What one document says: which names it has, and in which place.

A place has a weight: what a page is about counts most, what its structure states more than what
its text mentions.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple
from urllib.parse import unquote, urlsplit

from indexer.extract.concepts import slug
from indexer.jobs.vocabulary import organisations
from indexer.jobs.vocabulary.abbreviations import explained

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.jobs.vocabulary.proposal import ProposalKind
    from indexer.model import Document

ABOUT, STATED, MENTIONED = 4, 3, 1

_WITH = re.compile(
    r"^(?:.{0,60}\b(?:partner(?:skap|ship)\w*|samverka\w*|samarbet\w*|collaborat\w+|cooperat\w+)\s+"
    r"(?:med|with)|om|about)\s+(?:the\s+)?",
    re.IGNORECASE,
)
_SHORTEST_AREA, _LONGEST_AREA, _MOST_WORDS = 3, 60, 6
_NO_AREA = re.compile(
    r"[@.!?:;()\d\"”]|https?:|^(?:att|vi|du|hur|vad|så|läs|se|kontakt\w*|mer|här|read|see|contact|how|what|"
    r"we|our|vår|vårt|våra|to)\b",
    re.IGNORECASE,
)
_GENERIC_AREAS = frozenset(
    {"forskning", "utbildning", "samverkan", "samarbete", "utveckling", "projekt", "nyheter"}
    | {
        "stöd",
        "nätverk",
        "innovation",
        "övrigt",
        "annat",
        "aktiviteter",
        "studenter",
        "publikationer",
    }
    | {"research", "education", "collaboration", "cooperation", "development", "projects", "news"}
    | {"support", "network", "other", "activities", "students", "partners", "publications"}
)


class Statement(NamedTuple):
    """A name that a document has; `long_form` is what an abbreviation stands for."""

    kind: ProposalKind
    name: str
    place: str
    weight: int
    long_form: str = ""


def said(document: Document) -> Iterator[Statement]:
    """Yield what a document says, in any order, the same name maybe more than once."""
    yield from _partners(document)
    for name in document.areas:
        if is_area(name):
            yield Statement("area", name, "listed as an area", STATED)
    for section in document.sections:
        text = f"{section.heading}\n{section.text}"
        for name in organisations.mentions(text):
            yield Statement("partner", name, "mentioned in the text", MENTIONED)
        for short, long_form in explained(text):
            yield Statement("abbreviation", short, "explained in the text", STATED, long_form)


def is_area(name: str) -> bool:
    """Tell whether a listed area is a name, and neither a sentence nor a word for anything."""
    if not _SHORTEST_AREA <= len(name) <= _LONGEST_AREA or name.count(" ") >= _MOST_WORDS:
        return False
    return (
        name.isprintable() and not _NO_AREA.search(name) and name.casefold() not in _GENERIC_AREAS
    )


def _partners(document: Document) -> Iterator[Statement]:
    is_about = document.kind == "partner"
    for number, name in enumerate(document.partners):
        if is_about and not number:
            yield Statement("partner", name, "the page is about it", ABOUT)
        else:
            yield Statement("partner", name, "named as a partner", STATED)
    if is_about and not document.partners and (name := _in_title(document)):
        yield Statement("partner", name, "the page is about it", ABOUT)
    for raw in document.organisations:
        if document.kind == "publication":
            if name := organisations.affiliation(raw):
                yield Statement("partner", name, "an author is there", MENTIONED)
        elif name := organisations.stated(raw):
            yield Statement("partner", name, "named as a participant", STATED)


def _in_title(document: Document) -> str:
    """Return the partner whom a partner page's title names: its address or its form agrees."""
    name = organisations.stated(_WITH.sub("", document.title))
    own = unquote(urlsplit(document.url).path).rstrip("/").rpartition("/")[2].partition(".")[0]
    is_in_address = bool(name) and slug(name) == own.lower()
    return name if is_in_address or organisations.looks_like(name) else ""
