"""Show what was searched for, and what was searched for in vain.

Searches are counted where the configuration says `privacy: {query_insight: true}`. A query that was
made fewer than `privacy.min_count` times on a day, or that looks like a name, an address or a
number of somebody, is in the sums alone. Days are UTC.

Examples:
  samsok insight
  samsok insight --days 7 --top 50
  samsok insight --json
"""

from __future__ import annotations

import argparse
import datetime as dt
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.terminal import bold, print_json, printable, table
from indexer.engine.query_counts import Counts, DayCounts, read_counts

if TYPE_CHECKING:
    from collections import Counter
    from collections.abc import Iterator, Mapping, Sequence

    from indexer.config import Config


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok insight` takes."""
    parser.add_argument(
        "--days",
        type=_count,
        default=30,
        help="the last so many days, today included (default: 30)",
    )
    parser.add_argument(
        "--top", type=_count, default=20, help="how many queries to show (default: 20)"
    )


def run(args: argparse.Namespace) -> int:
    """Print the counts."""
    loaded = config.load(args.config)
    since = dt.datetime.now(dt.UTC).date() - dt.timedelta(days=args.days - 1)
    days = read_counts(loaded.data_dir / "insight", since=since, min_count=loaded.privacy.min_count)
    if args.json:
        print_json(_plain(loaded, days, args.top))
    else:
        print("\n".join(_lines(loaded, days, top=args.top, within=args.days)))
    return 0


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= 10_000:  # noqa: PLR2004 - as it says
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1 to 10000")
    return int(text)


def _plain(loaded: Config, days: Sequence[DayCounts], top: int) -> Mapping[str, object]:
    all_days = _sum(days)
    return {
        "counting": loaded.privacy.query_insight,
        "min_count": loaded.privacy.min_count,
        "retention_days": loaded.privacy.retention_days,
        "searches": all_days.searches,
        "without_hits": all_days.without_hits,
        "not_told": _not_told(all_days),
        "queries": [
            {"q": text, "searches": seen, "without_hits": all_days.fruitless[text]}
            for text, seen in _best(all_days.texts, top)
        ],
        "queries_without_hits": [
            {"q": text, "searches": all_days.texts[text], "without_hits": none}
            for text, none in _best(all_days.fruitless, top)
        ],
        "days": [
            {
                "day": day.day.isoformat(),
                "searches": day.counts.searches,
                "without_hits": day.counts.without_hits,
                "not_told": _not_told(day.counts),
            }
            for day in days
        ],
    }


def _lines(loaded: Config, days: Sequence[DayCounts], *, top: int, within: int) -> Iterator[str]:
    if not loaded.privacy.query_insight:
        yield (
            "searches are not counted; set `privacy: {query_insight: true}` in "
            f"{loaded.path} and start `samsok serve` again"
        )
    if not days:
        yield f"nothing was counted in the last {within} days"
        return
    counts = _sum(days)
    yield bold("most searched for:")
    yield from _table(_best(counts.texts, top))
    yield bold("searched for in vain:")
    yield from _table(_best(counts.fruitless, top))
    yield bold("day by day:")
    yield from table(
        [
            ("", "searches", "without hits"),
            *((day.day, day.counts.searches, day.counts.without_hits) for day in days),
            ("in all", counts.searches, counts.without_hits),
        ]
    )
    if untold := _not_told(counts):
        yield (
            f"{untold} of the searches are not told: made fewer than {loaded.privacy.min_count} "
            "times on a day, or perhaps about somebody"
        )


def _table(found: Sequence[tuple[str, int]]) -> list[str]:
    return table((seen, printable(text)) for text, seen in found) or ["  none that may be told"]


def _best(counter: Counter[str], top: int) -> list[tuple[str, int]]:
    ranked = sorted(counter.items(), key=lambda item: (-item[1], item[0]))
    return [(text, seen) for text, seen in ranked if seen][:top]


def _sum(days: Sequence[DayCounts]) -> Counts:
    total = Counts()
    for day in days:
        total.add(day.counts)
    return total


def _not_told(counts: Counts) -> int:
    return counts.searches - counts.texts.total()
