# ruff: noqa: E501 - the tables read best with one case a row
"""Sitemaps: lists that are broken, endless, hostile or lie."""

from __future__ import annotations

import gzip
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

import pytest

from indexer.crawl.reading import PageReader
from tests.hostile.cases import case
from tests.hostile.crawling import Fleet, Night, Operator, write
from tests.support.faux_site import HTML, FauxSite, Reply

XMLNS = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
NAMED = ("/a", "/b")
LAUGHS = "".join(f'<!ENTITY l{number} "{f"&l{number - 1};" * 10}">' for number in range(1, 12))

Body = Callable[[FauxSite], bytes]


@dataclass(frozen=True, kw_only=True)
class Listing:
    """A sitemap at /karta.xml, the pages asked for because of it, and what is reported."""

    name: str
    does: str
    body: Body
    headers: dict[str, str] = field(default_factory=dict)
    asked: tuple[str, ...] = NAMED
    problem: str = ""
    more: dict[str, Body] = field(default_factory=dict)

    @property
    def must(self) -> str:
        """What must happen, in words."""
        pages = f"asked for: {', '.join(self.asked)}" if self.asked else "no page is asked for"
        return f"{pages}; " + (f"reported: {self.problem}" if self.problem else "nothing reported")

    def __str__(self) -> str:
        return self.name


def urls(*paths: str, extra: str = "") -> Body:
    """Return a sitemap of paths of the site; `extra` stands in each entry."""

    def made(site: FauxSite) -> bytes:
        entries = "".join(f"<url><loc>{site.url(path)}</loc>{extra}</url>" for path in paths)
        return f'<?xml version="1.0"?><urlset {XMLNS}>{entries}</urlset>'.encode()

    return made


def index(*paths: str) -> Body:
    def made(site: FauxSite) -> bytes:
        entries = "".join(f"<sitemap><loc>{site.url(path)}</loc></sitemap>" for path in paths)
        return f"<sitemapindex {XMLNS}>{entries}</sitemapindex>".encode()

    return made


def of(site_text: str) -> Body:
    """Return a sitemap as it is written; `{site}` is the URL of the site."""
    return lambda site: site_text.replace("{site}", site.url("")).encode()


AB = "<url><loc>{site}/a</loc></url><url><loc>{site}/b</loc></url>"
GZ = {"Content-Type": "application/gzip"}

