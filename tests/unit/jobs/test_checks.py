"""A job that hangs, a success that is long ago, and hosts that do not let us in."""

from __future__ import annotations

import datetime as dt
import os
import time
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.config import Config, OaiPmhSource, WebsiteSource
from indexer.jobs.findings import Finding
from indexer.jobs.lock import job_lock
from indexer.jobs.run_checks import job_findings, success_finding
from indexer.jobs.source_checks import source_findings
from indexer.model import HttpSettings
from indexer.store import DocumentStore
from tests.support.faux_site import FauxSite, Reply

NOW = dt.datetime.now(dt.UTC)


def job(data_dir: Path, *, hours: float) -> Finding:
    now = dt.datetime.now(dt.UTC) + dt.timedelta(hours=hours)
    (found,) = job_findings("running job", data_dir, (data_dir / "crawl.db",), now=now)
    return found


def test_a_job_that_holds_the_lock_too_long_seems_to_hang(tmp_path: Path) -> None:
    assert job(tmp_path, hours=0).said == "none is running"
    with job_lock(tmp_path):
        assert job(tmp_path, hours=11).state == "ok"
        hanging = job(tmp_path, hours=13)
    assert hanging.state == "warning"
    assert f"process {os.getpid()} has been working since 20" in hanging.said
    assert f"kill {os.getpid()}" in hanging.advice


def test_a_process_that_lives_on_after_its_job_is_not_said_to_work(tmp_path: Path) -> None:
    with pytest.raises(OSError, match="full"), job_lock(tmp_path):
        raise OSError("full")
    assert job(tmp_path, hours=0).said == "none is running"


def test_a_process_that_has_the_number_of_a_job_that_ended_is_none(tmp_path: Path) -> None:
    with job_lock(tmp_path):
        pass
    # Our own process began long after that job wrote down the same number.
    os.utime(tmp_path / "job.lock", (0, time.time() - 10 * 24 * 3600))
    (tmp_path / "job.lock").write_text(f"{os.getpid()}\n", encoding="ascii")
    os.utime(tmp_path / "job.lock", (0, time.time() - 10 * 24 * 3600))

    assert job(tmp_path, hours=0).said == "none is running"


def recorded(path: Path, *runs: tuple[float, dict[str, object]]) -> Finding:
    """Record runs that ended some days ago, and look at them."""
    for days, report in runs:
        with DocumentStore.open(path, clock=lambda: NOW - dt.timedelta(days=days)) as store:  # noqa: B023 - used at once
            store.record_run({"job": "reindex", **report})
    return success_finding("last success", path, now=NOW)


def test_the_last_success_is_told_and_one_long_ago_is_a_warning(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    assert recorded(path, (9, {"outcome": "published"})).state == "warning"
    stale = recorded(path, (1, {"outcome": "failed", "problem": "the disk is full"}))
    assert stale.state == "warning"
    assert "the disk is full" in stale.said
    assert "samsok status" in stale.advice
    assert recorded(path, (0.5, {"outcome": "unchanged"})).state == "ok"
    never = recorded(tmp_path / "new.db", (1, {"outcome": "refused", "objections": ["too few"]}))
    assert (never.state, "too few" in never.said) == ("warning", True)


def test_the_runs_of_shards_hide_no_success(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    recorded(path, (4, {"outcome": "published"}))
    with DocumentStore.open(path) as store, store.transaction():
        for number in range(200):
            store.record_run({"job": "crawl", "shard": f"{number % 4 + 1}/4"})

    found = success_finding("last success", path, now=NOW)

    assert found.state == "warning"
    assert f"no run has succeeded since {NOW - dt.timedelta(days=4):%Y-%m-%d %H:%M}" in found.said


# --- the hosts of the sources -------------------------------------------------------------------


@pytest.fixture
def site() -> Iterator[FauxSite]:
    with FauxSite() as served:
        yield served


def looked_at(settings: Config, *urls: str, name: str = "samverkan") -> Finding:
    source = WebsiteSource(
        name=name, start=urls, http=HttpSettings(delay_s=0, timeout_s=0.5, deadline_s=1)
    )
    (found,) = source_findings(replace(settings, sources=(source,)))
    assert found.check == f"robots of {name}"
    return found


def test_a_host_without_rules_lets_us_in(settings: Config, site: FauxSite) -> None:
    found = looked_at(settings, site.url("/a/"), site.url("/b/"))

    assert found.state == "ok"
    assert "lets us fetch what we begin with" in found.said
    assert site.requested == ["/robots.txt"]
    assert site.requests[0].headers["user-agent"] == settings.user_agent


def test_what_a_host_asks_for_is_told(settings: Config, site: FauxSite) -> None:
    site.robots("User-agent: *", "Crawl-delay: 7", "Disallow: /intern/")

    assert "asks for 7 s" in looked_at(settings, site.url("/a/")).said


def test_a_host_that_shuts_us_out_is_a_problem_and_the_rule_is_named(
    settings: Config, site: FauxSite
) -> None:
    site.robots("User-agent: *", "Disallow: /intern/")

    some = looked_at(settings, site.url("/intern/a"), site.url("/b"))
    none = looked_at(settings, site.url("/intern/a"))

    assert (some.state, none.state) == ("warning", "problem")
    assert "(Disallow: /intern/)" in none.said
    assert "ask the owner" in none.advice


def test_a_host_that_fails_is_a_warning(settings: Config, site: FauxSite) -> None:
    site.reply("/robots.txt", Reply(status=503))

    found = looked_at(settings, site.url("/a/"))

    assert found.state == "warning"
    assert "its documents are kept" in found.advice


def test_hosts_are_asked_side_by_side_and_none_for_long(settings: Config, site: FauxSite) -> None:
    site.reply("/robots.txt", Reply(stall_s=60))
    http = HttpSettings(delay_s=0, timeout_s=1, deadline_s=1)
    sources = tuple(
        OaiPmhSource(name=f"s{number}", url=site.url("/oai", host=host), http=http)
        for number, host in enumerate(["127.0.0.1", "127.0.0.2", "127.0.0.3", "127.0.0.4"])
    )
    begun = time.monotonic()

    found = source_findings(replace(settings, sources=sources, allow_private=("127.0.0.0/8",)))

    assert time.monotonic() - begun < 15
    assert [it.state for it in found] == ["warning"] * 4


def test_the_guard_stands_before_a_private_address(settings: Config, site: FauxSite) -> None:
    found = looked_at(replace(settings, allow_private=()), site.url("/a/"))

    assert found.state == "warning"
    assert site.requests == []
