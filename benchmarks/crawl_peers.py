"""Scrapy on the same site: with our extraction; with title, text and links; with links alone."""

from __future__ import annotations

import datetime as dt
import time
from typing import TYPE_CHECKING, Any

import lxml.html
import scrapy
from scrapy.crawler import CrawlerProcess
from scrapy.linkextractors import LinkExtractor

from benchmarks.university_pages import SITE_RULE, VOCABULARY
from indexer.extract import extract
from indexer.model import CrawlRequest, Page

if TYPE_CHECKING:
    from collections.abc import Iterator

_SETTINGS = {
    "CONCURRENT_REQUESTS": 16,
    "CONCURRENT_REQUESTS_PER_DOMAIN": 16,
    "DOWNLOAD_DELAY": 0,
    "RANDOMIZE_DOWNLOAD_DELAY": False,
    "ROBOTSTXT_OBEY": True,
    "COOKIES_ENABLED": False,
    "TELNETCONSOLE_ENABLED": False,
    "LOG_LEVEL": "ERROR",
    "USER_AGENT": "benchmark (+https://www.example.org/)",
}


class _Spider(scrapy.Spider):
    """Follows every link of the host and counts the pages."""

    name = "benchmark"

    def __init__(self, start: str) -> None:
        super().__init__()
        self.start_urls = [start]
        self.pages = 0
        self.found = 0

    def parse(self, response: Any) -> Iterator[Any]:
        self.pages += 1
        for url in self.read(response):
            if url.startswith(self.start_urls[0]):
                yield scrapy.Request(url, callback=self.parse)

    def read(self, response: Any) -> Iterator[str]:
        """Yield the absolute links of a page, and take from it what the spider is for."""
        raise NotImplementedError


class WithOurExtraction(_Spider):
    """Calls what our workers call, in Scrapy's one process."""

    def read(self, response: Any) -> Iterator[str]:
        page = Page(
            request=CrawlRequest(url=response.url, source="s"),
            url=response.url,
            body=response.body,
            media_type="text/html",
            charset="utf-8",
            fetched_at=dt.datetime.now(dt.UTC),
        )
        extraction = extract(page, rules=(SITE_RULE,), vocabulary=VOCABULARY)
        self.found += extraction.document is not None
        yield from (link.url for link in extraction.links)


class TitleTextAndLinks(_Spider):
    """The least that a search engine needs, with lxml."""

    def read(self, response: Any) -> Iterator[str]:
        root: Any = lxml.html.fromstring(response.body)
        title = root.findtext(".//title") or ""
        text = " ".join(root.text_content().split())
        self.found += bool(title and text)
        root.make_links_absolute(response.url)
        yield from (link.get("href").partition("#")[0] for link in root.iterfind(".//a[@href]"))


class LinksOnly(_Spider):
    """Scrapy's own link extractor."""

    links = LinkExtractor()

    def read(self, response: Any) -> Iterator[str]:
        yield from (link.url for link in self.links.extract_links(response))


SPIDERS = {
    "scrapy-extract": WithOurExtraction,
    "scrapy-lxml": TitleTextAndLinks,
    "scrapy-links": LinksOnly,
}


def crawl(name: str, start: str) -> tuple[int, float]:
    """Crawl with one of the spiders; return how many pages it read and in how many seconds."""
    process = CrawlerProcess(_SETTINGS)
    crawler = process.create_crawler(SPIDERS[name])
    begun = time.monotonic()
    process.crawl(crawler, start=start)
    process.start()
    assert isinstance(crawler.spider, _Spider)
    return crawler.spider.pages, time.monotonic() - begun
