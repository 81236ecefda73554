"""What happened to documents, and when: kept for good, whatever becomes of the documents."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from indexer.store.codec import (
    difference_from_json,
    difference_to_json,
    storable,
    time_from_text,
    time_to_text,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from indexer.model import Difference, Document
    from indexer.store.database import Database, Row

Event = Literal["added", "changed", "removed"]

_SLICE = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class HistoryEntry:
    """Something that happened to a document. `title` and `url` are those it had at the time.

    `difference` is what changed, where that is known: entries of before it was kept have none.
    """

    document_id: str
    event: Event
    at: dt.datetime
    reason: str
    source: str
    url: str
    title: str
    difference: Difference | None = None


class History:
    """The events of all documents, in the order in which they happened."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def note(
        self,
        document: Document,
        event: Event,
        *,
        at: str,
        reason: str = "",
        difference: Difference | None = None,
    ) -> None:
        """Note what happened to `document` at a time, as `time_to_text` writes it."""
        self._database.execute(
            "INSERT INTO history (document_id, event, at, reason, source, url, title, difference)"
            " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
            (
                document.id,
                event,
                at,
                reason,
                document.source,
                document.url,
                storable(document.title),
                difference_to_json(difference) if difference else None,
            ),
        )

    def entries(self, *, since: dt.datetime | None, document_id: str | None) -> list[HistoryEntry]:
        """Return what happened, oldest first; since a moment, or to one document."""
        rows = self._database.rows(
            "SELECT * FROM history WHERE at >= ? AND (? IS NULL OR document_id = ?) ORDER BY id",
            (time_to_text(since) if since is not None else "", document_id, document_id),
        )
        return [_entry(row) for row in rows]

    def news(self, *, since: dt.datetime) -> Iterator[HistoryEntry]:
        """Yield what happened since a moment, the newest first.

        That the first crawl of a source found a page is no news: the page was there before.
        """
        before = self._database.number("SELECT max(id) FROM history") + 1
        while rows := self._database.rows(
            "SELECT * FROM history h WHERE id < ? AND at >= ? AND NOT (event = 'added' AND at <="
            " coalesce((SELECT finished FROM crawls c WHERE c.source = h.source AND"
            " finished IS NOT NULL ORDER BY id LIMIT 1), '9'))"
            " ORDER BY id DESC LIMIT ?",
            (before, time_to_text(since), _SLICE),
        ):
            yield from map(_entry, rows)
            before = rows[-1]["id"]


def _entry(row: Row) -> HistoryEntry:
    difference = row["difference"]
    return HistoryEntry(
        document_id=row["document_id"],
        event=row["event"],
        at=time_from_text(row["at"]),
        reason=row["reason"],
        source=row["source"],
        url=row["url"],
        title=row["title"],
        difference=difference_from_json(difference) if difference is not None else None,
    )
