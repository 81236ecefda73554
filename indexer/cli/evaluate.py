"""Measure the published index against judged queries.

FILE is YAML (`judgments:` with `q` and `pages`: path or URL, and a grade from 0 to 3) or TREC
qrels with queries.tsv beside it; DIR holds queries.tsv and qrels.tsv.

Examples:
  samsok evaluate judgments.yaml
  samsok evaluate judgments.yaml --save before.json             then change something, reindex
  samsok evaluate judgments.yaml --compare before.json          what became better, what worse
  samsok evaluate judgments.yaml --gate baseline.json           exit code 3 when below a floor
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.terminal import ProgressLine, bold, dim, print_json, printable, table
from indexer.engine import open_index
from indexer.evaluate import (
    DEPTH,
    MEASURES,
    Comparison,
    QueryResult,
    Run,
    check,
    compare,
    evaluate,
    raise_floors,
    read_judgments,
    read_run,
    save_run,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.config import Config
    from indexer.evaluate import Judgments

_LABELS = {
    "ndcg@10": "nDCG@10",
    "mrr": "MRR",
    "recall@10": "recall@10",
    "recall@100": "recall@100",
}
_SHOWN_WANTED = 3
_SHOWN_MISSING = 5


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok evaluate` takes."""
    parser.add_argument("judgments", type=Path, metavar="FILE|DIR", help="the judged queries")
    parser.add_argument("--save", type=Path, metavar="RUN.json", help="keep this run")
    parser.add_argument(
        "--compare", type=Path, metavar="RUN.json", help="show the differences to a saved run"
    )
    parser.add_argument(
        "--gate", type=Path, metavar="BASELINE.json", help="exit with 3 when below its floors"
    )
    parser.add_argument(
        "--update-baseline",
        action="store_true",
        help="write this run's measures as the floors of --gate, when none would fall",
    )
    parser.add_argument(
        "--worst", type=_count, default=10, metavar="N", help="queries to show (default: 10)"
    )
    parser.add_argument(
        "--no-expand", action="store_true", help="search the words as they are, nothing more"
    )


def run(args: argparse.Namespace) -> int:
    """Ask every query, print the measures, and hold them against the floors."""
    if args.update_baseline and not args.gate:
        print("--update-baseline needs --gate, the baseline to update", file=sys.stderr)
        return 2
    judgments = read_judgments(args.judgments)
    before = read_run(args.compare) if args.compare else None
    measured = _measure(config.load(args.config), judgments, expand=not args.no_expand)
    if args.save:
        save_run(measured, args.save)
    comparison = compare(measured, before) if before else None
    if args.json:
        print_json(_plain(measured, judgments, comparison))
    else:
        print("\n".join(_lines(measured, judgments, worst=args.worst)))
        if before:
            print("\n".join(_comparison_lines(comparison, shown=args.worst)))
    if args.gate:
        floors = (raise_floors if args.update_baseline else check)(measured, args.gate)
        if not args.json:
            what = "floors written to" if args.update_baseline else "above the floors of"
            held = ", ".join(f"{name} {floor:g}" for name, floor in floors.items())
            print(f"{what} {args.gate}: {held}")
    return 0


def _measure(settings: Config, judgments: Judgments, *, expand: bool) -> Run:
    index = open_index(settings.index.plain(), settings.data_dir / "index")
    line, count = ProgressLine(), len(judgments.judged)
    with index.searcher() as searcher:
        try:
            return evaluate(
                searcher,
                judgments.judged,
                expand=expand,
                step=lambda done: line.show(f"{done} of {count} queries"),
            )
        finally:
            line.clear()


