"""Put an older generation of the index into service again.

Without a name it is the newest one before that which serves now; damaged ones are passed over.
Every file of it is read first. Readers follow within a second, and no search fails. It lasts
until the next `samsok reindex`, which publishes what the store holds. That somebody rolled back
stands in the report that `samsok status` shows.

Examples:
  samsok rollback                     the generation before
  samsok rollback gen-000041          this one (`samsok status` lists them)

exit codes: 0 done; 1 nothing to go back to, or it is damaged; 2 there is no such generation;
75 another job is running.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.terminal import print_json
from indexer.counting import counted
from indexer.jobs.publishing import Published, rollback

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok rollback` takes."""
    parser.add_argument(
        "generation", nargs="?", metavar="GENERATION", help="default: the one before"
    )


def run(args: argparse.Namespace) -> int:
    """Roll back and say what serves now."""
    done = rollback(config.load(args.config), args.generation)
    if args.json:
        print_json(done.plain())
    else:
        print("\n".join(serving(done)))
    return 0


def serving(done: Published) -> list[str]:
    """Return lines that say what serves now."""
    lines = [f"passed over {name}: it is damaged" for name in done.damaged]
    name, documents = done.generation.name, counted(done.generation.documents, "document")
    if done.before == name:
        return [*lines, f"{name} was in service already: {documents}"]
    instead = f" instead of {done.before}" if done.before else ""
    return [*lines, f"{name} is in service{instead}: {documents}"]