LISTINGS = [
    Listing(name="plain", does="is as it should be", body=urls(*NAMED)),
    Listing(name="gz", does="is gzipped", body=lambda s: gzip.compress(urls(*NAMED)(s)), headers=GZ),
    Listing(name="gz-coded", does="is gzipped, and says so as an encoding", body=lambda s: gzip.compress(urls(*NAMED)(s)), headers={"Content-Encoding": "gzip"}),
    Listing(name="gz-cut", does="is gzipped and cut short", body=lambda s: gzip.compress(urls(*NAMED)(s))[:-9], headers=GZ, asked=(), problem="failed sitemap_invalid"),
    Listing(name="gz-bomb", does="is 60 MB of nothing, gzipped", body=lambda _: gzip.compress(b" " * 60_000_000), headers=GZ, asked=(), problem="failed sitemap_invalid"),
    Listing(name="index", does="is an index of two", body=index("/1.xml", "/2.xml"), more={"/1.xml": urls("/a"), "/2.xml": urls("/b")}),
    Listing(name="index-of-itself", does="is an index of itself and of a list", body=index("/karta.xml", "/1.xml"), more={"/1.xml": urls(*NAMED)}),
    Listing(name="index-ring", does="is an index of an index of it", body=index("/1.xml"), more={"/1.xml": index("/karta.xml", "/2.xml"), "/2.xml": urls(*NAMED)}),
    Listing(name="index-deep", does="nests indexes six deep", body=index("/1.xml"), more={f"/{n}.xml": index(f"/{n + 1}.xml") for n in range(1, 6)} | {"/6.xml": urls(*NAMED)}, asked=(), problem="failed sitemap_invalid"),
    Listing(name="index-dead", does="is an index of a dead one and a living one", body=index("/dead.xml", "/1.xml"), more={"/1.xml": urls(*NAMED)}, problem="failed http_404"),
    Listing(name="broken", does="breaks off in the midst of an entry", body=of(f"<urlset>{AB}<url><loc>{{site}}/c"), problem="failed sitemap_invalid"),
    Listing(name="ampersand", does="has a bare & after two entries", body=of(f"<urlset>{AB}<url><loc>{{site}}/c?a=1&b=2</loc></url></urlset>"), problem="failed sitemap_invalid"),
    Listing(name="empty", does="is empty", body=lambda _: b"", asked=(), problem="failed sitemap_invalid"),
    Listing(name="html", does="is a page that says “not found” with status 200", body=lambda _: b"<!doctype html><html><body><h1>Sidan finns inte</h1></body></html>", headers={"Content-Type": HTML}, asked=(), problem="failed sitemap_invalid"),
    Listing(name="json", does="is JSON", body=lambda _: b'{"urls": []}', asked=(), problem="failed sitemap_invalid"),
    Listing(name="laughs", does="would expand to 10^11 laughs", body=of(f'<!DOCTYPE x [<!ENTITY l0 "ha">{LAUGHS}]><urlset>{AB}<url><loc>&l11;</loc></url></urlset>'), problem="any"),
    Listing(name="external", does="reads /etc/passwd and another page by entities", body=of(f'<!DOCTYPE x [<!ENTITY p SYSTEM "file:///etc/passwd"><!ENTITY q SYSTEM "{{site}}/spion">]><urlset>{AB}<url><loc>{{site}}/&p;&q;</loc></url></urlset>'), problem="any"),
    Listing(name="nested-xml", does="nests 20 000 elements", body=of("<urlset>" + "<url>" * 20_000), asked=(), problem="failed sitemap_invalid"),
    Listing(name="no-namespace", does="has no namespace", body=of(f"<urlset>{AB}</urlset>")),
    Listing(name="wrong-namespace", does="has the namespace of another protocol", body=of(f'<urlset xmlns="http://www.google.com/schemas/sitemap/0.84">{AB}</urlset>')),
    Listing(name="blanks", does="has a blank line and a mark before its declaration", body=of(f'\n\ufeff<?xml version="1.0"?><urlset>{AB}</urlset>')),
    Listing(name="utf-16", does="is in UTF-16", body=lambda s: f'<?xml version="1.0" encoding="utf-16"?>{of(f"<urlset>{AB}</urlset>")(s).decode()}'.encode("utf-16")),
    Listing(name="cdata", does="has blanks and CDATA around its URLs", body=of("<urlset><url><loc>\n  {site}/a\n </loc></url><url><loc><![CDATA[{site}/b]]></loc></url></urlset>")),
    Listing(name="relative", does="has relative URLs", body=of("<urlset><url><loc>/a</loc></url><url><loc>b</loc></url></urlset>")),
    Listing(name="lines", does="is a text file of URLs", body=of("{site}/a\r\n\r\n  {site}/b  \nhej\n"), headers={"Content-Type": "text/plain"}),
    Listing(name="twice", does="says each URL twice, and with a campaign", body=urls("/a", "/a?utm_source=x", "/b", "/b#c", "/a")),
    Listing(name="letters", does="has å raw and percent-encoded", body=urls("/å", "/%C3%A5", "/%c3%a5"), asked=("/%C3%A5",)),
    Listing(name="foreign", does="lists another host, file:, javascript: and a password", body=of(f"<urlset><url><loc>https://www.example.org/x</loc></url><url><loc>file:///etc/passwd</loc></url><url><loc>javascript:alert(1)</loc></url><url><loc>http://ann:hemligt@127.0.0.1/</loc></url>{AB}</urlset>")),
    Listing(name="long", does="lists a URL of 30 000 characters", body=urls("/" + "x" * 30_000, *NAMED)),
    Listing(name="longer", does="has a tag of 300 000 bytes", body=of(f'<urlset a="{"x" * 300_000}">{AB}</urlset>'), asked=(), problem="failed sitemap_invalid"),
    Listing(name="images", does="lists images and videos of its pages", body=of("<urlset><url><loc>{site}/a</loc><image><loc>{site}/bild.png</loc></image></url><url><video><loc>{site}/film</loc></video><loc>{site}/b</loc></url></urlset>")),
    Listing(name="lastmod", does="has dates that are none", body=urls(*NAMED, extra="<lastmod>i går</lastmod><lastmod>9999-99-99</lastmod><changefreq>x</changefreq><priority>NaN</priority>")),
    Listing(name="dead", does="lists pages that are dead", body=urls("/dead", *NAMED), asked=("/dead", *NAMED), problem="failed http_404"),
]  # fmt: skip


