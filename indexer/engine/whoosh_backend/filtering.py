"""What passes the filters of a query, and the facets of what it found."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from indexer.engine import schema
from indexer.engine.results import FacetValue

if TYPE_CHECKING:
    from indexer.engine.query import FilterName, Query
    from indexer.engine.whoosh_backend.columns import Columns, Mask
    from indexer.engine.whoosh_backend.matching import Floats, Matches, Numbers


class Filters:
    """The filters of one query over one generation."""

    def __init__(self, columns: Columns, visible: Mask, query: Query) -> None:
        self._columns = columns
        self._query = query
        self.possible = visible
        """What no filter can bring back: visible documents within the dates."""

        if query.start or query.end:
            self.possible = visible & columns.overlapping(query.start, query.end)
        self._each = {name: columns.having(name, wanted) for name, wanted in query.filters.items()}
        self.passing = self._passing(but=None)

    def facet(self, name: FilterName, matching: Mask) -> tuple[FacetValue, ...]:
        """Return the values of what matches and passes every filter but that of the facet."""
        passing = self._passing(but=name) if name in self._each else self.passing
        values = self._columns.values[name]
        counts = self._columns.counts(name, matching & passing)
        held = np.flatnonzero(counts)
        # Values are numbered in alphabetical order, so that a stable sort keeps it among equals.
        frequent = held[np.argsort(-counts[held], kind="stable")][: schema.FACET_VALUES]
        listed = {values[number]: int(counts[number]) for number in frequent}
        for value in self._query.filters.get(name, ()):
            if value not in listed:
                number = self._columns.value_number(name, value)
                listed[value] = 0 if number is None else int(counts[number])
        return tuple(FacetValue(value=value, count=count) for value, count in listed.items())

    def _passing(self, *, but: FilterName | None) -> Mask:
        passing = self.possible
        for name, mask in self._each.items():
            if name != but:
                passing = passing & mask
        return passing


class Found:
    """The documents that the trees of a query found, one stage after another.

    `matching` marks them whatever the filters say; `numbers`, `scores` and `stage` are those that
    pass.
    """

    def __init__(self, size: int) -> None:
        self.matching: Mask = np.zeros(size, bool)
        self.numbers: Numbers = np.empty(0, np.int32)
        self.scores: Floats = np.empty(0)
        self.stage: Numbers = np.empty(0, np.int8)
        self.stages: list[int] = []

    def add(self, matches: Matches, filters: Filters) -> None:
        """Take in what a tree matches and no earlier one did."""
        wanted = filters.passing[matches.numbers]
        if self.stages:
            wanted &= ~self.matching[matches.numbers]
        self.matching[matches.numbers] = True
        everything = wanted.all()
        numbers = matches.numbers if everything else matches.numbers[wanted]
        scores = matches.scores if everything else matches.scores[wanted]
        stage = np.full(len(numbers), len(self.stages), np.int8)
        if self.stages:
            numbers = np.concatenate([self.numbers, numbers])
            scores = np.concatenate([self.scores, scores])
            stage = np.concatenate([self.stage, stage])
        self.stages.append(len(numbers) - len(self.numbers))
        self.numbers, self.scores, self.stage = numbers, scores, stage
