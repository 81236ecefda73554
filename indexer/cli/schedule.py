"""Write the files that run the job every night, and the search all day.

For systemd: a service and a timer for `samsok reindex`, a service for `samsok serve`, each with
as few rights as it can do with. For cron: a line that is silent when all is well. A run that
finds another one at work ends with exit code 75, and neither calls that a failure.

Nothing is installed: the files are printed, or written to --output, and what to do with them is
said. Paths are those of this installation and of --config.

Examples:
  samsok schedule systemd --user samsok
  samsok schedule systemd --user samsok --at 03:15 --output /etc/systemd/system
  samsok schedule cron --user samsok --output /etc/cron.d
  samsok schedule cron | crontab -            (replaces the crontab that you have)
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.terminal import print_json
from indexer.engine.durable import disk_errors, replace_file
from indexer.errors import ConfigError, ConfigProblem
from indexer.jobs.schedule import Installation, TimeOfDay, cron_files, systemd_files

if TYPE_CHECKING:
    from collections.abc import Mapping

_MAKERS = {"systemd": systemd_files, "cron": cron_files}

_NEXT = {
    "systemd": """\
next, as root:
  cp samsok-* /etc/systemd/system/          unless they are there already
  systemctl daemon-reload
  systemctl enable --now samsok-serve.service samsok-reindex.timer
  systemctl start samsok-reindex.service    the first run, now
then: systemctl list-timers samsok-reindex.timer; journalctl -u samsok-reindex -u samsok-serve""",
    "cron": """\
next: with --user, copy `samsok` to /etc/cron.d/ (owner root, mode 0644); without,
`crontab samsok.crontab` installs it in place of the crontab that you have. Set MAILTO to
somebody who reads it. `samsok serve` needs a service of its own, such as that of systemd.""",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok schedule` takes."""
    parser.add_argument("kind", choices=list(_MAKERS), help="what runs jobs on that machine")
    parser.add_argument("--user", metavar="NAME", help="who runs them (default: who installs them)")
    parser.add_argument(
        "--at", type=_time, default="02:30", metavar="HH:MM", help="when (default: 02:30)"
    )
    parser.add_argument("--output", type=Path, metavar="DIR", help="write the files there")


def run(args: argparse.Namespace) -> int:
    """Write the files, or print them, and say what is next."""
    loaded = config.load(args.config)
    files = _MAKERS[args.kind](Installation.of(loaded, user=args.user), args.at)
    if args.output:
        _write(args.output, files)
    if args.json:
        print_json({"files": files})
        return 0
    told = [f"wrote {args.output / name}\n" for name in files] if args.output else files.values()
    print("".join(told), end="")
    print(_NEXT[args.kind], file=sys.stdout if args.output else sys.stderr)
    return 0


def _write(place: Path, files: Mapping[str, str]) -> None:
    if not place.is_dir():
        message = f"{place} is not there; make it, or name another directory"
        raise ConfigError("samsok schedule", (ConfigProblem(key="--output", message=message),))
    with disk_errors(place):
        for name, text in files.items():
            replace_file(place / name, text.encode())


def _time(text: str) -> TimeOfDay:
    try:
        return TimeOfDay.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
