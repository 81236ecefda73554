"""Sitemaps, written well, badly and with malice."""

from __future__ import annotations

import gzip

import pytest

from indexer.sources import parse_sitemap
from indexer.sources.sitemap import MAX_URLS

NAMESPACE = 'xmlns="http://www.sitemaps.org/schemas/sitemap/0.9"'
DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>'


def urlset(*urls: str, namespace: str = NAMESPACE) -> bytes:
    entries = "".join(f"<url><loc>{url}</loc><lastmod>2026-01-31</lastmod></url>" for url in urls)
    return f"{DECLARATION}\n<urlset {namespace}>{entries}</urlset>".encode()


def test_the_pages_come_in_the_order_of_the_file() -> None:
    sitemap = parse_sitemap(urlset("https://h/b", "https://h/å", "https://h/a?x=1&amp;y=2"))
    assert sitemap.urls == ("https://h/b", "https://h/å", "https://h/a?x=1&y=2")
    assert sitemap.sitemaps == ()
    assert sitemap.problem == ""


def test_an_index_names_sitemaps() -> None:
    entry = "<sitemap><loc>\n https://h/1.xml </loc></sitemap>"
    body = f"<sitemapindex {NAMESPACE}>{entry}</sitemapindex>"
    sitemap = parse_sitemap(body.encode())
    assert sitemap.sitemaps == ("https://h/1.xml",)
    assert sitemap.urls == ()


def test_the_location_of_an_image_is_no_page() -> None:
    image = "http://www.google.com/schemas/sitemap-image/1.1"
    body = (
        f'<urlset {NAMESPACE} xmlns:i="{image}"><url><loc>https://h/a</loc>'
        "<i:image><i:loc>https://h/bild.jpg</i:loc></i:image></url></urlset>"
    )
    assert parse_sitemap(body.encode()).urls == ("https://h/a",)


@pytest.mark.parametrize(
    "body",
    [
        urlset("https://h/å", namespace=""),
        urlset("https://h/å", namespace='xmlns="http://www.google.com/schemas/sitemap/0.84"'),
        b"\xef\xbb\xbf" + urlset("https://h/å"),
        b"\n\n " + urlset("https://h/å"),
        gzip.compress(urlset("https://h/å")),
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
    assert sitemap.urls == ("https://h/å",)
    assert sitemap.problem == ""


@pytest.mark.parametrize("cut", [60, 150, 400])
def test_a_broken_file_gives_what_came_before_and_says_so(cut: int) -> None:
    body = urlset(*(f"https://h/{number}" for number in range(9)))
    sitemap = parse_sitemap(body[:cut])
    assert len(sitemap.urls) == body[:cut].count(b"</url>")
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
    assert sitemap.urls == ()


def test_an_empty_list_is_a_list() -> None:
    assert parse_sitemap(urlset()).problem == ""


def test_no_entity_is_expanded_and_no_file_is_read() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 12))
    body = (
        f'<!DOCTYPE urlset [<!ENTITY l0 "ha">{laughs}<!ENTITY f SYSTEM "file:///etc/hostname">]>'
        "<urlset><url><loc>https://h/&f;</loc></url><url><loc>&l11;</loc></url></urlset>"
    )
    assert parse_sitemap(body.encode()).urls == ("https://h/",)


def test_more_urls_than_the_protocol_allows_are_cut_off_and_reported() -> None:
    urls = [f"https://h/{number}" for number in range(MAX_URLS + 1)]
    for body in (urlset(*urls), "\n".join(urls).encode()):
        sitemap = parse_sitemap(body)
        assert len(sitemap.urls) == MAX_URLS
        assert str(MAX_URLS) in sitemap.problem
    assert parse_sitemap(urlset(*urls[:MAX_URLS])).problem == ""


def test_more_bytes_than_the_protocol_allows_are_refused() -> None:
    bomb = gzip.compress(b" " * 60_000_000)
    for body in (bomb, b" " * 50_000_001, bomb[:1000]):
        sitemap = parse_sitemap(body)
        assert sitemap.problem
        assert sitemap.urls == ()