def _lines(measured: Run, judgments: Judgments, *, worst: int) -> Iterator[str]:
    means, interval = measured.means(), measured.interval()
    count, answered = len(measured.results), means["answered"]
    yield f"{_queries(count)} on {measured.generation}" + (
        "" if measured.expand else ", searched as they are"
    )
    if judgments.unanswered:
        yield dim(f"{judgments.unanswered} more have no relevant page and are left out")
    yield from table(
        (label, f"{means[name]:.3f}", _between(*interval) if name == "ndcg@10" else "")
        for name, label in _LABELS.items()
    )
    unfound = [result for result in measured.results if not result.total]
    rescued = sum(result.suggestion is not None for result in unfound)
    found_none = f"{_queries(len(unfound))}, {rescued} with a suggestion"
    yield f"  no hits     {1 - answered:.1%} ({found_none})"
    if measured.missing:
        shown = ", ".join(map(printable, measured.missing[:_SHOWN_MISSING]))
        more = ", …" if len(measured.missing) > _SHOWN_MISSING else ""
        yield f"  judged pages that are not in the index: {len(measured.missing)} ({shown}{more})"
    if traits := measured.by_trait():
        yield "nDCG@10 by trait:"
        yield from table(
            (trait, f"{mean:.3f}", _queries(queries)) for trait, (queries, mean) in traits.items()
        )
    if shown_worst := measured.worst(worst):
        yield "worst:"
        for result in shown_worst:
            yield from _query_lines(result, missing=measured.missing)


def _query_lines(result: QueryResult, *, missing: tuple[str, ...]) -> Iterator[str]:
    note = " (some of the words)" if result.relaxed else ""
    yield f"  {result.measure('ndcg@10'):.3f}  {bold(printable(result.query))}{dim(note)}"
    first = result.first[0] if result.first else "no hits"
    if result.suggestion:
        first += f"; suggests “{result.suggestion}”"
    yield f"         first   {printable(first)}"
    wanted = sorted(
        (page for page in result.judged if page.grade), key=lambda page: (-page.grade, page.page)
    )
    for page in wanted[:_SHOWN_WANTED]:
        place = f"rank {page.rank}" if page.rank else f"not among the first {DEPTH}"
        if page.page in missing:
            place = "not in the index"
        yield f"         wanted  {printable(page.page)}  {dim(f'grade {page.grade}, {place}')}"


def _comparison_lines(comparison: Comparison | None, *, shown: int) -> Iterator[str]:
    if comparison is None:
        yield "the runs have no query in common that is judged alike: nothing to compare"
        return
    same = len(comparison.differences) - comparison.better - comparison.worse
    yield (
        f"against {comparison.before}: nDCG@10 {comparison.gain:+.3f} "
        f"({_between(*comparison.interval, sign='+')}), p = {comparison.p_value:.3f}; "
        f"{comparison.better} better, {comparison.worse} worse, {same} the same"
    )
    if comparison.left_out:
        yield dim(f"{comparison.left_out} more are in one run only, or judged differently")
    for difference in comparison.differences[:shown]:
        if not difference.gain:
            return
        yield f"  {difference.gain:+.3f}  {bold(printable(difference.now.query))}"
        for what, result in (("before", difference.before), ("now", difference.now)):
            yield f"          {what:6} {printable(result.first[0] if result.first else 'no hits')}"


def _queries(count: int) -> str:
    return f"{count} query" if count == 1 else f"{count} queries"


def _between(low: float, high: float, *, sign: str = "") -> str:
    return f"95 %: {low:{sign}.3f} to {high:{sign}.3f}"


def _plain(measured: Run, judgments: Judgments, comparison: Comparison | None) -> dict[str, object]:
    plain: dict[str, object] = {
        "generation": measured.generation,
        "expand": measured.expand,
        "queries": len(measured.results),
        "unanswered": judgments.unanswered,
        "measures": measured.means(),
        "zero_hits": 1 - measured.means()["answered"],
        "interval": {"ndcg@10": list(measured.interval())},
        "traits": {
            trait: {"queries": queries, "ndcg@10": mean}
            for trait, (queries, mean) in measured.by_trait().items()
        },
        "missing": measured.missing,
        "results": [
            {
                "q": result.query,
                "measures": {name: result.measure(name) for name in MEASURES},
                "total": result.total,
                "relaxed": result.relaxed,
                "suggestion": result.suggestion,
                "first": result.first,
                "judged": result.judged,
            }
            for result in measured.results
        ],
    }
    if comparison:
        plain["comparison"] = {
            "before": comparison.before,
            "ndcg@10": comparison.gain,
            "interval": list(comparison.interval),
            "p": comparison.p_value,
            "left_out": comparison.left_out,
            "differences": [
                {"q": difference.now.query, "ndcg@10": difference.gain}
                for difference in comparison.differences
            ],
        }
    return plain


def _count(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number")
    return int(text)
