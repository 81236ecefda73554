"""The records of one source: which are wanted, and what they mean for the store."""

from __future__ import annotations

import asyncio
import dataclasses
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.config import OaiPmhSource, WebsiteSource
from indexer.crawl.duplicates import DuplicateWatch
from indexer.crawl.links import LinkSelector
from indexer.crawl.reading import PageReader, rules_of
from indexer.crawl.recorder import Recorder
from indexer.crawl.recrawl import RecrawlSchedule
from indexer.crawl.scope import Allowed, OutOfScope, scope_of
from indexer.crawl.shard import share_of
from indexer.crawl.tally import Reasons, Tally
from indexer.errors import StoreError
from indexer.fetch import canonicalize
from indexer.model import CrawlRequest
from indexer.store import NewUrl

if TYPE_CHECKING:
    from indexer.config import Config, SourceSettings
    from indexer.fetch.warc import Archived
    from indexer.model import Page
    from indexer.store import Crawl, DocumentStore, KnownUrl

_AT_ONCE = 8
_BYTES_AT_ONCE = 8_000_000
_MEGABYTE = 1_000_000


class SourceIntake:
    """Takes in records as the answers of one crawl of a source, which begins with the first.

    Pages are read several at a time and recorded in their order.
    """

    def __init__(
        self, source: SourceSettings, config: Config, store: DocumentStore, reader: PageReader
    ) -> None:
        self.tally = Tally(source=source.name)
        self.skipped = Reasons()
        self.pages = self.redirects = 0
        self.limit = int(source.http.max_body_mb * _MEGABYTE)
        self._source = source
        self._config = config
        self._store = store
        self._reader = reader
        self._rules = rules_of(source, config, store)
        self._scope = scope_of(source, forbids=store.erasures.forbids)
        self._share = share_of(store, config)
        self._of_records = isinstance(source, OaiPmhSource)
        self._starts = frozenset(source.start) if isinstance(source, WebsiteSource) else frozenset()
        self._waiting: dict[int, tuple[KnownUrl, Page, bool]] = {}
        self._bytes = 0

    async def take(self, record: Archived) -> str:
        """Take a record in; return why not, or nothing."""
        depth = record.depth if record.depth is not None else int(record.url not in self._starts)
        place = self._place(record, depth)
        if isinstance(place, OutOfScope):
            return place.reason
        known = self._known(place.url, depth)
        if known is not None and known.id in self._waiting:
            await self.flush()
            known = self._known(place.url, depth)
        if known is None:
            return "pattern_budget"
        if _is_older(record, known):
            self.skipped.add("older_than_stored", record.url)
        elif record.page is None:
            self._lead(known, record.leads_to or "")
        else:
            await self._page(known, record.page, links_only=not place.index)
        return ""

    async def flush(self) -> None:
        """Read and record what waits."""
        waiting = [*self._waiting.values()]
        self._waiting.clear()
        self._bytes = 0
        readings = await asyncio.gather(
            *(
                self._reader.read(page, self._rules, links_only=links_only)
                for _, page, links_only in waiting
            ),
            return_exceptions=True,
        )
        for (known, page, _), reading in zip(waiting, readings, strict=True):
            if isinstance(reading, BaseException):
                self._failed(known, reading)
            else:
                self._recorder.page(known, page, reading)

    def finish(self) -> None:
        """End it: what came to light waits in the queue for the next crawl."""
        if "_crawl" in self.__dict__:
            self._store.frontier.finish(self._crawl, at=self._store.now())

    # --- what is wanted -------------------------------------------------------------------------

    def _place(self, record: Archived, depth: int) -> Allowed | OutOfScope:
        if self._of_records or record.is_resource:
            ours = self._of_records and record.is_resource and record.source == self._source.name
            return self._scope.decide(record.url) if ours else OutOfScope(reason="no_source")
        canonical = canonicalize(record.url)
        if canonical is None:
            return OutOfScope(reason="not_a_web_address")
        place = self._scope.decide(canonical, depth)
        if isinstance(place, Allowed) and self._share and not self._share.owns(place.url):
            return OutOfScope(reason="other_shard")
        if record.page is not None and len(record.page.body) > self.limit:
            return OutOfScope(reason="body_too_large")
        return place

    # --- what it means --------------------------------------------------------------------------

    @cached_property
    def _crawl(self) -> Crawl:
        return self._store.frontier.begin(self._source.name, at=self._store.now())

    @cached_property
    def _recorder(self) -> Recorder:
        return Recorder(
            store=self._store,
            source=self._source.name,
            scope=self._scope,
            links=self._links,
            fingerprint=self._rules.fingerprint,
            tally=self.tally,
            crawl=self._crawl,
            schedule=RecrawlSchedule(self._config.recrawl),
            of_records=self._of_records,
        )

    @cached_property
    def _links(self) -> LinkSelector:
        source = self._source
        links = LinkSelector(
            self._scope,
            source=source.name,
            pattern_budget=source.pattern_budget if isinstance(source, WebsiteSource) else 1,
            tally=self.tally,
            watch=DuplicateWatch(),
            share=self._share,
        )
        for known in self._store.frontier.known(source.name):
            links.enter(known)
        return links

    def _known(self, url: str, depth: int) -> KnownUrl | None:
        """Return what the frontier knows of a URL, which it learns here if it is new."""
        recorder = self._recorder
        found = self._store.frontier.find(self._source.name, url)
        if found is not None:
            return found
        if self._of_records:
            self._store.frontier.add(self._source.name, [NewUrl(url=url, depth=depth)])
        else:
            recorder.queue([CrawlRequest(url=url, source=self._source.name, depth=depth)])
        return self._store.frontier.find(self._source.name, url)

    async def _page(self, known: KnownUrl, page: Page, *, links_only: bool) -> None:
        self.pages += 1
        page = dataclasses.replace(page, request=known.request(conditional=False))
        if self._recorder.is_unchanged(known, page):
            self._recorder.unchanged(known, page)
            return
        self._waiting[known.id] = (known, page, links_only)
        self._bytes += len(page.body)
        if len(self._waiting) >= _AT_ONCE or self._bytes >= _BYTES_AT_ONCE:
            await self.flush()

    def _lead(self, known: KnownUrl, target: str) -> None:
        self.redirects += 1
        place = self._links.place(target)
        if isinstance(place, OutOfScope):
            self._recorder.left_scope(known, place, target)
        elif place.url != known.url:
            self._recorder.redirected(known, place.url)

    def _failed(self, known: KnownUrl, error: BaseException) -> None:
        if isinstance(error, StoreError) or not isinstance(error, Exception):
            raise error
        self._recorder.internal_error(known, f"{type(error).__name__}: {error}")


def _is_older(record: Archived, known: KnownUrl) -> bool:
    return record.at is not None and known.fetched_at is not None and record.at < known.fetched_at
