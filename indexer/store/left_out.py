"""URLs that somebody pointed to and that are not crawled: what `samsok explain` looks up."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.store.codec import storable, time_from_text, time_to_text

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.store.database import Database

_MOST = 20_000
_FORGET_AFTER = dt.timedelta(days=90)


@dataclass(frozen=True, slots=True, kw_only=True)
class LeftOut:
    """A URL that was not queued: why, by which rule, and the page that pointed to it."""

    source: str
    url: str
    reason: str
    rule: str
    referrer: str | None
    at: dt.datetime


class LeftOutUrls:
    """The URLs left out, 20 000 of each source at most; each is forgotten after 90 days."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, urls: Iterable[LeftOut]) -> None:
        """Remember these, in place of what was said of them before."""
        self._database.execute_many(
            "INSERT OR REPLACE INTO left_out (source, url, reason, rule, referrer, at)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            [
                (
                    one.source,
                    storable(one.url),
                    one.reason,
                    storable(one.rule),
                    one.referrer,
                    time_to_text(one.at),
                )
                for one in urls
            ],
        )

    def make_room(self, source: str, *, at: dt.datetime) -> int:
        """Forget those that nobody pointed to for long; return how many more may be remembered."""
        self._database.execute(
            "DELETE FROM left_out WHERE source = ? AND at < ?",
            (source, time_to_text(at - _FORGET_AFTER)),
        )
        kept = self._database.number("SELECT count(*) FROM left_out WHERE source = ?", (source,))
        return max(0, _MOST - kept)

    def find(self, url: str) -> list[LeftOut]:
        """Return what every source says of a URL that it left out."""
        rows = self._database.rows("SELECT * FROM left_out WHERE url = ? ORDER BY source", (url,))
        return [
            LeftOut(
                source=row["source"],
                url=row["url"],
                reason=row["reason"],
                rule=row["rule"],
                referrer=row["referrer"],
                at=time_from_text(row["at"]),
            )
            for row in rows
        ]
