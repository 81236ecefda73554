"""Generations on disk, each a directory of Whoosh segments, columns and an analysis bundle."""

from __future__ import annotations

import contextlib
from typing import TYPE_CHECKING

from indexer.engine.draft import GenerationDraft
from indexer.engine.generations import GenerationDirectory
from indexer.engine.manifest import WAYS_OUT
from indexer.engine.ports import SearchIndex, checked_note
from indexer.engine.whoosh_backend.scoring import RECIPE
from indexer.engine.whoosh_backend.searcher import WhooshSearcher
from indexer.engine.whoosh_backend.writer import WhooshWriter
from indexer.errors import EngineError, GenerationUnknown, IndexDamaged

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
        if generation:
            return self._open(generation)
        while True:
            name = self._directory.current()
            try:
                return self._open(self._directory.in_service())
            except (IndexDamaged, GenerationUnknown):
                # Pruned while it was opened? Then there is a newer one, which is as good.
                if self._directory.current() == name:
                    raise

    def writer(self, *, bundle: Path, base: str | None = None) -> WhooshWriter:
        if base:
            self._directory.read(base)
        origin = self._directory.path(base) if base else None
        return WhooshWriter(
            GenerationDraft(self._directory), bundle=bundle, base=origin, scoring=self._scoring
        )

    def generations(self) -> tuple[Generation, ...]:
        whole = []
        for name in self._directory.names():
            with contextlib.suppress(IndexDamaged, GenerationUnknown):
                whole.append(self._directory.read(name))
        return tuple(whole)

    def verify(self, generation: str) -> tuple[str, ...]:
        return self._directory.verify(generation)

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

    def put_note(self, name: str, data: bytes) -> None:
        self._directory.put_note(checked_note(name), data)

    def note(self, name: str) -> bytes | None:
        return self._directory.note(checked_note(name))

    def _open(self, name: str) -> WhooshSearcher:
        path = self._directory.path(name)
        generation = self._directory.read(name)
        hidden = self._directory.suppressed()
        try:
            return WhooshSearcher(path, generation, hidden=hidden)
        except EngineError:
            raise
        except Exception as error:
            # Whoosh and numpy raise whatever a damaged, or just deleted, file leads them to.
            raise IndexDamaged(
                f"{path} cannot be opened ({type(error).__name__}: {error}); {WAYS_OUT}"
            ) from error
