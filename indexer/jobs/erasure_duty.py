"""What a job that builds and publishes owes to those who were forgotten."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.jobs.erasure import Step, erasing, settle, worth_keeping

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from indexer.engine import Generation, SearchIndex
    from indexer.jobs.origin import Origin
    from indexer.store import DocumentStore


class ErasureDuty:
    """The duty of one run, over all stores that it works on.

    It holds the lock of the job from `begin` on.
    """

    def __init__(self, index: SearchIndex, data_dir: Path, *, step: Step) -> None:
        self._index = index
        self._data_dir = data_dir
        self._step = step
        self._stores: tuple[DocumentStore, ...] = ()

    def begin(self, *stores: DocumentStore) -> None:
        """Go on with what was left to do in these stores, before anything is read."""
        self._stores = tuple(dict.fromkeys(stores))
        self.settle()

    def settle(self) -> None:
        """Do what is left to do now; see the function of this name."""
        settle(self._stores, self._index, self._data_dir, alone=True, step=self._step)

    def effected(self) -> tuple[str, ...]:
        """Return the ids of the erasures of which no store holds anything any more."""
        everywhere = [frozenset(store.erasures.effected()) for store in self._stores]
        return tuple(sorted(frozenset.intersection(*everywhere)))

    def publish(self, generation: Generation, origin: Origin) -> bool:
        """Put a generation into service, unless something was forgotten while it was built."""
        with erasing(self._data_dir):
            if not self._standing() <= set(origin.erasures):
                return False
            self._index.publish(generation.name)
            _release(self._stores, self._index, origin)
            return True

    def prune(self, *, keep: int) -> None:
        """Delete the old generations, and all from before an erasure that need not serve."""
        if standing := self._standing():
            self._index.erase(keep=worth_keeping(self._index, standing, keep=keep))
        else:
            self._index.prune(keep=keep)

    def _standing(self) -> frozenset[str]:
        return frozenset().union(*(store.erasures.standing() for store in self._stores))


def _release(stores: Sequence[DocumentStore], index: SearchIndex, served: Origin) -> None:
    """Show what was hidden until a generation without it is in service: now one is.

    The caller holds `erasing`.
    """
    shown: set[str] = set()
    kept: set[str] = set()
    for store in stores:
        for erasure_id, hides in store.erasures.hiding().items():
            (shown if erasure_id in served.erasures else kept).update(hides or ())
    hidden = index.suppressed()
    if hidden & (shown - kept):
        index.suppress(hidden - (shown - kept))
    for store in stores:
        for erasure_id, hides in store.erasures.hiding().items():
            if hides and erasure_id in served.erasures:
                store.erasures.hide(erasure_id, ())
