"""The crawl of one source, from its seeds until nothing is left to visit."""

from __future__ import annotations

import asyncio
import logging
import time
from http import HTTPStatus
from typing import TYPE_CHECKING

from indexer.crawl.links import LinkSelector
from indexer.crawl.progress import Progress, SourceProgress
from indexer.crawl.recorder import DECIDED_BY_THE_SITE, LEASE, Recorder
from indexer.crawl.scope import Allowed, OutOfScope, Scope
from indexer.crawl.tally import Tally
from indexer.crawl.visiting import Answer, Visitor
from indexer.errors import StoreError
from indexer.model import CrawlRequest, Denied, Failed, FetchResult, NotModified, Page
from indexer.sources import Website

if TYPE_CHECKING:
    from collections.abc import Awaitable, Callable

    from indexer.config import WebsiteSource
    from indexer.crawl.reading import PageReader, ReadingRules
    from indexer.crawl.report import SourceReport
    from indexer.fetch import Fetcher
    from indexer.store import DocumentStore, KnownUrl

_GIVE_UP_AFTER = 50
"""Answers in a row that show a dead line or server, after which a source counts as down."""

_SEEDS_AT_ONCE = 200
_SHOW_EVERY_S = 0.1
_SERVER_ERROR = 500
_SILENCE = frozenset({"connect", "deadline", "dns", "dropped", "robots_unreachable", "timeout"})

logger = logging.getLogger(__name__)


