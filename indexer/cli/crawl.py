"""Fetch what the sources publish into the store, and index nothing.

`samsok reindex` does this and the rest. A crawl that is killed goes on where it was.

Examples:
  samsok crawl
  samsok crawl --dry-run
  samsok crawl --source samverkan -v
"""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.planning import DRY_RUN, print_plan
from indexer.cli.progress import FULL, JobProgress, chosen_sources
from indexer.cli.terminal import print_json, printable
from indexer.crawl import Crawler
from indexer.jobs import job_lock
from indexer.jobs.conclusion import record
from indexer.store import DocumentStore

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok crawl` takes."""
    parser.add_argument(
        "--source", action="append", metavar="NAME", help="only this source (repeatable)"
    )
    parser.add_argument("--full", action="store_true", help=FULL)
    parser.add_argument("--dry-run", action="store_true", help=DRY_RUN)


def run(args: argparse.Namespace) -> int:
    """Crawl and print the report."""
    loaded = config.load(args.config)
    sources = chosen_sources(loaded, args.source)
    if args.dry_run:
        print_plan(loaded, sources, as_json=args.json)
        return 0
    with (
        job_lock(loaded.data_dir),
        DocumentStore.open(loaded.data_dir / "crawl.db") as store,
        JobProgress() as progress,
    ):
        report = asyncio.run(Crawler(loaded, store, progress=progress, full=args.full).run(sources))
        record(loaded, store, {"job": "crawl", **report.to_json()})
    if args.json:
        print_json(report.to_json())
    else:
        print("\n".join(map(printable, report.lines())))
    return 1 if report.failed_sources else 0
