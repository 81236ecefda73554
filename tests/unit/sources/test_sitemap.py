"""Sitemaps, written well, badly and with malice."""

from __future__ import annotations

import datetime as dt
import gzip

import pytest

from indexer.sources import Sitemap, SitemapEntry
from indexer.sources import sitemap as sitemaps
from indexer.sources.sitemap import MAX_URLS

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


NOW = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)


def parse_sitemap(body: bytes) -> Sitemap:
    return sitemaps.parse_sitemap(body, now=NOW)


def urls_of(sitemap: Sitemap) -> tuple[str, ...]:
    return tuple(entry.url for entry in sitemap.pages)


def urlset(*urls: str, namespace: str = NAMESPACE) -> bytes:
    entries = "".join(f"<url><loc>{url}</loc><lastmod>2026-01-31</lastmod></url>" for url in urls)
    return f"{DECLARATION}\n<urlset {namespace}>{entries}</urlset>".encode()


def test_the_pages_come_in_the_order_of_the_file() -> None:
    sitemap = parse_sitemap(urlset("https://h/b", "https://h/å", "https://h/a?x=1&amp;y=2"))
    assert urls_of(sitemap) == ("https://h/b", "https://h/å", "https://h/a?x=1&y=2")
    assert sitemap.sitemaps == ()
    assert sitemap.problem == ""


def test_an_index_names_sitemaps() -> None:
    entry = "<sitemap><loc>\n https://h/1.xml </loc></sitemap>"
    body = f"<sitemapindex {NAMESPACE}>{entry}</sitemapindex>"
    sitemap = parse_sitemap(body.encode())
    assert sitemap.sitemaps == (SitemapEntry(url="https://h/1.xml"),)
    assert urls_of(sitemap) == ()


def test_the_location_of_an_image_is_no_page() -> None:
    image = "http://www.google.com/schemas/sitemap-image/1.1"
    body = (
        f'<urlset {NAMESPACE} xmlns:i="{image}"><url><loc>https://h/a</loc>'
        "<i:image><i:loc>https://h/bild.jpg</i:loc></i:image></url></urlset>"
    )
    assert urls_of(parse_sitemap(body.encode())) == ("https://h/a",)


@pytest.mark.parametrize(
    "body",
    [
        urlset("https://h/å", namespace=""),
        urlset("https://h/å", namespace='xmlns="http://www.google.com/schemas/sitemap/0.84"'),
        b"\xef\xbb\xbf" + urlset("https://h/å"),
        b"\n\n " + urlset("https://h/å"),
        gzip.compress(urlset("https://h/å"), mtime=0),
        urlset("https://h/å").decode().replace("UTF-8", "ISO-8859-1").encode("latin-1"),
        urlset("https://h/å").decode().replace("UTF-8", "UTF-16").encode("utf-16"),
        "<urlset><!-- x --><?x y?><url><loc><![CDATA[https://h/å]]></loc></url></urlset>".encode(),
        "<urlset><url/><url><loc/></url><url><loc>https://h/å</loc></url></urlset>".encode(),
        "https://h/å\r\n".encode(),
        "\ufeff# karta\n\nhttps://h/å\nmailto:a@example.org\nhttp://[\n".encode(),
    ],
)
def test_common_variants_are_read(body: bytes) -> None:
    sitemap = parse_sitemap(body)
    assert urls_of(sitemap) == ("https://h/å",)
    assert sitemap.problem == ""


@pytest.mark.parametrize("cut", [60, 150, 400])
def test_a_broken_file_gives_what_came_before_and_says_so(cut: int) -> None:
    body = urlset(*(f"https://h/{number}" for number in range(9)))
    sitemap = parse_sitemap(body[:cut])
    assert len(urls_of(sitemap)) == body[:cut].count(b"</url>")
    assert "well-formed" in sitemap.problem
    assert not sitemap.foreign


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"  \n",
        b"<!doctype html><html><body><loc>https://h/</loc></body></html>",
        b"<rss><channel/></rss>",
        b"Sidan finns inte",
    ],
)
def test_something_else_altogether_is_foreign(body: bytes) -> None:
    sitemap = parse_sitemap(body)
    assert sitemap.foreign
    assert sitemap.problem
    assert urls_of(sitemap) == ()


def test_an_empty_list_is_a_list() -> None:
    assert parse_sitemap(urlset()).problem == ""


def test_no_entity_is_expanded_and_no_file_is_read() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    body = (
        f'<!DOCTYPE urlset [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        "<urlset><url><loc>https://h/&f;</loc></url><url><loc>&l11;</loc></url></urlset>"
    )
    assert urls_of(parse_sitemap(body.encode())) == ("https://h/",)


