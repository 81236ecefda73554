from __future__ import annotations

import datetime as dt
from dataclasses import replace

import pytest

from indexer.config import Config
from indexer.jobs.plan import SourcePlan, plan
from indexer.store import DocumentStore, NewUrl


def planned(settings: Config, *, full: bool = False) -> SourcePlan:
    (source,) = plan(settings, full=full)
    return source


@pytest.fixture
def resting(settings: Config) -> str:
    """A page that was visited yesterday and is due next month, by the clock of this machine."""
    url = "http://127.0.0.1:9/a"
    visit(settings, url, days_ago=1)
    return url


def visit(settings: Config, url: str, *, days_ago: int) -> None:
    with DocumentStore.open(settings.data_dir / "crawl.db") as store:
        store.frontier.add("exempel", [NewUrl(url=url, depth=1, referrer=None)])
        known = store.frontier.find("exempel", url)
        assert known is not None
        at = store.now() - dt.timedelta(days=days_ago)
        visited = replace(known, outcome="page", visited_at=at, due_at=at + dt.timedelta(days=30))
        store.frontier.settle(visited)


def test_what_is_not_due_is_planned_with_full_only(settings: Config, resting: str) -> None:
    assert (planned(settings).visits, planned(settings).resting) == ((), 1)

    (visit,) = planned(settings, full=True).visits

    assert (visit.url, visit.why) == (resting, "not due yet")


def test_what_was_visited_in_the_future_is_due(settings: Config, resting: str) -> None:
    visit(settings, resting, days_ago=-365)

    assert [visit.url for visit in planned(settings).visits] == [resting]
