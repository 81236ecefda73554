"""Politeness: how often, how many at once, and what happens when a host asks for less."""

from __future__ import annotations

import dataclasses
import itertools
import time
from collections.abc import Iterator
from email.utils import formatdate

import pytest

from indexer.crawl.reading import PageReader
from tests.hostile.cases import case
from tests.hostile.crawling import SWIFT, Fleet, Night, Operator, text, write
from tests.support.faux_site import FauxSite, Reply, page_reply

ALONE = dataclasses.replace(SWIFT, per_host=1)
BUSY = {"Retry-After": "1"}


def write_pages(site: FauxSite, count: int = 5, *, stall_s: float = 0.0) -> list[str]:
    paths = [f"/{chr(ord('a') + number)}" for number in range(count)]
    write(site, "/", *paths)
    for path in paths:
        reply = page_reply(html=text(path), title=path)
        site.reply(path, dataclasses.replace(reply, stall_s=stall_s))
    return paths


def page(path: str) -> Reply:
    return page_reply(html=text(path), title=path)


def gaps(site: FauxSite) -> list[float]:
    """Return the seconds from the start of each request to the start of the next."""
    return [b.at - a.at for a, b in itertools.pairwise(site.requests)]


# --- pace ---------------------------------------------------------------------------------------


@case(
    "six pages that come at once; delay_s is 0.15 and four requests may run together",
    "0.15 s lie between the starts of any two requests, robots.txt included",
)
def test_a_pause_lies_between_the_starts_of_requests(site: FauxSite, operator: Operator) -> None:
    write_pages(site)
    operator.crawl(http=dataclasses.replace(SWIFT, delay_s=0.15))
    assert len(site.requests) == 7
    assert min(gaps(site)) > 0.12


@case(
    "robots.txt asks for a Crawl-delay of 0.2 s; the configuration for none",
    "0.2 s lie between the starts of any two pages",
)
def test_a_crawl_delay_is_obeyed(site: FauxSite, operator: Operator) -> None:
    write_pages(site)
    site.robots("User-agent: *", "Crawl-delay: 0.2")
    operator.crawl()
    assert min(gaps(site)[1:]) > 0.17


@pytest.mark.parametrize("delay", ["snart", "-5", "", "1e999", "0x10"])
@case("robots.txt asks for `Crawl-delay: {delay}`", "that means nothing; the crawl ends in 5 s")
def test_a_crawl_delay_that_is_no_number_means_nothing(
    site: FauxSite, operator: Operator, delay: str
) -> None:
    write_pages(site, 1)
    site.robots("User-agent: *", f"Crawl-delay: {delay}")
    night = operator.crawl(start=(site.url("/a"),))
    assert night.paths == ["/a"]
    assert night.seconds < 5


@case(
    "pages that take 0.05 s each; one request a host, four in all",
    "no two requests are on the way at once, and they share one connection",
)
def test_one_request_a_host_is_one_request(site: FauxSite, operator: Operator) -> None:
    write_pages(site, 6, stall_s=0.05)
    operator.crawl(http=ALONE)
    assert len(site.requests) == 8
    assert max(request.beside for request in site.requests) == 0
    assert len({request.line for request in site.requests}) == 1


@case(
    "pages that take 0.1 s each; two requests a host, four in all",
    "two requests are on the way at once, and never three",
)
def test_two_requests_a_host_are_never_three(site: FauxSite, operator: Operator) -> None:
    write_pages(site, 8, stall_s=0.1)
    operator.crawl(http=dataclasses.replace(SWIFT, per_host=2))
    assert max(request.beside for request in site.requests) == 1


@case(
    "a host whose answers take 0.2 s, a hundred times the pause that was agreed",
    "the pause grows: the last requests start ten times the agreed pause apart",
)
def test_a_slow_host_is_asked_more_slowly(site: FauxSite, operator: Operator) -> None:
    write_pages(site, 8, stall_s=0.2)
    operator.crawl(http=dataclasses.replace(SWIFT, delay_s=0.01))
    assert min(gaps(site)[-3:]) > 0.08


# --- hosts that ask to be left alone ------------------------------------------------------------


