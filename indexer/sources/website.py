"""A web site: its start pages, and every page that its sitemaps name."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Final

from indexer.fetch import Fetcher, canonicalize, origin_of
from indexer.model import CrawlRequest, Failed, NotModified, Page
from indexer.sources.base import Seed, Source
from indexer.sources.sitemap import MAX_BYTES, Sitemap, parse_sitemap

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Iterator

    from indexer.config import WebsiteSource

_MAX_LEVELS: Final = 3
_MAX_SITEMAPS: Final = 1000
_MEGABYTE: Final = 1_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class _Listed:
    """A sitemap to read: who named it, how deep in indexes, and whether it was only a guess."""

    url: str
    referrer: str | None = None
    level: int = 1
    guessed: bool = False


class Website(Source):
    """Start pages first, at depth 0; then the pages of the sitemaps, at depth 1.

    With `sitemaps: auto` they are those that robots.txt names; a site that names none is
    asked for /sitemap.xml, and need not have one.
    """

    def __init__(self, settings: WebsiteSource) -> None:
        self._settings = settings
        # The protocol's own limit, however small the pages of this site are kept.
        largest = max(settings.http.max_body_mb, MAX_BYTES / _MEGABYTE)
        self._http = replace(settings.http, max_body_mb=largest)

    @property
    def name(self) -> str:
        return self._settings.name

    async def seeds(self, fetcher: Fetcher) -> AsyncIterator[Seed]:
        seen: set[str] = set()
        for url in self._settings.start:
            request = CrawlRequest(url=canonicalize(url) or url, source=self.name)
            if request.url not in seen:
                seen.add(request.url)
                yield request
        listed = [entry async for entry in self._sitemaps(fetcher)]
        async for seed in self._read(fetcher, listed):
            if not isinstance(seed, CrawlRequest):
                yield seed
            elif seed.url not in seen:
                seen.add(seed.url)
                yield seed

    async def _sitemaps(self, fetcher: Fetcher) -> AsyncIterator[_Listed]:
        wanted = self._settings.sitemaps
        if wanted == "none":
            return
        if wanted != "auto":
            for url in wanted:
                yield _Listed(url=canonicalize(url) or url)
            return
        starts = (canonicalize(url) for url in self._settings.start)
        for origin in dict.fromkeys(origin_of(url) for url in starts if url):
            policy = await fetcher.robots(origin, settings=self._http)
            robots_url = f"{origin}/robots.txt"
            for url in policy.sitemaps:
                yield _Listed(url=url, referrer=robots_url)
            if not policy.sitemaps and not policy.reason:
                yield _Listed(url=f"{origin}/sitemap.xml", guessed=True)

    async def _read(self, fetcher: Fetcher, listed: list[_Listed]) -> AsyncIterator[Seed]:
        """Read the sitemaps, and those that they name, each once; no more than 1000 of them."""
        waiting = list(reversed(listed))
        read: set[str] = set()
        while waiting:
            entry = waiting.pop()
            if entry.url in read:
                continue
            request = CrawlRequest(url=entry.url, source=self.name, referrer=entry.referrer)
            if len(read) == _MAX_SITEMAPS:
                yield _invalid(request, f"{_MAX_SITEMAPS} were read before; the rest is left out")
                return
            read.add(entry.url)
            outcome = await fetcher.fetch(request, settings=self._http)
            if isinstance(outcome, Page):
                # Up to 50 MB of XML: the other downloads must not stand still meanwhile.
                sitemap = await asyncio.to_thread(parse_sitemap, outcome.body)
                for seed in self._said(entry, outcome, sitemap):
                    yield seed
                waiting.extend(_nested(entry, outcome, sitemap))
            elif not entry.guessed and not isinstance(outcome, NotModified):
                yield outcome

    def _said(self, entry: _Listed, page: Page, sitemap: Sitemap) -> Iterator[Seed]:
        """The pages that a sitemap lists, then what is wrong with it."""
        yield from self._pages(page, sitemap)
        if sitemap.problem and not (entry.guessed and sitemap.foreign):
            yield _invalid(page.request, sitemap.problem)
        if sitemap.sitemaps and entry.level == _MAX_LEVELS:
            yield _invalid(page.request, f"indexes are nested more than {_MAX_LEVELS} deep")

    def _pages(self, page: Page, sitemap: Sitemap) -> Iterator[CrawlRequest]:
        for location in sitemap.urls:
            url = canonicalize(location, page.url)
            if url is not None:
                yield CrawlRequest(url=url, source=self.name, depth=1, referrer=page.url)


def _nested(entry: _Listed, page: Page, sitemap: Sitemap) -> list[_Listed]:
    """The sitemaps that an index names, in the order that a stack takes them."""
    if entry.level == _MAX_LEVELS:
        return []
    urls = (canonicalize(location, page.url) for location in sitemap.sitemaps[:_MAX_SITEMAPS])
    return [
        _Listed(url=url, referrer=page.url, level=entry.level + 1)
        for url in reversed(list(urls))
        if url is not None
    ]


def _invalid(request: CrawlRequest, problem: str) -> Failed:
    detail = f"the sitemap {request.url} is broken: {problem}"
    return Failed(request=request, reason="sitemap_invalid", detail=detail)
