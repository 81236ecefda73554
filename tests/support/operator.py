"""Somebody who crawls a site of the test's own, night after night, into a real SQLite file."""

from __future__ import annotations

import asyncio
import datetime as dt
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from indexer.config import Config, RecrawlSettings, SourceSettings, WebsiteSource
from indexer.crawl import Crawler, CrawlReport, SourceProgress, SourceReport, reextract
from indexer.crawl.reading import PageReader, ThreadReader
from indexer.model import HttpSettings, Vocabulary
from indexer.store import DocumentStore, KnownUrl, StoredDocument
from tests.support.faux_site import FauxSite

FAST = HttpSettings(delay_s=0.0, per_host=4, concurrency=4, timeout_s=2.0, deadline_s=4.0)
TEXT = "<h1>{0}</h1><p>Här står vad högskolan och kommunen gör tillsammans: {0}.</p>"


class Clock:
    """A clock that the test turns."""

    def __init__(self) -> None:
        self.now = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)

    def __call__(self) -> dt.datetime:
        return self.now

    def next_night(self) -> None:
        self.pass_time(days=1)

    def pass_time(self, **units: float) -> None:
        self.now += dt.timedelta(**units)


class Operator:
    """Somebody who runs a crawl of one site, night after night."""

    def __init__(self, site: FauxSite, path: Path) -> None:
        self.site = site
        self.clock = Clock()
        self.path = path
        self.store = DocumentStore.open(path / "crawl.db", clock=self.clock)
        self.settings: dict[str, Any] = {"start": (site.url("/"),), "http": FAST}
        self.vocabulary = Vocabulary()
        self.reader: PageReader | None = None
        self.recrawl = RecrawlSettings(min_hours=0)
        self.seen: list[SourceProgress] = []

    def config(self, *more: SourceSettings) -> Config:
        """The configuration: a source `samverkan` of these settings, and others beside it."""
        source = WebsiteSource(name="samverkan", **self.settings)
        return Config(
            user_agent="Samsok/1.0 (+https://www.example.org/; samsok@example.org)",
            path=self.path / "crawl_config.yaml",
            data_dir=self.path,
            allow_private=("127.0.0.1", "localhost"),
            sources=(source, *more),
            recrawl=self.recrawl,
            vocabulary=self.vocabulary,
        )

    def found(self, path: str) -> StoredDocument | None:
        """What the store has of the page at a path, removed or not."""
        found = self.store.with_url(self.site.url(path))
        return found[0] if found else None

    def known(self, path: str) -> KnownUrl:
        """What the frontier knows of a path."""
        known = self.store.frontier.find("samverkan", self.site.url(path))
        assert known is not None, path
        return known

    def update(self, progress: SourceProgress) -> None:
        self.seen.append(progress)

    def crawl(self, *more: SourceSettings) -> SourceReport:
        return self.crawl_all(*more).sources[0]

    def crawl_all(self, *more: SourceSettings) -> CrawlReport:
        """Crawl, and let a night pass."""
        self.site.requests.clear()
        with ThreadReader() as threads:
            reader = self.reader or threads
            crawler = Crawler(self.config(*more), self.store, progress=self, reader=reader)
            report = asyncio.run(crawler.run())
        self.clock.next_night()
        return report

    def read_again(self) -> Mapping[str, int]:
        """Read the stored pages again whose extraction is out of date."""
        return asyncio.run(reextract(self.store, self.config()))

    @property
    def paths(self) -> list[str]:
        """The paths of the documents that are in the store."""
        root = self.site.url("").rstrip("/")
        return sorted(found.url.removeprefix(root) for found in self.store.documents())

    @property
    def events(self) -> list[tuple[str, str, str]]:
        root = self.site.url("").rstrip("/")
        return [(e.event, e.url.removeprefix(root), e.reason) for e in self.store.history()]


def write(site: FauxSite, path: str, *links: str, head: str = "", **headers: str) -> None:
    """Write a page with a text of its own."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    site.page(path, html=TEXT.format(path), title=path, links=links, head=head, headers=named)


def write_small_site(site: FauxSite) -> None:
    """Write four pages that link to each other."""
    write(site, "/", "/partner/", "/projekt/", ETag='"start"')
    write(site, "/partner/", "/partner/staden/", ETag='"partner"')
    write(site, "/partner/staden/", "/", ETag='"staden"')
    write(site, "/projekt/", "/partner/", ETag='"projekt"')


SMALL_SITE = ["/", "/partner/", "/partner/staden/", "/projekt/"]
