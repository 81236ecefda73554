"""Which URL stands for which document, and when a document has nobody left to stand for it."""

from __future__ import annotations

import dataclasses
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.crawl.tally import Tally
    from indexer.model import Document
    from indexer.store import Crawl, DocumentStore, KnownUrl

MISSING_BEFORE_REMOVAL = 2
"""Crawls in a row in which a page must be missing before its document is removed."""


class Standing:
    """Stores visited URLs and removes the documents that they no longer stand for.

    Several URLs may stand for one document: a page under two addresses with one canonical. The
    document lives as long as one of them does, and the one closest to it supplies its content.
    """

    def __init__(self, *, store: DocumentStore, tally: Tally, crawl: Crawl | None) -> None:
        self._store = store
        self._tally = tally
        self._crawl = crawl

    def settle(self, visited: KnownUrl, *, was: str | None, why: str = "") -> None:
        """Store a URL that stood for the document `was`; `why` is told if that must go."""
        self._store.frontier.settle(visited, self._crawl)
        if was is not None and was != visited.document_id:
            self._release(was, why, visited.url)

    def settle_missing(self, visited: KnownUrl, *, why: str, at_once: bool = False) -> None:
        """Store a URL that had nothing to show; its document goes when that has lasted.

        Outside a crawl nobody has looked at the site again, so nothing is counted.
        """
        seen = 1 if self._crawl is not None else 0
        count = MISSING_BEFORE_REMOVAL if at_once else visited.missing + seen
        missing = dataclasses.replace(
            visited, missing=count, missing_since=visited.missing_since or self._store.now()
        )
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
        own = _distance(page, document)
        return any(
            _distance(other, document) < own
            for other in self._store.frontier.standing_for(document.id)
            if other.id != page.id
        )

    def _release(self, document_id: str, why: str, url: str) -> None:
        if self._store.frontier.standing_for(document_id):
            # The one that is gone may have supplied the content; the next must be read for it.
            self._store.frontier.mark_unread(document_id)
        elif self._store.remove(document_id, why):
            self._tally.removed.add(why, url)


def _distance(page: KnownUrl, document: Document) -> tuple[bool, int, str, str]:
    return (page.url != document.url, len(page.url), page.url, page.source)
