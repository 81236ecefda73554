"""The nightly job: crawl, build a generation, look at it, publish it, report.

    crawl (or re-extract what is stored) -> build -> gate -> publish -> prune -> report

Whatever fails on the way, the generation in service goes on serving. One that was refused waits.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Any, Literal, Protocol

from indexer.crawl import (
    Crawler,
    CrawlReport,
    ProcessReader,
    Progress,
    StoreSet,
    learn_repeated,
    reextract,
)
from indexer.engine import Generation, Searcher, SearchIndex, open_index
from indexer.jobs.changes import export_changes
from indexer.jobs.conclusion import accounted, conclude
from indexer.jobs.erasure_duty import ErasureDuty
from indexer.jobs.gate import Gate
from indexer.jobs.indexing import GenerationBuilder
from indexer.jobs.lock import job_lock
from indexer.jobs.origin import Origin
from indexer.jobs.renewal import Renewal
from indexer.jobs.reports import report_lines
from indexer.jobs.stores import opened_stores, refuse_shards
from indexer.jobs.switch import WHOLE
from indexer.jobs.waiting import opened_in_service, waiting
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping
    from pathlib import Path

    from indexer.config import Config
    from indexer.crawl.reading import PageReader
    from indexer.jobs.verdict import Verdict

Outcome = Literal["published", "unchanged", "refused"]
Stores = DocumentStore | StoreSet


class Watcher(Progress, Protocol):
    """Is told how the job goes on: the crawl by `update`, the rest by `step`."""

    def step(self, what: str, done: int) -> None:
        """Hear what is being done, and how many documents of it are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexReport:
    """What a run did.

    `verdict` is what the gate found, and `forced` the reason for which it was not heeded;
    `generation` is what it looked at, if there was anything to look at; `warnings` tell what went
    wrong after all was done.
    """

    outcome: Outcome
    started: dt.datetime
    finished: dt.datetime
    documents: int
    revision: str
    generation: Generation | None = None
    verdict: Verdict | None = None
    forced: str | None = None
    crawl: CrawlReport | None = None
    reextracted: Mapping[str, int] | None = None
    warnings: tuple[str, ...] = ()

    @property
    def failed_sources(self) -> tuple[str, ...]:
        """The sources of which nothing could be fetched."""
        return self.crawl.failed_sources if self.crawl else ()

    @property
    def objections(self) -> tuple[str, ...]:
        """What the gate has against the generation."""
        return self.verdict.objections if self.verdict else ()

    def plain(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {
            "job": "reindex",
            "outcome": self.outcome,
            "started": self.started.isoformat(),
            "finished": self.finished.isoformat(),
            "documents": self.documents,
            "revision": self.revision,
            "generation": self.generation.name if self.generation else None,
            "objections": list(self.objections),
            "forced": self.forced,
            "differences": self.verdict.plain() if self.verdict else None,
            "crawl": self.crawl.to_json() if self.crawl else None,
            "reextracted": dict(self.reextracted) if self.reextracted else None,
            "warnings": list(self.warnings),
        }

    def lines(self) -> list[str]:
        """Return the report as lines for people."""
        return report_lines(self.plain())


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


class Reindex:
    """One run over one configuration.

    Times are those of `clock`; `reader` makes what reads pages, by default in processes.
    """

    def __init__(
        self,
        config: Config,
        *,
        watcher: Watcher,
        clock: Callable[[], dt.datetime] = _utc_now,
        reader: Callable[[], PageReader] = ProcessReader,
    ) -> None:
        self._config = config
        self._watcher = watcher
        self._clock = clock
        self._reader = reader
        self._gate = Gate(config)
        self._index: SearchIndex = open_index(config.index.plain(), config.data_dir / "index")
        self._erasures = ErasureDuty(self._index, config.data_dir, step=watcher.step)

    def run(
        self,
        *,
        from_store: bool = False,
        update: bool = False,
        sources: tuple[str, ...] | None = None,
        full: bool = False,
        forced: str | None = None,
        stores: tuple[Path, ...] = (),
    ) -> ReindexReport:
        """Do the whole job and keep its report in the store.

        `stores` are indexed together, or else the shards of the data directory, or its one store;
        several only `from_store`, which builds everything anew unless it is to `update`. `full`
        visits pages that are not due too; `forced` is the reason to publish whatever the gate
        finds.

        Raises:
            ConfigError: If shards have been crawling what is to be crawled, or a store is missing.
            JobLocked: If another job is running.
            StoreError, EngineError: If store or index cannot be used.
        """
        started = self._clock()
        if not from_store:
            refuse_shards(self._config)
        with (
            job_lock(self._config.data_dir),
            accounted(self._config, {"job": "reindex"}, clock=self._clock),
        ):
            with (
                DocumentStore.open(self._config.data_dir / WHOLE, clock=self._clock) as store,
                opened_stores(self._config, store, stores if from_store else ()) as held,
            ):
                self._erasures.begin(store, *(held.stores if held is not store else ()))
                crawl, reextracted = asyncio.run(
                    self._harvest(held, sources, crawls=not from_store, full=full)
                )
                report = self._index_store(
                    held,
                    started,
                    crawl,
                    reextracted,
                    anew=from_store and not update,
                    forced=forced,
                )
            warnings = conclude(self._config, report.plain(), clock=self._clock)
            return replace(report, warnings=warnings)

    async def _harvest(
        self, store: Stores, sources: tuple[str, ...] | None, *, crawls: bool, full: bool
    ) -> tuple[CrawlReport | None, Mapping[str, int]]:
        """Crawl what is due, unless only the store is wanted, and read what is out of date."""
        crawl = None
        with self._reader() as reader:
            if crawls and isinstance(store, DocumentStore):
                crawler = Crawler(
                    self._config, store, progress=self._watcher, reader=reader, full=full
                )
                crawl = await crawler.run(sources)
            if crawl is None or crawl.total("added") + crawl.total("changed"):
                learn_repeated(store, self._config)
            return crawl, await reextract(store, self._config, reader=reader, sources=sources)

    def _index_store(
        self,
        store: Stores,
        started: dt.datetime,
        crawl: CrawlReport | None,
        reextracted: Mapping[str, int],
        *,
        anew: bool,
        forced: str | None,
    ) -> ReindexReport:
        self._erasures.settle()
        origin = self._origin(store)
        generation = self._candidate(store, origin, anew=anew)
        verdict = None
        outcome: Outcome = "unchanged"
        if generation:
            # What was refused before and is older than this one need not wait any longer.
            self._erasures.prune(keep=self._config.index.keep_generations)
            self._watcher.step("looking at the new index", 0)
            verdict = self._gate.judge(generation, index=self._index, store=store)
            outcome = "refused" if verdict.objections and not forced else "published"
            if outcome == "published" and not self._erasures.publish(generation, origin):
                # Something was forgotten while it was built.
                return self._index_store(
                    store, started, crawl, reextracted, anew=True, forced=forced
                )
        self._erasures.prune(keep=self._config.index.keep_generations)
        return ReindexReport(
            outcome=outcome,
            started=started,
            finished=self._clock(),
            documents=generation.documents if generation else store.count(),
            revision=origin.name,
            generation=generation,
            verdict=verdict,
            forced=forced,
            crawl=crawl,
            reextracted=reextracted,
        )

    def _candidate(self, store: Stores, origin: Origin, *, anew: bool) -> Generation | None:
        """Return a generation of what the store holds, or None where that is what serves."""
        with opened_in_service(self._index) as base:
            held = Origin.read(base.bundle) if base else None
            if anew:
                return self._build(store, origin)
            if held and held.name == origin.name:
                return None
            if built := waiting(self._index, origin):
                return built
            if base is None or held is None:
                return self._build(store, origin)
            return self._update(store, base, origin, held)

    def _origin(self, store: Stores) -> Origin:
        return Origin.of(
            self._config.vocabulary,
            revision=store.revision(),
            stores=store.name,
            erasures=self._erasures.effected(),
        )

    def _build(self, store: Stores, origin: Origin) -> Generation:
        return self._builder(store, origin).build(store.documents)

    def _update(
        self, store: Stores, base: Searcher, origin: Origin, held: Origin
    ) -> Generation | None:
        """Build on what is in service where little has changed, and else anew."""
        self._watcher.step("comparing", 0)
        renewal = Renewal.of(base, held, store)
        updated = origin.updated(held, changed=renewal.count, documents=base.generation.documents)
        if updated is None:
            return self._build(store, origin)
        if not renewal.count:
            return None  # what was stored changed nothing of what several stores say together
        return self._builder(store, updated).update(base, renewal.each, documents=store.documents())

    def _builder(self, store: Stores, origin: Origin) -> GenerationBuilder:
        def accompany(bundle: Path) -> None:
            origin.write(bundle)
            export_changes(store, bundle)

        return GenerationBuilder(
            self._index,
            vocabulary=self._config.vocabulary,
            step=self._watcher.step,
            workspace=self._config.data_dir,
            accompany=accompany,
        )
