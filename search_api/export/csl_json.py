"""CSL-JSON, the items of the Citation Style Language (CSL 1.0.2, csl-data.json)."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from search_api.export.reference import Reference, reference

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence

    from indexer.engine import Document
    from search_api.export.names import Name
    from search_api.export.publication import Genre

TYPES: Mapping[Genre, str] = {
    "article": "article-journal",
    "book": "book",
    "chapter": "chapter",
    "collection": "book",
    "conference_paper": "paper-conference",
    "dataset": "dataset",
    "doctoral_thesis": "thesis",
    "other": "document",
    "patent": "patent",
    "preprint": "article",
    "report": "report",
    "thesis": "thesis",
    "webpage": "webpage",
}


def write(documents: Sequence[Document]) -> bytes:
    """Return the documents as a JSON array of items."""
    return orjson.dumps([item(reference(document)) for document in documents])


def item(ref: Reference) -> dict[str, Any]:
    """Return an item; what is not known is not in it."""
    place = ref.appearance
    pages = "-".join(filter(None, (place.first_page, place.last_page)))
    in_series = ref.genre == "report"
    told = {
        "title": ref.title,
        "editor" if ref.edited else "author": [_name(name) for name in ref.creators],
        "issued": _date(ref.issued, year_only=ref.year_only),
        "accessed": _date(ref.accessed),
        "collection-title" if in_series else "container-title": place.title,
        "number" if in_series else "volume": place.volume,
        "issue": place.issue,
        "page": pages,
        "publisher": ref.publisher,
        "genre": ref.stated,
        "abstract": ref.abstract,
        "keyword": ", ".join(ref.keywords),
        "language": ref.language,
        "DOI": ref.doi,
        "ISBN": ref.isbn,
        "ISSN": ref.issn,
        "URL": ref.url,
    }
    known = {name: value for name, value in told.items() if value}
    return {"id": ref.id, "type": TYPES[ref.genre], **known}


def _name(name: Name) -> dict[str, str]:
    if name.literal:
        return {"literal": name.literal}
    return {"family": name.family, "given": name.given}


def _date(day: dt.date | None, *, year_only: bool = False) -> dict[str, list[list[int]]]:
    if day is None:
        return {}
    parts = [day.year] if year_only else [day.year, day.month, day.day]
    return {"date-parts": [parts]}
