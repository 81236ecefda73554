"""The nightly job: crawl, build a generation, look at it, publish it, report.

    crawl (or re-extract what is stored) -> build -> gate -> publish -> prune -> report

Whatever fails on the way, the generation in service goes on serving.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Protocol

import orjson

from indexer.crawl import (
    Crawler,
    CrawlReport,
    ProcessReader,
    Progress,
    learn_repeated,
    reextract,
)
from indexer.engine import Generation, SearchIndex, open_index
from indexer.engine.schema import VERSION
from indexer.jobs.gate import in_service, objections
from indexer.jobs.indexing import build_generation
from indexer.jobs.lock import job_lock
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.config import Config

Outcome = Literal["published", "unchanged", "refused"]


class Watcher(Progress, Protocol):
    """Is told how the job goes on: the crawl by `update`, the rest by `step`."""

    def step(self, what: str, done: int) -> None:
        """Hear what is being done, and how many documents of it are done."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ReindexReport:
    """What a run did. `objections` say why it was refused; `generation` was built, if any was."""

    outcome: Outcome
    started: dt.datetime
    finished: dt.datetime
    documents: int
    revision: str
    generation: Generation | None = None
    objections: tuple[str, ...] = ()
    crawl: CrawlReport | None = None
    reextracted: Mapping[str, int] | None = None

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
            "crawl": self.crawl.to_json() if self.crawl else None,
            "reextracted": dict(self.reextracted) if self.reextracted else None,
        }

    def lines(self) -> list[str]:
        """Return the report as lines for people."""
        lines = list(self.crawl.lines()) if self.crawl else []
        if self.reextracted and self.reextracted["read"]:
            counts = ", ".join(f"{count} {what}" for what, count in self.reextracted.items())
            lines.append(f"read again from the store: {counts}")
        seconds = (self.finished - self.started).total_seconds()
        name = self.generation.name if self.generation else ""
        lines.append(
            {
                "published": f"published {name}: {self.documents} documents in {seconds:.1f} s",
                "unchanged": f"nothing changed: {self.documents} documents, nothing to publish",
                "refused": f"NOT published: {name} was built, and the old index goes on serving",
            }[self.outcome]
        )
        lines += [f"  because {objection}" for objection in self.objections]
        return lines


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
    ) -> ReindexReport:
        """Do the whole job and keep its report in the store; `full` visits pages not due too.

        Raises:
            JobLocked: If another job is running.
            StoreError, EngineError: If store or index cannot be used.
        """
        started = dt.datetime.now(dt.UTC)
        with (
            job_lock(self._config.data_dir),
            DocumentStore.open(self._config.data_dir / "crawl.db") as store,
        ):
            crawl, reextracted = asyncio.run(
                self._harvest(store, sources, crawls=not from_store, full=full)
            )
            report = self._index_store(store, started, crawl, reextracted, force=from_store)
            store.record_run(report.plain())
            return report

    async def _harvest(
        self, store: DocumentStore, sources: tuple[str, ...] | None, *, crawls: bool, full: bool
    ) -> tuple[CrawlReport | None, Mapping[str, int]]:
        """Crawl what is due, unless only the store is wanted, and read what is out of date."""
        crawl = None
        with ProcessReader() as reader:
            if crawls:
                crawler = Crawler(
                    self._config, store, progress=self._watcher, reader=reader, full=full
                )
                crawl = await crawler.run(sources)
            if crawl is None or crawl.total("added") + crawl.total("changed"):
                learn_repeated(store, self._config)
            return crawl, await reextract(store, self._config, reader=reader, sources=sources)

    def _index_store(
        self,
        store: DocumentStore,
        started: dt.datetime,
        crawl: CrawlReport | None,
        reextracted: Mapping[str, int],
        *,
        force: bool,
    ) -> ReindexReport:
        revision = self._revision(store)
        generation = None
        refused: tuple[str, ...] = ()
        outcome: Outcome = "unchanged"
        if force or self._stale(store, revision):
            generation = build_generation(
                store.documents,
                index=self._index,
                vocabulary=self._config.vocabulary,
                step=self._watcher.step,
                workspace=self._config.data_dir,
            )
            refused = objections(generation, index=self._index, settings=self._config.publish)
            outcome = "refused" if refused else "published"
            if not refused:
                self._index.publish(generation.name)
            self._index.prune(keep=self._config.index.keep_generations)
        return ReindexReport(
            outcome=outcome,
            started=started,
            finished=dt.datetime.now(dt.UTC),
            documents=generation.documents if generation else store.count(),
            revision=revision,
            generation=generation,
            objections=refused,
            crawl=crawl,
            reextracted=reextracted,
        )

    def _revision(self, store: DocumentStore) -> str:
        """Name everything that a generation is made of: two equal names, two equal indexes."""
        vocabulary = hashlib.sha256(
            orjson.dumps(self._config.vocabulary, option=orjson.OPT_SORT_KEYS)
        ).hexdigest()[:12]
        return f"{VERSION}-{vocabulary}-{store.revision()}"

    def _stale(self, store: DocumentStore, revision: str) -> bool:
        """Tell whether what is in service is not what the store would give now."""
        current = in_service(self._index)
        whole = {generation.name for generation in self._index.generations()}
        return current not in whole or not any(
            run.report.get("generation") == current
            and run.report.get("outcome") == "published"
            and run.report.get("revision") == revision
            for run in store.runs(100)
        )
