"""What a site says of itself: its start pages and its sitemaps, over real sockets."""

from __future__ import annotations

import asyncio
import gzip
import ssl
from collections.abc import Iterator
from typing import Literal

import pytest

from indexer.config import WebsiteSource
from indexer.fetch import Fetcher
from indexer.model import CrawlRequest, Failed, HttpSettings
from indexer.sources import Seed, Website
from tests.support.faux_site import FauxSite, Reply

TRUST = ssl.create_default_context()


SMALL_PAGES = HttpSettings(delay_s=0.0, timeout_s=2.0, deadline_s=5.0, max_body_mb=0.001)


def website(
    *start: str, sitemaps: Literal["auto", "none"] | tuple[str, ...] = "auto"
) -> WebsiteSource:
    return WebsiteSource(name="samverkan", start=start, sitemaps=sitemaps, http=SMALL_PAGES)


def seeds(settings: WebsiteSource) -> list[Seed]:
    async def run() -> list[Seed]:
        fetcher = Fetcher(
            user_agent="Samsok/1.0", allow_private=("127.0.0.1",), backoff_s=0.01, tls=TRUST
        )
        async with fetcher:
            return [seed async for seed in Website(settings).seeds(fetcher)]

    return asyncio.run(run())


def urls(found: list[Seed]) -> list[str]:
    return [seed.url for seed in found if isinstance(seed, CrawlRequest)]


def problems(found: list[Seed]) -> list[str]:
    return [seed.reason for seed in found if not isinstance(seed, CrawlRequest)]


@pytest.fixture
def site() -> Iterator[FauxSite]:
    with FauxSite() as one:
        yield one


def serve_urlset(site: FauxSite, path: str, *pages: str) -> None:
    entries = "".join(f"<url><loc>{page}</loc></url>" for page in pages)
    site.text(path, f"<urlset>{entries}</urlset>", media_type="application/xml")


def serve_index(site: FauxSite, path: str, *sitemaps: str) -> None:
    entries = "".join(f"<sitemap><loc>{one}</loc></sitemap>" for one in sitemaps)
    site.text(path, f"<sitemapindex>{entries}</sitemapindex>", media_type="application/xml")


def test_start_pages_come_first_then_those_of_the_sitemaps(site: FauxSite) -> None:
    site.robots("Sitemap: /karta.xml")
    serve_urlset(site, "/karta.xml", "/b?utm_source=x", "/a", site.url("/"), "/b#topp")
    found = seeds(website(site.url(""), site.url("/#x")))
    assert found == [
        CrawlRequest(url=site.url("/"), source="samverkan"),
        CrawlRequest(
            url=site.url("/b"), source="samverkan", depth=1, referrer=site.url("/karta.xml")
        ),
        CrawlRequest(
            url=site.url("/a"), source="samverkan", depth=1, referrer=site.url("/karta.xml")
        ),
    ]


def test_a_start_page_comes_before_anything_is_fetched(site: FauxSite) -> None:
    async def first() -> Seed:
        async with Fetcher(user_agent="Samsok/1.0", tls=TRUST) as fetcher:
            stream = Website(website(site.url("/"))).seeds(fetcher)
            return await anext(aiter(stream))

    assert urls([asyncio.run(first())]) == [site.url("/")]
    assert site.requests == []


def test_a_site_that_names_no_sitemap_is_asked_for_the_usual_one(site: FauxSite) -> None:
    serve_urlset(site, "/sitemap.xml", "/a")
    assert urls(seeds(website(site.url("/x/")))) == [site.url("/x/"), site.url("/a")]


@pytest.mark.parametrize("exists", [False, True])
def test_a_site_need_not_have_a_sitemap(site: FauxSite, *, exists: bool) -> None:
    if exists:
        site.page("/sitemap.xml", html="<h1>Sidan finns inte</h1>")
    found = seeds(website(site.url("/")))
    assert urls(found) == [site.url("/")]
    assert problems(found) == []
    assert site.requested == ["/robots.txt", "/sitemap.xml"]


