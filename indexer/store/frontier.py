"""Every URL that is known, what became of it, and which are still to be visited in this crawl.

A URL is known per source. It is ``queued`` when a crawl begins and its time has come, ``leased``
while it is being visited, and ``done`` once its outcome is stored. Each host has a queue of its
own, in which shallow URLs come first, then those that nobody has looked at for longest. A crawl
that was killed is gone on with: what was leased is queued again, what was done stays done.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.store.codec import storable, time_to_text
from indexer.store.known_url import KnownUrl, NewUrl, host_of, known_url, text_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.store.database import Database

_STALE_AFTER = dt.timedelta(hours=24)
_FORGET_AFTER = dt.timedelta(days=30)
_NEWS_BELIEVED = 3


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One pass over a source. `resumed` when it was begun by a process that did not finish it."""

    id: int
    source: str
    resumed: bool
    seeded: bool


class Frontier:
    """The URLs of all sources. One writer at a time: the job that holds the data directory."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, source: str, *, at: dt.datetime, full: bool = False) -> Crawl:
        """Begin a crawl of `source`, or go on with the one that was cut off in the last day.

        A new crawl queues every known URL that is due, or with `full` every one. Those that have
        been missing for a month are forgotten until somebody points to them again.
        """
        with self._database.transaction():
            open_one = self._database.row(
                "SELECT id, seeded FROM crawls WHERE source = ? AND finished IS NULL"
                " AND started > ? ORDER BY id DESC LIMIT 1",
                (source, time_to_text(at - _STALE_AFTER)),
            )
            if open_one is not None:
                self._release_all(source)
                return Crawl(
                    id=open_one["id"], source=source, resumed=True, seeded=bool(open_one["seeded"])
                )
            self._close_open(source, at)
            self._queue_due(source, at, full=full)
            crawl_id = self._database.number(
                "INSERT INTO crawls (source, started) VALUES (?, ?) RETURNING id",
                (source, time_to_text(at)),
            )
            return Crawl(id=crawl_id, source=source, resumed=False, seeded=False)

    def mark_seeded(self, crawl: Crawl) -> None:
        """Note that all URLs that the source itself names are in the queue."""
        self._database.execute("UPDATE crawls SET seeded = 1 WHERE id = ?", (crawl.id,))

    def finish(self, crawl: Crawl, *, at: dt.datetime, problem: str = "") -> None:
        """End a crawl; `problem` says why it ended before everything was visited."""
        self._database.execute(
            "UPDATE crawls SET finished = ?, problem = ? WHERE id = ?",
            (time_to_text(at), problem, crawl.id),
        )

    def add(self, source: str, urls: Iterable[NewUrl]) -> None:
        """Queue the URLs that are not known yet; a known one may turn out to be less deep."""
        self._database.execute_many(
            "INSERT INTO frontier (source, url, host, depth, referrer, lastmod, state)"
            " VALUES (?, ?, ?, ?, ?, ?, 'queued') ON CONFLICT (source, url)"
            " DO UPDATE SET depth = excluded.depth, referrer = excluded.referrer"
            " WHERE excluded.depth < frontier.depth",
            [
                (source, new.url, host_of(new.url), new.depth, new.referrer, text_of(new.lastmod))
                for new in urls
            ],
        )

    def announce(self, source: str, url: str, lastmod: dt.datetime) -> bool:
        """Note what a list says of a known URL's last change; return whether that makes it due.

        It does when the change is later than the last visit, unless the list has said so in vain
        three times in a row.
        """
        known = self.find(source, url)
        if known is None or known.lastmod == lastmod:
            return False
        said = time_to_text(lastmod)
        self._database.execute("UPDATE frontier SET lastmod = ? WHERE id = ?", (said, known.id))
        is_news = known.visited_at is None or lastmod > known.visited_at
        return is_news and known.false_news < _NEWS_BELIEVED

    def queue(self, page_id: int, *, crawl: Crawl) -> bool:
        """Queue a known URL that was not due, unless this crawl has visited it; tell whether."""
        changed = self._database.execute(
            "UPDATE frontier SET state = 'queued' WHERE id = ? AND state = 'done'"
            " AND crawl IS NOT ?",
            (page_id, crawl.id),
        )
        return bool(changed)

    def hosts(self, source: str) -> list[str]:
        """Return the hosts, as scheme and authority, at which a URL waits."""
        rows = self._database.rows(
            "SELECT DISTINCT host FROM frontier WHERE source = ? AND state = 'queued'"
            " ORDER BY host",
            (source,),
        )
        return [row["host"] for row in rows]

    def lease(self, source: str, host: str, *, until: dt.datetime) -> KnownUrl | None:
        """Take the next URL of a host out of the queue, or return None when it is empty."""
        row = self._database.row(
            "UPDATE frontier SET state = 'leased', lease_until = ? WHERE id ="
            " (SELECT id FROM frontier WHERE source = ? AND host = ? AND state = 'queued'"
            " ORDER BY depth, visited_at, id LIMIT 1) RETURNING *",
            (time_to_text(until), source, host),
        )
        return known_url(row) if row is not None else None

    def take(self, source: str, url: str, *, until: dt.datetime) -> KnownUrl | None:
        """Take one URL out of the queue, or return None when it does not wait there."""
        row = self._database.row(
            "UPDATE frontier SET state = 'leased', lease_until = ?"
            " WHERE source = ? AND url = ? AND state = 'queued' RETURNING *",
            (time_to_text(until), source, url),
        )
        return known_url(row) if row is not None else None

    def release(self, page_id: int) -> None:
        """Put a leased URL back into the queue."""
        self._database.execute(
            "UPDATE frontier SET state = 'queued', lease_until = NULL"
            " WHERE id = ? AND state = 'leased'",
            (page_id,),
        )

    def settle(self, page: KnownUrl, crawl: Crawl | None = None) -> None:
        """Store what became of a URL; with `crawl`, it is done as far as that is concerned."""
        self._database.execute(
            "UPDATE frontier SET outcome = ?, reason = ?, detail = ?, status = ?, etag = ?,"
            " last_modified = ?, visited_at = ?, fetched_at = ?, interval_h = ?, due_at = ?,"
            " false_news = ?, missing = ?, missing_since = ?, fingerprint = ?, verdict = ?,"
            " document_id = ? WHERE id = ?",
            (
                page.outcome,
                storable(page.reason),
                storable(page.detail),
                page.status,
                page.etag and storable(page.etag),
                page.last_modified and storable(page.last_modified),
                text_of(page.visited_at),
                text_of(page.fetched_at),
                page.interval_h,
                text_of(page.due_at),
                page.false_news,
                page.missing,
                text_of(page.missing_since),
                page.fingerprint,
                storable(page.verdict),
                page.document_id,
                page.id,
            ),
        )
        if crawl is not None:
            self._database.execute(
                "UPDATE frontier SET state = 'done', lease_until = NULL, crawl = ? WHERE id = ?",
                (crawl.id, page.id),
            )

    def drop(self, page_id: int) -> None:
        """Forget a URL and its stored body."""
        self._database.execute("DELETE FROM frontier WHERE id = ?", (page_id,))

    def find(self, source: str, url: str) -> KnownUrl | None:
        """Return what is known of a URL, or None."""
        row = self._database.row(
            "SELECT * FROM frontier WHERE source = ? AND url = ?", (source, url)
        )
        return known_url(row) if row is not None else None

    def get(self, page_id: int) -> KnownUrl | None:
        """Return a URL by its id, or None."""
        row = self._database.row("SELECT * FROM frontier WHERE id = ?", (page_id,))
        return known_url(row) if row is not None else None

    def known(self, source: str) -> Iterator[KnownUrl]:
        """Yield all URLs of a source in the order in which they became known."""
        return self._paged("source = ?", (source,))

    def unvisited(self, crawl: Crawl) -> Iterator[KnownUrl]:
        """Yield the URLs of a crawl's source that it has not visited."""
        return self._paged("source = ? AND crawl IS NOT ?", (crawl.source, crawl.id))

    def of_all_sources(self, url: str) -> list[KnownUrl]:
        """Return what every source knows of a URL."""
        rows = self._database.rows("SELECT * FROM frontier WHERE url = ? ORDER BY source", (url,))
        return [known_url(row) for row in rows]

    def outdated(self, source: str, fingerprint: str) -> Iterator[KnownUrl]:
        """Yield the URLs with a stored body that another extraction than this one has read."""
        return self._paged(
            "source = ? AND fingerprint <> ? AND id IN (SELECT page FROM bodies)",
            (source, fingerprint),
        )

    def standing_for(self, document_id: str) -> list[KnownUrl]:
        """Return the URLs, of any source, that stand for a document."""
        rows = self._database.rows(
            "SELECT * FROM frontier WHERE document_id = ? ORDER BY id", (document_id,)
        )
        return [known_url(row) for row in rows]

    def leading_to(self, url: str) -> list[KnownUrl]:
        """Return the URLs, of any source, that were redirected to this one when last visited."""
        return [*self._paged("reason = 'redirected' AND detail = ?", (url,))]

    def mark_unread(self, document_id: str) -> None:
        """Have the URLs that stand for a document read again, though they may not have changed."""
        self._database.execute(
            "UPDATE frontier SET fingerprint = '' WHERE document_id = ?", (document_id,)
        )

    def queued(self, source: str) -> int:
        """Return how many URLs wait."""
        return self._database.number(
            "SELECT count(*) FROM frontier WHERE source = ? AND state = 'queued'", (source,)
        )

    def visited(self, crawl: Crawl) -> int:
        """Return how many URLs this crawl has done."""
        return self._database.number(
            "SELECT count(*) FROM frontier WHERE source = ? AND state = 'done' AND crawl = ?",
            (crawl.source, crawl.id),
        )

    def resting(self, crawl: Crawl) -> int:
        """Return how many known URLs this crawl leaves alone because they are not due."""
        return self._database.number(
            "SELECT count(*) FROM frontier WHERE source = ? AND state = 'done' AND crawl <> ?",
            (crawl.source, crawl.id),
        )

    def sources(self) -> list[str]:
        """Return the names of all sources of which a URL is known."""
        rows = self._database.rows("SELECT DISTINCT source FROM frontier ORDER BY source")
        return [row["source"] for row in rows]

    def _paged(self, condition: str, values: tuple[str | int | None, ...]) -> Iterator[KnownUrl]:
        # By id in slices, so that the caller may write while it iterates.
        last = 0
        while rows := self._database.rows(
            f"SELECT * FROM frontier WHERE {condition} AND id > ?"  # noqa: S608 - our own text
            " ORDER BY id LIMIT 500",
            (*values, last),
        ):
            yield from map(known_url, rows)
            last = rows[-1]["id"]

    def _release_all(self, source: str) -> None:
        self._database.execute(
            "UPDATE frontier SET state = 'queued', lease_until = NULL"
            " WHERE source = ? AND state = 'leased'",
            (source,),
        )

    def _close_open(self, source: str, at: dt.datetime) -> None:
        self._database.execute(
            "UPDATE crawls SET finished = ?, problem = 'cut_off'"
            " WHERE source = ? AND finished IS NULL",
            (time_to_text(at), source),
        )

    def _queue_due(self, source: str, at: dt.datetime, *, full: bool) -> None:
        self._database.execute(
            "DELETE FROM frontier WHERE source = ? AND missing_since < ? AND document_id IS NULL",
            (source, time_to_text(at - _FORGET_AFTER)),
        )
        now = time_to_text(at)
        # By a clock that was wrong a visit may lie in the future: when it is due is unknown then.
        self._database.execute(
            "UPDATE frontier SET state = CASE WHEN ? OR due_at IS NULL OR due_at <= ?"
            " OR visited_at > ? THEN 'queued' ELSE 'done' END, lease_until = NULL WHERE source = ?",
            (full, now, now, source),
        )
