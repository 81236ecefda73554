"""What a shard of a crawl found for other shards, and what it took of what they found."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.errors import StoreError
from indexer.store.codec import storable, time_to_text
from indexer.store.known_url import text_of, time_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.store.database import Database

_SLICE = 500
_AGAIN_AFTER = dt.timedelta(days=30)
"""As long as a missing URL is remembered: who points to one later points to it anew."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FoundUrl:
    """A URL of a source that lies at a host of another shard; `listed` by the source itself."""

    source: str
    url: str
    depth: int
    referrer: str | None = None
    lastmod: dt.datetime | None = None
    listed: bool = False


class Handover:
    """The URLs that this store's shard found for others; each has a serial number.

    One that is found less deep, with a later change or after long gets a new number, so that who
    has read as far as a number need only read on from there.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    @property
    def shard(self) -> tuple[int, int] | None:
        """The number of the shard whose store this is, and of how many; None for a whole crawl."""
        row = self._database.row("SELECT number, total FROM shard")
        return (row["number"], row["total"]) if row is not None else None

    def belong(self, number: int, total: int) -> None:
        """Make this the store of a shard, for good.

        Raises:
            StoreError: If it is that of another one.
        """
        with self._database.transaction():
            if self.shard is None:
                self._database.execute(
                    "INSERT INTO shard (one, number, total) VALUES (1, ?, ?)", (number, total)
                )
            elif self.shard != (number, total):
                held, of = self.shard
                raise StoreError(
                    f"the store is that of shard {held}/{of}, not of {number}/{total}: call the "
                    f"file crawl-{held}-of-{of}.db again"
                )

    def add(self, urls: Iterable[FoundUrl], *, at: dt.datetime) -> None:
        """Remember what was found."""
        self._database.execute_many(
            "INSERT INTO handed_over (source, url, serial, depth, referrer, lastmod, listed, at)"
            " VALUES (?, ?, (SELECT coalesce(max(serial), 0) + 1 FROM handed_over), ?, ?, ?, ?, ?)"
            " ON CONFLICT (source, url) DO UPDATE SET serial = CASE WHEN"
            " excluded.depth < depth OR excluded.listed > listed OR at < ?"
            " OR excluded.lastmod IS NOT NULL AND excluded.lastmod IS NOT lastmod"
            " THEN excluded.serial ELSE serial END, depth = min(depth, excluded.depth),"
            " lastmod = coalesce(excluded.lastmod, lastmod),"
            " listed = max(listed, excluded.listed), at = excluded.at",
            [
                (
                    one.source,
                    storable(one.url),
                    one.depth,
                    one.referrer,
                    text_of(one.lastmod),
                    one.listed,
                    time_to_text(at),
                    time_to_text(at - _AGAIN_AFTER),
                )
                for one in urls
            ],
        )

    def found(self) -> Iterator[tuple[int, FoundUrl]]:
        """Yield all that was found, by serial number."""
        last = 0
        while rows := self._database.rows(
            "SELECT * FROM handed_over WHERE serial > ? ORDER BY serial LIMIT ?", (last, _SLICE)
        ):
            for row in rows:
                yield (
                    row["serial"],
                    FoundUrl(
                        source=row["source"],
                        url=row["url"],
                        depth=row["depth"],
                        referrer=row["referrer"],
                        lastmod=time_of(row["lastmod"]),
                        listed=bool(row["listed"]),
                    ),
                )
            last = rows[-1]["serial"]

    def newest(self) -> int:
        """Return the highest serial number."""
        return self._database.number("SELECT max(serial) FROM handed_over")

    def taken(self, store: str, source: str) -> int:
        """Return the number up to which the finds of another store are known, of a source."""
        return self._database.number(
            "SELECT serial FROM taken_in WHERE store = ? AND source = ?", (store, source)
        )

    def took(self, store: str, source: str, serial: int) -> None:
        """Note up to which number they were taken in."""
        self._database.execute(
            "INSERT OR REPLACE INTO taken_in (store, source, serial) VALUES (?, ?, ?)",
            (store, source, serial),
        )
