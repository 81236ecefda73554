"""Two runs over the same queries: what became better, what worse, and whether it is chance."""

from __future__ import annotations

from dataclasses import dataclass
from statistics import fmean
from typing import TYPE_CHECKING

from indexer.evaluate.measures import Interval, bootstrap_interval, paired_bootstrap

if TYPE_CHECKING:
    from indexer.evaluate.run import QueryResult, Run


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """One query in both runs, and by how much its nDCG@10 rose."""

    before: QueryResult
    now: QueryResult
    gain: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """The queries of both runs, the biggest difference first.

    `interval` is that of the mean difference, `p_value` the probability of one as large by
    chance. `left_out` counts the queries that only one run has, or that were judged differently.
    """

    before: str
    differences: tuple[Difference, ...]
    gain: float
    interval: Interval
    p_value: float
    left_out: int

    @property
    def better(self) -> int:
        """How many queries rose."""
        return sum(difference.gain > 0 for difference in self.differences)

    @property
    def worse(self) -> int:
        """How many queries fell."""
        return sum(difference.gain < 0 for difference in self.differences)


def compare(now: Run, before: Run) -> Comparison | None:
    """Compare nDCG@10 query by query; None when the runs have no query in common."""
    earlier = {result.query: result for result in before.results}
    differences = [
        Difference(before=old, now=result, gain=result.measure("ndcg@10") - old.measure("ndcg@10"))
        for result in now.results
        if (old := earlier.get(result.query)) is not None and _judged_alike(old, result)
    ]
    if not differences:
        return None
    gains = [difference.gain for difference in differences]
    both = {difference.now.query for difference in differences}
    return Comparison(
        before=before.generation,
        differences=tuple(
            sorted(differences, key=lambda difference: (-abs(difference.gain), -difference.gain))
        ),
        gain=fmean(gains),
        interval=bootstrap_interval(gains),
        p_value=paired_bootstrap(gains),
        left_out=len({*earlier, *(result.query for result in now.results)} - both),
    )


def _judged_alike(one: QueryResult, other: QueryResult) -> bool:
    return {(page.page, page.grade) for page in one.judged} == {
        (page.page, page.grade) for page in other.judged
    }
