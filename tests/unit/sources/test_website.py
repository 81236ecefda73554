"""What a site says of itself: its start pages and its sitemaps, over real sockets."""

from __future__ import annotations

import asyncio
import datetime as dt
import gzip
import ssl
from collections.abc import Iterator, Mapping
from typing import Literal

import pytest

from indexer.config import WebsiteSource
from indexer.fetch import Fetcher
from indexer.model import CrawlRequest, Denied, Failed, HttpSettings
from indexer.sources import Listing, Seed, Website
from tests.support.faux_site import FauxSite, Reply

TRUST = ssl.create_default_context()


SMALL_PAGES = HttpSettings(delay_s=0.0, timeout_s=2.0, deadline_s=5.0, max_body_mb=0.001)


def website(
    *start: str, sitemaps: Literal["auto", "none"] | tuple[str, ...] = "auto"
) -> WebsiteSource:
    return WebsiteSource(name="samverkan", start=start, sitemaps=sitemaps, http=SMALL_PAGES)


def feeds(*urls: str) -> WebsiteSource:
    return WebsiteSource(name="nyheter", sitemaps="none", feeds=urls, http=SMALL_PAGES)


def seeds(settings: WebsiteSource, read: Mapping[str, Listing] | None = None) -> list[Seed]:
    async def run() -> list[Seed]:
        fetcher = Fetcher(
            user_agent="Samsok/1.0", allow_private=("127.0.0.1",), backoff_s=0.01, tls=TRUST
        )
        async with fetcher:
            return [seed async for seed in Website(settings).seeds(fetcher, read=read or {})]

    return asyncio.run(run())


def urls(found: list[Seed]) -> list[str]:
    return [seed.url for seed in found if isinstance(seed, CrawlRequest)]


def problems(found: list[Seed]) -> list[str]:
    return [seed.reason for seed in found if isinstance(seed, Denied | Failed)]


def listings(found: list[Seed]) -> dict[str, Listing]:
    return {seed.url: seed for seed in found if isinstance(seed, Listing)}


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
        Listing(url=site.url("/karta.xml")),
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
    assert site.url("/karta.xml") in problem.detail


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


# --- when pages changed -------------------------------------------------------------------------


def serve_dated(site: FauxSite, path: str, **pages: str) -> None:
    entries = "".join(
        f"<url><loc>/{page}</loc><lastmod>{moment}</lastmod></url>"
        for page, moment in pages.items()
    )
    site.text(path, f"<urlset>{entries}</urlset>", media_type="application/xml")


def changes(found: list[Seed]) -> dict[str, str]:
    return {
        seed.url.rpartition("/")[2]: seed.lastmod.isoformat() if seed.lastmod else ""
        for seed in found
        if isinstance(seed, CrawlRequest)
    }


def test_a_sitemap_tells_when_its_pages_changed(site: FauxSite) -> None:
    serve_dated(site, "/sitemap.xml", a="2026-01-31T10:00:00+01:00", b="2099-01-01")
    found = seeds(website(site.url("/start")))
    assert changes(found) == {"start": "", "a": "2026-01-31T09:00:00+00:00", "b": ""}


def test_a_page_comes_again_when_another_list_knows_of_a_later_change(site: FauxSite) -> None:
    serve_dated(site, "/1.xml", a="2026-01-31T10:00:00Z", b="2026-01-31T10:00:00Z")
    serve_dated(site, "/2.xml", a="2026-02-02T10:00:00Z", b="2026-01-01T10:00:00Z", start="2020")
    named = (site.url("/1.xml"), site.url("/2.xml"))
    found = seeds(website(site.url("/start"), sitemaps=named))
    assert [url.rpartition("/")[2] for url in urls(found)] == ["start", "a", "b", "a", "start"]
    assert changes(found)["a"] == "2026-02-02T10:00:00+00:00"


