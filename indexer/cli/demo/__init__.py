"""Crawl a bundled site, search it, and serve the search page. Needs no configuration.

The site is shaped like a university's: partners, projects, news, people, and the awkward traits
of real pages. It is served on loopback and crawled like any other; its people are invented.

Examples:
  samsok demo                   then open http://127.0.0.1:8080/ ; Ctrl-C ends it
  samsok demo --once            stop after the searches
  samsok demo --keep here       keep configuration, store and index in the folder `here`
"""

from __future__ import annotations

import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.demo.searches import SEARCHES, DemoSearch
from indexer.cli.demo.server import DemoSite, demo_config
from indexer.cli.progress import JobProgress
from indexer.cli.stopping import stoppable
from indexer.cli.terminal import bold, dim, print_json, printable
from indexer.engine import Searcher, SearchRequest, open_index, search
from indexer.jobs import Reindex, ReindexReport

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterator

    from indexer.config import Config

_SHOWN = 3


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok demo` takes."""
    parser.add_argument("--once", action="store_true", help="stop after the searches")
    parser.add_argument("--port", type=int, default=8080, help="of the search page (default: 8080)")
    parser.add_argument("--keep", type=Path, metavar="FOLDER", help="keep what is built there")


def run(args: argparse.Namespace) -> int:
    """Crawl, index, search, and serve until interrupted."""
    started = time.monotonic()
    with stoppable(), DemoSite() as site, _folder(args.keep) as folder:
        path = folder / "crawl_config.yaml"
        path.write_text(demo_config(site.url, folder / "var"), encoding="utf-8")
        loaded = config.load(path)
        if not args.json:
            print(f"crawling the demo site at {site.url}")
        with JobProgress() as progress:
            report = Reindex(loaded, watcher=progress).run()
        index = open_index(loaded.index.plain(), loaded.data_dir / "index")
        with index.searcher() as searcher:
            found = [(asked, _hits(searcher, asked)) for asked in SEARCHES]
        if args.json:
            print_json(_plain(report, found))
        else:
            _show(report, found)
            print(dim(f"all of it in {time.monotonic() - started:.1f} s"))
        if args.once or report.failed_sources or report.objections:
            return 1 if report.failed_sources or report.objections else 0
        return _serve(loaded, port=args.port)


@contextmanager
def _folder(kept: Path | None) -> Iterator[Path]:
    if kept:
        kept.mkdir(parents=True, exist_ok=True)
        yield kept.resolve()
    else:
        with tempfile.TemporaryDirectory(prefix="samsok-demo-") as directory:
            yield Path(directory)


def _hits(searcher: Searcher, asked: DemoSearch) -> list[tuple[str, str, str]]:
    answer = search(searcher, SearchRequest(text=asked.query, limit=_SHOWN))
    return [
        (
            ranked.document.kind,
            ranked.document.title,
            "".join(
                bold(printable(piece.text)) if piece.marked else printable(piece.text)
                for piece in ranked.snippet.pieces
            ),
        )
        for ranked in answer.results
    ]


def _show(
    report: ReindexReport, found: list[tuple[DemoSearch, list[tuple[str, str, str]]]]
) -> None:
    print("\n".join(report.lines()))
    for asked, hits in found:
        print(f"\n{bold(asked.query)}   {dim(asked.why)}")
        for number, (kind, title, text) in enumerate(hits, start=1):
            print(f"  {number}. {printable(title)} {dim(f'({kind})')}")
            print(f"     {text}")
    print()


def _plain(
    report: ReindexReport, found: list[tuple[DemoSearch, list[tuple[str, str, str]]]]
) -> dict[str, object]:
    return {
        "reindex": report.plain(),
        "searches": [
            {"q": asked.query, "titles": [title for _, title, _ in hits]} for asked, hits in found
        ],
    }


def _serve(loaded: Config, *, port: int) -> int:
    """Serve in a process of its own: the API never shares one with the crawler."""
    command = [sys.executable, "-m", "indexer", "serve", "--config", str(loaded.path)]
    process = subprocess.Popen([*command, "--port", str(port)])  # noqa: S603 - our own command
    try:
        return process.wait()
    except KeyboardInterrupt:
        process.terminate()
        process.wait(timeout=15)
        return 0
