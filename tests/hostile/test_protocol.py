"""Bodies and protocol: what comes instead of an honest answer.

Every case is a site of its own: a start page, an odd answer at /x, and a page /y that must be read
whatever came before. All of them are crawled at once.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator

import pytest

from indexer.crawl.reading import PageReader
from tests.hostile.cases import case
from tests.hostile.crawling import SWIFT, Fleet, Night, Oddity, Operator, write
from tests.hostile.oddities import BODY, LENGTH, ODDITIES, OK, endlessly
from tests.support.faux_site import HTML, FauxSite, Reply, said


@pytest.fixture(scope="module")
def crawled(
    tmp_path_factory: pytest.TempPathFactory, reader: PageReader
) -> Iterator[tuple[Fleet, Night]]:
    """One crawl of all the sites."""
    names = [oddity.name for oddity in ODDITIES]
    with Fleet(names, tmp_path_factory.mktemp("protocol"), reader) as fleet:
        for oddity in ODDITIES:
            site = fleet.sites[oddity.name]
            write(site, "/", "/x", "/y")
            write(site, "/y")
            oddity.makes(site)
        yield fleet, fleet.crawl(sitemaps="none")


@pytest.mark.parametrize("oddity", ODDITIES, ids=str)
@case("a page that {oddity.does}", "{oddity.must}")
def test_an_odd_answer_costs_one_page(crawled: tuple[Fleet, Night], oddity: Oddity) -> None:
    fleet, night = crawled
    site, report = fleet.sites[oddity.name], fleet.report(oddity.name, night)
    stored = fleet.paths(oddity.name, night)
    assert not report.problem
    assert set(site.requested) == {"/robots.txt", "/", "/x", "/y"}
    assert len(site.asked("/x")) == oddity.times
    assert len(site.asked("/y")) == 1
    if oddity.outcome == "document":
        assert stored == ["/", "/x", "/y"]
    elif oddity.outcome != "any":
        assert stored == ["/", "/y"]
        kind, _, reason = oddity.outcome.partition(" ")
        told = getattr(report, kind)
        assert {name: counted.count for name, counted in told.items()} == {reason: 1}
        assert told[reason].examples == (site.url("/x"),)


@case(
    "a page whose 100 Continue never ends, as fast as the line carries it",
    "it is given up at the deadline or before; the next page is read",
)
def test_interim_answers_without_end_are_given_up(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/x", "/y")
    write(site, "/y")
    site.reply("/x", Reply(raw=endlessly(b"HTTP/1.1 100 Continue\r\n\r\n" * 100)))
    http = dataclasses.replace(SWIFT, deadline_s=2, per_host=1, concurrency=1)
    night = operator.crawl(http=http)
    assert night.paths == ["/", "/y"]
    assert sum(night.counts("failed").values()) == 1
    assert night.seconds < 10


@case(
    "a page of 0.9 MB that comes, and one of 1.1 MB in chunks; max_body_mb is 1",
    "the first is read; the second is given up at the megabyte",
)
def test_the_limit_of_a_body_is_the_operators(site: FauxSite, operator: Operator) -> None:
    write(site, "/", "/x", "/y")
    padding = b"<!-- " + b"x" * 900_000 + b" -->"
    site.reply("/x", Reply(body=BODY + padding, headers={"Content-Type": HTML}))
    site.reply("/y", Reply(body=BODY + b" " * 1_100_000, chunked=True))
    night = operator.crawl()
    assert night.paths == ["/", "/x"]
    assert night.counts("failed") == {"body_too_large": 1}


@case(
    "every page announces that it ends by closing, and none does",
    "nothing hangs: each page ends at its length",
)
def test_a_connection_that_should_close_and_does_not_holds_nothing(
    site: FauxSite, operator: Operator
) -> None:
    write(site, "/", "/x")
    head = OK + LENGTH + b"Connection: close\r\n\r\n"
    site.reply("/x", Reply(raw=said(head, BODY), hold=True))
    night = operator.crawl()
    assert night.paths == ["/", "/x"]
    assert night.seconds < 1
