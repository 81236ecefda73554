"""The generation that serves, and one that is built and waits to."""

from __future__ import annotations

from contextlib import AbstractContextManager, contextmanager, nullcontext
from typing import TYPE_CHECKING

from indexer.engine import EngineError, Searcher
from indexer.jobs.origin import Origin

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.engine import Generation, SearchIndex


@contextmanager
def opened_in_service(index: SearchIndex) -> Iterator[Searcher | None]:
    """Open the generation in service, or give None where there is none that can be used."""
    try:
        opened: AbstractContextManager[Searcher | None] = index.searcher()
    except EngineError:
        opened = nullcontext()
    with opened as searcher:
        yield searcher


def waiting(index: SearchIndex, origin: Origin) -> Generation | None:
    """Return the newest generation if it holds this very state and is whole.

    It was refused, or its job was killed before it could be published.
    """
    newest = next(reversed(index.generations()), None)
    if newest is None:
        return None
    try:
        with index.searcher(newest.name) as searcher:
            held = Origin.read(searcher.bundle)
    except EngineError:
        return None
    same = held is not None and held.name == origin.name
    return newest if same and not index.verify(newest.name) else None
