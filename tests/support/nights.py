"""The four shards of a region that is crawled and indexed night after night, in this process."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest

from indexer import config
from indexer.cli.progress import JobProgress
from indexer.crawl import Crawler, Shard, ThreadReader
from indexer.engine import open_index
from indexer.jobs import opened_shard, opened_stores
from indexer.jobs.origin import Origin
from indexer.jobs.reindex import Reindex, ReindexReport
from indexer.model import Document
from indexer.store import DocumentStore
from tests.support.faux_site import FauxSite
from tests.support.region import prepared

SHARDS = 4


class Nights:
    """Crawls the region by shards and indexes them; `index` says where to, if not in files."""

    def __init__(self, directory: Path, sites: dict[str, FauxSite], *, index: str = "") -> None:
        samsok = prepared(directory, sites)
        with samsok.config.open("a", encoding="utf-8") as file:
            file.write(f"recrawl: {{min_hours: 0}}\n{index}")
        self.config = config.load(samsok.config)
        self.index = open_index(self.config.index.plain(), self.config.data_dir / "index")

    def crawl(self) -> None:
        """Crawl shard after shard, until nothing is found for another."""
        for _ in range(20):
            taken_in = 0
            for number in range(1, SHARDS + 1):
                shard = Shard(number=number, total=SHARDS)
                with opened_shard(self.config, shard) as (store, handing), ThreadReader() as reader:
                    crawler = Crawler(self.config, store, handing=handing, reader=reader)
                    taken_in += asyncio.run(crawler.run()).total("taken_in")
            if not taken_in:
                return
        pytest.fail("it has no end")

    def reindex(self, *, update: bool = True) -> ReindexReport:
        """Index what is stored."""
        job = Reindex(self.config, watcher=JobProgress(), reader=ThreadReader)
        return job.run(from_store=True, update=update)

    def indexed(self) -> tuple[int, list[Document]]:
        """Return on how many updates the generation in service stands, and all that it holds."""
        with self.index.searcher() as searcher:
            origin = Origin.read(searcher.bundle)
            assert origin is not None
            return origin.updates, list(searcher.scan())

    def stored(self) -> list[Document]:
        """Return what the stores hold together."""
        book = DocumentStore.open(self.config.data_dir / "crawl.db")
        with book, opened_stores(self.config, book, ()) as held:
            return list(held.documents())
