"""Crawls of sites that the tests write, over real sockets, into real SQLite files."""

from __future__ import annotations

import dataclasses
import sqlite3
from typing import Any

import pytest

from indexer.config import WebsiteSource
from indexer.crawl.reading import PageReader, Reading, ReadingRules, ThreadReader
from indexer.errors import StoreError
from indexer.model import Concept, Extraction, Page, SiteRule, Vocabulary
from tests.support.faux_site import HTML, FauxSite, Reply
from tests.support.operator import FAST, SMALL_SITE, TEXT, Operator, write, write_small_site


def write_gone(site: FauxSite, path: str) -> None:
    site.reply(path, Reply(status=410))


def write_down(site: FauxSite, *paths: str, status: int = 503) -> None:
    for path in paths:
        site.reply(path, Reply(status=status))


# --- what is visited, and what becomes a document -----------------------------------------------


def test_every_page_that_is_linked_becomes_a_document(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    report = operator.crawl()
    assert operator.paths == SMALL_SITE
    assert (report.fetched, report.added, report.documents) == (4, 4, 4)
    assert report.bytes > 1000
    assert not report.problem
    assert operator.events == [("added", path, "") for _, path, _ in operator.events]


def test_each_page_is_asked_for_once(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    operator.crawl()
    asked = [path for path in site.requested if path not in {"/robots.txt", "/sitemap.xml"}]
    assert sorted(asked) == SMALL_SITE


def test_pages_of_the_sitemap_are_found_and_its_dead_ones_reported(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/")
    write(site, "/oeppen")
    site.robots(f"Sitemap: {site.url('/karta.xml')}")
    locations = "".join(f"<url><loc>{site.url(p)}</loc></url>" for p in ("/oeppen", "/borta"))
    site.text(
        "/karta.xml",
        f'<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">{locations}</urlset>',
        media_type="application/xml",
    )
    report = operator.crawl()
    assert operator.paths == ["/", "/oeppen"]
    assert report.failed["http_404"].examples == (site.url("/borta"),)


def test_a_broken_sitemap_is_reported_and_the_crawl_goes_on(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/")
    site.text("/karta.xml", "<urlset><url><loc>", media_type="application/xml")
    operator.settings["sitemaps"] = (site.url("/karta.xml"),)
    report = operator.crawl()
    assert operator.paths == ["/"]
    assert report.failed["sitemap_invalid"].count == 1


def test_only_what_the_scope_allows_is_asked_for(site: FauxSite, operator: Operator) -> None:
    write(site, "/s/", "/s/a", "/s/print/a", "/annat", "https://www.example.org/s/x", "mailto:a@b")
    write(site, "/s/a", "/s/djupt/1")
    write(site, "/s/djupt/1")
    write(site, "/s/print/a")
    write(site, "/annat")
    operator.settings |= {
        "start": (site.url("/s/"),),
        "deny": ("/**/print/**",),
        "max_depth": 1,
        "sitemaps": "none",
    }
    report = operator.crawl()
    assert site.requested == ["/robots.txt", "/s/", "/s/a"]
    skipped = {reason: counted.count for reason, counted in report.skipped.items()}
    assert skipped == {
        "deny": 1,
        "not_allowed": 1,
        "other_host": 1,
        "max_depth": 1,
    }


def test_a_folder_to_follow_only_gives_links_and_no_document(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/arkiv/")
    write(site, "/arkiv/", "/nyhet")
    write(site, "/nyhet")
    operator.settings["follow_only"] = ("/**/arkiv/",)
    report = operator.crawl()
    assert operator.paths == ["/", "/nyhet"]
    assert report.skipped["follow_only"].examples == (site.url("/arkiv/"),)


def test_what_robots_disallows_is_never_asked_for(site: FauxSite, operator: Operator) -> None:
    site.robots("User-agent: *", "Disallow: /hemligt/")
    write(site, "/", "/hemligt/a", "/b")
    write(site, "/hemligt/a")
    write(site, "/b")
    report = operator.crawl()
    assert site.asked("/hemligt/a") == []
    assert operator.paths == ["/", "/b"]
    assert report.denied["robots_disallowed"].examples == (site.url("/hemligt/a"),)


def test_a_page_under_two_urls_is_one_document_under_its_canonical(
    site: FauxSite, operator: Operator
) -> None:
    canonical = '<link rel="canonical" href="/partner/">'
    write(site, "/", "/partner/?visa=allt", "/partner/")
    write(site, "/partner/", head=canonical)
    write(site, "/partner/?visa=allt", head=canonical)
    for _ in range(2):
        operator.crawl()
        assert operator.paths == ["/", "/partner/"]
    found = next(d for d in operator.store.documents() if d.url.endswith("/partner/"))
    assert found.title == "/partner/"
    assert len(site.asked("/partner/?visa=allt")) == 1


def test_a_canonical_that_is_not_crawled_itself_still_names_the_document(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/p?a=1")
    write(site, "/p?a=1", head='<link rel="canonical" href="/p">')
    operator.crawl()
    assert operator.paths == ["/", "/p"]


def test_a_canonical_outside_of_the_source_is_not_believed(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", head='<link rel="canonical" href="https://www.example.org/">')
    operator.crawl()
    assert operator.paths == ["/"]


def test_a_page_that_asks_not_to_be_indexed_is_not_but_its_links_are_followed(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/tyst")
    write(site, "/tyst", "/vidare", head='<meta name="robots" content="noindex">')
    write(site, "/vidare")
    report = operator.crawl()
    assert operator.paths == ["/", "/vidare"]
    assert report.skipped["noindex"].examples == (site.url("/tyst"),)


def test_links_that_ask_not_to_be_followed_are_not(site: FauxSite, operator: Operator) -> None:
    html = TEXT.format("/") + '<a rel="nofollow" href="/a">a</a>'
    site.page("/", html=html, title="Start", links=["/b"])
    write(site, "/a")
    write(site, "/b", "/c", head='<meta name="robots" content="nofollow">')
    write(site, "/c")
    operator.crawl()
    assert operator.paths == ["/", "/b"]


def test_the_same_site_under_another_name_is_crawled_under_its_own(
    site: FauxSite, operator: Operator
) -> None:
    other = site.url("/b", host="localhost")
    write(site, "/", other)
    write(site, "/b", site.url("/", host="localhost"))
    operator.settings["aliases"] = {f"localhost:{site.port}": f"127.0.0.1:{site.port}"}
    operator.crawl()
    assert operator.paths == ["/", "/b"]
    assert {request.headers["host"] for request in site.requests} == {f"127.0.0.1:{site.port}"}


def test_a_calendar_without_end_is_cut_by_its_pattern_budget(
    site: FauxSite, operator: Operator
) -> None:
    for day in range(40):
        write(site, f"/kalender/{day}/", f"/kalender/{day + 1}/", f"/kalender/{day + 2}/")
    write(site, "/", "/kalender/0/", "/om")
    write(site, "/om")
    operator.settings |= {"pattern_budget": 5, "max_depth": 100}
    report = operator.crawl()
    assert len(operator.paths) == 7
    assert report.skipped["pattern_budget"].count == 2
    (pattern,) = report.spent_patterns
    assert pattern.endswith("/kalender/#/")


def test_a_link_that_leads_into_itself_ends(site: FauxSite, operator: Operator) -> None:
    for depth in range(30):
        write(site, "/" + "a/" * depth, "a/")
    operator.settings["max_depth"] = 50
    report = operator.crawl()
    assert operator.paths == ["/", "/a/", "/a/a/"]
    assert report.skipped["repeating_path"].count == 1


def test_a_crawl_stops_at_its_number_of_pages_and_says_so(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", *(f"/{name}" for name in "abcdefgh"))
    for name in "abcdefgh":
        write(site, f"/{name}")
    operator.settings["max_pages"] = 4
    report = operator.crawl()
    assert (report.documents, report.problem, report.left_queued) == (4, "max_pages", 5)
    assert not report.is_failed


def test_progress_ends_with_everything_done(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    operator.crawl()
    last = operator.seen[-1]
    assert (last.source, last.done, last.queued) == ("samverkan", 4, 0)
    assert last.rate > 0


def test_a_long_crawl_shows_its_progress_on_the_way(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/a", "/b", "/c")
    page = TEXT.format("sen").encode()
    for path in ("/a", "/b", "/c"):
        site.reply(path, Reply(body=page, headers={"Content-Type": HTML}, stall_s=0.15))
    operator.settings["http"] = dataclasses.replace(FAST, concurrency=1)
    operator.crawl()
    done = [progress.done for progress in operator.seen]
    assert done == sorted(done)
    assert {2, 3, 4} <= set(done)


def test_a_start_page_out_of_its_own_scope_is_a_failed_source(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/")
    operator.settings["deny"] = ("/",)
    report = operator.crawl_all()
    assert report.failed_sources == ("samverkan",)
    assert "no start page" in report.sources[0].detail


def test_a_report_shows_no_mail_address(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "mailto:asa@example.org", "https://asa@www.example.org/", "tel:+46520123")
    report = operator.crawl_all()
    assert "asa" not in str(report.to_json())
    assert "asa" not in "".join(report.lines())


# --- redirects ----------------------------------------------------------------------------------


def test_a_redirect_leads_to_one_document_where_it_ends(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/gammal")
    site.redirect("/gammal", to="/ny")
    write(site, "/ny")
    report = operator.crawl()
    assert operator.paths == ["/", "/ny"]
    assert len(site.asked("/ny")) == 1
    assert report.skipped["redirected"].examples == (site.url("/gammal"),)


def test_a_redirect_to_a_page_that_is_known_is_not_followed(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/ny", "/gammal")
    site.redirect("/gammal", to="/ny")
    write(site, "/ny")
    for _ in range(2):
        operator.crawl()
        assert operator.paths == ["/", "/ny"]
        assert len(site.asked("/ny")) == 1


def test_a_page_that_moved_is_found_at_its_new_address_only(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/a")
    write(site, "/a")
    operator.crawl()
    site.redirect("/a", to="/b")
    write(site, "/b")
    operator.crawl()
    assert operator.paths == ["/", "/b"]
    assert ("removed", "/a", "redirected") in operator.events


def test_a_redirect_out_of_the_source_is_not_followed_and_counts_as_missing(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/a")
    write(site, "/a")
    operator.crawl()
    site.redirect("/a", to="http://other.example.org/underhall", status=302)
    report = operator.crawl()
    assert operator.paths == ["/", "/a"]
    assert report.skipped["redirect_other_host"].count == 1
    operator.crawl()
    assert operator.paths == ["/"]


def test_a_start_page_that_redirects_is_there_night_after_night(
    site: FauxSite, operator: Operator
) -> None:
    site.redirect("/", to="/hem")
    write(site, "/hem", "/a")
    write(site, "/a")
    for _ in range(3):
        report = operator.crawl_all()
        assert report.failed_sources == ()
        assert operator.paths == ["/a", "/hem"]


def test_a_site_that_sends_everybody_elsewhere_loses_nothing(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    for path in SMALL_SITE:
        site.redirect(path, to="http://other.example.org/underhall", status=302)
    for _ in range(3):
        assert operator.crawl_all().failed_sources == ("samverkan",)
        assert operator.paths == SMALL_SITE


def test_a_redirect_without_end_is_counted(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/runt")
    site.redirect("/runt", to="/runt")
    report = operator.crawl()
    assert operator.paths == ["/"]
    assert report.failed["redirect_loop"].count == 1


# --- the second night ---------------------------------------------------------------------------


def test_a_second_crawl_of_an_unchanged_site_reads_nothing_again(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    operator.reader = Forbidden()
    report = operator.crawl()
    assert (report.not_modified, report.fetched, report.unchanged) == (4, 0, 4)
    assert operator.paths == SMALL_SITE
    assert len(operator.store.history()) == 4


def test_a_page_without_validators_is_not_read_again_when_its_bytes_are_the_same(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/")
    operator.crawl()
    operator.reader = Forbidden()
    report = operator.crawl()
    assert (report.fetched, report.unchanged) == (1, 1)


def test_only_the_page_that_changed_is_a_change(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    operator.crawl()
    site.page("/projekt/", html=TEXT.format("något nytt"), title="Nytt", headers={"ETag": '"2"'})
    report = operator.crawl()
    assert (report.changed, report.unchanged, report.not_modified) == (1, 3, 3)
    assert operator.events[-1] == ("changed", "/projekt/", "")


def test_a_page_that_is_linked_no_more_stays_until_it_is_gone(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/a")
    write(site, "/a")
    operator.crawl()
    write(site, "/")
    operator.crawl()
    assert operator.paths == ["/", "/a"]


def test_a_missing_page_is_removed_when_it_is_missing_twice(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    site.remove("/projekt/")
    operator.crawl()
    assert operator.paths == SMALL_SITE
    report = operator.crawl()
    assert operator.paths == SMALL_SITE[:-1]
    assert report.removed["http_404"].examples == (site.url("/projekt/"),)


def test_a_page_that_was_missing_only_once_stays(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    operator.crawl()
    for _ in range(2):
        site.remove("/projekt/")
        operator.crawl()
        write_small_site(site)
        operator.crawl()
    assert operator.paths == SMALL_SITE
    assert [event for event in operator.events if event[0] == "removed"] == []


def test_a_page_that_is_gone_is_removed_at_once_and_may_come_back(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    write_gone(site, "/projekt/")
    report = operator.crawl()
    assert operator.paths == SMALL_SITE[:-1]
    assert report.removed["http_410"].count == 1
    write_small_site(site)
    report = operator.crawl()
    assert report.added == 1
    assert operator.paths == SMALL_SITE


def test_a_page_that_turns_noindex_is_removed(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    operator.crawl()
    write(site, "/projekt/", X_Robots_Tag="noindex")
    report = operator.crawl()
    assert operator.paths == SMALL_SITE[:-1]
    assert report.removed["noindex"].count == 1


def test_a_page_that_robots_now_disallows_is_removed(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    operator.crawl()
    site.robots("User-agent: *", "Disallow: /projekt/")
    report = operator.crawl()
    assert operator.paths == SMALL_SITE[:-1]
    assert report.removed["robots_disallowed"].count == 1


def test_a_page_that_the_scope_now_refuses_is_removed_and_not_asked_for(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    operator.settings["deny"] = ("/projekt/",)
    report = operator.crawl()
    assert operator.paths == SMALL_SITE[:-1]
    assert site.asked("/projekt/") == []
    assert report.removed["scope_deny"].count == 1


def test_a_document_stays_as_long_as_one_of_its_urls_does(
    site: FauxSite, operator: Operator
) -> None:
    canonical = '<link rel="canonical" href="/p">'
    write(site, "/", "/p?a=1", "/p?b=2")
    write(site, "/p?a=1", head=canonical)
    write(site, "/p?b=2", head=canonical)
    operator.crawl()
    write_gone(site, "/p?a=1")
    operator.crawl()
    assert operator.paths == ["/", "/p"]
    operator.crawl()
    assert "/p?b=2" in [d.title for d in operator.store.documents()]
    write_gone(site, "/p?b=2")
    operator.crawl()
    assert operator.paths == ["/"]


def test_a_page_whose_text_is_lost_is_removed_when_it_stays_empty(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    site.page("/projekt/")
    operator.crawl()
    assert operator.paths == SMALL_SITE
    operator.crawl()
    assert operator.paths == SMALL_SITE[:-1]


def test_the_documents_of_a_source_that_is_configured_no_more_are_removed(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/")
    with FauxSite() as second:
        write(second, "/annan")
        extra = WebsiteSource(name="annan", start=(second.url("/annan"),), http=FAST)
        operator.crawl(extra)
        assert operator.store.count("annan") == 1
        operator.crawl()
    assert operator.store.count("annan") == 0
    assert operator.events[-1][2] == "source_removed"


# --- nights when things go wrong ----------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 503, 403])
def test_pages_that_answer_with_an_error_keep_their_documents(
    site: FauxSite, operator: Operator, status: int
) -> None:
    write_small_site(site)
    operator.crawl()
    write_down(site, "/partner/", "/partner/staden/", "/projekt/", status=status)
    for _ in range(3):
        report = operator.crawl()
        assert operator.paths == SMALL_SITE
        assert report.failed[f"http_{status}"].count == 3


@pytest.mark.parametrize("status", [500, 503, 404, 410, 403])
def test_a_site_whose_start_page_fails_loses_nothing_and_is_left_alone(
    site: FauxSite, operator: Operator, status: int
) -> None:
    write_small_site(site)
    operator.crawl()
    write_down(site, *SMALL_SITE, status=status)
    for _ in range(3):
        report = operator.crawl_all()
        assert report.failed_sources == ("samverkan",)
        assert operator.paths == SMALL_SITE
        assert not set(site.requested) & set(SMALL_SITE[1:])


def test_a_site_that_is_down_loses_nothing(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    operator.crawl()
    operator.settings |= {"start": ("http://127.0.0.1:9/",), "hosts": (f"127.0.0.1:{site.port}",)}
    operator.settings["hosts"] += ("127.0.0.1:9",)
    operator.settings["allow"] = ("/**",)
    report = operator.crawl_all()
    assert report.failed_sources == ("samverkan",)
    assert operator.paths == SMALL_SITE


def test_a_site_whose_robots_file_fails_loses_nothing(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    operator.crawl()
    write_down(site, "/robots.txt")
    report = operator.crawl_all()
    assert report.failed_sources == ("samverkan",)
    assert operator.paths == SMALL_SITE


def test_a_source_recovers_on_the_night_after(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    operator.crawl()
    write_down(site, *SMALL_SITE)
    operator.crawl()
    write_small_site(site)
    report = operator.crawl()
    assert (report.problem, report.unchanged, report.not_modified) == ("", 4, 4)


def test_one_source_that_is_down_does_not_stop_another(site: FauxSite, operator: Operator) -> None:
    write_down(site, "/", status=503)
    with FauxSite() as second:
        write(second, "/")
        extra = WebsiteSource(name="annan", start=(second.url("/"),), http=FAST)
        report = operator.crawl_all(extra)
    assert report.failed_sources == ("samverkan",)
    assert operator.store.count("annan") == 1


def test_a_page_in_two_sources_stays_when_one_of_them_goes(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/")
    operator.crawl(WebsiteSource(name="annan", start=(site.url("/"),), http=FAST))
    assert operator.store.count("annan") == 1
    operator.crawl()
    operator.crawl()
    assert operator.paths == ["/"]
    assert operator.store.count("samverkan") == 1


def test_a_site_that_dies_on_the_way_is_given_up(site: FauxSite, operator: Operator) -> None:
    links = [f"/sida/{number}" for number in range(200)]
    write(site, "/", *links)
    write_down(site, *links, status=500)
    report = operator.crawl()
    assert report.problem == "source_failed"
    assert "50 URLs in a row" in report.detail
    assert len(site.requests) < 70
    assert report.left_queued > 100


@pytest.mark.parametrize("where", ["before_headers", "in_body"])
def test_a_line_that_is_dropped_is_counted_and_the_crawl_goes_on(
    site: FauxSite, operator: Operator, where: Any
) -> None:
    write_small_site(site)
    operator.crawl()
    site.reply("/partner/", Reply(body=b"<p>" * 999, headers={"Content-Type": HTML}, hangup=where))
    report = operator.crawl()
    assert report.failed["dropped"].examples == (site.url("/partner/"),)
    assert operator.paths == SMALL_SITE
    assert report.unchanged == 3


def test_a_hostile_page_is_counted_and_the_crawl_goes_on(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/bild", "/skräp", "/djup", "/b")
    site.reply(
        "/bild", Reply(body=b"\x89PNG\r\n\x1a\n" * 99, headers={"Content-Type": "image/png"})
    )
    site.reply("/skr%C3%A4p", Reply(body=bytes(range(256)) * 40, headers={"Content-Type": HTML}))
    site.reply("/djup", Reply(body=b"<div>" * 20_000, headers={"Content-Type": HTML}))
    write(site, "/b")
    report = operator.crawl()
    assert {"/", "/b"} <= set(operator.paths)
    assert report.fetched == 5
    assert not report.problem


def test_a_page_that_cannot_be_parsed_is_counted_and_keeps_its_document(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    nested = Reply(body=b"<div>" * 60_000, headers={"Content-Type": HTML, "ETag": '"djup"'})
    site.reply("/projekt/", nested)
    for _ in range(3):
        report = operator.crawl()
        assert report.failed["parse_limit"].examples == (site.url("/projekt/"),)
        assert operator.paths == SMALL_SITE


def test_an_error_of_ours_costs_one_page_and_is_logged(
    site: FauxSite, operator: Operator, caplog: pytest.LogCaptureFixture
) -> None:
    write_small_site(site)
    operator.reader = Stumbling("/projekt/")
    report = operator.crawl()
    assert report.failed["internal_error"].examples == (site.url("/projekt/"),)
    assert operator.paths == SMALL_SITE[:-1]
    assert "RuntimeError: stumbled" in caplog.text
    operator.reader = None
    assert operator.crawl().added == 1


# --- reading again ------------------------------------------------------------------------------


def test_a_new_vocabulary_is_applied_to_stored_pages_after_a_304(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    operator.vocabulary = Vocabulary(partners=(Concept(name="Kommunen"),))
    report = operator.crawl()
    assert (report.not_modified, report.reextracted, report.fetched) == (4, 4, 0)
    assert operator.crawl().reextracted == 0


def test_a_site_rule_that_finds_nothing_is_reported_once_and_the_text_is_found(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    fields = {"title": "h1", "persons": ".contact-card"}
    rule = SiteRule(match="/partner/**", main=".finns-inte", fields=fields)
    operator.settings["rules"] = (rule,)
    report = operator.crawl()
    assert operator.paths == SMALL_SITE
    assert {what: counted.count for what, counted in report.wrong_rules.items()} == {
        "main of /partner/**": 2,
        "persons of /partner/**": 2,
    }
    said = [line for line in report.lines() if "site rule" in line]
    assert len(said) == 2
    assert "main of /partner/** finds nothing on 2 pages, such as" in said[0]
    assert not operator.crawl().wrong_rules


def test_stored_pages_can_be_read_again_without_a_request(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    site.requests.clear()
    assert operator.read_again()["read"] == 0
    operator.vocabulary = Vocabulary(areas=(Concept(name="högskolan"),))
    counts = operator.read_again()
    assert (counts["read"], counts["failed"]) == (4, 0)
    assert counts["changed"] + counts["unchanged"] == 4
    assert operator.read_again()["read"] == 0
    assert site.requests == []
    assert operator.paths == SMALL_SITE


def test_reading_again_is_no_proof_that_a_page_is_missing(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    site.page("/projekt/", headers={"ETag": '"tom"'})
    operator.crawl()
    operator.vocabulary = Vocabulary(areas=(Concept(name="högskolan"),))
    assert operator.read_again()["read"] == 4
    assert operator.paths == SMALL_SITE
    operator.crawl()
    assert operator.paths == SMALL_SITE[:-1]


def test_reading_again_leaves_alone_what_the_scope_no_longer_allows(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    operator.settings["deny"] = ("/projekt/",)
    operator.vocabulary = Vocabulary(areas=(Concept(name="högskolan"),))
    assert operator.read_again()["read"] == 3
    assert operator.paths == SMALL_SITE


def test_a_damaged_body_ends_the_reading_with_advice(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    operator.crawl()
    with sqlite3.connect(operator.path / "crawl.db") as raw:
        raw.execute("UPDATE bodies SET body = X'00'")
    raw.close()
    operator.vocabulary = Vocabulary(areas=(Concept(name="högskolan"),))
    with pytest.raises(StoreError, match="damaged"):
        operator.read_again()
    with pytest.raises(StoreError, match="damaged"):
        operator.crawl()


def test_a_source_whose_crawl_breaks_does_not_stop_another(
    site: FauxSite, operator: Operator, caplog: pytest.LogCaptureFixture
) -> None:
    write(site, "/")
    broken = WebsiteSource(name="trasig", start=(site.url("/"),), http=FAST, max_depth="x")  # type: ignore[arg-type]  # the bug
    report = operator.crawl_all(broken)
    assert report.failed_sources == ("trasig",)
    assert report.sources[1].problem == "internal_error"
    assert operator.paths == ["/"]
    assert "internal error in source trasig" in caplog.text


class Forbidden(PageReader):
    """A reader for crawls in which nothing may be read."""

    async def read(self, page: Page, rules: ReadingRules, *, links_only: bool = False) -> Reading:
        assert not links_only
        raise AssertionError(f"{page.url} was read by {rules.fingerprint}")

    async def read_again(self, page: Page, rules: ReadingRules) -> Extraction:
        raise AssertionError(f"{page.url} was read again by {rules.fingerprint}")

    def close(self) -> None:
        pass


class Stumbling(ThreadReader):
    """A reader with a bug that shows on one page."""

    def __init__(self, path: str) -> None:
        super().__init__()
        self._path = path

    async def read(self, page: Page, rules: ReadingRules, *, links_only: bool = False) -> Reading:
        if page.url.endswith(self._path):
            raise RuntimeError("stumbled")
        return await super().read(page, rules, links_only=links_only)
