"""Show what is in service, how old each source is, how the last runs went, what cannot be had.

A source that was not there keeps its documents; since when is told. With --check the answer is
the exit code, for a monitor; with --prometheus it is a file for the textfile collector of
Prometheus' node_exporter, written in one step.

Examples:
  samsok status
  samsok status --runs 1 --json
  samsok status --check --max-age-hours 36
  samsok status --prometheus /var/lib/prometheus/node-exporter/samsok.prom

exit codes: 0 done; 1 with --check: no run has ended well for too long, or nothing is in service.
"""

from __future__ import annotations

import argparse
import datetime as dt
from pathlib import Path
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.terminal import print_json, printable, table
from indexer.engine.upkeep import BUSY, UNREADABLE
from indexer.engine.versions import RENEWED, is_older
from indexer.jobs import Status, status
from indexer.jobs.cluster import told
from indexer.jobs.reports import job_of, outcome_of, remark
from indexer.jobs.status import age, span
from indexer.jobs.textfile import write_textfile

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.engine import Generation, RunUpkeep, ShardUpkeep, SourceUpkeep, Upkeep

_FRESH, _STALE = 0, 1
_BARS = "▁▂▃▄▅▆▇█"
_REASONS = 8


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok status` takes."""
    parser.add_argument(
        "--runs", type=_number, default=5, metavar="N", help="how many runs to show (default: 5)"
    )
    parser.add_argument(
        "--check", action="store_true", help="end with 1 when no run has ended well for too long"
    )
    parser.add_argument(
        "--max-age-hours",
        type=_hours,
        default=48.0,
        metavar="N",
        help="how long is too long for --check (default: 48)",
    )
    parser.add_argument(
        "--prometheus", type=Path, metavar="FILE", help="write metrics for node_exporter to FILE"
    )


def run(args: argparse.Namespace) -> int:
    """Print the status."""
    found = status(config.load(args.config), runs=args.runs)
    now = dt.datetime.now(dt.UTC)
    if args.prometheus:
        write_textfile(args.prometheus, found)
    stale = _stale(found, now=now, limit=dt.timedelta(hours=args.max_age_hours))
    if args.json:
        print_json(found.plain() | ({"stale": stale} if args.check else {}))
    elif args.check:
        print(stale or "fresh")
    elif not args.prometheus:
        print("\n".join(_lines(found, now=now)))
    return _STALE if args.check and stale else _FRESH


def _number(text: str) -> int:
    if not text.isdecimal():
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of runs, 0 or more")
    return int(text)


def _hours(text: str) -> float:
    try:
        hours = float(text)
    except ValueError:
        hours = -1
    if not 0 < hours <= 24 * 365:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number of hours, more than 0")
    return hours


def _stale(found: Status, *, now: dt.datetime, limit: dt.timedelta) -> str:
    """Return why the index is too old, or "" when it is not."""
    if found.in_service is None:
        return "STALE: nothing is in service; run `samsok reindex`"
    succeeded = found.upkeep.succeeded if found.upkeep else None
    if succeeded is None:
        return "STALE: no run has ended well; `samsok report` shows the last"
    if now - succeeded > limit:
        long = span(now - succeeded)
        return f"STALE: no run has ended well for {long}; `samsok report` shows the last"
    return ""


def _lines(found: Status, *, now: dt.datetime) -> Iterator[str]:
    if found.current is None:
        shared = found.upkeep and found.upkeep.shards
        yield f"nothing is published yet; run `samsok reindex{' --from-store' if shared else ''}`"
    else:
        yield "generations:"
        yield from table(
            (
                generation.name,
                generation.documents,
                _documents(generation.documents),
                age(generation.created, now=now),
                _standing(generation, found.current),
            )
            for generation in reversed(found.generations)
        )
    if found.cluster:
        yield f"cluster: {told(found.cluster)}"
    if found.upkeep:
        yield "sources:"
        yield from _source_lines(found, found.upkeep.sources, now=now)
        yield from _shard_lines(found.upkeep.shards, now=now)
        yield from _run_lines(found, found.upkeep, now=now)
    if found.failing:
        yield "cannot be had:"
        yield from table(
            (failing.count, failing.reason, f"such as {printable(failing.example)}")
            for failing in found.failing[:_REASONS]
        )
        yield "  `samsok explain URL` says more of any of them"


def _source_lines(
    found: Status, sources: Sequence[SourceUpkeep], *, now: dt.datetime
) -> Iterator[str]:
    yield from table(
        (source.name, source.documents, _documents(source.documents), _reached(source, now=now))
        for source in sources
    )
    for source in sources:
        if source.problem and (detail := found.details.get(source.name)):
            yield f"  {source.name}: {printable(detail)}"


def _reached(source: SourceUpkeep, *, now: dt.datetime) -> str:
    if source.tried is None:
        return "never crawled"
    if not source.problem:
        return f"reached {age(source.reached, now=now)}" if source.reached else ""
    if source.reached is None:
        return f"NEVER REACHED: {source.problem}"
    long = span(now - source.reached)
    return f"NOT REACHED for {long}: {source.problem}; its documents are kept"


def _shard_lines(shards: Sequence[ShardUpkeep], *, now: dt.datetime) -> Iterator[str]:
    if shards:
        yield "shards of the crawl (a page that two of them hold counts for both):"
        yield from table(
            (shard.name, shard.documents, _documents(shard.documents), _ran(shard, now=now))
            for shard in shards
        )
    if any(not shard.is_there for shard in shards):
        yield "  nothing is indexed here until each is there; `samsok doctor` says what to do"


def _ran(shard: ShardUpkeep, *, now: dt.datetime) -> str:
    ended = age(shard.ran, now=now) if shard.ran else ""
    if shard.outcome == UNREADABLE:
        return "CANNOT BE READ: `samsok doctor` says why"
    if shard.outcome == BUSY:
        return "another process holds on to its store: its numbers are not here; look again later"
    if shard.is_there:
        outcome = shard.outcome.upper() if shard.is_failing else shard.outcome
        return f"{outcome} {ended}" if ended else "its first run has not ended yet"
    if shard.ran:
        return f"ITS STORE IS NOT THERE; last {shard.outcome} {ended}"
    return "has not run here, and its store is not here"


def _run_lines(found: Status, upkeep: Upkeep, *, now: dt.datetime) -> Iterator[str]:
    if found.runs:
        yield "last runs:"
        numbers = {run.id: run for run in upkeep.runs}
        yield from table(
            (
                f"#{run.id}",
                run.at.strftime("%Y-%m-%d %H:%M"),
                job_of(run.report),
                outcome_of(run.report),
                _changes(numbers.get(run.id)),
                printable(remark(run.report)),
            )
            for run in found.runs
        )
    counts = [
        run.documents
        for run in reversed(upkeep.runs)
        if run.documents is not None and run.outcome in {"published", "unchanged"}
    ]
    if len(counts) > 1:
        yield f"documents over the last {len(counts)} runs:"
        yield f"  {counts[0]} {_spark(counts)} {counts[-1]}"
    if upkeep.runs and (last := upkeep.succeeded):
        yield f"the last run that ended well: {age(last, now=now)}"
    if found.runs:
        yield "`samsok report` shows a whole run"


def _documents(number: int) -> str:
    return "document" if number == 1 else "documents"


def _changes(run: RunUpkeep | None) -> str:
    return f"+{run.added} ~{run.changed} -{run.removed}" if run else ""


def _spark(counts: Sequence[int]) -> str:
    """Return numbers as a row of bars, the least the lowest: what is small shows, too."""
    least, most = min(counts), max(counts)
    top = len(_BARS) - 1
    return "".join(_BARS[round((count - least) / max(1, most - least) * top)] for count in counts)


def _standing(generation: Generation, current: str | None) -> str:
    """Return whether a generation serves, and whether it would be built otherwise now."""
    if generation.name != current:
        return ""
    return f"in service; {RENEWED}" if is_older(generation) else "in service"
