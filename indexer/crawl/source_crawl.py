"""The crawl of one source of pages, from its seeds until nothing is left to visit."""

from __future__ import annotations

import asyncio
import time
from typing import TYPE_CHECKING

from indexer.crawl.duplicates import DuplicateWatch
from indexer.crawl.host_queues import HostQueues
from indexer.crawl.links import LinkSelector
from indexer.crawl.manners import Manners
from indexer.crawl.progress import Progress, SourceProgress
from indexer.crawl.recorder import DECIDED_BY_THE_SITE, Recorder
from indexer.crawl.recrawl import RecrawlSchedule
from indexer.crawl.scope import Allowed, OutOfScope, Scope
from indexer.crawl.seeding import Seeding
from indexer.crawl.tally import Tally
from indexer.crawl.visiting import Answer, Visitor
from indexer.crawl.visits import Visits
from indexer.fetch import LONGEST_WAIT_S
from indexer.model import Deferred, Denied, Failed, NotModified, Page

if TYPE_CHECKING:
    from indexer.config import RecrawlSettings, WebsiteSource
    from indexer.crawl.handover import Handing
    from indexer.crawl.reading import PageReader, ReadingRules
    from indexer.crawl.report import SourceReport
    from indexer.fetch import Fetcher
    from indexer.store import DocumentStore, KnownUrl

_START_ATTEMPTS = 3
_SHOW_EVERY_S = 0.1
_CHECKED_AT_ONCE = 100


