"""What a page costs on its whole way: fetched, read, stored, indexed; out into WARC and in again.

    python -m benchmarks.cost_per_page

Pages of 50 kB of three web systems, from a server on loopback, politeness off. CPU is that of the
crawler and its workers, not of the server. The plan in docs/SCALING.md multiplies these figures.
"""

from __future__ import annotations

import argparse
import asyncio
import contextlib
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

import psutil

from benchmarks.university_pages import SITE_RULE, VOCABULARY
from indexer.config import Config, RecrawlSettings, WebsiteSource
from indexer.crawl import ArchiveImport, Crawler, ProcessReader, StoreSet
from indexer.engine import open_index
from indexer.jobs.indexing import GenerationBuilder
from indexer.jobs.warc_export import export_archive
from indexer.model import HttpSettings
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Iterator

_SHARDS = 4


def main() -> None:
    """Take the pages the whole way and print what each step costs."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=3000)
    args = parser.parse_args()
    with (
        subprocess.Popen(
            [sys.executable, "-m", "benchmarks.crawl_site", str(args.pages)],
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ) as server,
        tempfile.TemporaryDirectory() as folder,
    ):
        assert server.stdout is not None
        start = f"http://127.0.0.1:{server.stdout.readline().strip()}/"
        try:
            _the_whole_way(_config(Path(folder), start))
        finally:
            server.kill()


def _config(folder: Path, start: str) -> Config:
    http = HttpSettings(delay_s=0, per_host=16, concurrency=16)
    source = WebsiteSource(
        name="site",
        start=(start,),
        sitemaps="none",
        max_depth=100,
        max_pages=1_000_000,
        pattern_budget=1_000_000,
        rules=(SITE_RULE,),
        http=http,
    )
    return Config(
        path=folder / "crawl_config.yaml",
        user_agent="benchmark (+https://www.example.org/)",
        data_dir=folder,
        allow_private=("127.0.0.1",),
        sources=(source,),
        http=http,
        recrawl=RecrawlSettings(min_hours=0),
        vocabulary=VOCABULARY,
    )


def _the_whole_way(config: Config) -> None:
    folder = config.data_dir
    crawled, warc = folder / "crawl.db", folder / "pages.warc.gz"
    step = asyncio.run(_crawl(config, crawled))
    _say("store", crawled.stat().st_size / step.count, "bytes/page")
    with _timed("export to WARC") as step:
        step.count = export_archive(config, warc).pages
    _say("WARC", warc.stat().st_size / step.count, "bytes/page")
    asyncio.run(_import(config, warc, folder / "imported.db"))
    _index(config, crawled)
    _merge(folder, crawled)


async def _crawl(config: Config, path: Path) -> _Step:
    with DocumentStore.open(path) as store, ProcessReader() as reader:
        with _timed("fetch, read, store", reader) as step:
            step.count = (await Crawler(config, store, reader=reader).run()).total("fetched")
        return step


async def _import(config: Config, warc: Path, path: Path) -> None:
    with (
        DocumentStore.open(path) as store,
        ProcessReader() as reader,
        _timed("import from WARC", reader) as step,
    ):
        step.count = (await ArchiveImport(config, store, reader=reader).run([warc])).pages


def _index(config: Config, crawled: Path) -> None:
    folder = config.data_dir
    with DocumentStore.open(crawled) as store, _timed("build the index") as step:
        index = open_index("whoosh", folder / "index")
        built = GenerationBuilder(index, vocabulary=config.vocabulary).build(store.documents)
        step.count = built.documents
    files = (path for path in (folder / "index").rglob("*") if path.is_file())
    _say("index", sum(path.stat().st_size for path in files) / step.count, "bytes/document")


def _merge(folder: Path, crawled: Path) -> None:
    """Read the documents of one store, and the same of four."""
    with contextlib.ExitStack() as stack:
        whole = stack.enter_context(DocumentStore.open(crawled))
        parts = [
            stack.enter_context(DocumentStore.open(folder / f"part-{number}.db"))
            for number in range(_SHARDS)
        ]
        for number, document in enumerate(whole.documents()):
            part = parts[number % _SHARDS]
            part.put(document, fingerprint="")
            part.similar.put(document.id, whole.similar.of(document.id))
        with _timed("read one store") as step:
            step.count = sum(1 for _ in whole.documents())
        with _timed("read four stores, twins sought") as step:
            step.count = StoreSet(parts).count()


class _Step:
    count = 0


@contextlib.contextmanager
def _timed(what: str, reader: ProcessReader | None = None) -> Iterator[_Step]:
    """Print the CPU per page of a step, its workers included; they must not have ended."""
    step = _Step()
    wall, own, workers = time.perf_counter(), time.process_time(), _workers_s()
    yield step
    cpu = time.process_time() - own + (_workers_s() - workers if reader else 0.0)
    wall = time.perf_counter() - wall
    print(
        f"{what:<32}{step.count:>8} pages {1000 * cpu / step.count:>8.2f} CPU ms each"
        f" {step.count / cpu:>8.0f} per CPU s {wall:>8.1f} s",
        flush=True,
    )


def _workers_s() -> float:
    children = [
        child
        for child in psutil.Process().children(recursive=True)
        if "benchmarks.crawl_site" not in child.cmdline()
    ]
    return sum(sum(child.cpu_times()[:2]) for child in children)


def _say(what: str, figure: float, unit: str) -> None:
    print(f"{what:<32}{figure:>8.0f} {unit}", flush=True)


if __name__ == "__main__":
    main()
