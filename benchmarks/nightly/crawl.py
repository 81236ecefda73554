"""The second crawl of a large site of which little has changed: the cost must be that of change.

Once with pages that answer 304, once with pages that say nothing of their age.
"""

from __future__ import annotations

import asyncio
import resource
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.nightly import site
from indexer.config import Config, RecrawlSettings, WebsiteSource
from indexer.crawl import Crawler, ProcessReader
from indexer.model import HttpSettings
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from indexer.crawl import SourceReport


def main(*, pages: int, changed: int) -> None:
    """Crawl twice, with and without validators, and print what the second night cost."""
    print(f"{pages} known pages, {changed} of them changed")
    print(f"{'':8}{'read again':>12}{'not modified':>14}{'fetched':>9}{'wall s':>8}{'CPU s':>8}")
    for how in ("etag", "plain"):
        with site.served(pages=pages, changed=changed, how=how) as start:
            _two_nights(how, start)


def _two_nights(how: str, start: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crawl.db"
        asyncio.run(_crawl(start, path))
        site.change(start)
        began, cpu = time.monotonic(), _cpu_s()
        report = asyncio.run(_crawl(start, path))
        wall, spent = time.monotonic() - began, _cpu_s() - cpu
    # What is neither vouched for (304) nor the same byte for byte is read.
    read = report.added + report.changed + report.reextracted
    print(
        f"{how:8}{read:12}{report.not_modified:14}{report.fetched:9}{wall:8.1f}{spent:8.1f}",
        flush=True,
    )


async def _crawl(start: str, path: Path) -> SourceReport:
    http = HttpSettings(delay_s=0, per_host=16, concurrency=16)
    source = WebsiteSource(
        name="site",
        start=(start,),
        sitemaps="none",
        max_depth=100,
        max_pages=1_000_000,
        pattern_budget=1_000_000,
        http=http,
    )
    config = Config(
        path=path,
        user_agent="benchmark (+https://www.example.org/)",
        data_dir=path.parent,
        allow_private=("127.0.0.1",),
        sources=(source,),
        http=http,
        recrawl=RecrawlSettings(min_hours=0),
    )
    with DocumentStore.open(path) as store, ProcessReader() as reader:
        return (await Crawler(config, store, reader=reader).run()).sources[0]


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime
