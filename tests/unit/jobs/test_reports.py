from __future__ import annotations

import datetime as dt
from typing import Any

import pytest

from indexer.jobs.reports import is_well, numbers, remark, report_lines, why
from indexer.jobs.status import age, span
from indexer.store import StoredRun

NIGHT = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)
SPAN = {"started": NIGHT.isoformat(), "finished": (NIGHT + dt.timedelta(minutes=1)).isoformat()}
SOURCE: dict[str, Any] = {"source": "diva", **SPAN, "documents": 7}


def test_the_report_of_an_older_version_is_text_too() -> None:
    old = {"job": "reindex", "outcome": "published", "crawl": {"sources": [SOURCE]}, **SPAN}

    lines = report_lines(old)

    assert lines[0] == "diva: 7 documents in 60.0 s"
    assert lines[-1] == "published : 0 documents in 60.0 s"
    assert report_lines({"job": "crawl"}) == []
    bare = StoredRun(id=1, at=NIGHT, report={"job": "crawl"})
    assert (numbers(bare).outcome, numbers(bare).finished) == ("crawled", NIGHT)


def test_what_was_read_again_counts_like_what_was_crawled() -> None:
    removed = {"not_listed": {"count": 2, "examples": []}}
    report = {
        "job": "reindex",
        "outcome": "published",
        "documents": 9,
        "crawl": {"sources": [{**SOURCE, "added": 1, "changed": 2, "removed": removed}]},
        "reextracted": {"read": 9, "added": 10, "changed": 20, "removed": 30},
        **SPAN,
    }

    told = numbers(StoredRun(id=1, at=NIGHT, report=report))

    assert (told.added, told.changed, told.removed, told.documents) == (11, 22, 32, 9)


def test_a_source_is_down_for_the_reason_of_most_of_its_pages() -> None:
    failed = {"timeout": {"count": 1}, "http_503": {"count": 2}}

    assert why({**SOURCE, "problem": "source_failed", "failed": failed}) == "http_503"
    assert why({**SOURCE, "problem": "source_failed"}) == "source_failed"


def test_a_run_ends_well_when_it_looked_at_the_sources_and_nothing_stood_against_it() -> None:
    assert is_well({"job": "reindex", "outcome": "unchanged"})
    assert not is_well({"job": "reindex", "outcome": "refused"})
    assert not is_well({"job": "crawl"})
    assert not is_well({"job": "rollback", "outcome": "published"})


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ({"outcome": "failed", "problem": "the disk is full"}, "the disk is full"),
        ({"outcome": "refused", "objections": ["half is gone"]}, "half is gone"),
        (
            {"outcome": "published", "objections": ["half is gone"], "forced": "meant"},
            "by force, meant: half is gone",
        ),
        ({"job": "crawl", "failed_sources": ["a", "b"]}, "not reached: a, b"),
        ({"outcome": "published", "crawl": None}, ""),
    ],
)
def test_the_list_of_runs_says_why(report: dict[str, Any], said: str) -> None:
    assert remark(report) == said


def test_an_age_is_told_as_people_say_it() -> None:
    lengths = [5, 61, 130, 7300, 200_000, 900_000]
    said = [span(dt.timedelta(seconds=seconds)) for seconds in lengths]

    assert said == ["a moment", "a minute", "2 minutes", "2 hours", "2 days", "10 days"]
    assert age(NIGHT, now=NIGHT + dt.timedelta(seconds=59)) == "just now"
    assert age(NIGHT, now=NIGHT + dt.timedelta(days=3)) == "3 days ago"


def test_one_of_each_is_told_in_the_singular() -> None:
    """And what was timed is pages that came, not requests, of which there are more."""
    span = {"started": "2026-03-01T02:00:00+00:00", "finished": "2026-03-01T02:01:00+00:00"}
    source = span | {
        "source": "samverkan",
        "documents": 1,
        "fetched": 1,
        "spent_patterns": {"/k/#": 1},
        "handed_over": 1,
        "left_queued": 1,
        "slowest_hosts": [{"host": "a.example.org", "requests": 1, "mean_s": 1.0, "max_s": 1.0}],
    }
    run = span | {"job": "reindex", "outcome": "published", "generation": "gen-000001"}
    crawled = run | {"documents": 1, "crawl": {"sources": [source]}}
    counts = dict.fromkeys(("records", "pages", "redirects", "added", "changed", "unchanged"), 1)
    reasons: dict[str, dict[str, int]] = {key: {} for key in ("removed", "skipped", "failed")}
    imported = {"job": "import", "outcome": "imported", "files": ["a.warc"], **counts, **reasons}

    assert [*report_lines(crawled), *report_lines(imported)] == [
        "samverkan: 1 document in 60.0 s",
        "  1 fetched (0.0 MB), 0 not modified, 0 read again from the store",
        "  0 added, 0 changed, 0 unchanged",
        "  pattern budget spent: /k/# (1 URL left out)",
        "  1 URL found for other shards, 0 taken in from them",
        "  1 URL left for the next crawl",
        "  a.example.org: 1 page, 1.00 s each, slowest 1.00 s",
        "published gen-000001: 1 document in 60.0 s",
        "1 record of 1 file: 1 page, 1 redirect",
        "  1 added, 1 changed, 1 unchanged",
    ]
