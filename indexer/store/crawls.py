"""How the crawls of whole sources went, and what of them cannot be had."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.store.codec import time_from_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from indexer.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class LastCrawls:
    """When a source was last asked and what was wrong then, and when it was last there."""

    tried: dt.datetime | None = None
    problem: str = ""
    reached: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class FailingUrls:
    """How many URLs of a source cannot be had for one reason, and one of them."""

    source: str
    reason: str
    count: int
    example: str


class Crawls:
    """What the frontier tells of sources as wholes."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def last(self, source: str, *, despite: Collection[str] = ()) -> LastCrawls:
        """Return how the last crawls of a source went.

        One that ended with a problem of `despite` is as good as one without; one that was killed
        says nothing of the source.
        """
        rows = self._database.rows(
            "SELECT problem, max(finished) AS at FROM crawls"
            " WHERE source = ? AND finished IS NOT NULL AND problem != 'cut_off'"
            " GROUP BY problem ORDER BY at DESC, max(id) DESC",
            (source,),
        )
        if not rows:
            return LastCrawls()
        fine = {"", *despite}
        newest = rows[0]
        return LastCrawls(
            tried=time_from_text(newest["at"]),
            problem="" if newest["problem"] in fine else newest["problem"],
            reached=next(
                (time_from_text(row["at"]) for row in rows if row["problem"] in fine), None
            ),
        )

    def failing(self) -> list[FailingUrls]:
        """Return why URLs could not be had when they were last asked for, the most first."""
        rows = self._database.rows(
            "SELECT source, reason, count(*) AS number, min(url) AS example FROM frontier"
            " WHERE outcome IN ('failed', 'denied') GROUP BY source, reason"
            " ORDER BY number DESC, source, reason"
        )
        return [
            FailingUrls(
                source=row["source"],
                reason=row["reason"],
                count=row["number"],
                example=row["example"],
            )
            for row in rows
        ]
