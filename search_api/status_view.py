"""What the status page shows of how the index is kept: ages in words, runs, and their chart."""

from __future__ import annotations

from dataclasses import dataclass
from itertools import count
from typing import TYPE_CHECKING, Self

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence

    from indexer.engine import RunUpkeep, SourceUpkeep, Upkeep
    from search_api.texts import Texts

_DAY_H, _HOUR_S = 24, 3600
_RUNS, _HARVESTS = 10, 5

WIDTH, LINE_HEIGHT, BARS_HEIGHT = 600, 100, 60
"""The chart's own units; it is drawn as wide as the page lets it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceRow:
    """A source: `reached` is in words, with the reason where it is down."""

    name: str
    documents: int
    reached: str
    is_down: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """What was added and changed (or removed) in a run, as a rectangle."""

    kind: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Chart:
    """The documents of each run as a line, and below it what was changed as bars.

    The line goes from the fewest documents to the most; both are told beside it.
    """

    runs: tuple[RunUpkeep, ...]
    points: str
    bars: tuple[Bar, ...]
    baseline: float
    least: int
    most: int

    @classmethod
    def of(cls, runs: Sequence[RunUpkeep]) -> Self | None:
        """Return the chart of runs, the newest first; nothing where there are not two to compare.

        What a run built that nobody searches is no part of it.
        """
        shown = [
            run
            for run in reversed(runs)
            if run.documents is not None and run.outcome in {"published", "unchanged"}
        ]
        if len(shown) <= 1:
            return None
        counts = [run.documents or 0 for run in shown]
        least, most = min(counts), max(counts)
        step = WIDTH / len(shown)
        height = LINE_HEIGHT / max(1, most - least)
        up = max(1, *(run.added + run.changed for run in shown))
        down = max(run.removed for run in shown)
        scale = BARS_HEIGHT / (up + down)
        return cls(
            runs=tuple(reversed(shown)),
            points=" ".join(
                f"{(number + 0.5) * step:.1f},{LINE_HEIGHT - (count - least) * height:.1f}"
                for number, count in enumerate(counts)
            ),
            bars=tuple(
                bar
                for number, run in enumerate(shown)
                for bar in _bars(run, x=number * step, step=step, zero=up * scale, scale=scale)
            ),
            baseline=round(up * scale, 1),
            least=least,
            most=most,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class StatusView:
    """All of it. `trouble` is the outcome of the last run where that was not good."""

    sources: tuple[SourceRow, ...]
    runs: tuple[RunUpkeep, ...]
    failures: tuple[tuple[str, int], ...]
    succeeded: str
    trouble: str
    chart: Chart | None

    @classmethod
    def of(cls, upkeep: Upkeep, texts: Texts, *, now: dt.datetime) -> Self:
        """Return what a page in a language shows at a moment."""
        last = upkeep.last
        return cls(
            sources=tuple(_row(source, texts, now=now) for source in upkeep.sources),
            runs=_last(upkeep.runs),
            failures=tuple((texts.reason(reason), count) for reason, count in upkeep.failures),
            succeeded=ago(upkeep.succeeded, texts, now=now) if upkeep.succeeded else "",
            trouble=last.outcome if last and last.outcome in {"failed", "refused"} else "",
            chart=Chart.of(upkeep.runs),
        )


def _last(runs: Sequence[RunUpkeep]) -> tuple[RunUpkeep, ...]:
    """Return the last of `runs`; harvests, one a night of each shard, take half the places."""
    harvests = count()
    kept = [run for run in runs if not run.is_harvest or next(harvests) < _HARVESTS]
    return tuple(kept[:_RUNS])


def ago(moment: dt.datetime, texts: Texts, *, now: dt.datetime) -> str:
    """Return how long ago a moment was, in words."""
    return _told("ago", moment, texts, now=now)


def _row(source: SourceUpkeep, texts: Texts, *, now: dt.datetime) -> SourceRow:
    if source.reached is None:
        reached = texts["down_never"] if source.tried else texts["never_tried"]
    elif source.problem:
        reached = _told("down", source.reached, texts, now=now)
    else:
        reached = ago(source.reached, texts, now=now)
    if source.problem:
        reached = f"{reached}: {texts.reason(source.problem)}"
    return SourceRow(
        name=source.name,
        documents=source.documents,
        reached=reached,
        is_down=bool(source.problem),
    )


def _told(what: str, moment: dt.datetime, texts: Texts, *, now: dt.datetime) -> str:
    hours = int((now - moment).total_seconds() // _HOUR_S)
    if hours >= 2 * _DAY_H:
        return texts[f"{what}_days"].format(count=texts.number(hours // _DAY_H))
    return texts[f"{what}_hours"].format(count=hours) if hours > 1 else texts[f"{what}_lately"]


def _bars(run: RunUpkeep, *, x: float, step: float, zero: float, scale: float) -> list[Bar]:
    changed, added, removed = (n * scale for n in (run.changed, run.added, run.removed))
    shapes = (
        ("changed", zero - changed, changed),
        ("added", zero - changed - added, added),
        ("removed", zero, removed),
    )
    return [
        Bar(
            kind=kind,
            x=round(x + step * 0.15, 1),
            y=round(y, 1),
            width=round(step * 0.7, 1),
            height=round(height, 1),
        )
        for kind, y, height in shapes
        if height > 0
    ]
