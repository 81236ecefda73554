"""Crawl, build a new index, look at it, and publish it. Safe to run every night.

Fetches what the sources publish (what is due, and only what changed), reads it, and
builds a new generation of the index beside the one in service. The new one is published only if
it passes the gate of the configuration: not too many documents gone, in all or of one source,
every canary query finds its page, and judged searches find theirs as well as they must. One that
is refused is kept, and the report shows what it does otherwise: `samsok publish` looks at it
again. A site that is down keeps its documents. When nothing changed, nothing is published.

Examples:
  samsok reindex                          all sources
  samsok reindex --source nyheter         crawl one source only
  samsok reindex --full                   ask for every page, due or not
  samsok reindex --from-store             no request: read the stored pages again, rebuild
  samsok reindex --from-store --update    as every night after crawls of shards, or an import
  samsok reindex --from-store --store a/crawl-1-of-2.db --store b/crawl-2-of-2.db
  samsok reindex --dry-run                list what is due, and do nothing
  samsok reindex --full --dry-run         list everything that would be asked for then
  samsok reindex --force "the news archive was closed"

exit codes: 0 done; 1 a whole source failed; 3 the new index was refused, the old one goes on
serving; 75 another job is running.
"""

from __future__ import annotations

import argparse
from pathlib import Path

from indexer import config
from indexer.cli.planning import DRY_RUN, print_plan
from indexer.cli.progress import FULL, JobProgress, chosen_sources
from indexer.cli.stopping import stoppable
from indexer.cli.terminal import print_json, printable
from indexer.errors import ConfigError, ConfigProblem
from indexer.jobs import Reindex

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
    parser.add_argument(
        "--update",
        action="store_true",
        help="with --from-store: build on the index in service where little changed, as a run that "
        "crawls does; nothing at all where nothing did",
    )
    parser.add_argument(
        "--store",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="with --from-store: index this store, with the others that are named (repeatable; "
        "default: the shards in data_dir, or its one store)",
    )
    parser.add_argument("--dry-run", action="store_true", help=DRY_RUN)
    parser.add_argument("--full", action="store_true", help=FULL)
    parser.add_argument(
        "--force",
        type=_reason,
        metavar="REASON",
        help="publish whatever the gate finds; the report keeps the reason",
    )


def run(args: argparse.Namespace) -> int:
    """Run the job and print its report."""
    loaded = config.load(args.config)
    sources = chosen_sources(loaded, args.source)
    if args.from_store and (args.dry_run or args.full):
        option, what = ("--dry-run", "listed") if args.dry_run else ("--full", "asked for in full")
        message = f"--from-store sends no request, so that nothing can be {what}; leave one out"
        raise ConfigError(str(loaded.path), (ConfigProblem(key=option, message=message),))
    if not args.from_store and (args.store or args.update):
        option, what = (
            ("--store", "is read only")
            if args.store
            else ("--update", "is what a crawl does anyway")
        )
        problem = ConfigProblem(key=option, message=f"{what}; add --from-store, or leave it out")
        raise ConfigError(str(loaded.path), (problem,))
    if args.dry_run:
        print_plan(loaded, sources, full=args.full, as_json=args.json)
        return _DONE
    with stoppable(), JobProgress() as progress:
        report = Reindex(loaded, watcher=progress).run(
            from_store=args.from_store,
            update=args.update,
            sources=sources,
            full=args.full,
            forced=args.force,
            stores=tuple(args.store),
        )
    if args.json:
        print_json(report.plain())
    else:
        print("\n".join(map(printable, report.lines())))
    if report.outcome == "refused":
        return _REFUSED
    return _FAILED if report.failed_sources else _DONE


def _reason(text: str) -> str:
    """Return the reason in one line: it is kept, and shown in tables."""
    reason = printable(text).strip()
    if not reason:
        raise argparse.ArgumentTypeError("say why: the report keeps it")
    return reason