def test_a_sitemap_that_stamps_all_pages_with_the_present_says_nothing(site: FauxSite) -> None:
    now = dt.datetime.now(dt.UTC).isoformat(timespec="seconds")
    serve_dated(site, "/sitemap.xml", **{f"s{number}": now for number in range(21)})
    found = seeds(website(site.url("/start")))
    assert len(urls(found)) == 22
    assert set(changes(found).values()) == {""}


def test_a_sitemap_that_stamps_all_pages_as_its_index_does_says_nothing(site: FauxSite) -> None:
    stamp = "2026-01-31T10:00:00Z"
    entry = f"<sitemap><loc>/1.xml</loc><lastmod>{stamp}</lastmod></sitemap>"
    site.text("/sitemap.xml", f"<sitemapindex>{entry}</sitemapindex>", media_type="text/xml")
    serve_dated(site, "/1.xml", **{f"s{number}": stamp for number in range(21)})
    assert set(changes(seeds(website(site.url("/start")))).values()) == {""}


def test_other_languages_come_after_the_pages_that_name_them(site: FauxSite) -> None:
    link = '<link rel="alternate" hreflang="en" href="/en/a"/>'
    text = f"<urlset><url><loc>/a</loc>{link}</url><url><loc>/b</loc></url></urlset>"
    site.text("/sitemap.xml", text, media_type="application/xml")
    found = seeds(website(site.url("/")))
    assert urls(found)[1:] == [site.url("/a"), site.url("/b"), site.url("/en/a")]


# --- lists that have not changed ----------------------------------------------------------------


def dated_reply(body: bytes) -> Reply:
    changed = "Mon, 02 Mar 2026 10:00:00 GMT"
    return Reply(body=body, headers={"ETag": '"1"', "Last-Modified": changed})


def test_a_list_that_has_not_changed_is_not_read_again(site: FauxSite) -> None:
    site.robots("Sitemap: /index.xml")
    serve_index(site, "/index.xml", "/1.xml", "/2.xml")
    site.reply("/1.xml", dated_reply(b"<urlset><url><loc>/a</loc></url></urlset>"))
    site.reply("/2.xml", dated_reply(b"<urlset><url><loc>/b</loc></url></urlset>"))
    first = seeds(website(site.url("/")))
    read = listings(first)
    assert list(read) == [site.url("/1.xml"), site.url("/2.xml")]
    assert read[site.url("/1.xml")].etag == '"1"'

    site.reply("/2.xml", Reply(body=b"<urlset><url><loc>/c</loc></url></urlset>"))
    second = seeds(website(site.url("/")), read)

    assert urls(second) == [site.url("/"), site.url("/c")]
    assert listings(second) == {
        site.url("/1.xml"): read[site.url("/1.xml")],
        site.url("/2.xml"): Listing(url=site.url("/2.xml")),
    }
    assert site.asked("/1.xml")[1].headers["if-none-match"] == '"1"'


def test_an_index_is_read_every_time(site: FauxSite) -> None:
    index = b"<sitemapindex><sitemap><loc>/1.xml</loc></sitemap></sitemapindex>"
    site.reply("/sitemap.xml", dated_reply(index))
    serve_urlset(site, "/1.xml", "/a")
    assert list(listings(seeds(website(site.url("/"))))) == [site.url("/1.xml")]


@pytest.mark.parametrize("body", [b"<urlset><url><loc>/a</loc></url><url>", b"<html></html>"])
def test_a_list_that_was_not_read_to_its_end_is_read_again(site: FauxSite, body: bytes) -> None:
    site.robots("Sitemap: /karta.xml")
    site.reply("/karta.xml", dated_reply(body))
    found = seeds(website(site.url("/")))
    assert problems(found) == ["sitemap_invalid"]
    assert listings(found) == {}


def test_the_listing_comes_after_all_that_the_list_names(site: FauxSite) -> None:
    serve_urlset(site, "/sitemap.xml", "/a", "/b")
    assert isinstance(seeds(website(site.url("/")))[-1], Listing)


# --- feeds --------------------------------------------------------------------------------------


