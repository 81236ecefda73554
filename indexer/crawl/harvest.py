"""The harvest of a repository: all of its records, or those that changed since the last time."""

from __future__ import annotations

import asyncio
import dataclasses
import datetime as dt
import hashlib
import time
from typing import TYPE_CHECKING

import orjson

from indexer.crawl.links import LinkSelector
from indexer.crawl.progress import Progress, SourceProgress
from indexer.crawl.recorder import Recorder
from indexer.crawl.recrawl import RecrawlSchedule
from indexer.crawl.scope import FORGOTTEN, EverythingInScope
from indexer.crawl.tally import Tally
from indexer.model import Denied, Failed
from indexer.sources import BAD_RECORD, RESTART_REASONS, OaiPmh, Record, RecordBatch
from indexer.store import Harvest, KnownUrl, NewUrl

if TYPE_CHECKING:
    from indexer.config import OaiPmhSource, RecrawlSettings
    from indexer.crawl.reading import PageReader, ReadingRules
    from indexer.crawl.report import SourceReport
    from indexer.fetch import Fetcher
    from indexer.store import DocumentStore

_GONE = 410
_OVERLAP = dt.timedelta(days=1)
"""Asked for again each time: repositories whose clock or index lags would lose records else."""


class RepositoryHarvest:
    """One pass over one repository.

    Each answer is stored with the token of the next, so that a harvest that was cut off goes on
    where it was. Everything is asked for the first time, when the settings changed, and once in
    `max_days`: not every repository tells of the records that it deleted, and what is missing
    from two whole lists is gone.
    """

    def __init__(
        self,
        *,
        source: OaiPmhSource,
        recrawl: RecrawlSettings,
        rules: ReadingRules,
        store: DocumentStore,
        fetcher: Fetcher,
        reader: PageReader,
        progress: Progress,
        full: bool,
    ) -> None:
        self._source = source
        self._store = store
        self._fetcher = fetcher
        self._reader = reader
        self._rules = rules
        self._progress = progress
        self._started = store.now()
        self._clock = time.monotonic()
        self._crawl = store.frontier.begin(source.name, at=self._started, full=full)
        self._tally = Tally(source=source.name)
        scope = EverythingInScope(forbids=store.erasures.forbids)
        self._recorder = Recorder(
            store=store,
            source=source.name,
            scope=scope,
            links=LinkSelector(scope, source=source.name, pattern_budget=1, tally=self._tally),
            fingerprint=rules.fingerprint,
            tally=self._tally,
            crawl=self._crawl,
            schedule=RecrawlSchedule(recrawl),
            of_records=True,
        )
        said = orjson.dumps([source.url, source.metadata_prefix, source.set])
        self._settings = hashlib.sha256(said).hexdigest()[:16]
        self._whole_every = dt.timedelta(days=recrawl.max_days)
        self._full = full
        self._done = 0
        self._size: int | None = None
        self._problem = ""
        self._detail = ""

    async def run(self) -> SourceReport:
        """Harvest the repository; what goes wrong with it stands in the report.

        Raises:
            StoreError: If the store cannot be written.
        """
        state = self._store.harvests.of(self._source.name, settings=self._settings)
        age = self._started - state.whole_at if state.whole_at is not None else dt.timedelta()
        was_in_future = age < dt.timedelta()  # by a clock that was wrong
        if age >= self._whole_every or was_in_future or (self._full and not self._crawl.resumed):
            state = Harvest()
        if not self._crawl.resumed and state.token is not None:
            # Begun so long ago that its token can no longer be trusted.
            state = dataclasses.replace(state, begun=None, token=None)
        await self._harvest(state)
        finished = self._store.now()
        self._store.frontier.finish(self._crawl, at=finished, problem=self._problem)
        return self._tally.report(
            started=self._started,
            finished=finished,
            resumed=self._crawl.resumed,
            problem=self._problem,
            detail=self._detail,
            documents=self._store.count(self._source.name),
            left_queued=0,
            not_due=0,
            spent_patterns={},
        )

    async def _harvest(self, state: Harvest) -> None:
        stale = await self._ask(state)
        if stale and state.token is not None:
            # Tokens expire: begin this harvest again, which reads nothing twice that is stored.
            self._problem = self._detail = ""
            await self._ask(dataclasses.replace(state, begun=None, token=None))

    async def _ask(self, state: Harvest) -> bool:
        """Ask for what there is from `state` on; return whether its token was refused."""
        since = state.since - _OVERLAP if state.since is not None else None
        source = OaiPmh(self._source)
        is_whole = False
        async for answer in source.batches(self._fetcher, since=since, token=state.token):
            match answer:
                case RecordBatch():
                    state = await self._take(state, answer)
                    is_whole = answer.token is None
                case Denied():
                    self._tally.denied.add(answer.reason, answer.request.url)
                    self._fail(answer)
                case Failed() if answer.reason == BAD_RECORD:
                    self._bad_record(answer)
                case Failed() if answer.reason in RESTART_REASONS and state.token is not None:
                    self._fail(answer)
                    return True
                case Failed():
                    self._tally.failed.add(answer.reason, answer.request.url)
                    self._fail(answer)
        if is_whole and not self._problem:
            self._finish(state)
        return False

    def _bad_record(self, answer: Failed) -> None:
        """Count a record that cannot be read; the repository still has it, so it is not missing."""
        known = self._store.frontier.find(self._source.name, answer.request.url)
        if known is None:
            self._tally.failed.add(answer.reason, answer.request.url)
        else:
            self._recorder.inconclusive(known, answer)

    def _fail(self, answer: Denied | Failed) -> None:
        self._problem = "source_failed"
        self._detail = f"{self._source.url}: {answer.reason}, {answer.detail}"

    async def _take(self, state: Harvest, batch: RecordBatch) -> Harvest:
        """Store the records of one answer, and then how to ask for the next."""
        self._size = batch.complete_list_size or self._size
        for record in batch.records:
            await self._record(record)
            self._done += 1
        begun = state.begun or batch.response_date or self._started
        state = dataclasses.replace(state, begun=begun, token=batch.token)
        self._store.harvests.put(self._source.name, state, settings=self._settings)
        self._show()
        await asyncio.sleep(0)
        return state

    async def _record(self, record: Record) -> None:
        known = self._known(record)
        if known is None:
            return
        if record.page is None:
            if known.document_id is not None or known.outcome is not None:
                request = known.request(conditional=False)
                gone = Failed(request=request, reason="deleted", status=_GONE)
                self._recorder.failed(known, gone)
        elif self._recorder.is_unchanged(known, record.page):
            self._recorder.unchanged(known, record.page)
        else:
            reading = await self._reader.read(record.page, self._rules)
            self._recorder.page(known, record.page, reading)

    def _known(self, record: Record) -> KnownUrl | None:
        if self._store.erasures.forbids(record.identifier):
            self._tally.skipped.add(FORGOTTEN, record.identifier)
            return None
        known = self._store.frontier.find(self._source.name, record.identifier)
        if known is None and record.page is not None:
            new = NewUrl(url=record.identifier, depth=1, referrer=self._source.url)
            self._store.frontier.add(self._source.name, [new])
            known = self._store.frontier.find(self._source.name, record.identifier)
        return known

    def _finish(self, state: Harvest) -> None:
        """Conclude a harvest whose last answer came: what a whole list does not name is missing."""
        if state.since is None:
            for known in self._store.frontier.unvisited(self._crawl):
                request = known.request(conditional=False)
                missing = Failed(request=request, reason="not_listed", status=404)
                self._recorder.failed(known, missing)
        whole_at = self._started if state.since is None else state.whole_at
        done = Harvest(since=state.begun or state.since, whole_at=whole_at)
        self._store.harvests.put(self._source.name, done, settings=self._settings)

    def _show(self) -> None:
        elapsed = time.monotonic() - self._clock
        self._progress.update(
            SourceProgress(
                source=self._source.name,
                done=self._done,
                queued=max((self._size or 0) - self._done, 0),
                rate=self._done / elapsed if elapsed > 0 else 0.0,
            )
        )
