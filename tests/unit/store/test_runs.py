from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.store import DocumentStore, LastCrawls, NewUrl, Outcome
from tests.support.operator import Clock


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def store(tmp_path: Path, clock: Clock) -> Iterator[DocumentStore]:
    with DocumentStore.open(tmp_path / "crawl.db", clock=clock) as store:
        yield store


# --- reports ------------------------------------------------------------------------------------


def test_the_newest_reports_come_first(store: DocumentStore, clock: Clock) -> None:
    for number in range(5):
        store.record_run({"number": number})

    assert [run.report["number"] for run in store.runs(limit=3)] == [4, 3, 2]
    assert store.runs()[0].at == clock.now


def test_a_report_is_found_by_its_number_and_can_be_amended(store: DocumentStore) -> None:
    first, second = store.record_run({"job": "crawl"}), store.record_run({"job": "reindex"})

    store.amend_run(first, {"job": "crawl", "warnings": ["late"]})

    kept = store.run(first)
    assert kept is not None
    assert (kept.id, kept.report["warnings"]) == (first, ["late"])
    assert [run.id for run in store.runs()] == [second, first]
    assert store.run(second + 1) is None


def test_only_the_last_thousand_reports_are_kept(store: DocumentStore) -> None:
    with store.transaction():
        for number in range(1003):
            store.record_run({"number": number})

    kept = store.runs(limit=2000)
    assert (len(kept), kept[-1].report["number"]) == (1000, 3)


def test_a_report_is_kept_for_400_days(store: DocumentStore, clock: Clock) -> None:
    for _ in range(500):
        store.record_run({})
        clock.next_night()

    kept = store.runs(limit=2000)
    assert len(kept) == 401
    assert store.run(kept[-1].id - 1) is None


def test_the_last_ten_reports_are_kept_however_old_they_are(
    store: DocumentStore, clock: Clock
) -> None:
    for number in range(30):
        store.record_run({"number": number})
    clock.pass_time(days=2000)

    newest = store.record_run({"number": 30})

    assert [run.report["number"] for run in store.runs(100)] == list(range(30, 20, -1))
    assert store.run(newest) is not None


def test_the_runs_of_a_shard_push_out_those_of_no_other_job(
    store: DocumentStore, clock: Clock
) -> None:
    store.record_run({"job": "reindex"})
    store.record_run({"job": "crawl", "shard": "1/2"})
    clock.pass_time(days=500)
    with store.transaction():
        for number in range(1003):
            store.record_run({"job": "crawl", "shard": "2/2", "number": number})

    kept = store.runs(None)
    assert [run.report.get("number") for run in kept] == [*range(1002, 2, -1), None, None]
    assert [run.report for run in kept[-2:]] == [
        {"job": "crawl", "shard": "1/2"},
        {"job": "reindex"},
    ]


def test_the_newest_of_each_job_and_shard_come_in_one_row(store: DocumentStore) -> None:
    for job in ("reindex", "crawl 1/2", "crawl 2/2", "reindex", "crawl 1/2", "reindex"):
        kind, _, shard = job.partition(" ")
        store.record_run({"job": kind} | ({"shard": shard} if shard else {}))

    assert [run.id for run in store.runs_of_each(1)] == [6, 5, 3]
    assert [run.id for run in store.runs_of_each(2)] == [6, 5, 4, 3, 2]


# --- crawls -------------------------------------------------------------------------------------


def crawl(store: DocumentStore, clock: Clock, problem: str = "") -> dt.datetime:
    begun = store.frontier.begin("nyheter", at=clock.now)
    clock.pass_time(minutes=5)
    store.frontier.finish(begun, at=clock.now, problem=problem)
    ended = clock.now
    clock.next_night()
    return ended


def test_a_source_that_was_never_crawled_has_no_age(store: DocumentStore) -> None:
    assert store.crawls.last("nyheter") == LastCrawls()


def test_a_source_that_is_down_says_when_it_was_last_there(
    store: DocumentStore, clock: Clock
) -> None:
    crawl(store, clock)
    there = crawl(store, clock)
    crawl(store, clock, "source_failed")
    tried = crawl(store, clock, "source_failed")

    last = store.crawls.last("nyheter", despite={"max_pages"})

    assert last == LastCrawls(tried=tried, problem="source_failed", reached=there)

    back = crawl(store, clock, "max_pages")

    last = store.crawls.last("nyheter", despite={"max_pages"})
    assert last == LastCrawls(tried=back, problem="", reached=back)


def test_a_crawl_that_was_killed_says_nothing_of_its_source(
    store: DocumentStore, clock: Clock
) -> None:
    there = crawl(store, clock)
    store.frontier.begin("nyheter", at=clock.now)
    clock.pass_time(days=3)
    store.frontier.begin("nyheter", at=clock.now)

    assert store.crawls.last("nyheter").reached == there
    assert store.crawls.last("nyheter").problem == ""


def test_what_cannot_be_had_is_counted_by_source_and_reason(
    store: DocumentStore, clock: Clock
) -> None:
    outcomes: dict[str, tuple[Outcome, str]] = {
        "/a": ("failed", "timeout"),
        "/b": ("failed", "timeout"),
        "/c": ("denied", "robots_disallowed"),
        "/d": ("page", ""),
    }
    begun = store.frontier.begin("nyheter", at=clock.now)
    urls = [NewUrl(url=f"https://x.example.org{path}", depth=1) for path in outcomes]
    store.frontier.add("nyheter", urls)
    for known in list(store.frontier.known("nyheter")):
        outcome, reason = outcomes[known.url.removeprefix("https://x.example.org")]
        visited = dataclasses.replace(known, outcome=outcome, reason=reason)
        store.frontier.settle(visited, begun)

    found = [(it.source, it.reason, it.count, it.example) for it in store.crawls.failing()]

    assert found == [
        ("nyheter", "timeout", 2, "https://x.example.org/a"),
        ("nyheter", "robots_disallowed", 1, "https://x.example.org/c"),
    ]