@pytest.fixture(scope="module")
def crawled(
    tmp_path_factory: pytest.TempPathFactory, reader: PageReader
) -> Iterator[tuple[Fleet, Night]]:
    """One crawl of a site for each sitemap, with the sitemap named in robots.txt."""
    names = [listing.name for listing in LISTINGS]
    with Fleet(names, tmp_path_factory.mktemp("sitemaps"), reader) as fleet:
        for listing in LISTINGS:
            publish(fleet.sites[listing.name], listing)
        yield fleet, fleet.crawl()


def publish(site: FauxSite, listing: Listing) -> None:
    """Write the pages of a site and its sitemap."""
    for path in {"/", *NAMED, *listing.asked} - {"/dead"}:
        write(site, path)
    site.robots(f"Sitemap: {site.url('/karta.xml')}")
    site.reply("/karta.xml", Reply(body=listing.body(site), headers=listing.headers))
    for path, body in listing.more.items():
        site.reply(path, Reply(body=body(site), headers={"Content-Type": "text/xml"}))


@pytest.mark.parametrize("listing", LISTINGS, ids=str)
@case("a sitemap that {listing.does}", "{listing.must}")
def test_a_sitemap_is_read_as_far_as_it_can_be(
    crawled: tuple[Fleet, Night], listing: Listing
) -> None:
    fleet, night = crawled
    site, report = fleet.sites[listing.name], fleet.report(listing.name, night)
    lists = {"/robots.txt", "/karta.xml", "/dead.xml", *listing.more}
    assert sorted(set(site.requested) - lists) == sorted({"/", *listing.asked})
    assert max(site.times.values()) == 1
    assert not report.problem
    told = {
        f"{kind} {reason}": counted
        for kind in ("failed", "denied")
        for reason, counted in getattr(report, kind).items()
    }
    if listing.problem != "any":
        assert list(told) == ([listing.problem] if listing.problem else [])
    shown = f"{report} {[url for url in night.documents if 'root:' in url]}"
    assert "hemligt" not in shown
    assert "root:" not in shown


@case(
    "a site without a sitemap, and robots.txt names none",
    "/sitemap.xml is asked for once; its absence is no failure",
)
def test_a_site_needs_no_sitemap(site: FauxSite, operator: Operator) -> None:
    write(site, "/")
    night = operator.crawl(sitemaps="auto")
    assert site.requested.count("/sitemap.xml") == 1
    assert (night.counts("failed"), night.exit_code) == ({}, 0)


@case(
    "/sitemap.xml is the site's “not found” page, with status 200",
    "that is no failure, for nobody named it",
)
def test_a_guessed_sitemap_may_be_a_page(site: FauxSite, operator: Operator) -> None:
    write(site, "/")
    site.page("/sitemap.xml", html="<h1>Sidan finns inte</h1>")
    assert operator.crawl(sitemaps="auto").counts("failed") == {}


