"""What of one document is filtered, counted and sorted by.

    forward/<segment>/rows.jsonl       a row for each document, in order of number

Kept beside the documents, so that a commit need not read all of them again.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

import orjson

from indexer.engine import schema
from indexer.engine.preference import Standing

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from indexer.engine.query import FilterName
    from indexer.model import Document, Kind

# Open ends of a span, and no span at all; days count from 0001-01-01.
_FIRST, _LAST, NO_DAY = 0, 4_000_000, -1


@dataclass(frozen=True, slots=True)
class Row:
    """The columns of one document; days are ordinals, `NO_DAY` where there is none."""

    id: str = ""
    title: str = ""
    kind: Kind = "page"
    content: str = ""
    start: int = NO_DAY
    end: int = NO_DAY
    day: int = NO_DAY
    latest: int = NO_DAY
    values: dict[FilterName, tuple[str, ...]] | None = None

    @classmethod
    def of(cls, document: Document) -> Self:
        """Return the row of a document."""
        start, end = schema.span(document)
        dated = start is not None or end is not None
        standing = Standing.of(document)
        return cls(
            id=document.id,
            title=schema.title_key(document.title),
            kind=document.kind,
            content=document.content_hash,
            start=(start.toordinal() if start else _FIRST) if dated else NO_DAY,
            end=(end.toordinal() if end else _LAST) if dated else NO_DAY,
            day=_ordinal(schema.day(document)),
            latest=_ordinal(standing.latest),
            values={
                name: held
                for name, read in schema.FILTER_VALUES.items()
                if (held := tuple(dict.fromkeys(read(document))))
            },
        )

    def having(self, name: FilterName) -> tuple[str, ...]:
        """Return the values of a filter that the document has."""
        return (self.values or {}).get(name, ())

    @property
    def standing(self) -> Standing:
        """What decides over the factor of the document's scores."""
        latest = dt.date.fromordinal(self.latest) if self.latest != NO_DAY else None
        same = (self.title, self.content) if self.content else None
        return Standing(id=self.id, kind=self.kind, latest=latest, same=same)


def write_rows(directory: Path, rows: Iterable[Row]) -> None:
    """Write the rows of a segment into its directory."""
    with (directory / "rows.jsonl").open("wb") as file:
        for row in rows:
            plain = [getattr(row, name) for name in Row.__slots__]
            file.write(orjson.dumps(plain, option=orjson.OPT_APPEND_NEWLINE))


def read_rows(directory: Path) -> Iterator[Row]:
    """Yield the rows that `write_rows` wrote."""
    with (directory / "rows.jsonl").open("rb") as file:
        for line in file:
            yield Row(*orjson.loads(line))


def _ordinal(day: dt.date | None) -> int:
    return day.toordinal() if day else NO_DAY
