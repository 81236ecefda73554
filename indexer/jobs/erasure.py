"""Carrying out what was forgotten: hidden at once, then purged, then no longer in any generation.

    hide (readers follow within a second) -> ledger -> purge the tables -> rewrite the file
    -> the next run builds everything anew -> generations of before are deleted -> nothing is hidden

Each step can be killed and is gone on with by the next job. The ledger is in the store, and a
copy of it lies beside the store, from which a new store takes it up.
"""

from __future__ import annotations

import logging
from collections.abc import Callable
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

from indexer.crawl import DIRECTORY
from indexer.engine import EngineError, SearchIndex, open_index
from indexer.engine.durable import disk_errors
from indexer.engine.query_counts import drop_queries
from indexer.erasure import Redactor
from indexer.errors import StoreError
from indexer.jobs.gate import in_service
from indexer.jobs.ledger import LEDGER, ledger_of, read_ledger, recall, write_ledger
from indexer.jobs.lock import in_turn
from indexer.jobs.origin import Origin
from indexer.jobs.switch import WHOLE, stores_in
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from indexer.model import Document

Step = Callable[[str, int], None]

logger = logging.getLogger(__name__)


def _unseen(_what: str, _done: int) -> None:
    """Take a step that nobody watches."""


@contextmanager
def erasing(data_dir: Path) -> Iterator[None]:
    """Let one process at a time change what is hidden, or publish; neither takes long.

    Raises:
        StoreError: If the directory cannot be written.
    """
    with in_turn(data_dir / "erasures.lock"):
        yield


def settle(
    stores: Sequence[DocumentStore],
    index: SearchIndex,
    data_dir: Path,
    *,
    alone: bool,
    step: Step = _unseen,
) -> None:
    """Do what is left to do for the erasures of the ledger; where nothing is, that costs nothing.

    `alone`: the caller holds the locks of these stores. Else a job may be writing what it read
    before the erasure, so that the next, or this very job before it builds, does it once more.

    Raises:
        StoreError, EngineError: If store or index cannot be used.
    """
    for store in stores:
        recall(store, data_dir)
        if store.erasures.ids():
            _keep_to_owner(data_dir)
            _hide_all(store, index, data_dir)
            _purge(store, data_dir, alone=alone, step=step)
            remember(store, data_dir)


def remember(store: DocumentStore, data_dir: Path) -> None:
    """Bring the copy of the ledger in step, and the store with what others wrote into it.

    Raises:
        StoreError, IndexUnwritable: If either cannot be written.
    """
    with erasing(data_dir):
        recall(store, data_dir)
        if store.erasures.ids():
            write_ledger(store, data_dir / LEDGER)


def _purge(store: DocumentStore, data_dir: Path, *, alone: bool, step: Step) -> None:
    if unpurged := store.erasures.unpurged():
        counts = {**store.purge(step=step), "queries": _drop_queries(store, data_dir)}
        for path in (data_dir / DIRECTORY).glob("found-by-*.jsonl"):
            path.unlink(missing_ok=True)  # the next crawl of the shard writes it anew
        for erasure_id in unpurged:
            store.erasures.note(erasure_id, counts, purged=alone)
    unwiped = store.erasures.unwiped()
    if alone and unwiped:
        step("writing the store anew", 0)
        if _rewritten(store):
            store.erasures.mark_wiped(unwiped)


def _rewritten(store: DocumentStore) -> bool:
    """Write the file of the store anew; where there is no room for that, the job goes on."""
    try:
        return store.rewrite()
    except StoreError as error:
        logger.warning("what was deleted may still be in the store, the next run looks: %s", error)
        return False


def _drop_queries(store: DocumentStore, data_dir: Path) -> int:
    redactor = store.erasures.redactor()
    directory = data_dir / "insight"
    with disk_errors(directory):
        return drop_queries(directory, dropped=lambda query: bool(redactor.matches(query)))


def _keep_to_owner(data_dir: Path) -> None:
    """Let nobody else read the store: with its keys, whether a name was erased can be tried."""
    for path in data_dir.glob("crawl*.db*"):
        with suppress(OSError):  # it is another user's, who must be able to write it
            if path.stat().st_mode & 0o077:
                path.chmod(0o600)


