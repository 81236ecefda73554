"""Hosts that ask to be left alone: they are, and nobody else waits for them."""

from __future__ import annotations

import dataclasses
import time

from tests.support.faux_site import FauxSite, Reply
from tests.support.operator import FAST, SMALL_SITE, TEXT, Operator, write, write_small_site


def busy(site: FauxSite, path: str, *, status: int = 429, after: str | None = "1") -> None:
    """Have a path answer that it is busy once, and then with its page."""
    headers = {"Retry-After": after} if after is not None else {}
    page = Reply(
        body=f"<title>{path}</title><main>{TEXT.format(path)}</main>".encode(),
        headers={"Content-Type": "text/html; charset=utf-8"},
    )
    site.reply(path, Reply(status=status, headers=headers), page)


def test_a_page_that_was_busy_is_asked_for_again_when_it_said(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    busy(site, "/projekt/")
    report = operator.crawl()
    assert operator.paths == SMALL_SITE
    assert not report.failed
    first, second = (request.at for request in site.asked("/projekt/"))
    assert second - first >= 0.95


def test_nothing_is_asked_of_a_host_that_counts_us_until_its_time_has_come(
    site: FauxSite, operator: Operator
) -> None:
    operator.settings["http"] = dataclasses.replace(FAST, per_host=1)
    write(site, "/", "/a", "/b", "/c")
    for path in ("/b", "/c"):
        write(site, path)
    busy(site, "/a", after="1")
    operator.crawl()
    asked = {request.path: request.at for request in reversed(site.requests)}
    later = [request.at for request in site.requests if request.at > asked["/a"]]
    assert min(later) - asked["/a"] >= 0.95
    assert operator.paths == ["/", "/a", "/b", "/c"]


def test_a_page_that_is_unavailable_keeps_no_other_from_being_visited(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/a", "/b")
    write(site, "/b")
    busy(site, "/a", status=503, after="1")
    operator.crawl()
    (b,) = site.asked("/b")
    assert b.at < site.asked("/a")[1].at
    assert operator.paths == ["/", "/a", "/b"]


def test_a_page_that_stays_busy_is_asked_for_three_times_and_keeps_its_document(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    operator.crawl()
    site.reply("/projekt/", Reply(status=503, headers={"Retry-After": "0"}))
    report = operator.crawl()
    assert len(site.asked("/projekt/")) == 3
    assert report.failed["http_503"].count == 1
    assert operator.paths == SMALL_SITE


def test_a_busy_host_holds_up_no_other(site: FauxSite, operator: Operator) -> None:
    operator.settings["http"] = dataclasses.replace(FAST, concurrency=2, per_host=1)
    with FauxSite() as other:
        operator.settings["hosts"] = (f"127.0.0.1:{site.port}", f"127.0.0.1:{other.port}")
        elsewhere = [other.url(f"/{number}") for number in range(6)]
        write(site, "/", "/a", *elsewhere)
        busy(site, "/a", after="2")
        for number in range(6):
            write(other, f"/{number}")
        operator.crawl()
        assert len(operator.paths) == 8
        again = site.asked("/a")[1].at
        assert all(other.asked(f"/{number}")[0].at < again - 0.5 for number in range(6))


def test_a_start_page_that_is_busy_is_waited_for(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    busy(site, "/", after="1")
    site.page("/projekt/", title="p", html=TEXT.format("p"))
    begun = time.monotonic()
    report = operator.crawl()
    assert not report.problem
    assert operator.paths == ["/"]
    assert time.monotonic() - begun >= 0.95


def test_a_page_that_wants_long_peace_is_given_up_until_the_next_run(
    site: FauxSite, operator: Operator
) -> None:
    write_small_site(site)
    site.reply("/projekt/", Reply(status=503, headers={"Retry-After": "86400"}))
    report = operator.crawl()
    assert len(site.asked("/projekt/")) == 1
    assert report.failed["http_503"].examples == (site.url("/projekt/"),)
    assert operator.paths == ["/", "/partner/", "/partner/staden/"]


def test_hosts_that_wait_are_shown_with_the_reason(site: FauxSite, operator: Operator) -> None:
    write_small_site(site)
    busy(site, "/projekt/", after="1")
    operator.crawl()
    waits = [wait for progress in operator.seen for wait in progress.waiting]
    assert {(wait.host, wait.reason) for wait in waits} == {
        (site.url("").rstrip("/"), "asked to be left alone")
    }
