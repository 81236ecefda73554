"""What a ranking is worth, given what people judged: numbers from 0 to 1, more is better.

A ranking is the grades of its documents, best first; a document that nobody judged has grade 0.
`judged` is the grades of all judged documents of the query, found or not.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, NamedTuple

import numpy as np

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from numpy.typing import NDArray

RESAMPLES = 10_000
_SEED = 2002
_SLACK = 1e-12
"""Sums in another order differ in their last digits; a difference of this size is none."""


class Interval(NamedTuple):
    """The bounds of a 95 % confidence interval."""

    low: float
    high: float


def ndcg_at(ranked: Sequence[int], judged: Iterable[int], *, k: int) -> float:
    """Return the discounted gain of the first `k`, as a share of what the best order would have.

    The gain of grade g is 2^g - 1 and counts 1 / log2(rank + 1), ranks from 1. 0 when nothing is
    relevant.

    Sources: K. Järvelin and J. Kekäläinen, "Cumulated gain-based evaluation of IR techniques",
    ACM TOIS 20(4), 2002; gain and discount in the form of C. Burges et al., "Learning to rank
    using gradient descent", ICML 2005.
    """
    ideal = _discounted_gain(sorted(judged, reverse=True)[:k])
    return _discounted_gain(ranked[:k]) / ideal if ideal else 0.0


def reciprocal_rank(ranked: Iterable[int]) -> float:
    """Return 1 / the rank of the first relevant document (grade 1 or more); 0 without one.

    The mean over queries is MRR. Source: E. Voorhees, "The TREC-8 question answering track
    report", TREC 1999.
    """
    return next((1 / rank for rank, grade in enumerate(ranked, start=1) if grade > 0), 0.0)


def recall_at(ranked: Sequence[int], judged: Iterable[int], *, k: int) -> float:
    """Return the share of the relevant documents (grade 1 or more) among the first `k`.

    0 when nothing is relevant. More than `k` relevant documents cannot all be there.
    """
    relevant = sum(grade > 0 for grade in judged)
    return sum(grade > 0 for grade in ranked[:k]) / relevant if relevant else 0.0


def bootstrap_interval(values: Sequence[float]) -> Interval:
    """Return the interval that holds the mean over all such queries, not only over these.

    The percentile bootstrap with a fixed seed: the same values, the same interval. Source:
    B. Efron and R. Tibshirani, "An introduction to the bootstrap", 1993, chapter 13.

    Raises:
        ValueError: If there are no values.
    """
    if not values:
        raise ValueError("no values, no interval")
    low, high = np.percentile(_resampled_means(np.asarray(values)), (2.5, 97.5))
    return Interval(float(low), float(high))


def paired_bootstrap(differences: Sequence[float]) -> float:
    """Return how probable a mean difference as large as this is, either way, by chance alone.

    `differences` are those of the same queries under two rankings. They are shifted to mean 0,
    the hypothesis of no difference, and resampled. Source: Efron and Tibshirani, chapter 16.

    Raises:
        ValueError: If there are no differences.
    """
    if not differences:
        raise ValueError("no differences, no probability")
    observed = np.asarray(differences)
    mean = observed.mean()
    means = _resampled_means(observed - mean)
    as_large = int(np.count_nonzero(np.abs(means) >= abs(mean) - _SLACK))
    return (as_large + 1) / (RESAMPLES + 1)


def _discounted_gain(grades: Sequence[int]) -> float:
    return math.fsum(
        (2**grade - 1) / math.log2(rank + 1) for rank, grade in enumerate(grades, start=1)
    )


def _resampled_means(values: NDArray[np.float64]) -> NDArray[np.float64]:
    # One resample at a time: all at once would be gigabytes for a large collection.
    random = np.random.default_rng(_SEED)
    count = len(values)
    return np.array(
        [values[random.integers(0, count, count)].mean() for _ in range(RESAMPLES)],
        dtype=np.float64,
    )
