"""Put a generation into service that is built but does not serve, such as one that was refused.

The gate of the configuration looks at it again (documents lost, canary queries, evaluation): the
configuration may have changed since. What it finds is shown. With --force it is not asked; that
it was published so stands in the report that `samsok status` shows.

Examples:
  samsok publish                      the newest generation
  samsok publish gen-000042 --force   this one, whatever the gate says

exit codes: 0 done; 1 there is none, or it is damaged; 2 there is no such generation;
3 it was refused, and what served goes on serving; 75 another job is running.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.rollback import serving
from indexer.cli.terminal import print_json, printable
from indexer.jobs.publishing import Refused, publish

if TYPE_CHECKING:
    import argparse

_DONE, _REFUSED = 0, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok publish` takes."""
    parser.add_argument("generation", nargs="?", metavar="GENERATION", help="default: the newest")
    parser.add_argument("--force", action="store_true", help="do not ask the gate")


def run(args: argparse.Namespace) -> int:
    """Publish and say what serves now."""
    done = publish(config.load(args.config), args.generation, force=args.force)
    if args.json:
        print_json(done.plain())
    elif isinstance(done, Refused):
        print(f"NOT published: {done.generation.name}, and the old index goes on serving")
        print("\n".join(f"  because {printable(objection)}" for objection in done.objections))
        print("\n".join(map(printable, done.verdict.lines())))
    else:
        print("\n".join(serving(done)))
    return _REFUSED if isinstance(done, Refused) else _DONE
