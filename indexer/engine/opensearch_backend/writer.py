"""Builds one generation in an index that nobody searches."""

from __future__ import annotations

import contextlib
import datetime as dt
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from indexer.analysis import Analyzer
from indexer.engine import schema
from indexer.engine.opensearch_backend import fields
from indexer.engine.opensearch_backend.bulk import BulkWriter
from indexer.engine.opensearch_backend.cluster import Refused
from indexer.engine.opensearch_backend.copies import misjudged
from indexer.engine.ports import IndexWriter
from indexer.errors import EngineError, IndexUnwritable

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.engine.opensearch_backend.bundles import Bundles
    from indexer.engine.opensearch_backend.cluster import Cluster
    from indexer.engine.opensearch_backend.generations import ClusterGenerations
    from indexer.engine.opensearch_backend.held import HeldGeneration
    from indexer.engine.opensearch_backend.locking import WriterLock
    from indexer.engine.results import Generation
    from indexer.model import Document

_LONG_S = 600.0
_GREEN_WITHIN_S = 300
_TIMED_OUT = 408


class OpenSearchWriter(IndexWriter):
    """Sends documents as they come; what is left of a killed one, the next writer sweeps."""

    def __init__(
        self,
        cluster: Cluster,
        generations: ClusterGenerations,
        lock: WriterLock,
        held: HeldGeneration,
        *,
        analyzer: Analyzer,
    ) -> None:
        self._cluster = cluster
        self._generations = generations
        self._lock = lock
        self._held = held
        self._analyzer = analyzer
        self._bulk = BulkWriter(cluster, held.index)
        # In how many documents each gram stands, of those that were put here.
        self._grams: Counter[str] = Counter()
        self._open = True

    def put(self, document: Document) -> None:
        self._put(document, is_copy=False)

    def delete(self, document_id: str) -> None:
        if document_id:
            self._bulk.delete(document_id)

    def commit(self) -> Generation:
        try:
            self._bulk.flush()
            self._refresh()
            self._mark_copies()
            count = self._ask("GET", "/_count")["count"]
            self._settle()
            whole = replace(
                self._held,
                state="whole",
                documents=count,
                created=dt.datetime.now(dt.UTC),
                version=schema.VERSION,
                common_grams=self._common_grams(count),
            )
            # Whoever has lost the lock must not add to what another now builds.
            self._lock.check()
            self._generations.mark(whole)
        except BaseException:
            self.rollback()
            raise
        self._close()
        return whole.generation

    def rollback(self) -> None:
        if not self._open:
            return
        self._close_bulk()
        # What cannot be deleted now, the next writer sweeps.
        with contextlib.suppress(EngineError):
            self._generations.delete(self._held.index)
        self._close()

    def _put(self, document: Document, *, is_copy: bool) -> None:
        body = fields.body(document, self._analyzer, is_copy=is_copy)
        self._bulk.put(document.id, body)
        if not is_copy:
            padded = (str(body.get(fields.name(field, "gram"), "")) for field in schema.FIELDS)
            self._grams.update(fields.grams_of(padded))

    def _mark_copies(self) -> None:
        """Put those again that are copies of others, or no longer are."""
        again = False
        for document, is_copy in misjudged(self._cluster, self._held.index):
            self._put(document, is_copy=is_copy)
            again = True
        if again:
            self._bulk.flush()
            self._refresh()

    def _common_grams(self, count: int) -> frozenset[str]:
        if count < schema.MOST_COMMON_FROM:
            return frozenset()
        if self._held.common_grams:
            # What is common in a whole index is not what is common among the newcomers.
            return self._held.common_grams
        most = schema.MOST_COMMON * count
        return frozenset(gram for gram, holding in self._grams.items() if holding > most)

    def _settle(self) -> None:
        """Let the cluster make the copies, close the index for writing, and wait for both."""
        if self._held.documents:
            # Deleted documents would go on counting for how common a term is.
            self._ask("POST", "/_forcemerge", timeout_s=_LONG_S, only_expunge_deletes=True)
            self._refresh()
        self._ask("POST", "/_flush", timeout_s=_LONG_S)
        replicas = self._cluster.settings.replicas
        body = {"index": {"number_of_replicas": replicas, "blocks.write": True}}
        self._ask("PUT", "/_settings", body)
        self._wait_for_green()

    def _wait_for_green(self) -> None:
        path = f"/_cluster/health/{self._held.index}"
        try:
            self._cluster.ask(
                "GET",
                path,
                timeout_s=_GREEN_WITHIN_S + 30,
                wait_for_status="green",
                timeout=f"{_GREEN_WITHIN_S}s",
            )
        except Refused as error:
            if error.status != _TIMED_OUT:
                raise
            nodes = self._cluster.ask("GET", path)["number_of_data_nodes"]
            raise IndexUnwritable(
                f"the new index did not become green within {_GREEN_WITHIN_S} s: each shard wants "
                f"{self._cluster.settings.replicas + 1} nodes, and the cluster has {nodes}. Start "
                "the nodes that are missing, or set index.replicas lower. What is in service goes "
                "on serving."
            ) from error

    def _refresh(self) -> None:
        self._ask("POST", "/_refresh", timeout_s=_LONG_S)

    def _ask(
        self,
        method: Any,
        path: str,
        body: Any = None,
        **options: Any,
    ) -> Any:
        return self._cluster.ask(method, f"/{self._held.index}{path}", body, **options)

    def _close_bulk(self) -> None:
        with contextlib.suppress(EngineError):
            self._bulk.close()

    def _close(self) -> None:
        self._open = False
        self._close_bulk()
        self._lock.release()


def begin(
    cluster: Cluster,
    generations: ClusterGenerations,
    bundles: Bundles,
    lock: WriterLock,
    held: HeldGeneration,
    *,
    bundle: Path,
    base: HeldGeneration | None,
) -> OpenSearchWriter:
    """Return a writer on a new index, empty or with the documents of `base`."""
    analyzer = Analyzer.open(bundle)
    if base is None:
        settings = fields.settings(shards=cluster.settings.shards)
        generations.create(held, settings=settings, mapping=fields.mapping())
    else:
        _clone(cluster, base, held)
        generations.mark(held)
    try:
        bundles.upload(bundle, held)
    except BaseException:
        with contextlib.suppress(EngineError):
            generations.delete(held.index)
        raise
    return OpenSearchWriter(cluster, generations, lock, held, analyzer=analyzer)


def _clone(cluster: Cluster, base: HeldGeneration, held: HeldGeneration) -> None:
    """Let the cluster make a second index of the files of the first: they never change."""
    settings = {"index.number_of_replicas": 0, "index.blocks.write": None}
    cluster.ask(
        "POST",
        f"/{base.index}/_clone/{held.index}",
        {"settings": settings},
        timeout_s=_LONG_S,
        wait_for_active_shards=1,
    )
