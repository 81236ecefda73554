"""Show the report of a run again, whole: one that ended well, was refused, or failed.

Reports are kept for 400 days; of each job and shard 1000 at most, and the last ten for good.
Without a number it is the last run; --list names them.

Examples:
  samsok report
  samsok report 41 --json
  samsok report --list
  samsok report last --notify         tell it to those whom `notify` names: to try that out

exit codes: 0 done; 1 there is no report yet, or --notify did not reach all; 2 there is no such run.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.terminal import print_json, printable, table
from indexer.counting import counted
from indexer.errors import ConfigError, ConfigProblem, RunUnknown, StoreError
from indexer.jobs.notify import tell
from indexer.jobs.reports import job_of, numbers, outcome_of, remark, report_lines
from indexer.jobs.stores import catch_up
from indexer.jobs.switch import WHOLE
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.config import Config
    from indexer.store import StoredRun

_DONE, _FAILED = 0, 1


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok report` takes."""
    parser.add_argument(
        "run",
        nargs="?",
        type=_number,
        metavar="RUN",
        help="the number of a run, or `last` (default: last)",
    )
    what = parser.add_mutually_exclusive_group()
    what.add_argument("--list", action="store_true", help="list the runs whose reports are kept")
    what.add_argument(
        "--notify", action="store_true", help="send it to those whom the configuration names"
    )


def run(args: argparse.Namespace) -> int:
    """Print a report, or which there are."""
    loaded = config.load(args.config)
    runs = _kept(loaded, args.run, all_of_them=args.list)
    if args.notify:
        return _notify(loaded, runs[0])
    if args.json:
        plain = [{"id": it.id, "at": it.at.isoformat(), "report": dict(it.report)} for it in runs]
        print_json({"runs": plain} if args.list else plain[0])
    else:
        lines = _table(runs) if args.list else _lines(runs[0])
        print("\n".join(printable(line) for line in lines))
    return _DONE


def _number(text: str) -> int | None:
    """Return the number of a run, or None for the last."""
    if text == "last":
        return None
    if not text.removeprefix("#").isdecimal() or len(text) > 12:  # noqa: PLR2004 - it is no number of ours
        raise argparse.ArgumentTypeError(f"{text!r} is not the number of a run, nor `last`")
    return int(text.removeprefix("#"))


def _kept(loaded: Config, number: int | None, *, all_of_them: bool) -> list[StoredRun]:
    """Return the reports that are wanted, the newest first; there is at least one."""
    catch_up(loaded)
    path = loaded.data_dir / WHOLE
    runs: list[StoredRun] = []
    if path.exists():
        with DocumentStore.open(path) as store:
            if number is None:
                runs = store.runs(None if all_of_them else 1)
            elif one := store.run(number):
                runs = [one]
            else:
                raise RunUnknown(
                    f"no report of a run {number} is kept; `samsok report --list` names those that "
                    "are"
                )
    if not runs:
        raise StoreError("no run has ended yet; `samsok reindex` leaves a report")
    return runs


def _lines(run: StoredRun) -> Iterator[str]:
    told = numbers(run)
    yield (
        f"run {run.id}: {job_of(run.report)}, {told.outcome}, "
        f"{told.started:%Y-%m-%d %H:%M} to {told.finished:%H:%M} UTC"
    )
    yield from report_lines(run.report)


def _table(runs: Sequence[StoredRun]) -> list[str]:
    rows = []
    for run in runs:
        told = numbers(run)
        documents = "" if told.documents is None else counted(told.documents, "document")
        changes = f"+{told.added} ~{told.changed} -{told.removed}"
        when = f"{told.started:%Y-%m-%d %H:%M}"
        job, outcome, said = job_of(run.report), outcome_of(run.report), remark(run.report)
        rows.append((f"#{run.id}", when, job, outcome, documents, changes, said))
    return table(rows, indent="")


def _notify(loaded: Config, run: StoredRun) -> int:
    notify = loaded.notify
    if not (notify.webhook or notify.command):
        message = "names nobody; set notify.webhook or notify.command first"
        raise ConfigError(str(loaded.path), (ConfigProblem(key="notify", message=message),))
    warnings = tell(loaded, run.report, "test", run=run.id)
    told = " and ".join(
        name for name, it in (("webhook", notify.webhook), ("command", notify.command)) if it
    )
    print("\n".join(warnings) or f"the report of run {run.id} was taken by the {told}")
    return _FAILED if warnings else _DONE
