"""Queueing the URLs that somebody points to, in one transaction with what pointed to them."""

from __future__ import annotations

from contextlib import contextmanager
from typing import TYPE_CHECKING

from indexer.model import CrawlRequest, Link

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator

    from indexer.crawl.links import LinkSelector
    from indexer.crawl.tally import Tally
    from indexer.store import Crawl, DocumentStore, FoundUrl, NewUrl


class Queueing:
    """Fills the queue of one source; `on_queued` hears of the URLs once they are stored."""

    def __init__(
        self,
        *,
        store: DocumentStore,
        source: str,
        links: LinkSelector,
        tally: Tally,
        crawl: Crawl | None,
        on_queued: Callable[[Iterable[str]], None] | None,
    ) -> None:
        self._store = store
        self._source = source
        self._links = links
        self._tally = tally
        self._crawl = crawl
        self._on_queued = on_queued
        self._selected: list[NewUrl] = []

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside happen together or not at all, the selection of links included."""
        self._selected.clear()
        try:
            with self._store.transaction():
                yield
                self._store.left_out.add(self._links.take_left_out(self._store.now()))
                handed = self._links.take_handed_over()
                self._store.handover.add(handed, at=self._store.now())
        except BaseException:
            self._links.forget(self._selected)
            raise
        self._tally.handed_over += len(handed)
        if self._selected and self._on_queued:
            self._on_queued([new.url for new in self._selected])

    def links(self, links: Iterable[Link], *, depth: int, referrer: str | None) -> bool:
        """Queue the links of a page that are wanted; return whether any was new."""
        return self._add(self._links.select(links, depth=depth, referrer=referrer))

    def seed(self, seed: CrawlRequest) -> None:
        """Queue a URL that the source itself names.

        A known one is queued too if the list that names it says that it has changed since.
        """
        selected = self._links.select(
            [Link(url=seed.url)],
            depth=seed.depth,
            referrer=seed.referrer,
            listed=True,
            lastmod=seed.lastmod,
        )
        if self._add(selected):
            return
        url = self._links.known_as(seed.url)
        if url is None or seed.lastmod is None or self._crawl is None:
            return
        if self._store.frontier.announce(self._source, url, seed.lastmod):
            self.visit_again(url)

    def found(self, found: FoundUrl) -> None:
        """Queue a URL that another shard found, as if a page or a list of ours had named it."""
        if not found.listed:
            self.links([Link(url=found.url)], depth=found.depth, referrer=found.referrer)
            return
        self.seed(
            CrawlRequest(
                url=found.url,
                source=found.source,
                depth=found.depth,
                referrer=found.referrer,
                lastmod=found.lastmod,
            )
        )

    def visit_again(self, url: str) -> None:
        """Queue a known URL that is not due, unless this crawl has visited it."""
        known = self._store.frontier.find(self._source, url)
        if known is None or self._crawl is None:
            return
        if self._store.frontier.queue(known.id, crawl=self._crawl) and self._on_queued:
            self._on_queued([url])

    def _add(self, selected: Iterable[NewUrl]) -> bool:
        chosen = list(selected)
        self._selected += chosen
        self._store.frontier.add(self._source, chosen)
        return bool(chosen)
