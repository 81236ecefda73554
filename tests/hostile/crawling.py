"""An operator who crawls hostile sites, and sees for every request that it was a decent one."""

from __future__ import annotations

import asyncio
import datetime as dt
import json
import socket
import time
from collections.abc import Callable, Iterable, Mapping
from contextlib import ExitStack
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Self

from indexer.config import Config, RecrawlSettings, WebsiteSource
from indexer.crawl import Crawler, CrawlReport, SourceReport
from indexer.crawl.reading import PageReader
from indexer.model import Document, HttpSettings
from indexer.store import DocumentStore
from tests.support.faux_site import FauxSite

AGENT = "Samsok/1.0 (+https://www.example.org/samsok; samsok@example.org)"
SWIFT = HttpSettings(
    delay_s=0, per_host=4, concurrency=4, timeout_s=1.5, deadline_s=4, max_body_mb=1.0
)
LONGEST_S = 60.0
NEVER_SENT = {"authorization", "cookie", "origin", "proxy-authorization", "referer"}


@dataclass(frozen=True, kw_only=True)
class Night:
    """What one crawl came to."""

    report: CrawlReport
    documents: Mapping[str, Document]
    seconds: float

    @property
    def source(self) -> SourceReport:
        """The report of the first source."""
        return self.report.sources[0]

    @property
    def paths(self) -> list[str]:
        """What is in the store: paths, or URLs where they are of another site than the first."""
        return sorted(self.documents)

    @property
    def exit_code(self) -> int:
        return 1 if self.report.failed_sources else 0

    def counts(self, kind: str) -> dict[str, int]:
        """Count what was "removed", "skipped", "denied" or "failed" by its reason."""
        return {reason: told.count for reason, told in getattr(self.source, kind).items()}

    def text(self, path: str) -> str:
        """Everything that the document of a path says."""
        document = self.documents[path]
        told = (part for section in document.sections for part in (section.heading, section.text))
        return "\n".join((document.title, *told))


class Operator:
    """Crawls one site and whatever it leads to, night after night, in a directory."""

    def __init__(self, site: FauxSite, directory: Path, reader: PageReader) -> None:
        self.site = site
        self.directory = directory
        self.reader = reader
        self.sites = [site]
        self.now = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)
        self.store = DocumentStore.open(directory / "crawl.db", clock=lambda: self.now)
        self.settings: dict[str, Any] = {"start": (site.url("/"),), "sitemaps": "none"}
        self.http = SWIFT
        self.recrawl = RecrawlSettings(min_hours=1, max_days=1)
        self.longest_s = LONGEST_S
        self.allowed = [f"{site.host}:{site.port}"]

    def knows(self, *sites: FauxSite) -> None:
        """Let other sites be fetched from, and look at what they were asked as well."""
        self.sites += sites
        self.allowed += [f"{site.host}:{site.port}" for site in sites]

    def watches(self, *sites: FauxSite) -> None:
        """Look at what other sites were asked, though nobody may ask them anything."""
        self.sites += sites

    def crawl(self, *more: WebsiteSource, **settings: Any) -> Night:
        """Crawl, see that nobody was molested, and let a day pass; settings stay as they are."""
        self.settings |= settings
        source = WebsiteSource(name="samverkan", **({"http": self.http} | self.settings))
        return self.crawl_these(source, *more)

    def crawl_these(self, *sources: WebsiteSource) -> Night:
        """Crawl sources, see that nobody was molested, and let a day pass."""
        for site in self.sites:
            site.requests.clear()
        night = self._crawl(*sources)
        self.now += dt.timedelta(days=1)
        return night

    def _crawl(self, *sources: WebsiteSource) -> Night:
        config = Config(
            user_agent=AGENT,
            path=self.directory / "crawl_config.yaml",
            data_dir=self.directory,
            allow_private=tuple(self.allowed),
            http=HttpSettings(concurrency=16),
            recrawl=self.recrawl,
            sources=sources,
        )
        begun = time.monotonic()
        crawler = Crawler(config, self.store, reader=self.reader)
        report = asyncio.run(asyncio.wait_for(crawler.run(), self.longest_s))
        seconds = time.monotonic() - begun
        self._see_that_it_was_decent(report)
        root = self.site.url("")
        documents = {found.url.removeprefix(root): found for found in self.store.documents()}
        return Night(report=report, documents=documents, seconds=seconds)

    def _see_that_it_was_decent(self, report: CrawlReport) -> None:
        for request in (request for site in self.sites for request in site.requests):
            assert request.method == "GET", request
            assert request.headers["user-agent"] == AGENT, request
            assert not NEVER_SENT & request.headers.keys(), request
        for source in report.sources:
            assert source.problem != "internal_error", source.detail
            assert "internal_error" not in source.failed
        assert json.dumps(report.to_json())
        assert all(isinstance(line, str) for line in report.lines())


