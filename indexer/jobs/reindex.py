"""The nightly job: crawl, build a generation, look at it, publish it, report.

    crawl (or re-extract what is stored) -> build -> gate -> publish -> prune -> report

Whatever fails on the way, the generation in service goes on serving.
"""

from __future__ import annotations

import asyncio
import datetime as dt
from contextlib import AbstractContextManager, contextmanager, nullcontext
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
from indexer.engine import EngineError, Generation, Searcher, SearchIndex, open_index
from indexer.errors import ConfigError, JobLocked, SamsokError
from indexer.jobs.changes import export_changes
from indexer.jobs.conclusion import conclude, conclude_failed
from indexer.jobs.gate import objections
from indexer.jobs.indexing import GenerationBuilder
from indexer.jobs.lock import job_lock
from indexer.jobs.origin import Origin
from indexer.jobs.reports import report_lines
from indexer.jobs.stores import opened_stores, refuse_shards
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from indexer.config import Config

Outcome = Literal["published", "unchanged", "refused"]
Stores = DocumentStore | StoreSet


class Watcher(Progress, Protocol):
    """Is told how the job goes on: the crawl by `update`, the rest by `step`."""

    def step(self, what: str, done: int) -> None:
        """Hear what is being done, and how many documents of it are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexReport:
    """What a run did.

    `objections` are what the gate found, and `forced` is the reason for which it was not heeded;
    `generation` was built, if any was; `warnings` tell what went wrong after all was done.
    """

    outcome: Outcome
    started: dt.datetime
    finished: dt.datetime
    documents: int
    revision: str
    generation: Generation | None = None
    objections: tuple[str, ...] = ()
    forced: str | None = None
    crawl: CrawlReport | None = None
    reextracted: Mapping[str, int] | None = None
    warnings: tuple[str, ...] = ()

    @property
    def failed_sources(self) -> tuple[str, ...]:
        """The sources of which nothing could be fetched."""
        return self.crawl.failed_sources if self.crawl else ()

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
            "crawl": self.crawl.to_json() if self.crawl else None,
            "reextracted": dict(self.reextracted) if self.reextracted else None,
            "warnings": list(self.warnings),
        }

    def lines(self) -> list[str]:
        """Return the report as lines for people."""
        return report_lines(self.plain())


def _failed(started: dt.datetime, error: SamsokError) -> dict[str, Any]:
    """Return the report of a run that something stopped, as plain JSON values."""
    return {
        "job": "reindex",
        "outcome": "failed",
        "started": started.isoformat(),
        "finished": dt.datetime.now(dt.UTC).isoformat(),
        "problem": str(error),
    }


class Reindex:
    """One run over one configuration."""

    def __init__(self, config: Config, *, watcher: Watcher) -> None:
        self._config = config
        self._watcher = watcher
        self._index: SearchIndex = open_index(config.index.backend, config.data_dir / "index")

    def run(
        self,
        *,
        from_store: bool = False,
        sources: tuple[str, ...] | None = None,
        full: bool = False,
        forced: str | None = None,
        stores: tuple[Path, ...] = (),
    ) -> ReindexReport:
        """Do the whole job and keep its report in the store.

        `stores` are indexed together, or else the shards of the data directory, or its one store;
        several only `from_store`. `full` visits pages that are not due too; `forced` is the reason
        to publish whatever the gate finds.

        Raises:
            ConfigError: If shards have been crawling what is to be crawled, or a store is missing.
            JobLocked: If another job is running.
            StoreError, EngineError: If store or index cannot be used.
        """
        started = dt.datetime.now(dt.UTC)
        if not from_store:
            refuse_shards(self._config)
        with job_lock(self._config.data_dir):
            try:
                with (
                    DocumentStore.open(self._config.data_dir / "crawl.db") as store,
                    opened_stores(self._config, store, stores if from_store else ()) as held,
                ):
                    crawl, reextracted = asyncio.run(
                        self._harvest(held, sources, crawls=not from_store, full=full)
                    )
                    report = self._index_store(
                        held, started, crawl, reextracted, anew=from_store, forced=forced
                    )
                return replace(report, warnings=conclude(self._config, report.plain()))
            except (ConfigError, JobLocked):
                raise  # of one of several stores: nothing was begun
            except SamsokError as error:
                # Why it failed must not be lost with the terminal.
                conclude_failed(self._config, _failed(started, error))
                raise

    async def _harvest(
        self, store: Stores, sources: tuple[str, ...] | None, *, crawls: bool, full: bool
    ) -> tuple[CrawlReport | None, Mapping[str, int]]:
        """Crawl what is due, unless only the store is wanted, and read what is out of date."""
        crawl = None
        with ProcessReader() as reader:
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
        origin = Origin.of(self._config.vocabulary, revision=store.revision(), stores=store.name)
        generation = None
        refused: tuple[str, ...] = ()
        outcome: Outcome = "unchanged"
        with self._in_service() as base:
            held = Origin.read(base.bundle) if base else None
            if anew or base is None or held is None:
                generation = self._build(store, origin)
            elif held.name != origin.name:
                generation = self._update(store, base, origin, held)
        if generation:
            refused = objections(generation, index=self._index, config=self._config)
            outcome = "refused" if refused and not forced else "published"
            if outcome == "published":
                self._index.publish(generation.name)
            self._index.prune(keep=self._config.index.keep_generations)
        return ReindexReport(
            outcome=outcome,
            started=started,
            finished=dt.datetime.now(dt.UTC),
            documents=generation.documents if generation else store.count(),
            revision=origin.name,
            generation=generation,
            objections=refused,
            forced=forced,
            crawl=crawl,
            reextracted=reextracted,
        )

    @contextmanager
    def _in_service(self) -> Iterator[Searcher | None]:
        """Open the generation in service, or give None where there is none that can be used."""
        try:
            opened: AbstractContextManager[Searcher | None] = self._index.searcher()
        except EngineError:
            opened = nullcontext()
        with opened as searcher:
            yield searcher

    def _build(self, store: Stores, origin: Origin) -> Generation:
        return self._builder(store, origin).build(store.documents)

    def _update(self, store: Stores, base: Searcher, origin: Origin, held: Origin) -> Generation:
        """Build on what is in service where little has changed, and else anew."""
        if isinstance(store, StoreSet):
            return self._build(store, origin)
        changed = store.count_since(held.revision)
        updated = origin.updated(held, changed=changed, documents=store.count())
        if updated is None:
            return self._build(store, origin)
        return self._builder(store, updated).update(
            base, store.documents_since(held.revision), documents=store.documents()
        )

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
