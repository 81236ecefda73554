"""Sources that are lists of pages: sitemaps and feeds, whose pages' links are not followed."""

from __future__ import annotations

import pytest

from tests.support.faux_site import FauxSite, Reply
from tests.support.operator import FAST, Operator, write

HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


@pytest.fixture(autouse=True)
def pages(site: FauxSite) -> None:
    write(site, "/", "/a", "/b", "/c")
    write(site, "/a", "/c")
    write(site, "/b", "/c")
    write(site, "/c")


def of_sitemap(operator: Operator, site: FauxSite) -> None:
    operator.settings = {
        "sitemaps": (site.url("/sitemap.xml"),),
        "hosts": (f"127.0.0.1:{site.port}",),
        "allow": ("/**",),
        "max_depth": 1,
        "http": FAST,
    }


def of_feed(operator: Operator, site: FauxSite) -> None:
    of_sitemap(operator, site)
    operator.settings |= {"sitemaps": "none", "feeds": (site.url("/feed"),)}


def feed(site: FauxSite, *paths: str) -> None:
    items = "".join(f"<item><title>x</title><link>{site.url(path)}</link></item>" for path in paths)
    text = f'{HEAD}<rss version="2.0"><channel><title>Nytt</title>{items}</channel></rss>'
    site.text("/feed", text, media_type="application/rss+xml")


def sitemap(site: FauxSite, *paths: str) -> None:
    entries = "".join(f"<url><loc>{site.url(path)}</loc></url>" for path in paths)
    site.text("/sitemap.xml", f"{HEAD}<urlset>{entries}</urlset>", media_type="application/xml")


def test_the_pages_of_a_sitemap_are_documents_and_their_links_are_not_followed(
    site: FauxSite, operator: Operator
) -> None:
    of_sitemap(operator, site)
    sitemap(site, "/a", "/b")
    report = operator.crawl()
    assert (report.problem, operator.paths) == ("", ["/a", "/b"])
    assert not site.asked("/c")


def test_the_entries_of_a_feed_are_documents_and_stay_when_the_feed_moves_on(
    site: FauxSite, operator: Operator
) -> None:
    of_feed(operator, site)
    feed(site, "/a")
    operator.crawl()
    feed(site, "/b")
    operator.crawl()
    assert operator.paths == ["/a", "/b"]


@pytest.mark.parametrize("status", [404, 500])
def test_a_source_whose_only_list_fails_is_a_failed_source_and_loses_nothing(
    site: FauxSite, operator: Operator, status: int
) -> None:
    of_feed(operator, site)
    feed(site, "/a")
    operator.crawl()
    site.reply("/feed", Reply(status=status))
    report = operator.crawl()
    assert report.problem == "source_failed"
    assert str(status) in report.detail
    assert operator.paths == ["/a"]


def test_a_page_in_the_place_of_a_feed_is_a_failed_source(
    site: FauxSite, operator: Operator
) -> None:
    of_feed(operator, site)
    write(site, "/feed", "/a")
    report = operator.crawl()
    assert report.problem == "source_failed"
    assert "feed_invalid" in report.detail


def test_a_feed_that_has_not_changed_is_not_a_failure(site: FauxSite, operator: Operator) -> None:
    of_feed(operator, site)
    item = f"<item><link>{site.url('/a')}</link></item>"
    body = f'{HEAD}<rss version="2.0"><channel>{item}</channel></rss>'.encode()
    site.reply("/feed", Reply(body=body, headers={"ETag": '"f1"'}))
    operator.crawl()
    report = operator.crawl()
    assert site.asked("/feed")[0].headers["if-none-match"] == '"f1"'
    assert (report.problem, operator.paths) == ("", ["/a"])
