"""Rows of numbers, one after another in one array (compressed sparse rows)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Numbers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True, kw_only=True)
class Rows:
    """Row `i` is ``values[starts[i]:starts[i + 1]]``; `starts` is one longer than the rows are."""

    starts: Numbers
    values: Numbers

    @classmethod
    def of(cls, owners: Numbers, values: Numbers, *, rows: int) -> Self:
        """Gather the values that belong to rows 0, 1 … `rows` - 1; `owners` are in order."""
        return cls(starts=np.searchsorted(owners, np.arange(rows + 1)), values=values)

    @property
    def counts(self) -> Numbers:
        """How many values each row has."""
        return np.diff(self.starts)

    @property
    def owners(self) -> Numbers:
        """The row that each value belongs to."""
        return np.repeat(np.arange(len(self.starts) - 1), self.counts)

    def take(self, order: Numbers) -> Rows:
        """Return these rows, in this order."""
        counts = self.counts[order]
        starts = np.concatenate([[0], np.cumsum(counts)])
        shift = np.repeat(self.starts[order] - starts[:-1], counts)
        return Rows(starts=starts, values=self.values[np.arange(starts[-1]) + shift])


def first_of_each(*sorted_columns: Numbers) -> Mask:
    """Mark where any of the columns changes: the first of each run of equal rows."""
    first: Mask = np.zeros(len(sorted_columns[0]), bool)
    first[:1] = True
    for column in sorted_columns:
        first[1:] |= column[1:] != column[:-1]
    return first