def test_more_urls_than_the_protocol_allows_are_cut_off_and_reported() -> None:
    urls = [f"https://h/{number}" for number in range(MAX_URLS + 1)]
    for body in (urlset(*urls), "\n".join(urls).encode()):
        sitemap = parse_sitemap(body)
        assert len(urls_of(sitemap)) == MAX_URLS
        assert str(MAX_URLS) in sitemap.problem
    assert parse_sitemap(urlset(*urls[:MAX_URLS])).problem == ""


def test_more_bytes_than_the_protocol_allows_are_refused() -> None:
    bomb = gzip.compress(b" " * 60_000_000)
    for body in (bomb, b" " * 50_000_001, bomb[:1000]):
        sitemap = parse_sitemap(body)
        assert sitemap.problem
        assert urls_of(sitemap) == ()


def test_every_entry_may_say_when_it_changed() -> None:
    body = f"""<urlset {NAMESPACE}>
      <url><loc>https://h/a</loc><lastmod>2026-01-31</lastmod></url>
      <url><lastmod> 2026-02-01T10:30:00+01:00 </lastmod><loc>https://h/b</loc></url>
      <url><loc>https://h/c</loc><lastmod>i förrgår</lastmod></url>
      <url><loc>https://h/d</loc><lastmod>2027-01-01</lastmod></url>
      <url><loc>https://h/e</loc></url></urlset>"""
    assert [entry.lastmod for entry in parse_sitemap(body.encode()).pages] == [
        dt.datetime(2026, 1, 31, 23, 59, 59, tzinfo=dt.UTC),
        dt.datetime(2026, 2, 1, 9, 30, tzinfo=dt.UTC),
        None,
        None,
        None,
    ]


def test_an_index_says_when_its_sitemaps_were_made() -> None:
    entry = "<sitemap><loc>https://h/1.xml</loc><lastmod>2026-02-01T10:30:00Z</lastmod></sitemap>"
    (nested,) = parse_sitemap(f"<sitemapindex>{entry}</sitemapindex>".encode()).sitemaps
    assert nested.lastmod == dt.datetime(2026, 2, 1, 10, 30, tzinfo=dt.UTC)


def test_other_languages_of_a_page_are_pages() -> None:
    xhtml = 'xmlns:x="http://www.w3.org/1999/xhtml"'
    body = f"""<urlset {NAMESPACE} {xhtml}>
      <url><loc>https://h/sv</loc>
        <x:link rel="alternate" hreflang="sv" href="https://h/sv"/>
        <x:link rel="alternate" hreflang="en" href=" https://h/en "/>
        <x:link rel="alternate" hreflang="de" href="https://h/de"/>
        <x:link rel="alternate" media="only screen" href="https://h/liten"/>
        <x:link rel="canonical" hreflang="sv" href="https://h/annan"/>
        <x:link rel="alternate" hreflang="fi"/></url>
      <url><loc>https://h/en</loc>
        <x:link rel="alternate" hreflang="de" href="https://h/de"/></url></urlset>"""
    sitemap = parse_sitemap(body.encode())
    assert urls_of(sitemap) == ("https://h/sv", "https://h/en")
    assert sitemap.alternates == ("https://h/de",)


def test_more_other_languages_than_pages_could_have_are_cut_off_and_reported() -> None:
    entry = "<url><loc>https://h/a</loc>{}</url>"
    link = '<link rel="alternate" hreflang="en" href="https://h/{}"/>'
    links = [link.format(number) for number in range(2 * MAX_URLS + 1)]
    groups = (links[start : start + 1000] for start in range(0, len(links), 1000))
    body = f"<urlset>{''.join(entry.format(''.join(group)) for group in groups)}</urlset>"
    sitemap = parse_sitemap(body.encode())
    assert set(urls_of(sitemap)) == {"https://h/a"}
    assert "other languages" in sitemap.problem


def test_an_entry_without_end_is_given_up_on() -> None:
    body = f"<urlset><url><loc>https://h/a</loc></url><url>{'<a/>' * 12_000}</url></urlset>"
    sitemap = parse_sitemap(body.encode())
    assert urls_of(sitemap) == ("https://h/a",)
    assert "more than 10000 elements" in sitemap.problem


def test_a_tag_without_end_is_given_up_on() -> None:
    attributes = " ".join(f"a{number}=''" for number in range(20_000))
    sitemap = parse_sitemap(f"<urlset><url {attributes}><loc>https://h/a</loc></url>".encode())
    assert "a tag or a text of more than 100000 bytes" in sitemap.problem
    assert not sitemap.foreign