def carry_over(source: Path, data_dir: Path) -> int:
    """Take the erasures of `source` over into a data directory and carry them out there.

    `source` is another data directory, or the file of a ledger. For a restore: what was forgotten
    after the backup was made is in it again until then. What is to be hidden is noted in the data
    directory alone, whatever keeps the index: a cluster serves something else until the switch.
    Returns how many erasures were new. The caller holds the lock of the job.

    Raises:
        StoreError, EngineError: If either cannot be read, or this one not written.
    """
    taken = ledger_of(source) if source.is_dir() else read_ledger(source)
    if not taken:
        return 0
    index = open_index("whoosh", data_dir / "index")
    new = 0
    for path in stores_in(data_dir) or (data_dir / WHOLE,):
        with DocumentStore.open(path) as store:
            new = max(new, store.erasures.merge(taken))
            # A generation of the backup may show what is long purged here: look once more.
            for erasure_id in store.erasures.standing():
                _look(store, index, data_dir, erasure_id)
            store.erasures.reopen(store.erasures.standing())
            settle([store], index, data_dir, alone=True)
    return new


# --- what readers hide --------------------------------------------------------------------------


def everything(stores: Sequence[DocumentStore], index: SearchIndex) -> Iterator[Document]:
    """Yield all documents of the stores, then those in service, which may be older."""
    for store in stores:
        yield from store.documents()
    try:
        # One that is being restored is not in service yet.
        newest = None if index.current() else next(reversed(index.generations()), None)
        opened = index.searcher(newest.name if newest else None)
    except EngineError:
        return  # nothing is in service that could show them
    with opened as searcher:
        yield from searcher.scan()


def naming(
    stores: Sequence[DocumentStore], index: SearchIndex, redactor: Redactor
) -> dict[str, Document]:
    """Return the documents that hold what `redactor` takes out, in the stores or in service."""
    found: dict[str, Document] = {}
    for one in everything(stores, index):
        if one.id not in found and redactor.document(one).owners:
            found[one.id] = one
    return found


def hide(index: SearchIndex, document_ids: frozenset[str]) -> None:
    """Hide documents besides those that are hidden; the caller holds `erasing`."""
    hidden = index.suppressed()
    if not document_ids <= hidden:
        index.suppress(hidden | document_ids)


def _hide_all(store: DocumentStore, index: SearchIndex, data_dir: Path) -> None:
    for erasure_id, hides in store.erasures.hiding().items():
        if hides is None:
            _look(store, index, data_dir, erasure_id)
        elif hides:
            with erasing(data_dir):
                hide(index, hides)


def _look(store: DocumentStore, index: SearchIndex, data_dir: Path, erasure_id: str) -> None:
    """Find the documents that an erasure is about, and hide them."""
    erasure = next(one for one in store.erasures.all() if one.id == erasure_id)
    found = frozenset(naming([store], index, Redactor([erasure])))
    with erasing(data_dir):
        hide(index, found)
        store.erasures.hide(erasure_id, found)


# --- generations --------------------------------------------------------------------------------


def holds_erased(index: SearchIndex, generation: str, standing: frozenset[str]) -> bool:
    """Tell whether a generation was built before one of these erasures, or cannot say."""
    if not standing:
        return False
    try:
        with index.searcher(generation) as searcher:
            held = Origin.read(searcher.bundle)
    except EngineError:
        return True
    return held is None or not standing <= frozenset(held.erasures)


def worth_keeping(index: SearchIndex, standing: frozenset[str], *, keep: int) -> int:
    """Return how many generations up to the one in service may be kept: none with what was erased.

    The newest that waits to be published is no part of that number; see `SearchIndex.prune`.
    """
    if not standing:
        return keep
    names = [generation.name for generation in index.generations()]
    current = in_service(index)
    served = names[: names.index(current) + 1] if current in names else names
    clean = 0
    for name in reversed(served):
        if clean >= keep or holds_erased(index, name, standing):
            break
        clean += 1
    return max(1, clean)


def standing_erasures(data_dir: Path) -> frozenset[str]:
    """Return the ids of what must be in no generation that is put into service.

    Raises:
        StoreError: If the copy of the ledger is there and cannot be read.
    """
    return frozenset(one.id for one in ledger_of(data_dir) if one.undone_at is None)
