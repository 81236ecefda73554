"""Write the stored pages into a WARC file (ISO 28500), which other crawlers and archives read.

Pages are written as they were understood, decompressed, with their validators; where a URL led
to another, that. `samsok import` takes such a file in. It sends no request and disturbs no job.
The file holds whole pages, with the persons they name: `samsok forget` does not reach into it.

Examples:
  samsok export --warc pages.warc.gz
  samsok export --warc nyheter.warc.gz --source nyheter
"""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.progress import chosen_sources
from indexer.cli.terminal import ProgressLine, print_json
from indexer.jobs.warc_export import export_archive

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok export` takes."""
    parser.add_argument(
        "--warc", type=Path, required=True, metavar="FILE", help="the file to write (.warc.gz)"
    )
    parser.add_argument(
        "--source", action="append", metavar="NAME", help="only this source (repeatable)"
    )
    parser.add_argument(
        "--store",
        action="append",
        type=Path,
        default=[],
        metavar="FILE",
        help="the store to read (repeatable; default: those in data_dir)",
    )


def run(args: argparse.Namespace) -> int:
    """Write the file and say what is in it."""
    loaded = config.load(args.config)
    sources = chosen_sources(loaded, args.source)
    line = ProgressLine()
    report = export_archive(
        loaded,
        args.warc,
        stores=tuple(args.store),
        sources=sources,
        show=lambda done: line.show(f"writing {args.warc.name}: {done} records"),
    )
    line.clear()
    if args.json:
        print_json(report.plain())
    else:
        print(
            f"{report.file}: {report.pages} pages, {report.redirects} redirects, "
            f"{report.records} records of repositories, {report.bytes / 1e6:.1f} MB"
        )
    return 0
