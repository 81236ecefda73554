"""The crawl: every source at its own pace, into one store."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING, TypedDict

from indexer.config import WebsiteSource
from indexer.crawl.harvest import RepositoryHarvest
from indexer.crawl.process_reader import ProcessReader
from indexer.crawl.progress import Progress, SilentProgress
from indexer.crawl.reading import PageReader, ReadingRules, rules_of
from indexer.crawl.report import CrawlReport, SourceReport
from indexer.crawl.source_crawl import SourceCrawl
from indexer.crawl.standing import Standing
from indexer.crawl.tally import Tally
from indexer.errors import StoreError
from indexer.fetch import Fetcher, everything

if TYPE_CHECKING:
    from collections.abc import Collection

    from indexer.config import Config, RecrawlSettings, SourceSettings
    from indexer.crawl.handover import Handing
    from indexer.store import DocumentStore

_TELL_EVERY_S = 0.5

logger = logging.getLogger(__name__)


class _Parts(TypedDict):
    """What the crawl of a source of any type works with."""

    recrawl: RecrawlSettings
    rules: ReadingRules
    store: DocumentStore
    fetcher: Fetcher
    reader: PageReader
    progress: Progress
    full: bool


class Crawler:
    """Visits what the configuration names and keeps the store true to it.

    One crawler at a time on a store: the job lock sees to that. Sources are crawled side by side,
    and those on one host share its rate limit. With `full` every known page is visited, due or
    not. With `handing` it is one shard of several crawlers: it asks no host of another's.
    """

    def __init__(
        self,
        config: Config,
        store: DocumentStore,
        *,
        handing: Handing | None = None,
        progress: Progress | None = None,
        reader: PageReader | None = None,
        full: bool = False,
    ) -> None:
        self._config = config
        self._store = store
        self._progress = progress or SilentProgress()
        self._reader = reader
        self._full = full
        self._handing = handing

    async def run(self, sources: Collection[str] | None = None) -> CrawlReport:
        """Crawl the named sources, or all of them, and report.

        A source that fails stands in the report. Names are those of the configuration; unknown
        ones are passed over.

        Raises:
            StoreError: If the store cannot be read or written.
        """
        started = self._store.now()
        chosen = [s for s in self._ours() if sources is None or s.name in sources]
        reader = self._reader or ProcessReader()
        try:
            async with Fetcher(
                user_agent=self._config.user_agent,
                allow_private=self._config.allow_private,
                concurrency=self._config.http.concurrency,
                ours=self._handing.share.owns if self._handing else everything,
            ) as fetcher:
                reports = await self._crawl_all(chosen, fetcher, reader)
        finally:
            if self._reader is None:
                reader.close()
            if self._handing is not None:
                self._handing.write(now=True)
        report = CrawlReport(started=started, finished=self._store.now(), sources=tuple(reports))
        if sources is None and not report.failed_sources:
            self._forget_other_sources()
        return report

    def _ours(self) -> list[SourceSettings]:
        """Return the sources of which something may be ours to visit."""
        share = self._handing.share if self._handing is not None else None
        return [one for one in self._config.sources if share is None or share.part_of(one)]

    async def _crawl_all(
        self, chosen: list[SourceSettings], fetcher: Fetcher, reader: PageReader
    ) -> list[SourceReport]:
        tasks = [
            asyncio.create_task(self._crawl(source, fetcher, reader), name=source.name)
            for source in chosen
        ]
        telling = asyncio.create_task(self._tell_the_others())
        try:
            return await asyncio.gather(*tasks)
        finally:
            for task in (*tasks, telling):
                task.cancel()
            await asyncio.gather(*tasks, telling, return_exceptions=True)

    async def _tell_the_others(self) -> None:
        """Write down now and then what was found for other shards: they may be at work now."""
        while self._handing is not None:
            await asyncio.sleep(_TELL_EVERY_S)
            self._handing.write()

    async def _crawl(
        self, source: SourceSettings, fetcher: Fetcher, reader: PageReader
    ) -> SourceReport:
        started = self._store.now()
        parts = _Parts(
            recrawl=self._config.recrawl,
            rules=rules_of(source, self._config, self._store),
            store=self._store,
            fetcher=fetcher,
            reader=reader,
            progress=self._progress,
            full=self._full,
        )
        try:
            if isinstance(source, WebsiteSource):
                return await SourceCrawl(source=source, handing=self._handing, **parts).run()

            return await RepositoryHarvest(source=source, **parts).run()
        except StoreError:
            raise
        except Exception as error:
            logger.exception("internal error in source %s", source.name)
            return SourceReport(
                source=source.name,
                started=started,
                finished=self._store.now(),
                problem="internal_error",
                detail=f"{type(error).__name__}: {error}",
                documents=self._store.count(source.name),
            )

    def _forget_other_sources(self) -> None:
        """Remove what came from sources that the configuration no longer has."""
        configured = {source.name for source in self._config.sources}
        for name in set(self._store.frontier.sources()) - configured:
            standing = Standing(store=self._store, tally=Tally(source=name), crawl=None)
            for known in self._store.frontier.known(name):
                with self._store.transaction():
                    standing.forget(known, "source_removed")
