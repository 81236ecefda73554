"""CSV (RFC 4180) in UTF-8 with a byte order mark, without which Excel does not read å, ä, ö."""

from __future__ import annotations

import csv
import io
from typing import TYPE_CHECKING

from indexer.engine import csv_cell
from search_api.export.publication import publication
from search_api.serialize import safe_url

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Sequence

    from indexer.engine import Document

COLUMNS = (
    "id",
    "title",
    "kind",
    "type",
    "authors",
    "partners",
    "areas",
    "persons",
    "organisations",
    "funder",
    "published",
    "modified",
    "period_start",
    "period_end",
    "language",
    "doi",
    "url",
    "source",
    "harvested",
    "summary",
)


def write(documents: Sequence[Document]) -> bytes:
    """Return the documents as a table, one a row, with the names of the columns on top."""
    text = io.StringIO()
    rows = csv.writer(text, lineterminator="\r\n")
    rows.writerow(COLUMNS)
    rows.writerows([csv_cell(value) for value in _row(document)] for document in documents)
    return text.getvalue().encode("utf-8-sig")


def _row(document: Document) -> tuple[str, ...]:
    period = document.period
    is_publication = document.kind == "publication"
    return (
        document.id,
        document.title,
        document.kind,
        publication(document).stated if is_publication else "",
        _listed(document.authors),
        _listed(document.partners),
        _listed(document.areas),
        _listed(person.name for person in document.persons),
        _listed(document.organisations),
        document.funder,
        _day(document.published),
        _day(document.modified),
        _day(period.start if period else None),
        _day(period.end if period else None),
        document.language,
        document.identifiers.get("doi", ""),
        safe_url(document.url) or "",
        document.source,
        _day(document.harvested.date() if document.harvested else None),
        document.summary,
    )


def _listed(values: Iterable[str]) -> str:
    return "; ".join(values)


def _day(day: dt.date | None) -> str:
    return day.isoformat() if day else ""
