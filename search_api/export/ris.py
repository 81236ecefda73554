"""RIS, as reference managers read it (specification of 2011).

A line is a tag of two characters, two blanks, a hyphen, a blank and a value; it ends with CR LF,
and so does the last. A value is never broken: whatever begins a line is a tag.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from search_api.export.reference import Reference, reference

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from indexer.engine import Document
    from search_api.export.publication import Genre

TYPES: Mapping[Genre, str] = {
    "article": "JOUR",
    "book": "BOOK",
    "chapter": "CHAP",
    "collection": "EDBOOK",
    "conference_paper": "CPAPER",
    "dataset": "DATA",
    "doctoral_thesis": "THES",
    "other": "GEN",
    "patent": "PAT",
    "preprint": "UNPB",
    "report": "RPRT",
    "thesis": "THES",
    "webpage": "ELEC",
}
_THESES = {"doctoral_thesis", "thesis"}


def write(documents: Sequence[Document]) -> bytes:
    """Return the documents as a file in RIS."""
    lines = (
        f"{tag}  - {value}\r\n"
        for document in documents
        for tag, value in _lines(reference(document))
    )
    return "".join(lines).encode()


def _lines(ref: Reference) -> Iterator[tuple[str, str]]:
    yield "TY", TYPES[ref.genre]
    yield from ((tag, value) for tag, value in _facts(ref) if value)
    yield "ER", ""


def _facts(ref: Reference) -> Iterator[tuple[str, str]]:
    yield "ID", ref.id
    for creator in ref.creators:
        yield "ED" if ref.edited else "AU", creator.inverted
    yield "TI", ref.title
    yield from _appearance(ref)
    yield "PB", ref.publisher
    yield "M3", ref.stated if ref.genre in _THESES else ""
    if ref.issued:
        yield "PY", f"{ref.issued.year:04d}"
        yield "DA", "" if ref.year_only else _day(ref.issued)
    yield "DO", ref.doi
    yield "SN", ref.issn if ref.genre == "article" else ref.isbn or ref.issn
    yield "UR", ref.url
    yield "AB", ref.abstract
    for keyword in ref.keywords:
        yield "KW", keyword
    yield "LA", ref.language
    yield "Y2", _day(ref.accessed) if ref.accessed else ""


def _appearance(ref: Reference) -> Iterator[tuple[str, str]]:
    place = ref.appearance
    yield "T2", place.title
    yield "M1" if ref.genre == "report" else "VL", place.volume
    yield "IS", place.issue
    yield "SP", place.first_page
    yield "EP", place.last_page


def _day(day: dt.date) -> str:
    return f"{day.year:04d}/{day.month:02d}/{day.day:02d}"