class Fleet:
    """Sites that are crawled side by side, each a source of its own, by one operator.

    What takes its time on one of them costs the others none.
    """

    def __init__(self, names: Iterable[str], directory: Path, reader: PageReader) -> None:
        self.sites = {name: FauxSite() for name in names}
        self._directory = directory
        self._reader = reader
        self._open = ExitStack()

    def __enter__(self) -> Self:
        for site in self.sites.values():
            self._open.enter_context(site)
        first = next(iter(self.sites.values()))
        self.operator = Operator(first, self._directory, self._reader)
        self.operator.knows(*self.sites.values())
        self._open.enter_context(self.operator.store)
        return self

    def __exit__(self, *exc: object) -> None:
        self._open.close()

    def crawl(self, http: HttpSettings = SWIFT, **settings: Any) -> Night:
        """Crawl all the sites at once, and let a day pass."""
        sources = [
            WebsiteSource(name=name, start=(site.url("/"),), http=http, **settings)
            for name, site in self.sites.items()
        ]
        return self.operator.crawl_these(*sources)

    def report(self, name: str, night: Night) -> SourceReport:
        """Return the report of one site."""
        return next(report for report in night.report.sources if report.source == name)

    def paths(self, name: str, night: Night) -> list[str]:
        """Return the paths of the documents of one site."""
        own, first = self.sites[name], self.operator.site
        if own is first:
            return [path for path in night.paths if path.startswith("/")]
        root = own.url("")
        return [url.removeprefix(root) for url in night.paths if url.startswith(f"{root}/")]


@dataclass(frozen=True, kw_only=True)
class Oddity:
    """A page at /x that is odd, what the site does, what must come of it, and in which words.

    `outcome` is "document", or the kind and the reason under which the report counts the page.
    `times` is how often the page is asked for.
    """

    name: str
    does: str
    outcome: str
    times: int = 1
    makes: Callable[[FauxSite], None]

    @property
    def must(self) -> str:
        """What must happen, in words."""
        if self.outcome == "document":
            return "it becomes a document"
        kind, _, reason = self.outcome.partition(" ")
        often = {1: "once", 2: "twice"}.get(self.times, f"{self.times} times")
        return f"it is asked for {often} and counted as {kind}: {reason}; the next page is read"

    def __str__(self) -> str:
        return self.name


class Resolver:
    """DNS as the test wants it: some names lead where it says, all others where they lead."""

    def __init__(self) -> None:
        self.lookups: list[str] = []
        self._answers: dict[str, list[list[str]]] = {}
        self._real = socket.getaddrinfo

    def answer(self, name: str, *addresses: list[str]) -> None:
        """Answer with the first list of addresses, then with the next; the last one stays."""
        self._answers[name] = list(addresses)

    def __call__(self, host: str, port: int, *args: Any, **kwargs: Any) -> Any:
        self.lookups.append(host)
        queue = self._answers.get(host)
        if queue is None:
            return self._real(host, port, *args, **kwargs)
        addresses = queue.pop(0) if len(queue) > 1 else queue[0]
        if not addresses:
            raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")
        return [found for one in addresses for found in self._real(one, port, *args, **kwargs)]


def text(path: str) -> str:
    """Return the main part of a page that is like no other one."""
    return (
        f"<h1>Om {path}</h1><p>Här står vad högskolan och kommunen gör tillsammans kring {path},"
        f" och varför just {path} är viktigt för dem som bor här.</p>"
    )


def write(site: FauxSite, path: str, *links: str, head: str = "", **headers: str) -> None:
    """Write a page with a text of its own."""
    named = {name.replace("_", "-"): value for name, value in headers.items()}
    site.page(path, html=text(path), title=path, links=links, head=head, headers=named)
