"""Take in pages that another crawler fetched, from WARC files (ISO 28500).

What StormCrawler, Nutch, Heritrix, wget --warc-file or `samsok export` wrote is read as if it had
been fetched now: scope, site rules, limits and noindex of the configuration hold. No request is
sent; links that come to light wait for the next crawl, which also heeds robots.txt. A page that
the store has seen later than the file is left alone. `samsok reindex --from-store` indexes it.

Examples:
  samsok import crawl-00001.warc.gz crawl-00002.warc.gz
  samsok import pages.warc.gz --source samverkan
  samsok import pages.warc.gz --shard 2/4       only what falls to that shard

exit codes: 0 done; records that cannot be used stand in the report; 1 nothing in the files could
be used; 2 a file is not there; 75 another job is running.
"""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.progress import chosen_sources
from indexer.cli.sharding import add_shard, opened_store, run_of
from indexer.cli.stopping import stoppable
from indexer.cli.terminal import ProgressLine, print_json, printable
from indexer.crawl import ArchiveImport
from indexer.errors import RequestUnclear, StoreError
from indexer.jobs.conclusion import accounted, conclude
from indexer.jobs.reports import report_lines

if TYPE_CHECKING:
    import argparse

    from indexer.config import Config
    from indexer.crawl import ImportReport
    from indexer.store import DocumentStore


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok import` takes."""
    parser.add_argument("files", nargs="+", type=Path, metavar="FILE", help=".warc or .warc.gz")
    parser.add_argument(
        "--source", action="append", metavar="NAME", help="only into this source (repeatable)"
    )
    add_shard(parser, help="import only what falls to shard I of N, into the store of that")


def run(args: argparse.Namespace) -> int:
    """Import the files and print the report."""
    loaded = config.load(args.config)
    sources = chosen_sources(loaded, args.source)
    _refuse_what_is_missing(args.files)
    begun = run_of("import", args.shard)
    within = accounted(loaded, begun)
    with stoppable(), opened_store(loaded, args.shard, within=within) as (store, _):
        report = _imported(loaded, store, args.files, sources)
        told = {**begun, **report.plain()}
        warnings = conclude(loaded, told)
    if args.json:
        print_json(report.plain())
    else:
        print("\n".join(map(printable, report_lines(told | {"warnings": warnings}))))
    return 0 if report.pages or report.redirects else 1


def _imported(
    loaded: Config, store: DocumentStore, files: list[Path], sources: tuple[str, ...] | None
) -> ImportReport:
    line = ProgressLine()
    job = ArchiveImport(
        loaded, store, show=lambda done: line.show(f"importing: {done} records done")
    )
    try:
        return asyncio.run(job.run(files, sources))
    except OSError as error:
        raise StoreError(
            f"{error.filename or 'a file'} cannot be read: {error.strerror or error}; what was "
            "imported before is kept, and importing again does nothing twice"
        ) from error
    finally:
        line.clear()


def _refuse_what_is_missing(files: list[Path]) -> None:
    if missing := [file for file in files if not file.is_file()]:
        raise RequestUnclear(f"there is no file {missing[0]}; nothing was imported")