def serve_feed(site: FauxSite, path: str, *items: str) -> None:
    inside = "".join(f"<item>{item}</item>" for item in items)
    text = f'<rss version="2.0"><channel>{inside}</channel></rss>'
    site.text(path, text, media_type="application/rss+xml")


def test_a_feed_names_pages_and_when_they_changed(site: FauxSite) -> None:
    serve_feed(
        site,
        "/rss.xml",
        "<link>/a?utm_source=rss</link><pubDate>Mon, 02 Mar 2026 10:00:00 GMT</pubDate>",
        "<link>mailto:anna.ek@example.org</link>",
        "<link>/b</link><pubDate>Mon, 02 Mar 2099 10:00:00 GMT</pubDate>",
        "<link>/a</link>",
    )
    assert seeds(feeds(site.url("/rss.xml"))) == [
        CrawlRequest(
            url=site.url("/a"),
            source="nyheter",
            depth=1,
            referrer=site.url("/rss.xml"),
            lastmod=dt.datetime(2026, 3, 2, 10, tzinfo=dt.UTC),
        ),
        CrawlRequest(url=site.url("/b"), source="nyheter", depth=1, referrer=site.url("/rss.xml")),
        Listing(url=site.url("/rss.xml")),
    ]


def test_links_of_a_feed_are_relative_to_where_it_was_found(site: FauxSite) -> None:
    site.redirect("/rss", to="/nyheter/rss.xml")
    serve_feed(site, "/nyheter/rss.xml", "<link>a</link>")
    assert urls(seeds(feeds(site.url("/rss")))) == [site.url("/nyheter/a")]


def test_a_feed_that_has_not_changed_is_not_read_again(site: FauxSite) -> None:
    body = b"<rss><channel><item><link>/a</link></item></channel></rss>"
    site.reply("/rss.xml", dated_reply(body))
    read = listings(seeds(feeds(site.url("/rss.xml"))))
    assert seeds(feeds(site.url("/rss.xml")), read) == [read[site.url("/rss.xml")]]


def test_the_entries_of_an_empty_feed_are_none_and_that_is_no_problem(site: FauxSite) -> None:
    serve_feed(site, "/rss.xml")
    assert seeds(feeds(site.url("/rss.xml"))) == [Listing(url=site.url("/rss.xml"))]


@pytest.mark.parametrize(
    ("reply", "reason"),
    [
        (Reply(status=500), "http_500"),
        (Reply(status=404), "http_404"),
        (Reply(hangup="in_body", body=b"<rss>"), "dropped"),
        (Reply(body=b"<!doctype html><h1>Sidan finns inte</h1>"), "feed_invalid"),
        (Reply(body=b""), "feed_invalid"),
    ],
)
def test_a_feed_that_cannot_be_read_is_reported(site: FauxSite, reply: Reply, reason: str) -> None:
    site.reply("/rss.xml", reply)
    serve_feed(site, "/annan.xml", "<link>/a</link>")
    problem, *others = seeds(feeds(site.url("/rss.xml"), site.url("/annan.xml")))
    assert isinstance(problem, Failed)
    assert problem.reason == reason
    assert problem.request.url == site.url("/rss.xml")
    assert site.url("/rss.xml") in problem.detail
    assert urls(others) == [site.url("/a")]


def test_a_feed_that_robots_disallows_is_not_read(site: FauxSite) -> None:
    site.robots("User-agent: *", "Disallow: /rss")
    (problem,) = seeds(feeds(site.url("/rss.xml")))
    assert isinstance(problem, Denied)
    assert problem.reason == "robots_disallowed"
    assert "the feed" in problem.detail
    assert site.requested == ["/robots.txt"]


def test_the_entries_before_the_fault_of_a_feed_are_there(site: FauxSite) -> None:
    body = b"<rss><channel><item><link>/a</link></item><item></link>"
    site.reply("/rss.xml", dated_reply(body))
    found = seeds(feeds(site.url("/rss.xml")))
    assert urls(found) == [site.url("/a")]
    assert problems(found) == ["feed_invalid"]
    assert listings(found) == {}
