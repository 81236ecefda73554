"""Fetch what the sources publish into the store, and index nothing.

`samsok reindex` does this and the rest. A crawl that is killed goes on where it was.

Examples:
  samsok crawl
  samsok crawl --dry-run
  samsok crawl --source samverkan -v
  samsok crawl --shard 2/4            only the hosts that fall to the second of four crawls
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.planning import DRY_RUN, print_plan
from indexer.cli.progress import FULL, JobProgress, chosen_sources
from indexer.cli.sharding import add_shard, opened_store, run_of
from indexer.cli.stopping import stoppable
from indexer.cli.terminal import print_json, printable
from indexer.crawl import Crawler
from indexer.engine import open_index
from indexer.errors import ConfigError, ConfigProblem
from indexer.jobs.conclusion import accounted, conclude
from indexer.jobs.erasure import settle
from indexer.jobs.reports import report_lines

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok crawl` takes."""
    parser.add_argument(
        "--source", action="append", metavar="NAME", help="only this source (repeatable)"
    )
    parser.add_argument("--full", action="store_true", help=FULL)
    add_shard(
        parser, help="crawl only the hosts that fall to shard I of N, into a store of its own"
    )
    parser.add_argument(
        "--handover",
        type=Path,
        metavar="DIR",
        help="where shards tell each other of URLs (default: handover in data_dir)",
    )
    parser.add_argument("--dry-run", action="store_true", help=DRY_RUN)


def run(args: argparse.Namespace) -> int:
    """Crawl and print the report."""
    loaded = config.load(args.config)
    sources = chosen_sources(loaded, args.source)
    if args.handover and args.shard is None:
        problem = ConfigProblem(key="--handover", message="is between shards; add --shard i/n")
        raise ConfigError(str(loaded.path), (problem,))
    if args.dry_run:
        print_plan(loaded, sources, full=args.full, as_json=args.json, shard=args.shard)
        return 0
    begun = run_of("crawl", args.shard)
    with (
        stoppable(),
        opened_store(
            loaded, args.shard, within=accounted(loaded, begun), handover=args.handover
        ) as (store, handing),
        JobProgress() as progress,
    ):
        index = open_index(loaded.index.plain(), loaded.data_dir / "index")
        settle([store], index, loaded.data_dir, alone=True)
        crawler = Crawler(loaded, store, handing=handing, progress=progress, full=args.full)
        report = asyncio.run(crawler.run(sources))
        told = {**begun, **report.to_json()}
        warnings = conclude(loaded, told)
    if args.json:
        print_json(report.to_json())
    else:
        print("\n".join(map(printable, report_lines(told | {"warnings": warnings}))))
    return 1 if report.failed_sources else 0
