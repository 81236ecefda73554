"""Sitemaps and the sitemaps that they name, read over HTTP."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

from indexer.fetch import canonicalize
from indexer.model import CrawlRequest, Failed, Page
from indexer.sources.base import Listing, Seed
from indexer.sources.lastmod import is_about_the_list
from indexer.sources.list_reader import listing_of
from indexer.sources.sitemap import Sitemap, parse_sitemap

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import AsyncIterator, Iterator

    from indexer.sources.list_reader import ListReader

_MAX_LEVELS: Final = 3
_MAX_SITEMAPS: Final = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class ListedSitemap:
    """A sitemap to read: who named it, how deep in indexes, and whether it was only a guess.

    `lastmod` is when it was made by the word of the index that names it.
    """

    url: str
    referrer: str | None = None
    level: int = 1
    guessed: bool = False
    lastmod: dt.datetime | None = None


async def sitemap_seeds(lists: ListReader, listed: list[ListedSitemap]) -> AsyncIterator[Seed]:
    """Read the sitemaps, and those that they name, each once; no more than 1000 of them.

    After the pages of a sitemap comes its `Listing`. An index has none: it is read in full each
    time, for what it names may have changed when it has not.
    """
    waiting = list(reversed(listed))
    seen: set[str] = set()
    while waiting:
        entry = waiting.pop()
        if entry.url in seen:
            continue
        request = lists.request(entry.url, referrer=entry.referrer)
        if len(seen) == _MAX_SITEMAPS:
            yield _invalid(request, f"{_MAX_SITEMAPS} were read before; the rest is left out")
            return
        seen.add(entry.url)
        outcome = await lists.get(request, what="the sitemap")
        if isinstance(outcome, Page):
            # Up to 50 MB of XML: the other downloads must not stand still meanwhile.
            sitemap = await asyncio.to_thread(parse_sitemap, outcome.body, now=outcome.fetched_at)
            for seed in _seeds(entry, outcome, sitemap):
                yield seed
            waiting.extend(_nested(entry, outcome, sitemap))
        elif isinstance(outcome, Listing) or not entry.guessed:
            yield outcome


def _seeds(entry: ListedSitemap, page: Page, sitemap: Sitemap) -> Iterator[Seed]:
    """The pages that a sitemap lists, then what is wrong with it, or that it was read."""
    yield from _pages(entry, page, sitemap)
    if sitemap.problem and not (entry.guessed and sitemap.foreign):
        yield _invalid(page.request, sitemap.problem)
    if sitemap.sitemaps and entry.level == _MAX_LEVELS:
        yield _invalid(page.request, f"indexes are nested more than {_MAX_LEVELS} deep")
    if not sitemap.problem and not sitemap.sitemaps:
        yield listing_of(page)


def _pages(entry: ListedSitemap, page: Page, sitemap: Sitemap) -> Iterator[CrawlRequest]:
    moments = [one.lastmod for one in sitemap.pages]
    dated = not is_about_the_list(moments, now=page.fetched_at, made=entry.lastmod)
    said = [(one.url, one.lastmod if dated else None) for one in sitemap.pages]
    said += [(location, None) for location in sitemap.alternates]
    for location, lastmod in said:
        url = canonicalize(location, page.url)
        if url is not None:
            yield CrawlRequest(
                url=url, source=page.request.source, depth=1, referrer=page.url, lastmod=lastmod
            )


def _nested(entry: ListedSitemap, page: Page, sitemap: Sitemap) -> list[ListedSitemap]:
    """The sitemaps that an index names, in the order that a stack takes them."""
    if entry.level == _MAX_LEVELS:
        return []
    return [
        ListedSitemap(url=url, referrer=page.url, level=entry.level + 1, lastmod=one.lastmod)
        for one in reversed(sitemap.sitemaps[:_MAX_SITEMAPS])
        if (url := canonicalize(one.url, page.url)) is not None
    ]


def _invalid(request: CrawlRequest, problem: str) -> Failed:
    detail = f"the sitemap {request.url} is broken: {problem}"
    return Failed(request=request, reason="sitemap_invalid", detail=detail)