def test_a_guessed_sitemap_that_is_broken_is_reported(site: FauxSite) -> None:
    site.text("/sitemap.xml", "<urlset><url><loc>/a</loc></url><url><loc>", media_type="text/xml")
    found = seeds(website(site.url("/")))
    assert urls(found) == [site.url("/"), site.url("/a")]
    assert problems(found) == ["sitemap_invalid"]


def test_without_sitemaps_nothing_is_fetched(site: FauxSite) -> None:
    assert urls(seeds(website(site.url("/"), sitemaps="none"))) == [site.url("/")]
    assert site.requests == []


def test_named_sitemaps_are_read_instead_of_those_of_robots(site: FauxSite) -> None:
    site.robots("Sitemap: /karta.xml")
    serve_urlset(site, "/karta.xml", "/a")
    serve_urlset(site, "/egen.xml", "/b")
    named = (site.url("/egen.xml"), site.url("/saknas.xml"))
    found = seeds(website(site.url("/"), sitemaps=named))
    assert urls(found) == [site.url("/"), site.url("/b")]
    assert problems(found) == ["http_404"]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=500), "http_500"),
        (Reply(hangup="in_body", body=b"<urlset>"), "dropped"),
        (Reply(body=b"<html></html>"), "sitemap_invalid"),
        (Reply(body=b""), "sitemap_invalid"),
    ],
)
def test_a_sitemap_that_robots_names_and_cannot_be_read_is_reported(
    site: FauxSite, reply: Reply, reason: str
) -> None:
    site.robots("Sitemap: /karta.xml")
    site.reply("/karta.xml", reply)
    (problem,) = (seed for seed in seeds(website(site.url("/"))) if isinstance(seed, Failed))
    assert problem.reason == reason
    assert problem.request.url == site.url("/karta.xml")
    assert problem.request.referrer == site.url("/robots.txt")
    assert site.url("/karta.xml") in problem.detail or reason == "dropped"


def test_a_sitemap_that_robots_disallows_is_not_read(site: FauxSite) -> None:
    site.robots("Sitemap: /karta.xml", "User-agent: *", "Disallow: /karta")
    found = seeds(website(site.url("/")))
    assert problems(found) == ["robots_disallowed"]
    assert site.requested == ["/robots.txt"]


def test_a_site_that_is_down_still_has_its_start_pages(site: FauxSite) -> None:
    site.reply("/robots.txt", Reply(status=503))
    assert urls(seeds(website(site.url("/")))) == [site.url("/")]


def test_indexes_are_followed_three_levels_deep_and_in_order(site: FauxSite) -> None:
    site.robots("Sitemap: /1.xml")
    serve_index(site, "/1.xml", "/2.xml", "/sist.xml", "mailto:a@example.org")
    serve_index(site, "/2.xml", "/3.xml", "/1.xml", "/djup.xml")
    serve_urlset(site, "/3.xml", "/a")
    serve_index(site, "/djup.xml", "/4.xml")
    serve_urlset(site, "/4.xml", "/för-djupt")
    packed = gzip.compress(f"<urlset><url><loc>{site.url('/b')}</loc></url></urlset>".encode())
    site.reply("/sist.xml", Reply(body=packed, headers={"Content-Type": "application/x-gzip"}))
    found = seeds(website(site.url("/")))
    assert urls(found) == [site.url("/"), site.url("/a"), site.url("/b")]
    assert problems(found) == ["sitemap_invalid"]
    assert len(site.asked("/1.xml")) == 1
    assert site.asked("/4.xml") == []


def test_a_sitemap_may_be_larger_than_a_page(site: FauxSite) -> None:
    serve_urlset(site, "/sitemap.xml", *(f"/{number}" for number in range(2000)))
    assert len(urls(seeds(website(site.url("/"))))) == 2001


def test_an_endless_index_is_given_up_on(site: FauxSite) -> None:
    site.robots("Sitemap: /1.xml")
    serve_index(site, "/1.xml", *(f"/barn/{number}.xml" for number in range(1200)))
    found = seeds(website(site.url("/")))
    assert problems(found).count("http_404") == 999
    assert problems(found)[-1] == "sitemap_invalid"
    assert len(site.requests) == 1001