@case(
    "the configuration names a sitemap that answers 404",
    "it stands in the report; the pages are crawled",
)
def test_a_sitemap_that_the_operator_named_is_missed(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/a")
    write(site, "/a")
    night = operator.crawl(sitemaps=(site.url("/min.xml"),))
    assert night.counts("failed") == {"http_404": 1}
    assert night.paths == ["/", "/a"]


@pytest.mark.parametrize(
    "reply", [Reply(status=500), Reply(hangup="before_headers")], ids=["500", "hangup"]
)
@case(
    "the sitemap fails ({reply.status}, hangup: {reply.hangup})",
    "the pages known are kept; the sitemap stands in the report; exit 0",
)
def test_a_sitemap_that_fails_for_a_night_loses_nothing(
    site: FauxSite, operator: Operator, reply: Reply
) -> None:
    write(site, "/")
    write(site, "/oeppen")
    site.reply("/karta.xml", Reply(body=urls("/oeppen")(site)))
    karta = (site.url("/karta.xml"),)
    assert operator.crawl(sitemaps=karta).paths == ["/", "/oeppen"]
    site.reply("/karta.xml", reply)
    for _ in range(2):
        night = operator.crawl()
        assert night.paths == ["/", "/oeppen"]
        assert sum(night.counts("failed").values()) == 1


@case("robots.txt names five sitemaps, three of them one and the same", "each is asked for once")
def test_a_sitemap_named_twice_is_read_once(site: FauxSite, operator: Operator) -> None:
    write(site, "/")
    write(site, "/a")
    site.reply("/1.xml", Reply(body=urls("/a")(site)))
    site.reply("/2.xml", Reply(body=urls("/a")(site)))
    named = ("/1.xml", "/1.xml#x", "1.xml", "/2.xml", "/2.xml?utm_source=x")
    site.robots(*(f"Sitemap: {path}" for path in named))
    operator.crawl(sitemaps="auto")
    assert max(site.times.values()) == 1
    assert {"/1.xml", "/2.xml", "/a"} <= set(site.requested)


@pytest.mark.fault
@case(
    "a sitemap of 50 001 URLs; max_pages is 20",
    "it is read to the 50 000th and reported; twenty pages are asked for",
)
def test_a_sitemap_beyond_the_limit_is_cut(site: FauxSite, operator: Operator) -> None:
    write(site, "/")
    site.reply("/karta.xml", Reply(body=urls(*(f"/s/{n}/" for n in range(50_001)))(site)))
    night = operator.crawl(sitemaps=(site.url("/karta.xml"),), max_pages=20, pattern_budget=100_000)
    assert len(site.pages_requested) <= 22
    assert night.counts("failed")["sitemap_invalid"] == 1
    assert night.source.problem == "max_pages"
    assert night.source.left_queued + len(site.pages_requested) <= 50_002
    assert night.seconds < 30


@case(
    "an index that names 1 200 sitemaps, each of them an index of the next three",
    "a thousand are read at most",
)
def test_an_index_without_end_is_cut(site: FauxSite, operator: Operator) -> None:
    write(site, "/")

    def nested(path: str) -> Reply | None:
        if not path.startswith("/karta/"):
            return None
        number = int(path.removeprefix("/karta/"))
        return Reply(body=index(*(f"/karta/{number + step}" for step in (1, 2, 3)))(site))

    site.answer(nested)
    site.reply("/karta.xml", Reply(body=index(*(f"/karta/{n}" for n in range(1200)))(site)))
    night = operator.crawl(sitemaps=(site.url("/karta.xml"),))
    assert len(site.requests) <= 1002
    assert night.counts("failed")["sitemap_invalid"] >= 1
    assert night.paths == ["/"]


@case(
    "hreflang alternates of a page in the sitemap", "they are pages of the site: they are asked for"
)
def test_the_other_languages_of_a_page_are_found(site: FauxSite, operator: Operator) -> None:
    write(site, "/")
    for path in ("/sv", "/en"):
        write(site, path)
    link = '<xhtml:link rel="alternate" hreflang="en" href="{site}/en"/>'
    body = of(
        f'<urlset {XMLNS} xmlns:xhtml="http://www.w3.org/1999/xhtml">'
        f"<url><loc>{{site}}/sv</loc>{link}</url></urlset>"
    )
    site.reply("/karta.xml", Reply(body=body(site)))
    assert operator.crawl(sitemaps=(site.url("/karta.xml"),)).paths == ["/", "/en", "/sv"]
