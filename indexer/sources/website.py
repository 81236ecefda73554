"""Pages: those that a site starts with, and every page that its sitemaps and feeds name."""

from __future__ import annotations

import asyncio
from dataclasses import replace
from types import MappingProxyType
from typing import TYPE_CHECKING, Final

from indexer.fetch import Fetcher, canonicalize, origin_of
from indexer.model import CrawlRequest, Failed, Page
from indexer.sources import feed, sitemap
from indexer.sources.base import Listing, Seed, Source
from indexer.sources.lastmod import is_about_the_list
from indexer.sources.list_reader import ListReader, listing_of
from indexer.sources.sitemap_tree import ListedSitemap, sitemap_seeds

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncIterator, Iterator, Mapping

    from indexer.config import WebsiteSource
    from indexer.model import HttpSettings

_MEGABYTE: Final = 1_000_000


class Website(Source):
    """Start pages first, at depth 0; then the pages of the sitemaps and feeds, at depth 1.

    With `sitemaps: auto` they are those that robots.txt names; a site that names none is
    asked for /sitemap.xml, and need not have one.
    """

    def __init__(self, settings: WebsiteSource) -> None:
        self._settings = settings

    @property
    def name(self) -> str:
        return self._settings.name

    async def seeds(
        self, fetcher: Fetcher, *, read: Mapping[str, Listing] = MappingProxyType({})
    ) -> AsyncIterator[Seed]:
        """Every URL that the source names; see `Source.seeds`.

        `read` is what its lists answered last time, by their URLs: one that has not changed
        since is not read again, and yields only that `Listing`.
        """
        seen: dict[str, dt.datetime | None] = {}
        for url in self._settings.start:
            request = CrawlRequest(url=canonicalize(url) or url, source=self.name)
            if request.url not in seen:
                seen[request.url] = None
                yield request
        async for seed in self._listed(fetcher, read):
            if not isinstance(seed, CrawlRequest):
                yield seed
            elif seed.url not in seen or _is_later(seed.lastmod, seen[seed.url]):
                seen[seed.url] = seed.lastmod
                yield seed

    async def _listed(self, fetcher: Fetcher, read: Mapping[str, Listing]) -> AsyncIterator[Seed]:
        sitemaps = [entry async for entry in self._sitemaps(fetcher)]
        lists = self._reader(fetcher, read, sitemap.MAX_BYTES)
        async for seed in sitemap_seeds(lists, sitemaps):
            yield seed
        lists = self._reader(fetcher, read, feed.MAX_BYTES)
        for url in self._settings.feeds:
            async for seed in _feed_seeds(lists, canonicalize(url) or url):
                yield seed

    def _reader(self, fetcher: Fetcher, read: Mapping[str, Listing], size: int) -> ListReader:
        return ListReader(fetcher=fetcher, source=self.name, http=self._http(size), read=read)

    def _http(self, size: int) -> HttpSettings:
        """The settings of the source for a list, however small its pages are kept."""
        http = self._settings.http
        return replace(http, max_body_mb=max(http.max_body_mb, size / _MEGABYTE))

    async def _sitemaps(self, fetcher: Fetcher) -> AsyncIterator[ListedSitemap]:
        wanted = self._settings.sitemaps
        if wanted == "none":
            return
        if wanted != "auto":
            for url in wanted:
                yield ListedSitemap(url=canonicalize(url) or url)
            return
        starts = (canonicalize(url) for url in self._settings.start)
        for origin in dict.fromkeys(origin_of(url) for url in starts if url):
            policy = await fetcher.robots(origin, settings=self._settings.http)
            robots_url = f"{origin}/robots.txt"
            for url in policy.sitemaps:
                yield ListedSitemap(url=url, referrer=robots_url)
            if not policy.sitemaps and not policy.reason:
                yield ListedSitemap(url=f"{origin}/sitemap.xml", guessed=True)


async def _feed_seeds(lists: ListReader, url: str) -> AsyncIterator[Seed]:
    outcome = await lists.get(lists.request(url), what="the feed")
    if not isinstance(outcome, Page):
        yield outcome
        return
    parsed = await asyncio.to_thread(
        feed.parse_feed, outcome.body, base=outcome.url, charset=outcome.charset
    )
    for request in _entries(outcome, parsed):
        yield request
    if parsed.problem:
        detail = f"the feed {url} is broken: {parsed.problem}"
        yield Failed(request=outcome.request, reason="feed_invalid", detail=detail)
    else:
        yield listing_of(outcome)


def _entries(page: Page, parsed: feed.Feed) -> Iterator[CrawlRequest]:
    moments = [entry.lastmod(now=page.fetched_at) for entry in parsed.entries]
    dated = not is_about_the_list(moments, now=page.fetched_at)
    for entry, lastmod in zip(parsed.entries, moments, strict=True):
        url = canonicalize(entry.url, page.url)
        if url is not None:
            yield CrawlRequest(
                url=url,
                source=page.request.source,
                depth=1,
                referrer=page.url,
                lastmod=lastmod if dated else None,
            )


def _is_later(moment: dt.datetime | None, than: dt.datetime | None) -> bool:
    return moment is not None and (than is None or moment > than)
