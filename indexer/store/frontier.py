"""Every URL that is known, what became of it, and which are still to be visited in this crawl.

A URL is known per source. It is ``queued`` when a crawl begins, ``leased`` while it is being
visited, and ``done`` once its outcome is stored. Shallow URLs come first, then older ones. A crawl
that was killed is gone on with: what was leased is queued again, what was done stays done.
"""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from indexer.model import CrawlRequest
from indexer.store.codec import storable, time_from_text, time_to_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.store.database import Database, Row

Outcome = Literal["page", "not_modified", "skipped", "denied", "failed"]

_STALE_AFTER = dt.timedelta(hours=24)
_FORGET_AFTER = dt.timedelta(days=30)


@dataclass(frozen=True, slots=True, kw_only=True)
class Crawl:
    """One pass over a source. `resumed` when it was begun by a process that did not finish it."""

    id: int
    source: str
    resumed: bool
    seeded: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUrl:
    """A URL that somebody pointed to."""

    url: str
    depth: int
    referrer: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownUrl:
    """A URL of the frontier and its last outcome.

    `missing` counts the crawls in a row in which the page had nothing to show; `document_id` is
    the document that the page stands for, alone or beside others; `fingerprint` is that of the
    extraction that last read it, and `verdict` says why no document came of that reading.
    `outcome` and `reason` are those of the last visit; `outcome` is None until the first.
    """

    id: int
    source: str
    url: str
    depth: int
    referrer: str | None = None
    outcome: Outcome | None = None
    reason: str = ""
    detail: str = ""
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    visited_at: dt.datetime | None = None
    fetched_at: dt.datetime | None = None
    missing: int = 0
    missing_since: dt.datetime | None = None
    fingerprint: str = ""
    verdict: str = ""
    document_id: str | None = None

    def request(self, *, conditional: bool) -> CrawlRequest:
        """Return the request for this URL, with its validators when `conditional`."""
        return CrawlRequest(
            url=self.url,
            source=self.source,
            depth=self.depth,
            referrer=self.referrer,
            etag=self.etag if conditional else None,
            last_modified=self.last_modified if conditional else None,
        )


class Frontier:
    """The URLs of all sources. One writer at a time: the job that holds the data directory."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def begin(self, source: str, *, at: dt.datetime) -> Crawl:
        """Begin a crawl of `source`, or go on with the one that was cut off in the last day.

        A new crawl queues every known URL, except those that have been missing for a month:
        these are forgotten until somebody points to them again.
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
            self._requeue(source, at)
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
            "INSERT INTO frontier (source, url, depth, referrer, state)"
            " VALUES (?, ?, ?, ?, 'queued') ON CONFLICT (source, url)"
            " DO UPDATE SET depth = excluded.depth, referrer = excluded.referrer"
            " WHERE excluded.depth < frontier.depth",
            [(source, new.url, new.depth, new.referrer) for new in urls],
        )

    def lease(self, source: str, *, until: dt.datetime) -> KnownUrl | None:
        """Take the next URL out of the queue, or return None when it is empty."""
        row = self._database.row(
            "UPDATE frontier SET state = 'leased', lease_until = ? WHERE id ="
            " (SELECT id FROM frontier WHERE source = ? AND state = 'queued'"
            " ORDER BY depth, id LIMIT 1) RETURNING *",
            (time_to_text(until), source),
        )
        return _known(row) if row is not None else None

    def take(self, source: str, url: str, *, until: dt.datetime) -> KnownUrl | None:
        """Take one URL out of the queue, or return None when it does not wait there."""
        row = self._database.row(
            "UPDATE frontier SET state = 'leased', lease_until = ?"
            " WHERE source = ? AND url = ? AND state = 'queued' RETURNING *",
            (time_to_text(until), source, url),
        )
        return _known(row) if row is not None else None

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
            " last_modified = ?, visited_at = ?, fetched_at = ?, missing = ?, missing_since = ?,"
            " fingerprint = ?, verdict = ?, document_id = ? WHERE id = ?",
            (
                page.outcome,
                storable(page.reason),
                storable(page.detail),
                page.status,
                page.etag and storable(page.etag),
                page.last_modified and storable(page.last_modified),
                _text(page.visited_at),
                _text(page.fetched_at),
                page.missing,
                _text(page.missing_since),
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
        return _known(row) if row is not None else None

    def get(self, page_id: int) -> KnownUrl | None:
        """Return a URL by its id, or None."""
        row = self._database.row("SELECT * FROM frontier WHERE id = ?", (page_id,))
        return _known(row) if row is not None else None

    def known(self, source: str) -> Iterator[KnownUrl]:
        """Yield all URLs of a source in the order in which they became known."""
        return self._paged("source = ?", (source,))

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
        return [_known(row) for row in rows]

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

    def sources(self) -> list[str]:
        """Return the names of all sources of which a URL is known."""
        rows = self._database.rows("SELECT DISTINCT source FROM frontier ORDER BY source")
        return [row["source"] for row in rows]

    def _paged(self, condition: str, values: tuple[str, ...]) -> Iterator[KnownUrl]:
        # By id in slices, so that the caller may write while it iterates.
        last = 0
        while rows := self._database.rows(
            f"SELECT * FROM frontier WHERE {condition} AND id > ?"  # noqa: S608 - our own text
            " ORDER BY id LIMIT 500",
            (*values, last),
        ):
            yield from map(_known, rows)
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

    def _requeue(self, source: str, at: dt.datetime) -> None:
        self._database.execute(
            "DELETE FROM frontier WHERE source = ? AND missing_since < ? AND document_id IS NULL",
            (source, time_to_text(at - _FORGET_AFTER)),
        )
        self._database.execute(
            "UPDATE frontier SET state = 'queued', lease_until = NULL WHERE source = ?", (source,)
        )


def _known(row: Row) -> KnownUrl:
    return KnownUrl(
        id=row["id"],
        source=row["source"],
        url=row["url"],
        depth=row["depth"],
        referrer=row["referrer"],
        outcome=row["outcome"],
        reason=row["reason"],
        detail=row["detail"],
        status=row["status"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        visited_at=_time(row["visited_at"]),
        fetched_at=_time(row["fetched_at"]),
        missing=row["missing"],
        missing_since=_time(row["missing_since"]),
        fingerprint=row["fingerprint"],
        verdict=row["verdict"],
        document_id=row["document_id"],
    )


def _text(moment: dt.datetime | None) -> str | None:
    return time_to_text(moment) if moment is not None else None


def _time(text: str | None) -> dt.datetime | None:
    return time_from_text(text) if text is not None else None
