"""A floor under every measure of a run. Floors rise and never fall.

The baseline is a JSON file, kept with the code that it guards::

    {"floors": {"queries": 150, "ndcg@10": 0.81, "mrr": 0.87}}

`queries` is the number of judged queries: leaving the hard ones out is no improvement.
"""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Final

import orjson

from indexer.errors import ConfigError, ConfigProblem, GateRefused
from indexer.evaluate.judgments import read_text
from indexer.evaluate.run import MEASURES, write_json

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from indexer.evaluate.run import Run

_QUERIES: Final = "queries"
_DECIMALS: Final = 4


def check(run: Run, baseline: Path) -> Mapping[str, float]:
    """Return the floors of `baseline`, when `run` stands on or above each of them.

    Raises:
        GateRefused: If a measure is below its floor.
        ConfigError: If the baseline cannot be read.
    """
    floors = read_floors(baseline)
    figures = _figures(run)
    reasons = tuple(
        f"{name} is {figures[name]:g}, below its floor {floor:g}"
        for name, floor in floors.items()
        if figures[name] < floor
    )
    if reasons:
        raise GateRefused(reasons)
    return floors


def raise_floors(run: Run, baseline: Path) -> Mapping[str, float]:
    """Write what `run` measures as the new floors, and return them; a new file is made.

    Raises:
        GateRefused: If a measure is below its floor; the file is left as it is.
        ConfigError: If the baseline cannot be read or written.
    """
    if baseline.exists():
        check(run, baseline)
    floors = _figures(run)
    write_json({"floors": floors}, baseline)
    return floors


def read_floors(baseline: Path) -> Mapping[str, float]:
    """Read the floors of a baseline.

    Raises:
        ConfigError: If it cannot be read, or names a measure that there is not.
    """
    known = (_QUERIES, *MEASURES)
    try:
        floors = orjson.loads(read_text(baseline))["floors"]
        numbers = {name: float(floor) for name, floor in floors.items()}
    except (ValueError, KeyError, TypeError, AttributeError):
        numbers = {}
    if not numbers:
        raise _wrong(baseline, 'is not a baseline: {"floors": {"ndcg@10": 0.8, …}}')
    if unknown := [name for name in numbers if name not in known]:
        raise _wrong(baseline, f"names {unknown[0]!r}; there are: {', '.join(known)}")
    return numbers


def _figures(run: Run) -> dict[str, float]:
    """Return what is held against the floors, rounded down: a run passes the floors it set."""
    scale = 10**_DECIMALS
    means = {name: math.floor(mean * scale + 1e-6) / scale for name, mean in run.means().items()}
    return {_QUERIES: len(run.results), **means}


def _wrong(path: Path, message: str) -> ConfigError:
    return ConfigError(str(path), (ConfigProblem(key="", message=message),))