class SourceCrawl:
    """One pass over one source: seeds, start pages, then everything in the queue.

    The start pages come first because they tell whether the source is there at all: when all of
    them fail, nothing else is asked for and nothing is concluded from the silence. A source
    without start pages is there when one of its lists could be read.

    With `handing` it is the part of one shard: `source` as the whole crawl has it, of which the
    hosts of that shard are visited. A part that has neither start pages nor lists of its own waits
    for what the other shards find.
    """

    def __init__(
        self,
        *,
        source: WebsiteSource,
        recrawl: RecrawlSettings,
        rules: ReadingRules,
        store: DocumentStore,
        fetcher: Fetcher,
        reader: PageReader,
        progress: Progress,
        full: bool,
        handing: Handing | None = None,
    ) -> None:
        share = handing.share if handing is not None else None
        self._handing = handing
        self._is_led_by_others = False
        if share is not None:
            named, source = bool(source.start), share.part_of_site(source)
            self._is_led_by_others = not source.start and (named or not source.entrance)
        self._source = source
        self._store = store
        self._fetcher = fetcher
        self._progress = progress
        self._started = store.now()
        self._clock = self._shown = time.monotonic()
        self._crawl = store.frontier.begin(source.name, at=self._started, full=full)
        self._done_before = store.frontier.visited(self._crawl)
        self._detail = ""
        self._tally = Tally(source=source.name)
        self._scope = Scope(source, forbids=store.erasures.forbids)
        self._watch = DuplicateWatch()
        self._links = LinkSelector(
            self._scope,
            source=source.name,
            pattern_budget=source.pattern_budget,
            tally=self._tally,
            watch=self._watch,
            room=store.left_out.make_room(source.name, at=self._started),
            share=share,
        )
        self._queues = HostQueues(
            store, source.name, per_host=source.http.per_host, closed_s=fetcher.closed_s
        )
        self._recorder = Recorder(
            store=store,
            source=source.name,
            scope=self._scope,
            links=self._links,
            fingerprint=rules.fingerprint,
            tally=self._tally,
            crawl=self._crawl,
            schedule=RecrawlSchedule(recrawl),
            watch=self._watch,
            on_queued=self._queues.added,
        )
        self._seeding = Seeding(
            source=source,
            store=store,
            recorder=self._recorder,
            crawl=self._crawl,
            tally=self._tally,
            full=full,
        )
        self._visitor = Visitor(
            manners=Manners(source),
            store=store,
            fetcher=fetcher,
            reader=reader,
            rules=rules,
            scope=self._scope,
            links=self._links,
            recorder=self._recorder,
        )
        self._visits = Visits(
            source=source,
            queues=self._queues,
            visitor=self._visitor,
            recorder=self._recorder,
            watch=self._watch,
            held=fetcher.held,
            done=self._done_before,
            show=self._show_now_and_then,
        )

    async def run(self) -> SourceReport:
        """Crawl the source; what goes wrong with it stands in the report.

        Raises:
            StoreError: If the store cannot be written.
        """
        problem = await self._crawl_all()
        finished = self._store.now()
        self._queues.put_back()
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
            not_due=self._store.frontier.resting(self._crawl),
            spent_patterns=self._links.spent_patterns | self._watch.refused,
        )

    async def _crawl_all(self) -> str:
        misplaced = self._load()
        await self._seeding.run(self._fetcher)
        if problem := await self._visit_starts():
            return problem
        for known, refusal in misplaced:
            self._recorder.out_of_scope(known, refusal)
        await self._look_at_what_robots_forbid()
        self._take_in()
        await self._visits.run()
        while self._take_in():
            await self._visits.run()
        return self._why_unfinished()

    def _take_in(self) -> bool:
        """Queue what the other shards found meanwhile; return whether there is more to visit."""
        if self._handing is None or self._visits.is_down or self._visits.is_full:
            return False
        self._handing.write()
        return bool(self._handing.take_in(self._source.name, self._recorder, self._tally))

    def _load(self) -> list[tuple[KnownUrl, OutOfScope]]:
        """Note the URLs that are known, and return those that the configuration now refuses."""
        misplaced = []
        for known in self._store.frontier.known(self._source.name):
            place = self._scope.decide(known.url, known.depth)
            if isinstance(place, OutOfScope):
                misplaced.append((known, place))
            elif not self._links.is_ours(known.url):
                misplaced.append((known, OutOfScope(reason="other_shard")))
            else:
                self._links.enter(known)
        return misplaced

    # --- the start pages ------------------------------------------------------------------------

    async def _visit_starts(self) -> str:
        """Visit the start pages; return what is wrong when none of them answers."""
        if self._is_led_by_others:
            return ""
        if not self._source.start:
            self._detail = self._seeding.problem
            return "source_failed" if self._seeding.problem else ""
        starts = self._starts()
        if not starts:
            self._detail = "no start page is in the scope of the source; look at its rules"
            return "source_failed"
        waiting = [known for url in starts if (known := self._recorder.take(url)) is not None]
        answers = [await self._ask_patiently(known) for known in waiting]
        # A start page that does not wait was answered to the process that was cut off.
        if len(waiting) < len(starts) or any(map(_is_there, answers)):
            for answer in answers:
                await self._visits.conclude(answer)
            return ""
        for answer in answers:
            if isinstance(answer.result, Denied | Failed):
                self._recorder.inconclusive(answer.known, answer.result)
        self._detail = "; ".join(_explained(answer) for answer in answers[:3])
        return "source_failed"

    def _starts(self) -> list[str]:
        places = (self._links.place(url) for url in self._source.start)
        return list(dict.fromkeys(place.url for place in places if isinstance(place, Allowed)))

    async def _ask_patiently(self, known: KnownUrl) -> Answer:
        """Ask for a start page, and wait for its host if that may be worth it."""
        answer = await self._visitor.ask(known)
        for _ in range(_START_ATTEMPTS - 1):
            if not isinstance(answer.result, Deferred) or answer.result.wait_s > LONGEST_WAIT_S:
                break
            self._show()
            await asyncio.sleep(answer.result.wait_s)
            answer = await self._visitor.ask(known)
        return answer.given_up() if isinstance(answer.result, Deferred) else answer

    async def _look_at_what_robots_forbid(self) -> None:
        """Queue the pages that robots.txt has come to forbid, though they are not due."""
        for number, known in enumerate(self._store.frontier.known(self._source.name)):
            if known.document_id is None or known.due_at is None:
                continue
            policy = await self._fetcher.robots(known.url, settings=self._source.http)
            if not policy.reason and not policy.allows(known.url):
                self._recorder.visit_again(known.url)
            if number % _CHECKED_AT_ONCE == 0:
                await asyncio.sleep(0)

    def _why_unfinished(self) -> str:
        if self._visits.is_down:
            self._detail = self._visits.detail
            return "source_failed"
        if self._visits.is_full and self._store.frontier.queued(self._source.name):
            self._detail = f"max_pages: {self._source.max_pages} reached"
            return "max_pages"
        if self._queues.given_up:
            hosts = ", ".join(self._queues.given_up)
            self._detail = f"{hosts} asks to be left alone for longer than a crawl waits"
            return "host_busy"
        return ""

    def _show_now_and_then(self) -> None:
        if time.monotonic() - self._shown >= _SHOW_EVERY_S:
            self._show()

    def _show(self) -> None:
        self._shown = time.monotonic()
        elapsed = self._shown - self._clock
        self._progress.update(
            SourceProgress(
                source=self._source.name,
                done=self._visits.done,
                queued=self._store.frontier.queued(self._source.name),
                rate=(self._visits.done - self._done_before) / elapsed if elapsed > 0 else 0.0,
                waiting=self._queues.waiting(),
            )
        )


def _is_there(answer: Answer) -> bool:
    """Whether an answer shows that the source is there, even if it wants to be left alone."""
    if isinstance(answer.result, Denied):
        decided = answer.result.reason in DECIDED_BY_THE_SITE
        return decided or answer.hops.known_target is not None
    return isinstance(answer.result, Page | NotModified)


def _explained(answer: Answer) -> str:
    result = answer.result
    said = f"{result.reason}, {result.detail}" if isinstance(result, Denied | Failed) else ""
    return f"{answer.known.url}: {said}"
