"""Generations on disk, each a directory of Whoosh segments, columns and an analysis bundle."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from indexer.engine.generations import GenerationDirectory, GenerationDraft
from indexer.engine.ports import SearchIndex
from indexer.engine.whoosh_backend.scoring import RECIPE
from indexer.engine.whoosh_backend.searcher import WhooshSearcher
from indexer.engine.whoosh_backend.writer import WhooshWriter
from indexer.errors import IndexDamaged

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.engine.results import Generation
    from indexer.engine.whoosh_backend.scoring import Scoring


class WhooshIndex(SearchIndex):
    """The generations in one directory of this machine."""

    def __init__(self, directory: Path, *, scoring: Scoring = RECIPE) -> None:
        self._directory = GenerationDirectory(directory)
        self._scoring = scoring

    def searcher(self, generation: str | None = None) -> WhooshSearcher:
        name = generation or self._directory.in_service()
        return WhooshSearcher(
            self._directory.path(name),
            self._directory.read(name),
            hidden=self._directory.suppressed(),
        )

    def writer(self, *, bundle: Path, base: str | None = None) -> WhooshWriter:
        origin = self._directory.path(base) if base else None
        return WhooshWriter(
            GenerationDraft(self._directory), bundle=bundle, base=origin, scoring=self._scoring
        )

    def generations(self) -> tuple[Generation, ...]:
        whole = []
        for name in self._directory.names():
            with contextlib.suppress(IndexDamaged):
                whole.append(self._directory.read(name))
        return tuple(whole)

    def current(self) -> str | None:
        return self._directory.current()

    def publish(self, generation: str) -> None:
        self._directory.publish(generation)

    def prune(self, *, keep: int) -> tuple[str, ...]:
        return self._directory.prune(keep=keep)

    def suppress(self, document_ids: frozenset[str]) -> None:
        self._directory.suppress(document_ids)

    def suppressed(self) -> frozenset[str]:
        return self._directory.suppressed()
