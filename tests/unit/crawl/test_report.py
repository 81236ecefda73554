from __future__ import annotations

import datetime as dt

import orjson

from indexer.crawl import CrawlReport, ReasonCount
from indexer.crawl.report import MAX_EXAMPLES, SourceReport
from indexer.crawl.tally import Tally

START = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)
END = START + dt.timedelta(seconds=90)


def report(tally: Tally, *, problem: str = "", detail: str = "") -> SourceReport:
    return tally.report(
        started=START,
        finished=END,
        resumed=False,
        problem=problem,
        detail=detail,
        documents=7,
        not_due=0,
        left_queued=4,
        spent_patterns={"www.example.org/k/#": 12},
    )


def busy_tally() -> Tally:
    tally = Tally(source="samverkan")
    tally.answered("https://a.example.org/1", size=3_000_000, elapsed_s=0.5)
    tally.answered("https://a.example.org/2", size=1_000_000, elapsed_s=1.5)
    tally.answered("https://b.example.org/1", size=1, elapsed_s=3.0)
    tally.changes["added"] += 2
    for number in range(30):
        tally.failed.add("http_500", f"https://a.example.org/fel/{number}")
    tally.failed.add("timeout", "https://a.example.org/trög")
    return tally


def test_a_reason_keeps_its_count_and_twenty_examples() -> None:
    failed = report(busy_tally()).failed["http_500"]
    assert failed.count == 30
    assert len(failed.examples) == MAX_EXAMPLES
    assert failed.examples[0] == "https://a.example.org/fel/0"


def test_the_slowest_host_comes_first() -> None:
    slowest, other = report(busy_tally()).slowest_hosts
    assert (slowest.host, slowest.requests, slowest.max_s) == ("b.example.org", 1, 3.0)
    assert (other.host, other.requests, other.mean_s, other.max_s) == ("a.example.org", 2, 1.0, 1.5)


def test_a_report_is_plain_json() -> None:
    whole = CrawlReport(started=START, finished=END, sources=(report(busy_tally()),))
    read = orjson.loads(orjson.dumps(whole.to_json()))
    assert read["kind"] == "crawl"
    assert read["started"] == "2026-03-01T02:00:00+00:00"
    assert read["failed_sources"] == []
    (source,) = read["sources"]
    assert source["failed"]["timeout"] == {"count": 1, "examples": ["https://a.example.org/trög"]}
    assert source["added"] == 2


def test_a_report_reads_as_text() -> None:
    whole = CrawlReport(started=START, finished=END, sources=(report(busy_tally()),))
    assert list(whole.lines()) == [
        "samverkan: 7 documents in 90.0 s",
        "  3 fetched (4.0 MB), 0 not modified, 0 read again from the store",
        "  2 added, 0 changed, 0 unchanged",
        "  failed: 30 http_500, such as https://a.example.org/fel/0",
        "  failed: 1 timeout, such as https://a.example.org/trög",
        "  pattern budget spent: www.example.org/k/# (12 URLs left out)",
        "  4 URLs left for the next crawl",
        "  b.example.org: 1 page, 3.00 s each, slowest 3.00 s",
        "  a.example.org: 2 pages, 1.00 s each, slowest 1.50 s",
    ]


def test_a_source_that_failed_is_named_and_one_that_was_cut_short_is_not() -> None:
    failed = report(Tally(source="nere"), problem="source_failed", detail="http_503")
    cut = report(Tally(source="stor"), problem="max_pages")
    whole = CrawlReport(started=START, finished=END, sources=(failed, cut))
    assert whole.failed_sources == ("nere",)
    lines = list(whole.lines())
    assert lines[0] == "nere: FAILED (source_failed) after 90.0 s, and keeps 7 documents"
    assert lines[1] == "  http_503"


def test_totals_add_up_numbers_and_reasons_over_the_sources() -> None:
    whole = CrawlReport(
        started=START, finished=END, sources=(report(busy_tally()), report(busy_tally()))
    )
    assert (whole.total("added"), whole.total("failed"), whole.total("removed")) == (4, 62, 0)


def test_a_reason_without_examples_is_still_a_line() -> None:
    source = SourceReport(
        source="s", started=START, finished=END, denied={"robots_disallowed": ReasonCount(count=2)}
    )
    assert "  denied: 2 robots_disallowed" in list(source.lines())
