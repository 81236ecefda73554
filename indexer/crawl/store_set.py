"""Several stores read as one: those of the shards of a crawl.

What one crawl would have decided while it went on is decided here while reading: which of two
pages supplies a document that both claim, and which of two twins it goes by.
"""

from __future__ import annotations

import hashlib
import heapq
from itertools import groupby
from typing import TYPE_CHECKING

from indexer.crawl.duplicates import goes_before, is_at_home, twins
from indexer.crawl.standing import distance

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping, Sequence

    from indexer.model import Document
    from indexer.store import DocumentStore, HistoryEntry, StoredDocument


class StoreSet:
    """Stores whose documents are indexed together, as one crawl of all hosts would have them.

    It reads as a `DocumentStore` does. Each id comes once: of two stores that hold it, the one
    counts whose page is closest to the address of the document. A page whose twin is in another
    store is left out when the twin goes before it.
    """

    def __init__(self, stores: Sequence[DocumentStore]) -> None:
        self.stores = tuple(stores)
        self.repeated = _RepeatedOfAll(self.stores)
        self._left_out: tuple[tuple[int, ...], frozenset[str]] | None = None

    @property
    def name(self) -> str:
        """What tells this set of stores from another."""
        names = "\n".join(sorted(store.name for store in self.stores))
        return hashlib.sha256(names.encode()).hexdigest()[:16]

    def now(self) -> dt.datetime:
        """Return the time by the clock of the stores."""
        return self.stores[0].now()

    def documents(self) -> Iterator[Document]:
        """Yield the documents that are not removed, ordered by id, each once and no twin twice."""
        left_out = self._twins_left_out()
        return (one for _, one in self._each_once() if one.id not in left_out)

    def count(self, source: str | None = None) -> int:
        """Return how many documents there are, of one source or of all."""
        return sum(1 for one in self.documents() if source is None or one.source == source)

    def revision(self) -> int:
        """Return a number that grows with every document that is stored anew or removed."""
        return sum(store.revision() for store in self.stores)

    def get(self, document_id: str) -> StoredDocument | None:
        """Return a document, live or removed, or None when it never was in any store."""
        held = [(store, found) for store in self.stores if (found := store.get(document_id))]
        live = [(store, found.document) for store, found in held if found.document]
        if not live:
            return held[0][1] if held else None
        store, _ = min(live, key=lambda one: _far(*one))
        return store.get(document_id)

    def news(self, *, since: dt.datetime) -> Iterator[HistoryEntry]:
        """Yield what happened since a moment, the newest first, first crawls left out.

        What is gone from one store and lives in another was not removed, and of a twin that is
        left out there is nothing to tell.
        """
        left_out = self._twins_left_out()
        told = heapq.merge(
            *(store.news(since=since) for store in self.stores),
            key=lambda entry: entry.at,
            reverse=True,
        )
        for entry in told:
            held = self.get(entry.document_id) if entry.event == "removed" else None
            if entry.document_id not in left_out and not (held and held.document):
                yield entry

    # --- steps ----------------------------------------------------------------------------------

    def _each_once(self) -> Iterator[tuple[DocumentStore, Document]]:
        """Yield every document, ordered by id, from the store that supplies it."""
        together = heapq.merge(
            *(_held(store) for store in self.stores), key=lambda held: held[1].id
        )
        for _, alike in groupby(together, key=lambda held: held[1].id):
            first, *others = alike
            yield min((first, *others), key=lambda held: _far(*held)) if others else first

    def _twins_left_out(self) -> frozenset[str]:
        state = tuple(store.revision() for store in self.stores)
        if self._left_out is None or self._left_out[0] != state:
            found = frozenset(
                one.id for store, one in self._each_once() if self._is_left_out(store, one)
            )
            self._left_out = (state, found)
        return self._left_out[1]

    def _is_left_out(self, store: DocumentStore, document: Document) -> bool:
        """Whether a twin in another store goes before a document, and is not left out itself.

        As in one crawl, only pages that are found at their own address are compared. This ends:
        each step leads to a document that goes before the last.
        """
        others = [one for one in self.stores if one is not store]
        simhash = store.similar.of(document.id)
        before = [
            (one, twin)
            for one in others
            for twin in twins(one, document, simhash)
            if goes_before(twin, document) and twin.id != document.id
        ]
        if not before or not is_at_home(store, document):
            return False
        before.sort(key=lambda found: (len(found[1].url), found[1].url))
        return any(not self._is_left_out(*found) for found in before)


class _RepeatedOfAll:
    """The blocks that the pages of a source repeat, learnt together and known to every store."""

    def __init__(self, stores: Sequence[DocumentStore]) -> None:
        self._stores = stores

    def of(self, source: str) -> frozenset[str]:
        """Return the keys of the blocks that every store knows of."""
        known = [store.repeated.of(source) for store in self._stores]
        return frozenset.intersection(*known)

    def add(self, source: str, found: Mapping[str, str]) -> None:
        """Remember blocks in every store."""
        for store in self._stores:
            store.repeated.add(source, found)


def _held(store: DocumentStore) -> Iterator[tuple[DocumentStore, Document]]:
    return ((store, document) for document in store.documents())


def _far(store: DocumentStore, document: Document) -> tuple[tuple[bool, int, str, str], float]:
    """How far the page that supplies a document is from its address, then how old it is."""
    pages = store.frontier.standing_for(document.id)
    nearest = min((distance(page, document) for page in pages), default=(True, 1 << 30, "", ""))
    return nearest, -(document.harvested.timestamp() if document.harvested else 0.0)
