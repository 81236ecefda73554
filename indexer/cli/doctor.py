"""Look at everything a search depends on: what is wrong, what it means, what to do.

Checks the configuration, the data directory and its free space, every store, every generation of
the index (all of its files are read), what is hidden, what killed jobs have left, the clock, a job
that hangs, the age of the last success, and the robots.txt of each source's host: does it answer,
may we fetch where we begin? Nothing is changed, and no running job is disturbed.

Examples:
  samsok doctor
  samsok doctor --offline             asks no host
  samsok doctor --json

exit codes: 0 nothing is wrong (warnings are told); 1 something is.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from indexer.cli.terminal import bold, dim, print_json, printable
from indexer.jobs.doctor import Checkup, doctor

if TYPE_CHECKING:
    import argparse

_MARKS = {"ok": "ok", "warning": "warning", "problem": "PROBLEM"}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok doctor` takes."""
    parser.add_argument(
        "--offline", action="store_true", help="do not ask the hosts of the sources"
    )


def run(args: argparse.Namespace) -> int:
    """Print what was found."""
    found = doctor(args.config, now=dt.datetime.now(dt.UTC), online=not args.offline)
    if args.json:
        print_json(found.plain())
    else:
        print("\n".join(_lines(found)))
    return 0 if found.is_well else 1


def _lines(found: Checkup) -> list[str]:
    width = max(len(finding.check) for finding in found.findings)
    lines = []
    for finding in found.findings:
        mark = _MARKS[finding.state].ljust(7)
        shown = mark if finding.state == "ok" else bold(mark)
        lines.append(f"{shown}  {finding.check.ljust(width)}  {printable(finding.said)}")
        if finding.advice:
            lines.append(f"{' ' * (width + 11)}{dim(printable(finding.advice))}")
    warnings = sum(finding.state == "warning" for finding in found.findings)
    more = f"; warnings: {warnings}" if warnings else ""
    lines.append(f"nothing is wrong{more}" if found.is_well else "something is wrong: see above")
    return lines
