"""Queueing what a source itself names: its start pages, and the URLs of its lists."""

from __future__ import annotations

import asyncio
import hashlib
from typing import TYPE_CHECKING

import orjson

from indexer.model import CrawlRequest, Denied, Failed
from indexer.sources import Listing, Website
from indexer.store import Validators

if TYPE_CHECKING:
    from indexer.config import WebsiteSource
    from indexer.crawl.recorder import Recorder
    from indexer.crawl.tally import Tally
    from indexer.fetch import Fetcher
    from indexer.store import Crawl, DocumentStore

_SEEDS_AT_ONCE = 200


class Seeding:
    """Seeds one crawl, unless the process that was cut off had done so."""

    def __init__(
        self,
        *,
        source: WebsiteSource,
        store: DocumentStore,
        recorder: Recorder,
        crawl: Crawl,
        tally: Tally,
        full: bool,
    ) -> None:
        self._source = source
        self._store = store
        self._recorder = recorder
        self._crawl = crawl
        self._tally = tally
        self._full = full
        self._batch: list[CrawlRequest] = []
        self._troubles: list[str] = []
        self._has_read = crawl.seeded
        # What is in scope depends on all settings: after a change, every list is read again.
        said = orjson.dumps(source, option=orjson.OPT_SORT_KEYS)
        self._settings = hashlib.sha256(said).hexdigest()[:16]

    @property
    def problem(self) -> str:
        """Why nothing that the source names could be read; empty when something was."""
        if self._has_read:
            return ""
        return "; ".join(self._troubles[:3]) or "none of its lists could be read"

    async def run(self, fetcher: Fetcher) -> None:
        """Queue what the source names, in batches: a sitemap may name 50 000 URLs."""
        if self._crawl.seeded:
            return
        read = {
            url: Listing(url=url, etag=known.etag, last_modified=known.last_modified)
            for url, known in self._store.listings.of(
                self._source.name, settings=self._settings
            ).items()
            if not self._full
        }
        async for seed in Website(self._source).seeds(fetcher, read=read):
            match seed:
                case CrawlRequest():
                    self._has_read = True
                    self._batch.append(seed)
                    if len(self._batch) == _SEEDS_AT_ONCE:
                        await self._flush()
                case Listing():
                    await self._finished(seed)
                case Denied():
                    self._tally.denied.add(seed.reason, seed.request.url)
                    self._troubles.append(f"{seed.request.url}: {seed.reason}, {seed.detail}")
                case Failed():
                    self._tally.failed.add(seed.reason, seed.request.url)
                    self._troubles.append(f"{seed.request.url}: {seed.reason}, {seed.detail}")
        await self._flush()
        self._store.frontier.mark_seeded(self._crawl)

    async def _finished(self, listing: Listing) -> None:
        # Only when all that it names is queued may a list be taken for read.
        await self._flush()
        self._has_read = True
        validators = Validators(etag=listing.etag, last_modified=listing.last_modified)
        self._store.listings.put(
            self._source.name, listing.url, validators, settings=self._settings
        )

    async def _flush(self) -> None:
        self._recorder.queue(self._batch)
        self._batch.clear()
        await asyncio.sleep(0)
