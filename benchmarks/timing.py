"""CPU time, of a piece of work and of many alike."""

from __future__ import annotations

import statistics
import time
from dataclasses import dataclass
from functools import partial
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence

T = TypeVar("T")


@dataclass(frozen=True, slots=True, kw_only=True)
class Times:
    """CPU milliseconds of many alike."""

    p50: float
    p95: float
    mean: float

    @classmethod
    def of(cls, milliseconds: Iterable[float]) -> Times:
        """Return the median, the 95th percentile and the mean."""
        ordered = sorted(milliseconds)
        return cls(
            p50=statistics.median(ordered),
            p95=ordered[int(0.95 * len(ordered))],
            mean=statistics.mean(ordered),
        )


def measure(work: Callable[[], object]) -> tuple[float, float]:
    """Return the CPU and wall seconds of `work`."""
    cpu, wall = time.process_time(), time.perf_counter()
    work()
    return time.process_time() - cpu, time.perf_counter() - wall


def measure_each(ask: Callable[[T], object], queries: Sequence[T]) -> Times:
    """Return what each query takes, after a pass over all of them that warms the caches."""
    for query in queries:
        ask(query)
    return Times.of(1000 * measure(partial(ask, query))[0] for query in queries)