class SourceCrawl:
    """One pass over one source: seeds, start pages, then everything in the queue.

    The start pages come first because they tell whether the source is there at all: when all of
    them fail, nothing else is asked for and nothing is concluded from the silence.
    """

    def __init__(
        self,
        *,
        source: WebsiteSource,
        rules: ReadingRules,
        store: DocumentStore,
        fetcher: Fetcher,
        reader: PageReader,
        progress: Progress,
    ) -> None:
        self._source = source
        self._store = store
        self._fetcher = fetcher
        self._progress = progress
        self._started = store.now()
        self._clock = self._shown = time.monotonic()
        self._crawl = store.frontier.begin(source.name, at=self._started)
        self._done = store.frontier.visited(self._crawl)
        self._done_before = self._done
        self._silent_in_a_row = 0
        self._detail = ""
        self._tally = Tally(source=source.name)
        self._scope = Scope(source)
        self._links = LinkSelector(
            self._scope, pattern_budget=source.pattern_budget, tally=self._tally
        )
        self._recorder = Recorder(
            store=store,
            source=source.name,
            scope=self._scope,
            links=self._links,
            fingerprint=rules.fingerprint,
            tally=self._tally,
            crawl=self._crawl,
        )
        self._visitor = Visitor(
            http=source.http,
            store=store,
            fetcher=fetcher,
            reader=reader,
            rules=rules,
            scope=self._scope,
            links=self._links,
            recorder=self._recorder,
        )

    async def run(self) -> SourceReport:
        """Crawl the source; what goes wrong with it stands in the report.

        Raises:
            StoreError: If the store cannot be written.
        """
        problem = await self._crawl_all()
        finished = self._store.now()
        self._show()
        self._store.frontier.finish(self._crawl, at=finished, problem=problem)
        return self._tally.report(
            started=self._started,
            finished=finished,
            resumed=self._crawl.resumed,
            problem=problem,
            detail=self._detail,
            documents=self._store.count(self._source.name),
            left_queued=self._store.frontier.queued(self._source.name),
            spent_patterns=self._links.spent_patterns,
        )

    async def _crawl_all(self) -> str:
        misplaced = self._load()
        if not self._crawl.seeded:
            await self._seed()
        if problem := await self._visit_starts():
            return problem
        for known, refusal in misplaced:
            self._recorder.out_of_scope(known, refusal)
        await self._visit_queue()
        return self._why_unfinished()

    def _load(self) -> list[tuple[KnownUrl, OutOfScope]]:
        """Note the URLs that are known, and return those that the configuration now refuses."""
        misplaced = []
        for known in self._store.frontier.known(self._source.name):
            place = self._scope.decide(known.url, known.depth)
            if isinstance(place, OutOfScope):
                misplaced.append((known, place))
            else:
                self._links.enter(known)
        return misplaced

    async def _seed(self) -> None:
        """Queue what the source itself names, in batches: a sitemap may name 50 000 URLs."""
        batch: list[CrawlRequest] = []
        async for seed in Website(self._source).seeds(self._fetcher):
            match seed:
                case CrawlRequest():
                    batch.append(seed)
                case Denied():
                    self._tally.denied.add(seed.reason, seed.request.url)
                case Failed():
                    self._tally.failed.add(seed.reason, seed.request.url)
            if len(batch) == _SEEDS_AT_ONCE:
                self._recorder.queue(batch)
                batch.clear()
                await asyncio.sleep(0)
        self._recorder.queue(batch)
        self._store.frontier.mark_seeded(self._crawl)

    # --- the start pages ------------------------------------------------------------------------

    async def _visit_starts(self) -> str:
        """Visit the start pages; return what is wrong when none of them answers."""
        starts = self._starts()
        if not starts:
            self._detail = "no start page is in the scope of the source; look at its rules"
            return "source_failed"
        waiting = [known for url in starts if (known := self._recorder.take(url)) is not None]
        answers = [await self._visitor.ask(known) for known in waiting]
        # A start page that does not wait was answered to the process that was cut off.
        if len(waiting) < len(starts) or any(map(_is_there, answers)):
            for answer in answers:
                await self._guarded(answer.known, self._conclusion(answer))
            return ""
        for answer in answers:
            if isinstance(answer.result, Denied | Failed):
                self._recorder.inconclusive(answer.known, answer.result)
        self._detail = "; ".join(_explained(answer) for answer in answers[:3])
        return "source_failed"

    def _starts(self) -> list[str]:
        places = (self._links.place(url) for url in self._source.start)
        return list(dict.fromkeys(place.url for place in places if isinstance(place, Allowed)))

    # --- everything else ------------------------------------------------------------------------

    async def _visit_queue(self) -> None:
        """Visit what is queued, several URLs at a time."""
        visits: set[asyncio.Task[None]] = set()
        try:
            while True:
                while (known := self._next(len(visits))) is not None:
                    visits.add(asyncio.create_task(self._guarded(known, self._visit(known))))
                if not visits:
                    return
                ended, visits = await asyncio.wait(visits, return_when=asyncio.FIRST_COMPLETED)
                for visit in ended:
                    visit.result()
        finally:
            for visit in visits:
                visit.cancel()
            await asyncio.gather(*visits, return_exceptions=True)

    def _next(self, in_flight: int) -> KnownUrl | None:
        busy = in_flight >= self._source.http.concurrency
        if busy or self._is_down or self._done + in_flight >= self._source.max_pages:
            return None
        return self._store.frontier.lease(self._source.name, until=self._store.now() + LEASE)

    def _visit(self, known: KnownUrl) -> Callable[[], Awaitable[None]]:
        async def visit() -> None:
            await self._conclusion(await self._visitor.ask(known))()

        return visit

    def _conclusion(self, answer: Answer) -> Callable[[], Awaitable[None]]:
        async def conclude() -> None:
            self._listen(answer.result)
            await self._visitor.conclude(answer)

        return conclude

    async def _guarded(self, known: KnownUrl, step: Callable[[], Awaitable[None]]) -> None:
        """Take a step for one URL: an error of ours is recorded, and the crawl goes on."""
        try:
            await step()
        except StoreError:
            raise
        except Exception as error:
            logger.exception("internal error at %s", known.url)
            self._recorder.internal_error(known, f"{type(error).__name__}: {error}")
        self._done += 1
        if time.monotonic() - self._shown >= _SHOW_EVERY_S:
            self._show()

    def _listen(self, result: FetchResult) -> None:
        self._silent_in_a_row = self._silent_in_a_row + 1 if _is_silent(result) else 0
        if self._is_down and isinstance(result, Denied | Failed):
            self._detail = f"{_GIVE_UP_AFTER} URLs in a row failed, the last with {result.reason}"

    @property
    def _is_down(self) -> bool:
        return self._silent_in_a_row >= _GIVE_UP_AFTER

    def _why_unfinished(self) -> str:
        if self._is_down:
            return "source_failed"
        if self._done >= self._source.max_pages and self._store.frontier.queued(self._source.name):
            self._detail = f"max_pages: {self._source.max_pages} reached"
            return "max_pages"
        return ""

    def _show(self) -> None:
        self._shown = time.monotonic()
        elapsed = self._shown - self._clock
        self._progress.update(
            SourceProgress(
                source=self._source.name,
                done=self._done,
                queued=self._store.frontier.queued(self._source.name),
                rate=(self._done - self._done_before) / elapsed if elapsed > 0 else 0.0,
            )
        )


def _is_there(answer: Answer) -> bool:
    """Whether an answer shows that the source is there, even if it wants to be left alone."""
    if isinstance(answer.result, Denied):
        decided = answer.result.reason in DECIDED_BY_THE_SITE
        return decided or answer.hops.known_target is not None
    return isinstance(answer.result, Page | NotModified)


def _is_silent(result: FetchResult) -> bool:
    """Whether an answer shows a dead line or server, rather than something about one page."""
    if not isinstance(result, Failed):
        return False
    if result.status is not None:
        return result.status == HTTPStatus.TOO_MANY_REQUESTS or result.status >= _SERVER_ERROR
    return result.reason in _SILENCE


def _explained(answer: Answer) -> str:
    result = answer.result
    said = f"{result.reason}, {result.detail}" if isinstance(result, Denied | Failed) else ""
    return f"{answer.known.url}: {said}"
