"""Which URL stands for which document, and when a document has nobody left to stand for it."""

from __future__ import annotations

import dataclasses
import datetime as dt
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.crawl.recrawl import RecrawlSchedule
    from indexer.crawl.tally import Tally
    from indexer.model import Document
    from indexer.store import Crawl, DocumentStore, KnownUrl

MISSING_BEFORE_REMOVAL = 2
"""Crawls in a row in which a page must be missing before its document is removed."""

MISSING_FOR = dt.timedelta(days=7)
"""How long a page must have been missing before one more look removes its document."""


class Standing:
    """Stores visited URLs and removes the documents that they no longer stand for.

    Several URLs may stand for one document: a page under two addresses with one canonical. The
    document lives as long as one of them does, and the one closest to it supplies its content.
    Outside a crawl, without `crawl`, nobody has looked at the site: no next visit is planned.
    """

    def __init__(
        self,
        *,
        store: DocumentStore,
        tally: Tally,
        crawl: Crawl | None,
        schedule: RecrawlSchedule | None = None,
    ) -> None:
        self._store = store
        self._tally = tally
        self._crawl = crawl
        self._schedule = schedule

    def present(self, visited: KnownUrl) -> KnownUrl:
        """Return a URL at which something was found."""
        return dataclasses.replace(visited, missing=0, missing_since=None)

    def settle_read(
        self, visited: KnownUrl, *, was: str | None, why: str = "", changed: bool
    ) -> None:
        """Store a URL that was read, or vouched for, and plan its next visit."""
        if self._schedule is not None and self._crawl is not None:
            before = self._store.frontier.get(visited.id)
            seen_at = before.visited_at if before is not None else None
            news = bool(visited.lastmod and seen_at and visited.lastmod > seen_at)
            visited = self._schedule.after(visited, changed=changed, news=news)
        self._settle(visited, was=was, why=why)

    def settle(self, visited: KnownUrl, *, was: str | None, why: str = "") -> None:
        """Store a URL that stood for the document `was`, to be visited again in the next run.

        `why` is told if that document must go.
        """
        if self._schedule is not None and self._crawl is not None:
            visited = self._schedule.at_once(visited)
        self._settle(visited, was=was, why=why)

    def _settle(self, visited: KnownUrl, *, was: str | None, why: str) -> None:
        self._store.frontier.settle(visited, self._crawl)
        if was is not None and was != visited.document_id:
            self._release(was, why, visited.url)

    def settle_missing(self, visited: KnownUrl, *, why: str, at_once: bool = False) -> None:
        """Store a URL that had nothing to show; its document goes when that has lasted.

        Outside a crawl nobody has looked at the site again, so nothing is counted.
        """
        now = self._store.now()
        since = visited.missing_since or now
        count = visited.missing + (1 if self._crawl is not None else 0)
        if at_once or (self._crawl is not None and now - since >= MISSING_FOR):
            count = max(count, MISSING_BEFORE_REMOVAL)
        missing = dataclasses.replace(visited, missing=count, missing_since=since)
        if count >= MISSING_BEFORE_REMOVAL:
            read = visited.outcome in {"page", "not_modified"}
            missing = dataclasses.replace(
                missing if read else self.empty(missing), document_id=None
            )
        self.settle(missing, was=visited.document_id, why=why)

    def empty(self, visited: KnownUrl) -> KnownUrl:
        """Forget what was last read at a URL, with the validators that vouched for it."""
        self._store.bodies.drop(visited.id)
        return dataclasses.replace(
            visited, document_id=None, etag=None, last_modified=None, fingerprint="", verdict=""
        )

    def forget(self, known: KnownUrl, why: str) -> None:
        """Forget a URL altogether."""
        self._store.frontier.drop(known.id)
        if known.document_id is not None:
            self._release(known.document_id, why, known.url)

    def is_spoken_for(self, page: KnownUrl, document: Document) -> bool:
        """Whether a better URL stands for the same document, in whatever order they came."""
        own = distance(page, document)
        return any(
            distance(other, document) < own
            for other in self._store.frontier.standing_for(document.id)
            if other.id != page.id
        )

    def move(self, document_id: str, *, to: Document, why: str) -> None:
        """Let every URL that stands for one document stand for another, and remove the one."""
        for known in self._store.frontier.standing_for(document_id):
            moved = dataclasses.replace(known, document_id=to.id, reason=why, detail=to.url)
            self._store.frontier.settle(moved)
        if self._store.remove(document_id, why):
            self._tally.removed.add(why, document_id)

    def reread_others(self, page: KnownUrl, document: Document) -> None:
        """Have the other pages that stand for a document read again: it says something else now.

        Those that were filed with it because they said the same may do so no longer.
        """
        if any(other.id != page.id for other in self._store.frontier.standing_for(document.id)):
            self._store.frontier.mark_unread(document.id)

    def _release(self, document_id: str, why: str, url: str) -> None:
        if self._store.frontier.standing_for(document_id):
            # The one that is gone may have supplied the content; the next must be read for it.
            self._store.frontier.mark_unread(document_id)
        elif self._store.remove(document_id, why):
            self._tally.removed.add(why, url)


def distance(page: KnownUrl, document: Document) -> tuple[bool, int, str, str]:
    """How far a page is from the address of its document: the nearest supplies the content."""
    return (page.url != document.url, len(page.url), page.url, page.source)
