"""The index in a cluster, as the rest of Samsök sees it."""

from __future__ import annotations

import datetime as dt
import time
from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.analysis import bundle_version
from indexer.engine import schema
from indexer.engine.generations import spared
from indexer.engine.opensearch_backend import bundles as bundle_files
from indexer.engine.opensearch_backend.bundles import Bundles
from indexer.engine.opensearch_backend.cluster import Cluster, Refused
from indexer.engine.opensearch_backend.generations import (
    GRACE,
    LINGER_S,
    ClusterGenerations,
)
from indexer.engine.opensearch_backend.health import health
from indexer.engine.opensearch_backend.held import HeldGeneration, number
from indexer.engine.opensearch_backend.locking import WriterLock
from indexer.engine.opensearch_backend.searcher import OpenSearchSearcher
from indexer.engine.opensearch_backend.writer import OpenSearchWriter, begin
from indexer.engine.ports import SearchIndex, checked_note
from indexer.errors import GenerationUnknown, IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.engine.opensearch_backend.settings import ClusterSettings
    from indexer.engine.results import ClusterHealth, Generation


class OpenSearchIndex(SearchIndex):
    """The generations under one prefix of a cluster; `cache` is where bundles are fetched to."""

    def __init__(self, settings: ClusterSettings, *, cache: Path) -> None:
        self.cluster = Cluster(settings)
        self._generations = ClusterGenerations(self.cluster)
        self._bundles = Bundles(self.cluster, self._generations, cache)

    def searcher(self, generation: str | None = None) -> OpenSearchSearcher:
        name = generation or self._generations.in_service()
        held = self._generations.read(name)
        hidden = self._generations.suppressed()
        if held.version not in schema.READABLE:
            raise IndexDamaged(
                f"{held.index} was built by another version of Samsök; "
                "run `samsok reindex --from-store` to build a new one"
            )
        return OpenSearchSearcher(
            self.cluster, held, bundle=self._bundles.fetch(held), hidden=hidden
        )

    def writer(self, *, bundle: Path, base: str | None = None) -> OpenSearchWriter:
        origin = self._generations.read(base) if base else None
        lock = WriterLock(self.cluster, self._generations)
        try:
            every = self._generations.all()
            self._sweep(every, killed=True)
            self._bundles.sweep()
            newest = max([lock.last, *(number(held.name) for held in every)])
            lock.begin(newest + 1)
            name = f"gen-{newest + 1:06d}"
            held = HeldGeneration(
                name=name,
                index=self._generations.index_of(name),
                state="building",
                created=dt.datetime.now(dt.UTC),
                documents=origin.documents if origin else 0,
                analysis=bundle_version(bundle),
                files=origin.files if origin else self._generations.files_of(name),
                bundle=bundle_files.manifest(bundle),
                common_grams=origin.common_grams if origin else frozenset(),
            )
            return begin(
                self.cluster,
                self._generations,
                self._bundles,
                lock,
                held,
                bundle=bundle,
                base=origin,
            )
        except BaseException:
            lock.release()
            raise

    def generations(self) -> tuple[Generation, ...]:
        return tuple(held.generation for held in self._generations.whole())

    def verify(self, generation: str) -> tuple[str, ...]:
        held = self._generations.read(generation)
        problems = tuple(self._problems(held))
        if problems:
            self._generations.read(generation)  # one that was pruned meanwhile is not damaged
        return problems

    def current(self) -> str | None:
        self._bundles.tidy()
        return self._generations.current()

    def publish(self, generation: str) -> None:
        self._generations.publish(generation)

    def prune(self, *, keep: int) -> tuple[str, ...]:
        every = self._generations.all()
        doomed = self._unspared(every, keep=keep)
        for one in doomed:
            self._generations.mark(replace(one, state="doomed", doomed=dt.datetime.now(dt.UTC)))
        self._sweep(every, killed=False)
        return tuple(one.name for one in doomed)

    def erase(self, *, keep: int) -> tuple[str, ...]:
        every = self._generations.all()
        doomed = self._unspared(every, keep=keep)
        if doomed:
            time.sleep(LINGER_S)
        gone = [*doomed, *(held for held in every if held.state == "doomed")]
        for index in (*(held.index for held in gone), *self._generations.damaged()):
            self._generations.delete(index)
        self._bundles.drop()
        self._bundles.forget()
        return tuple(one.name for one in doomed)

    def suppress(self, document_ids: frozenset[str]) -> None:
        self._generations.suppress(document_ids)

    def suppressed(self) -> frozenset[str]:
        return self._generations.suppressed()

    def put_note(self, name: str, data: bytes) -> None:
        self._generations.put_note(f"note-{checked_note(name)}", data)

    def note(self, name: str) -> bytes | None:
        return self._generations.note(f"note-{checked_note(name)}")

    def health(self) -> ClusterHealth:
        return health(self.cluster)

    def _unspared(self, every: list[HeldGeneration], *, keep: int) -> list[HeldGeneration]:
        whole = [held for held in every if held.state == "whole"]
        kept = spared([held.name for held in whole], current=self._generations.current(), keep=keep)
        return [held for held in whole if held.name not in kept]

    def _sweep(self, every: list[HeldGeneration], *, killed: bool) -> None:
        """Delete what was pruned a while ago; the holder of the lock, also what nobody builds."""
        now = dt.datetime.now(dt.UTC)
        for held in every:
            is_over = held.doomed is not None and now - held.doomed > GRACE
            if is_over or (killed and held.state == "building"):
                self._generations.delete(held.index)

    def _problems(self, held: HeldGeneration) -> Iterator[str]:
        yield from self._bundles.problems(held)
        hidden: frozenset[str] = frozenset()
        try:
            with OpenSearchSearcher(
                self.cluster, held, bundle=self._bundles.fetch(held), hidden=hidden
            ) as searcher:
                found = sum(1 for _ in searcher.scan())
        except (IndexDamaged, GenerationUnknown, Refused, ValueError, TypeError) as error:
            yield f"{held.index} cannot be read: {error}"
            return
        if found != held.documents:
            yield f"{held.index} holds {found} documents and not {held.documents}"
