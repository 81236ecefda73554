"""Crawl, build a new index, look at it, and publish it. Safe to run every night.

Fetches what the sources publish (what is due, and only what changed), reads it, and
builds a new generation of the index beside the one in service. The new one is published only if
it passes the gate of the configuration: not too many documents gone, every canary query finds
its page. A site that is down keeps its documents. When nothing changed, nothing is published.

Examples:
  samsok reindex                          all sources
  samsok reindex --source nyheter         crawl one source only
  samsok reindex --full                   ask for every page, due or not
  samsok reindex --from-store             no request: read the stored pages again, rebuild

exit codes: 0 done; 1 a whole source failed; 3 the new index was refused, the old one goes on
serving; 75 another job is running.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.progress import FULL, JobProgress, chosen_sources
from indexer.cli.terminal import print_json
from indexer.jobs import Reindex

if TYPE_CHECKING:
    import argparse

_DONE, _FAILED, _REFUSED = 0, 1, 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok reindex` takes."""
    what = parser.add_mutually_exclusive_group()
    what.add_argument(
        "--source",
        action="append",
        metavar="NAME",
        help="crawl only this source; the index still holds all (repeatable)",
    )
    what.add_argument(
        "--from-store",
        action="store_true",
        help="send no request: read stored pages again where rules changed, and rebuild",
    )
    parser.add_argument("--full", action="store_true", help=FULL)


def run(args: argparse.Namespace) -> int:
    """Run the job and print its report."""
    loaded = config.load(args.config)
    sources = chosen_sources(loaded, args.source)
    with JobProgress() as progress:
        report = Reindex(loaded, watcher=progress).run(
            from_store=args.from_store, sources=sources, full=args.full
        )
    if args.json:
        print_json(report.plain())
    else:
        print("\n".join(report.lines()))
    if report.objections:
        return _REFUSED
    return _FAILED if report.failed_sources else _DONE