@case(
    "one page answers 429 with `Retry-After: 1`, then is fine",
    "the whole host is left alone for a second, then the page is read",
)
def test_a_busy_host_is_left_alone_for_as_long_as_it_asks(
    site: FauxSite, operator: Operator
) -> None:
    write_pages(site)
    site.reply("/a", Reply(status=429, headers=BUSY), page("/a"))
    night = operator.crawl(http=ALONE)
    assert night.paths == ["/", "/a", "/b", "/c", "/d", "/e"]
    asked_at = site.asked("/a")[0].at
    later = [request.at - asked_at for request in site.requests if request.at > asked_at]
    assert min(later) > 0.95
    assert len(site.asked("/a")) == 2


@case(
    "one page answers 503 with `Retry-After: 1`, then is fine",
    "it is asked for again after a second, and read; the others are read as well",
)
def test_a_busy_page_is_left_alone_for_as_long_as_it_asks(
    site: FauxSite, operator: Operator
) -> None:
    write_pages(site)
    site.reply("/a", Reply(status=503, headers=BUSY), page("/a"))
    assert operator.crawl(http=ALONE).paths == ["/", "/a", "/b", "/c", "/d", "/e"]
    first, second = site.asked("/a")
    assert second.at - first.at > 0.95


@pytest.mark.parametrize("status", [429, 503])
@case(
    "every page answers {status} with `Retry-After: 1` once",
    "it is left alone for a second in between; both pages are read",
)
def test_a_host_that_is_busy_for_every_page_is_left_alone(
    site: FauxSite, operator: Operator, status: int
) -> None:
    for path in write_pages(site, 2):
        site.reply(path, Reply(status=status, headers=BUSY), page(path))
    night = operator.crawl(http=ALONE)
    assert night.paths == ["/", "/a", "/b"]
    assert sum(gap > 0.8 for gap in gaps(site)) >= 1
    assert all(len(site.asked(path)) <= 3 for path in ("/a", "/b"))


@case("429 with a date in Retry-After, one to two seconds from now", "the date is waited for")
def test_a_date_in_retry_after_is_waited_for(site: FauxSite, operator: Operator) -> None:
    write_pages(site, 2)
    until = int(time.time()) + 2
    site.reply(
        "/a", Reply(status=429, headers={"Retry-After": formatdate(until, usegmt=True)}), page("/a")
    )
    night = operator.crawl(http=ALONE)
    assert night.paths == ["/", "/a", "/b"]
    _, second = site.asked("/a")
    # The date is by the clock on the wall, the log of the site by another.
    assert second.at + time.time() - time.monotonic() > until - 0.05


@case("429 that does not say for how long, then fine", "the page is asked for again, and read")
def test_a_busy_host_that_says_nothing_is_asked_again(site: FauxSite, operator: Operator) -> None:
    write_pages(site, 2)
    site.reply("/a", Reply(status=429), page("/a"))
    assert operator.crawl(http=ALONE).paths == ["/", "/a", "/b"]


BEYOND_REASON = (
    "snart",
    "-1",
    "99999999999999999999",
    "Fri, 31 Dec 9999 23:59:59 GMT",
    "1e3",
    "٣",
    "1, 2",
)


@pytest.fixture(scope="module")
def unreasonable(
    tmp_path_factory: pytest.TempPathFactory, reader: PageReader
) -> Iterator[tuple[Fleet, Night]]:
    """The second night of a site for each Retry-After, when /a answers 503 with it."""
    with Fleet(BEYOND_REASON, tmp_path_factory.mktemp("busy"), reader) as fleet:
        for site in fleet.sites.values():
            write_pages(site, 2)
        fleet.crawl(ALONE, sitemaps="none")
        for value, site in fleet.sites.items():
            headers = {"Retry-After": value.encode().decode("latin-1")}
            site.reply("/a", Reply(status=503, headers=headers))
        yield fleet, fleet.crawl(ALONE, sitemaps="none")


@pytest.mark.parametrize("value", BEYOND_REASON)
@case(
    "a page answers 503 with `Retry-After: {value}` for ever",
    "the crawl ends in bounded time; what was known of the page is kept",
)
def test_a_retry_after_beyond_reason_does_not_hold_the_crawl(
    unreasonable: tuple[Fleet, Night], value: str
) -> None:
    fleet, night = unreasonable
    assert fleet.paths(value, night) == ["/", "/a", "/b"]
    assert night.seconds < 20
    assert 1 <= len(fleet.sites[value].asked("/a")) <= 5
    assert fleet.sites[value].asked("/b")


