"""Reading the stored pages again, with no request sent: new rules, vocabulary or software."""

from __future__ import annotations

import asyncio
import logging
from typing import TYPE_CHECKING

from indexer.config import OaiPmhSource, WebsiteSource
from indexer.crawl.links import LinkSelector
from indexer.crawl.reading import PageReader, ThreadReader, rules_of
from indexer.crawl.recorder import Recorder
from indexer.crawl.scope import Allowed, scope_of
from indexer.crawl.shard import share_of
from indexer.crawl.tally import Tally
from indexer.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator, Mapping

    from indexer.config import Config, SourceSettings
    from indexer.crawl.reading import ReadingRules
    from indexer.crawl.store_set import StoreSet
    from indexer.store import DocumentStore, KnownUrl

_AT_ONCE = 8

logger = logging.getLogger(__name__)


async def reextract(
    store: DocumentStore | StoreSet,
    config: Config,
    *,
    reader: PageReader | None = None,
    sources: Collection[str] | None = None,
) -> Mapping[str, int]:
    """Read every stored page again whose extraction is out of date, and count what came of it.

    URLs that come to light wait in the frontier for the next crawl. A page whose reading fails
    keeps its document and is tried again next time.

    Raises:
        StoreError: If the store cannot be read or written.
    """
    counts = dict.fromkeys(("read", "added", "changed", "unchanged", "removed", "failed"), 0)
    own_reader = reader or ThreadReader()
    try:
        for source in config.sources:
            if sources is None or source.name in sources:
                for one in store.stores:
                    found = await _SourceReextraction(one, config, source, own_reader).run()
                    for what, count in found.items():
                        counts[what] += count
    finally:
        if reader is None:
            own_reader.close()
    return counts


class _SourceReextraction:
    """Reads the outdated pages of one source, several at a time."""

    def __init__(
        self, store: DocumentStore, config: Config, source: SourceSettings, reader: PageReader
    ) -> None:
        self._store = store
        self._source = source
        self._reader = reader
        self._rules: ReadingRules = rules_of(source, config, store)
        self._scope = scope_of(source, forbids=store.erasures.forbids)
        self._tally = Tally(source=source.name)
        self._failed = 0
        budget = source.pattern_budget if isinstance(source, WebsiteSource) else 1
        self._links = LinkSelector(
            self._scope,
            source=source.name,
            pattern_budget=budget,
            tally=self._tally,
            share=share_of(store, config),
        )
        self._recorder = Recorder(
            store=store,
            source=source.name,
            scope=self._scope,
            links=self._links,
            fingerprint=self._rules.fingerprint,
            tally=self._tally,
            of_records=isinstance(source, OaiPmhSource),
        )

    async def run(self) -> dict[str, int]:
        outdated = self._outdated()
        first = next(outdated, None)
        if first is not None:
            for known in self._store.frontier.known(self._source.name):
                self._links.enter(known)
            await self._read_all(first, outdated)
        return {
            "read": self._tally.reextracted,
            "added": self._tally.changes["added"],
            "changed": self._tally.changes["changed"],
            "unchanged": self._tally.changes["unchanged"],
            "removed": sum(reason.count for reason in self._tally.removed.counted().values()),
            "failed": self._failed,
        }

    def _outdated(self) -> Iterator[KnownUrl]:
        fingerprint = self._rules.fingerprint
        for known in self._store.outdated({self._source.name: fingerprint}):
            # What the scope no longer allows is the next crawl's to remove.
            if isinstance(self._scope.decide(known.url, known.depth), Allowed):
                yield known

    async def _read_all(self, first: KnownUrl, others: Iterator[KnownUrl]) -> None:
        reading = {asyncio.create_task(self._read(first))}
        try:
            for known in others:
                reading.add(asyncio.create_task(self._read(known)))
                if len(reading) >= _AT_ONCE:
                    ended, reading = await asyncio.wait(
                        reading, return_when=asyncio.FIRST_COMPLETED
                    )
                    for task in ended:
                        task.result()
            for task in reading:
                await task
        finally:
            for task in reading:
                task.cancel()
            await asyncio.gather(*reading, return_exceptions=True)

    async def _read(self, known: KnownUrl) -> None:
        body = self._store.bodies.get(known.id)
        if body is None:
            return
        try:
            page = body.page(known.request(conditional=False))
            extraction = await self._reader.read_again(page, self._rules)
            self._recorder.read_again(known, extraction, revisited=False)
        except StoreError:
            raise
        except Exception:
            logger.exception("internal error at %s", known.url)
            self._failed += 1
