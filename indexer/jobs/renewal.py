"""What a generation lacks of what the stores hold now."""

from __future__ import annotations

import heapq
from dataclasses import dataclass
from itertools import groupby, islice
from typing import TYPE_CHECKING, Self

from indexer.jobs.origin import MOST_CHANGED
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.crawl import StoreSet
    from indexer.engine import Searcher
    from indexer.jobs.origin import Origin
    from indexer.model import Document

Lacking = tuple[str, "Document | None"]
"""The id of a document that is new or other, with what it is now, or None where it is gone."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Renewal:
    """What is to be put into a generation, or deleted from it: how many, and each."""

    count: int
    each: Iterable[Lacking]

    @classmethod
    def of(cls, base: Searcher, held: Origin, store: DocumentStore | StoreSet) -> Self:
        """Return what `base`, whose origin is `held`, lacks of a store, or of several.

        One store knows what it has stored since. What several hold together is decided by all of
        them (which of them supplies a page, which of two twins is left out), so that it is
        compared with what is in the generation, until there is more than an update may change.
        """
        if isinstance(store, DocumentStore):
            since = held.revision
            return cls(count=store.count_since(since), each=store.documents_since(since))
        enough = int(MOST_CHANGED * base.generation.documents) + 1
        found = dict(islice(differing(base.scan(), store.documents()), enough))
        return cls(count=len(found), each=_now(found, store))


def differing(before: Iterable[Document], now: Iterable[Document]) -> Iterator[tuple[str, bool]]:
    """Yield the ids of documents that are new, other or gone, and whether there still is one.

    Both come ordered by id, each id once; neither is held in memory.
    """
    old = ((document.id, False, document) for document in before)
    new = ((document.id, True, document) for document in now)
    together = heapq.merge(old, new, key=lambda one: one[:2])
    for document_id, alike in groupby(together, key=lambda one: one[0]):
        (_, _, first), *others = held = list(alike)
        if not others or first != others[0][2]:
            yield document_id, held[-1][1]


def _now(found: dict[str, bool], store: StoreSet) -> Iterator[Lacking]:
    for document_id, lives in found.items():
        held = store.get(document_id) if lives else None
        yield document_id, held.document if held else None