@case(
    "the host answers 429 with `Retry-After: 0` for ever, from the second page on",
    "the crawl gives up by itself after few requests; no document is lost",
)
def test_a_host_that_is_busy_for_ever_is_given_up(site: FauxSite, operator: Operator) -> None:
    paths = write_pages(site)
    known = operator.crawl(http=ALONE).paths
    operator.longest_s = 10
    for path in paths:
        site.reply(path, Reply(status=429, headers={"Retry-After": "0"}))
    night = operator.crawl(http=ALONE)
    assert night.paths == known
    assert len(site.requests) <= 2 + 3 * len(paths)
    assert night.counts("failed").get("http_429", 0) + night.source.left_queued > 0


@case(
    "one page of many answers 503 for ever and does not say for how long",
    "every other page is read; the one is counted as failed: http_503",
)
def test_one_page_that_is_unavailable_holds_up_no_other(site: FauxSite, operator: Operator) -> None:
    write_pages(site)
    site.reply("/c", Reply(status=503))
    night = operator.crawl(http=ALONE)
    assert night.paths == ["/", "/a", "/b", "/d", "/e"]
    assert night.counts("failed") == {"http_503": 1}
    assert len(site.asked("/c")) <= 3


@case(
    "one host asks to be left alone for 2 s; another of the same source has pages;"
    " one request at a time in all",
    "the other host's pages are read meanwhile, the busy one's afterwards",
)
def test_a_busy_host_holds_no_other_back(
    site: FauxSite, other: FauxSite, operator: Operator
) -> None:
    operator.knows(other)
    write(site, "/", "/a", "/b", *(other.url(f"/{number}") for number in range(4)))
    site.reply("/a", Reply(status=429, headers={"Retry-After": "2"}), page("/a"))
    write(site, "/b")
    for number in range(4):
        write(other, f"/{number}")
    hosts = (f"127.0.0.1:{site.port}", f"127.0.0.1:{other.port}")
    night = operator.crawl(http=dataclasses.replace(ALONE, concurrency=1), hosts=hosts)
    assert len(night.paths) == 7
    busy_at = site.asked("/a")[0].at
    assert max(request.at for request in other.requests) - busy_at < 1.5
    assert site.asked("/a")[1].at - busy_at > 1.9


# --- accidents ----------------------------------------------------------------------------------


@pytest.mark.parametrize("status", [500, 502, 504, 403, 404])
@case("a page answers {status}", "it is not asked for again in this crawl")
def test_an_error_is_not_tried_again_at_once(
    site: FauxSite, operator: Operator, status: int
) -> None:
    write_pages(site, 2)
    site.reply("/a", Reply(status=status))
    night = operator.crawl()
    assert len(site.asked("/a")) == 1
    assert night.counts("failed") == {f"http_{status}": 1}


@case(
    "the line is dropped once, then the page comes", "it is asked for twice, not in the same breath"
)
def test_a_dropped_line_is_tried_again_after_a_pause(site: FauxSite, operator: Operator) -> None:
    write_pages(site, 1)
    site.reply("/a", Reply(hangup="before_headers"), page("/a"))
    assert operator.crawl().paths == ["/", "/a"]
    first, second = site.asked("/a")
    assert second.at - first.at > 0.5


@case(
    "every page sets a cookie and asks for it; one asks for a password",
    "no cookie, no credentials and no referrer are ever sent; the User-Agent names a contact",
)
def test_a_visitor_leaves_no_trace_and_shows_its_card(site: FauxSite, operator: Operator) -> None:
    cookie = {"Set-Cookie": "s=1; Path=/", "Content-Type": "text/html"}
    site.reply("/", Reply(body=b'<p>Hej</p><a href="/a">a</a><a href="/b">b</a>', headers=cookie))
    site.reply("/a", Reply(status=401, headers={"WWW-Authenticate": "Basic", **cookie}))
    site.reply("/b", Reply(status=302, headers={"Location": "/c", **cookie}))
    write(site, "/c")
    night = operator.crawl()
    assert night.paths == ["/", "/c"]
    assert night.counts("failed") == {"http_401": 1}
    for request in site.requests:
        assert not {"cookie", "authorization", "referer"} & request.headers.keys()
        assert "samsok@example.org" in request.headers["user-agent"]
