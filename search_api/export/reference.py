"""A document as something to be cited: the facts that RIS, BibTeX and CSL share."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from search_api.export.lines import address, one_line
from search_api.export.names import Name, split_name
from search_api.export.publication import Appearance, Genre, Publication, publication
from search_api.serialize import safe_url

if TYPE_CHECKING:
    import datetime as dt

    from indexer.engine import Document

MOST_ABSTRACT = 5_000
"""Characters of an abstract that come along."""

MOST_AUTHORS = 500

_SCHOOL = re.compile(r"universit|högskol|college|institut", re.IGNORECASE)
_ISSUED_BY_SCHOOLS = {"doctoral_thesis", "thesis", "report"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Reference:
    """What is cited; every text is on one line, and empty where nothing is known.

    Of `year_only` the day says nothing: records tell a year as its first day. `creators` are
    editors where `edited`. `accessed` is when the document was read.
    """

    id: str
    genre: Genre
    stated: str
    title: str
    creators: tuple[Name, ...]
    edited: bool
    issued: dt.date | None
    year_only: bool
    appearance: Appearance
    publisher: str
    abstract: str
    keywords: tuple[str, ...]
    language: str
    doi: str
    isbn: str
    issn: str
    url: str
    accessed: dt.date | None


def reference(document: Document) -> Reference:
    """Return how a document is cited: a publication as what it is, anything else as a web page."""
    is_publication = document.kind == "publication"
    known = publication(document) if is_publication else _web_page(document)
    # The order of the fields of `span`: what a page says of its change is newer than its birth.
    day = document.published if is_publication else document.modified or document.published
    place = known.appearance
    return Reference(
        id=document.id,
        genre=known.genre,
        stated=one_line(known.stated),
        title=one_line(document.title),
        creators=_creators(document),
        edited=known.genre == "collection",
        issued=day,
        year_only=bool(is_publication and day and (day.month, day.day) == (1, 1)),
        appearance=Appearance(
            title=one_line(place.title),
            volume=one_line(place.volume),
            issue=one_line(place.issue),
            first_page=place.first_page,
            last_page=place.last_page,
        ),
        publisher=one_line(_publisher(document, known.genre)),
        abstract=one_line(known.abstract[:MOST_ABSTRACT]),
        keywords=tuple(filter(None, map(one_line, (*document.subjects, *document.areas)))),
        language=one_line(document.language),
        doi=address(document.identifiers.get("doi", "")),
        isbn=one_line(document.identifiers.get("isbn", "").partition(",")[0]),
        issn=one_line(document.identifiers.get("issn", "")),
        url=address(safe_url(document.url) or ""),
        accessed=document.harvested.date() if document.harvested else None,
    )


def _web_page(document: Document) -> Publication:
    host = urlsplit(safe_url(document.url) or "").hostname or ""
    site = Appearance(title=host.removeprefix("www."))
    return Publication(genre="webpage", appearance=site, abstract=document.summary)


def _creators(document: Document) -> tuple[Name, ...]:
    organisations = frozenset({*document.organisations, *document.partners})
    lines = (one_line(author) for author in document.authors[:MOST_AUTHORS])
    return tuple(split_name(line, organisations=organisations) for line in lines if line)


def _publisher(document: Document, genre: Genre) -> str:
    """Return who gave out a thesis or a report; of other publications the record does not tell."""
    if genre not in _ISSUED_BY_SCHOOLS:
        return ""
    schools = (name for name in document.organisations if _SCHOOL.search(name))
    return next(schools, next(iter(document.organisations), ""))
