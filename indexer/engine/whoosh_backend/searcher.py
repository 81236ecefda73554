"""Searches one generation."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
from whoosh import index as whoosh_index

from indexer.analysis import Analyzer
from indexer.engine import schema
from indexer.engine.ports import Searcher
from indexer.engine.query import RESCORED
from indexer.engine.results import Generation, Hit, SearchResults
from indexer.engine.whoosh_backend.arrays import ScoreArrays
from indexer.engine.whoosh_backend.columns import Columns, Mask
from indexer.engine.whoosh_backend.filtering import Filters, Found
from indexer.engine.whoosh_backend.matching import Matcher
from indexer.errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from indexer.engine.query import Query
    from indexer.engine.whoosh_backend.matching import Floats as Scores
    from indexer.engine.whoosh_backend.matching import Numbers
    from indexer.model import Document

_LAST_DAY = 4_000_000
_STAGE = 1e6
"""More than any document scores: what sets a stage apart from the one before."""

_FEW_TIMES = 2

_DECIMALS = 6
_SAME = 10.0**-_DECIMALS
"""Scores that differ by less may be the same when they are rounded."""


class WhooshSearcher(Searcher):
    """Documents by Whoosh, terms by score arrays, filters and facets by columns."""

    def __init__(self, path: Path, generation: Generation, *, hidden: frozenset[str]) -> None:
        if generation.version not in schema.READABLE:
            raise IndexDamaged(
                f"{path} was built by another version of Samsök (of the index "
                f"{generation.version!r}, this one reads {' and '.join(schema.READABLE)}); "
                "run `samsok reindex --from-store` to build a new one; what has it open serves on"
            )
        self.generation = generation
        self.bundle = path / "bundle"
        self.hidden = hidden
        self.analyzer = Analyzer.open(self.bundle)
        self._columns = Columns(path / "columns")
        self._arrays = ScoreArrays(path / "arrays")
        self._visible: Mask = np.fromiter(
            (bool(id_) and id_ not in hidden for id_ in self._columns.ids), bool
        )
        self._reading = threading.Lock()
        self._closed = False
        self._searcher = whoosh_index.open_dir(str(path / "segments"), readonly=True).searcher()
        try:
            reader = self._searcher.reader()
            # Whoosh makes a column with its first value, and an empty index has none.
            self._documents = reader.column_reader("document") if self._columns.number else ()
        except Exception:
            self.close()
            raise

    def search(self, query: Query) -> SearchResults:
        matcher = Matcher(self._arrays, self._arrays.live, len(self._columns.ids))
        filters = Filters(self._columns, self._visible, query)
        found = self._find(matcher, filters, query)
        ranking = self._ranked(matcher, found, query)
        return SearchResults(
            hits=tuple(
                Hit(document=self._document(int(number)), score=float(score))
                for number, score in ranking
            ),
            total=sum(found.stages),
            stages=tuple(found.stages),
            facets={name: filters.facet(name, found.matching) for name in query.facets},
        )

    def _find(self, matcher: Matcher, filters: Filters, query: Query) -> Found:
        """Ask the tree and the fallbacks whose turn comes."""
        found = Found(len(self._columns.ids))
        found.add(matcher.matches(query.tree), filters)
        for fallback in query.fallbacks:
            if sum(found.stages) < fallback.below:
                found.add(matcher.matches(fallback.tree), filters)
        return found

    def _ranked(
        self, matcher: Matcher, found: Found, query: Query
    ) -> Iterable[tuple[np.integer, np.floating]]:
        """Return the numbers and scores of the documents that were asked for, best first."""
        numbers, stages = found.numbers, found.stage
        factors = self._columns.preference[numbers]
        scores = found.scores
        if query.boosts:
            scores = scores + matcher.scores(query.boosts, numbers)
        scores = scores * factors
        last = query.offset + query.limit
        if query.sort != "relevance":
            order = np.lexsort((self._columns.id_rank[numbers], self._sort_key(numbers, query)))
            page = order[query.offset : last]
        else:
            best = _best(numbers, stages, scores, max(last, RESCORED), self._columns.id_rank)
            top = best[:RESCORED]
            if query.pairs and len(top):
                for pair in query.pairs:
                    scores[top] += factors[top] * matcher.phrase_scores(pair, numbers[top])
                best[:RESCORED] = top[
                    _best(numbers[top], stages[top], scores[top], len(top), self._columns.id_rank)
                ]
            page = best[query.offset : last]
        return zip(numbers[page], scores[page], strict=True)

    def get(self, document_id: str) -> Document | None:
        number = self._columns.number.get(document_id)
        if number is None or not self._visible[number]:
            return None
        return self._document(number)

    def scan(self) -> Iterator[Document]:
        for _, number in sorted(self._columns.number.items()):
            if self._visible[number]:
                yield self._document(number)

    def close(self) -> None:
        if not self._closed:
            self._closed = True
            self._searcher.close()

    def _document(self, number: int) -> Document:
        with self._reading:
            stored = self._documents[number]
        return schema.load(stored)

    def _sort_key(self, numbers: Numbers, query: Query) -> Numbers:
        columns = self._columns
        if query.sort == "title":
            return columns.title_rank[numbers]
        if query.sort == "newest":
            return -columns.day(missing=0)[numbers]
        return columns.day(missing=_LAST_DAY)[numbers]


def _best(
    numbers: Numbers, stages: Numbers, scores: Scores, count: int, id_rank: Numbers
) -> NDArray[np.intp]:
    """Return the places of the `count` best, in order: by stage, then score, then id."""
    keys = scores - _STAGE * stages if stages[-1:].any() else scores
    places = np.arange(len(keys))
    if len(keys) > _FEW_TIMES * count:
        bar = np.partition(keys, len(keys) - count)[len(keys) - count]
        places = np.flatnonzero(keys >= bar - _SAME)
    # Sums of floats differ in the last bits with the order of the terms; ids must not.
    rounded = np.round(keys[places], _DECIMALS)
    order = np.lexsort((id_rank[numbers[places]], -rounded))
    return places[order[:count]]
