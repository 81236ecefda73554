"""Searches one generation."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING

import numpy as np
from whoosh import index as whoosh_index

from indexer.analysis import Analyzer
from indexer.engine import schema
from indexer.engine.ports import Searcher
from indexer.engine.results import FacetValue, Generation, Hit, SearchResults
from indexer.engine.whoosh_backend.columns import Columns, Mask, Numbers
from indexer.engine.whoosh_backend.matching import Matcher, Matches
from indexer.errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from numpy.typing import NDArray

    from indexer.engine.query import FilterName, Query, Sort
    from indexer.model import Document

_LAST_DAY = 4_000_000


class WhooshSearcher(Searcher):
    """Postings by Whoosh, everything else by columns."""

    def __init__(self, path: Path, generation: Generation, *, hidden: frozenset[str]) -> None:
        if generation.version != schema.VERSION:
            raise IndexDamaged(
                f"{path} was built by another version of Samsök; "
                "run `samsok reindex --from-store` to build a new one"
            )
        self.generation = generation
        self.analyzer = Analyzer.open(path / "bundle")
        self._columns = Columns(path / "columns")
        self._searcher = whoosh_index.open_dir(str(path / "segments"), readonly=True).searcher()
        self._matcher = Matcher(self._searcher)
        self._reading = threading.Lock()
        self._visible: Mask = np.fromiter(
            (bool(id_) and id_ not in hidden for id_ in self._columns.ids), bool
        )
        self._closed = False

    def search(self, query: Query) -> SearchResults:
        matches = self._matcher.matches(query.tree)
        seen = self._visible[matches.numbers]
        if query.start or query.end:
            seen &= self._columns.overlapping(query.start, query.end)[matches.numbers]
        passing = {
            name: self._columns.having(name, wanted) for name, wanted in query.filters.items()
        }
        found = seen.copy()
        for mask in passing.values():
            found &= mask[matches.numbers]
        return SearchResults(
            hits=self._hits(matches, found, query),
            total=int(np.count_nonzero(found)),
            facets={
                name: self._facet(name, matches.numbers[seen], passing, query)
                for name in query.facets
            },
        )

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
            return schema.load(self._searcher.stored_fields(number)["document"])

    def _hits(self, matches: Matches, found: Mask, query: Query) -> tuple[Hit, ...]:
        numbers, scores = matches.numbers[found], matches.scores[found]
        order = self._order(numbers, scores, query.sort)
        page = order[query.offset : query.offset + query.limit]
        return tuple(
            Hit(document=self._document(int(numbers[place])), score=float(scores[place]))
            for place in page
        )

    def _order(self, numbers: Numbers, scores: NDArray[np.float64], sort: Sort) -> NDArray[np.intp]:
        columns = self._columns
        if sort == "relevance":
            # Sums of floats differ in the last bits with the order of the terms; ids must not.
            key: NDArray[np.generic] = -np.round(scores, 9)
        elif sort == "title":
            key = columns.title_rank[numbers]
        elif sort == "newest":
            key = -columns.day(missing=0)[numbers]
        else:
            key = columns.day(missing=_LAST_DAY)[numbers]
        return np.lexsort((columns.id_rank[numbers], key))

    def _facet(
        self, name: FilterName, numbers: Numbers, passing: dict[FilterName, Mask], query: Query
    ) -> tuple[FacetValue, ...]:
        found: Mask = np.zeros(len(self._columns.ids), bool)
        found[numbers] = True
        for other, mask in passing.items():
            if other != name:
                found &= mask
        values, counts = self._columns.values[name], self._columns.counts(name, found)
        held = np.flatnonzero(counts)
        # Values are numbered in alphabetical order, so that a stable sort keeps it among equals.
        frequent = held[np.argsort(-counts[held], kind="stable")][: schema.FACET_VALUES]
        listed = {values[number]: int(counts[number]) for number in frequent}
        for value in query.filters.get(name, ()):
            if value not in listed:
                number = self._columns.value_number(name, value)
                listed[value] = 0 if number is None else int(counts[number])
        return tuple(FacetValue(value=value, count=count) for value, count in listed.items())
