"""Show what is in service, what is in the store, and how the last runs went.

Examples:
  samsok status
  samsok status --runs 1 --json
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from indexer import config
from indexer.cli.terminal import print_json, printable, table
from indexer.jobs import Status, status
from indexer.jobs.status import age

if TYPE_CHECKING:
    import argparse
    from collections.abc import Mapping


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok status` takes."""
    parser.add_argument("--runs", type=int, default=5, help="how many runs to show (default: 5)")


def run(args: argparse.Namespace) -> int:
    """Print the status."""
    found = status(config.load(args.config), runs=max(0, args.runs))
    if args.json:
        print_json(found.plain())
    else:
        print("\n".join(_lines(found, now=dt.datetime.now(dt.UTC))))
    return 0


def _lines(found: Status, *, now: dt.datetime) -> list[str]:
    if found.current is None:
        lines = ["nothing is published yet; run `samsok reindex`"]
    else:
        lines = ["generations:"]
        lines += table(
            (
                generation.name,
                generation.documents,
                "documents",
                age(generation.created, now=now),
                "in service" if generation.name == found.current else "",
            )
            for generation in reversed(found.generations)
        )
    if found.sources:
        lines.append("sources:")
        lines += table((source.name, source.documents, "documents") for source in found.sources)
    if found.runs:
        lines.append("last runs:")
        lines += table(
            (
                run.at.strftime("%Y-%m-%d %H:%M"),
                run.report.get("job", ""),
                run.report.get("outcome", ""),
                _remark(run.report),
            )
            for run in found.runs
        )
    return lines


def _remark(report: Mapping[str, Any]) -> str:
    """Return why a run failed or was not published, or why it was all the same."""
    if problem := report.get("problem"):
        return printable(problem)
    objections = "; ".join(report.get("objections", ()))
    forced = report.get("forced")
    return f"by force, {forced}: {objections}" if forced and objections else objections
