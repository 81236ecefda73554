"""When pages are visited again, and what makes a page due before its time."""

from __future__ import annotations

import datetime as dt

import pytest

from indexer.config import RecrawlSettings
from tests.support.faux_site import FauxSite, Reply
from tests.support.operator import SMALL_SITE, TEXT, Operator, write, write_small_site


@pytest.fixture(autouse=True)
def patient(operator: Operator) -> None:
    operator.recrawl = RecrawlSettings(min_hours=20, max_days=10)


def nights_asked(operator: Operator, site: FauxSite, path: str, nights: int) -> list[int]:
    """The nights, counted from 1, in which a path was asked for."""
    asked = []
    for night in range(1, nights + 1):
        operator.crawl()
        if site.asked(path):
            asked.append(night)
    return asked


def test_a_page_that_does_not_change_is_visited_less_and_less_often(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    # 20 hours, 40, 80, 160, and then the ten days that are the most.
    assert nights_asked(operator, site, "/projekt/", 30) == [1, 2, 4, 8, 15, 25]


def test_a_start_page_is_visited_every_night(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    assert nights_asked(operator, site, "/", 4) == [1, 2, 3, 4]


def test_a_page_that_changes_is_visited_as_often_as_may_be(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/nytt/")
    for night in range(6):
        site.page("/nytt/", html=TEXT.format(f"nyhet {night}"), title=f"Nyhet {night}")
        operator.crawl()
        assert site.asked("/nytt/"), night


def test_a_page_on_which_new_links_appear_counts_as_changed(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/lista/")
    links: list[str] = []
    for night in range(5):
        write(site, "/lista/", *links)
        operator.crawl()
        assert site.asked("/lista/"), night
        links.append(f"/post-{night}")


def test_what_was_not_due_is_counted_and_its_document_stays(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    operator.crawl()
    report = operator.crawl()
    assert (report.not_due, report.not_modified, report.documents) == (3, 1, 4)
    assert "3 not due yet" in "\n".join(report.lines())


def test_a_page_that_failed_is_tried_again_in_the_next_run(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    site.reply("/projekt/", Reply(status=500))
    assert nights_asked(operator, site, "/projekt/", 3) == [1, 2, 3]
    assert "/projekt/" in operator.paths


def test_a_page_that_is_missing_is_looked_at_again_in_the_next_run(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    site.remove("/projekt/")
    operator.crawl()
    assert "/projekt/" in operator.paths
    operator.crawl()
    assert "/projekt/" not in operator.paths


def test_a_page_that_is_missing_for_a_week_is_removed_at_the_next_look(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    site.remove("/projekt/")
    operator.crawl()
    known = operator.known("/projekt/")
    assert (known.missing, operator.found("/projekt/") is not None) == (1, True)
    operator.clock.pass_time(days=7)
    operator.crawl()
    found = operator.found("/projekt/")
    assert found is not None
    assert found.removed_reason == "http_404"


def test_a_page_that_robots_comes_to_forbid_goes_though_it_is_not_due(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    operator.crawl()
    site.robots("User-agent: *", "Disallow: /projekt/")
    report = operator.crawl()
    assert not site.asked("/projekt/")
    assert report.removed["robots_disallowed"].count == 1
    assert "/projekt/" not in operator.paths


def sitemap(site: FauxSite, **lastmods: str) -> None:
    entries = "".join(
        f"<url><loc>{site.url(f'/{name}')}</loc><lastmod>{lastmod}</lastmod></url>"
        for name, lastmod in lastmods.items()
    )
    site.text("/sitemap.xml", f"<urlset>{entries}</urlset>", media_type="application/xml")


def test_a_sitemap_that_tells_of_a_change_makes_a_page_due(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/")
    write(site, "/a")
    write(site, "/b")
    sitemap(site, a="2026-02-01", b="2026-02-01")
    operator.crawl()
    operator.crawl()
    sitemap(site, a="2026-03-02T12:00:00Z", b="2026-02-01")
    write(site, "/a", "/c")
    write(site, "/c")
    operator.crawl()
    assert (len(site.asked("/a")), len(site.asked("/b"))) == (1, 0)
    assert "/c" in operator.paths


def test_a_sitemap_that_cries_wolf_is_believed_three_times(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/")
    write(site, "/a")
    asked = []
    for night in range(1, 9):
        said = operator.clock() - dt.timedelta(minutes=30)
        sitemap(site, a=said.isoformat())
        operator.crawl()
        if site.asked("/a"):
            asked.append(night)
    assert asked[:4] == [1, 2, 3, 4]
    assert len(asked) < 7


def test_a_sitemap_that_has_not_changed_is_not_sent_again(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/")
    write(site, "/a")
    body = f"<urlset><url><loc>{site.url('/a')}</loc></url></urlset>".encode()
    site.reply("/sitemap.xml", Reply(body=body, headers={"ETag": '"s1"'}))
    operator.crawl()
    operator.crawl()
    assert site.asked("/sitemap.xml")[0].headers["if-none-match"] == '"s1"'
    operator.settings["allow"] = ("/", "/a", "/b")
    operator.crawl()
    assert "if-none-match" not in site.asked("/sitemap.xml")[0].headers


@pytest.mark.parametrize("wrong_by", [365, -365])
def test_a_clock_that_was_wrong_by_a_year_costs_no_page(
    site: FauxSite, operator: Operator, wrong_by: int
) -> None:
    write_small_site(site)
    for _ in range(3):
        operator.crawl()
    operator.clock.pass_time(days=wrong_by)
    for _ in range(2):
        write(site, "/projekt/", "/partner/", f"/{operator.clock():%Y-%m-%d}")
        operator.crawl()
        assert operator.paths == SMALL_SITE
    operator.clock.pass_time(days=-wrong_by)

    site.page("/projekt/", html=TEXT.format("rätt tid"), title="rätt tid")
    report = operator.crawl()

    assert site.asked("/projekt/")
    assert report.changed == 1
    found = operator.found("/projekt/")
    assert found is not None
    assert found.document is not None
    assert found.document.title == "rätt tid"
    assert operator.paths == SMALL_SITE


def test_pages_that_are_led_to_a_login_page_for_a_night_are_looked_at_in_the_next(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    for _ in range(2):
        operator.crawl()
    operator.clock.pass_time(days=10)
    for path in SMALL_SITE[1:]:
        site.redirect(path, to="/login", status=302)
    write(site, "/login")
    operator.crawl()
    assert operator.paths == ["/", "/login"]

    write_small_site(site)
    site.remove("/login")
    operator.crawl()

    assert set(SMALL_SITE) <= set(operator.paths)
