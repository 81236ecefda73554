"""Evaluates a query tree: Whoosh scores each term, arrays combine them."""

from __future__ import annotations

import threading
from collections import OrderedDict
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from whoosh import query as whoosh_query
from whoosh.searching import SearchContext, Searcher

from indexer.engine.query import (
    PREFERENCE,
    AllOf,
    AnyOf,
    Everything,
    Node,
    Phrase,
    Preferring,
    Term,
    Without,
)
from indexer.engine.whoosh_backend.fields import field_name

if TYPE_CHECKING:
    from numpy.typing import NDArray

CACHED_TERMS = 20_000
"""Terms whose scored postings are kept; a worker on 20 000 documents then holds some 50 MB."""


@dataclass(frozen=True, slots=True)
class Matches:
    """Document numbers, ascending, and the score of each."""

    numbers: NDArray[np.int32]
    scores: NDArray[np.float64]


_NOTHING = Matches(np.empty(0, np.int32), np.empty(0))


class Matcher:
    """Finds what matches in one generation. Safe to use from several threads."""

    def __init__(self, searcher: Searcher) -> None:
        self._searcher = searcher
        self._size = searcher.doc_count_all()
        self._cache: OrderedDict[Term | Phrase, Matches] = OrderedDict()
        # Whoosh readers share one file position.
        self._lock = threading.Lock()

    def matches(self, node: Node) -> Matches:
        """Return every document that matches `node`, deleted ones left out."""
        match node:
            case Term() | Phrase():
                return self._leaf(node)
            case AllOf():
                return self._all_of([self.matches(child) for child in node.nodes])
            case AnyOf():
                return self._any_of([self.matches(child) for child in node.nodes])
            case Without():
                wanted = self.matches(node.wanted)
                keep = ~np.isin(wanted.numbers, self.matches(node.unwanted).numbers)
                return Matches(wanted.numbers[keep], wanted.scores[keep])
            case Preferring():
                wanted = self.matches(node.wanted)
                first = np.isin(wanted.numbers, self.matches(node.first).numbers)
                return Matches(wanted.numbers, wanted.scores + PREFERENCE * first)
            case Everything():
                return self._everything()

    def _all_of(self, found: list[Matches]) -> Matches:
        if not found:
            return self._everything()
        found.sort(key=lambda matches: len(matches.numbers))
        numbers, scores = found[0].numbers, found[0].scores
        for other in found[1:]:
            numbers, ours, theirs = np.intersect1d(
                numbers, other.numbers, assume_unique=True, return_indices=True
            )
            scores = scores[ours] + other.scores[theirs]
        return Matches(numbers, scores)

    def _any_of(self, found: list[Matches]) -> Matches:
        found = [matches for matches in found if len(matches.numbers)]
        if len(found) <= 1:
            return found[0] if found else _NOTHING
        total = np.zeros(self._size)
        held = np.zeros(self._size, bool)
        for matches in found:
            total[matches.numbers] += matches.scores
            held[matches.numbers] = True
        numbers = np.flatnonzero(held).astype(np.int32)
        return Matches(numbers, total[numbers])

    def _everything(self) -> Matches:
        reader = self._searcher.reader()
        numbers = np.fromiter(reader.all_doc_ids(), np.int32)
        return Matches(numbers, np.zeros(len(numbers)))

    def _leaf(self, node: Term | Phrase) -> Matches:
        with self._lock:
            found = self._cache.get(node)
            if found is None:
                found = self._cache[node] = self._read(node)
                if len(self._cache) > CACHED_TERMS:
                    self._cache.popitem(last=False)
            else:
                self._cache.move_to_end(node)
            return found

    def _read(self, node: Term | Phrase) -> Matches:
        name = field_name(node.field, node.chain)
        wanted: whoosh_query.Query = (
            whoosh_query.Term(name, node.text)
            if isinstance(node, Term)
            else whoosh_query.Phrase(name, list(node.terms))
        )
        context = SearchContext(weighting=self._searcher.weighting)
        numbers: list[int] = []
        scores: list[float] = []
        for leaf, offset in self._searcher.leaf_searchers():
            matcher = wanted.matcher(leaf, context)
            while matcher.is_active():
                numbers.append(offset + matcher.id())
                scores.append(matcher.score())
                matcher.next()
        return Matches(np.array(numbers, np.int32), np.array(scores) * node.weight)
