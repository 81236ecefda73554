"""Whole jobs of the command line, one after the other, over a site that changes."""

from __future__ import annotations

import fcntl
import os
import time
from typing import Any

import orjson
import pytest

from tests.support.command import Samsok
from tests.support.faux_site import FauxSite, Reply

pytestmark = pytest.mark.jobs


def test_a_crawl_fills_the_store_and_publishes_nothing(samsok: Samsok) -> None:
    told = samsok("crawl", "--source", "exempel")

    assert told.code == 0, told.err
    assert "3 added" in told.out
    assert samsok("search", "avtal").code == 1
    assert samsok("crawl", "--json").json["failed_sources"] == []


@pytest.mark.parametrize("verb", ["crawl", "reindex"])
def test_a_dry_run_lists_what_is_due_and_asks_for_nothing(
    samsok: Samsok, site: FauxSite, verb: str
) -> None:
    before = samsok(verb, "--dry-run")
    assert before.code == 0
    assert f"asks   {site.url('/')}  (a start page)" in before.out
    assert not site.requests
    assert not (samsok.directory / "var" / "crawl.db").exists()

    samsok("crawl")
    site.requests.clear()
    after = samsok(verb, "--dry-run", "--source", "exempel", "--json")
    assert after.code == 0
    (source,) = orjson.loads(after.out)
    assert [visit["url"] for visit in source["visits"]] == [
        site.url("/"),
        site.url("/avtal"),
        site.url("/projekt"),
    ]
    assert not site.requests


def test_a_page_that_is_not_due_is_asked_for_with_full_only(samsok: Samsok, site: FauxSite) -> None:
    text = samsok.config.read_text(encoding="utf-8")
    samsok.config.write_text(text.replace("min_hours: 0", "min_hours: 20"), encoding="utf-8")
    samsok("crawl")
    site.requests.clear()
    assert "2 not due yet" in samsok("crawl").out
    assert not site.asked("/avtal")
    assert samsok("crawl", "--full").code == 0
    assert site.asked("/avtal")


def test_explain_says_why_a_page_is_found_and_why_not(samsok: Samsok, site: FauxSite) -> None:
    samsok("reindex")
    found = samsok("explain", site.url("/avtal"))
    assert found.code == 0
    assert "In the index: searches find it." in found.out
    assert "[allow: /**]" in found.out
    missing = samsok("explain", site.url("/finns-inte"), "--json").json
    assert missing["is_found"] is False
    assert "no page that was crawled points to it" in str(missing["conclusion"])


def test_from_store_sends_no_request(samsok: Samsok, site: FauxSite) -> None:
    assert samsok("reindex").code == 0
    asked = len(site.requested)

    told = samsok("reindex", "--from-store")

    assert told.code == 0
    assert "published gen-000002" in told.out
    assert len(site.requested) == asked


def test_a_new_word_in_the_vocabulary_is_published_without_the_page_changing(
    samsok: Samsok,
) -> None:
    samsok("reindex")
    with samsok.config.open("a", encoding="utf-8") as config:
        config.write('vocabulary: {areas: [{name: "Hälsa", aliases: []}]}\n')

    told = samsok("reindex")

    assert "published gen-000002" in told.out
    results: Any = samsok("search", "--area", "Hälsa", "--json").json["results"]
    assert [result["title"] for result in results] == ["Projekt"]


def test_a_site_that_is_down_is_exit_1_and_loses_nothing(samsok: Samsok, site: FauxSite) -> None:
    samsok("reindex")
    for path in ("/", "/avtal", "/projekt"):
        site.reply(path, Reply(hangup="before_headers"))

    told = samsok("reindex")

    assert told.code == 1
    assert "FAILED" in told.out
    assert samsok("search", "partnerskapsavtalet", "--json").json["total"] == 1


def test_a_canary_that_is_not_found_refuses_and_the_old_index_serves(
    samsok: Samsok, site: FauxSite
) -> None:
    samsok("reindex")
    samsok.write_config(site.url("/"), canaries=f'{{q: "hälsa", url: "{site.url("/avtal")}"}}')
    site.page("/projekt", html="<h1>Projekt</h1><p>Nu om hälsa och annat.</p>")

    told = samsok("reindex")

    assert told.code == 3
    assert "NOT published" in told.out
    assert "hälsa" in told.out
    status: Any = samsok("status", "--json").json
    assert status["current"] == "gen-000001"


def test_whoever_publishes_by_force_says_why_and_the_report_keeps_it(
    samsok: Samsok, site: FauxSite
) -> None:
    samsok("reindex")
    site.reply("/avtal", Reply(status=410))
    assert samsok("reindex").code == 3

    told = samsok("reindex", "--from-store", "--force", "avtalet har gått ut")

    assert told.code == 0
    assert "published gen-000003" in told.out
    assert "by force: avtalet har gått ut" in told.out
    assert "although 1 of 3 documents are gone" in told.out
    assert "by force, avtalet har gått ut: 1 of 3" in samsok("status").out
    status: Any = samsok("status", "--json").json
    assert status["runs"][0]["report"]["forced"] == "avtalet har gått ut"


def test_a_run_that_fails_says_why_and_so_does_the_status(samsok: Samsok) -> None:
    (samsok.directory / "var").mkdir()
    in_the_way = samsok.directory / "var" / "index"
    in_the_way.write_text("not a directory")
    told = samsok("reindex")
    assert told.code == 1
    assert "Traceback" not in told.err

    in_the_way.unlink()

    status: Any = samsok("status", "--json").json
    report = status["runs"][0]["report"]
    assert (report["job"], report["outcome"]) == ("reindex", "failed")
    assert report["problem"] == told.err.splitlines()[-1]
    assert "failed" in samsok("status").out


def test_a_reason_that_says_nothing_is_refused_and_so_is_a_plan_of_no_requests(
    samsok: Samsok,
) -> None:
    assert "say why" in samsok("reindex", "--force", " ").err
    for option in ("--dry-run", "--full"):
        told = samsok("reindex", "--from-store", option)
        assert told.code == 2
        assert f"{option}: --from-store sends no request" in told.err


def test_a_site_that_lost_its_pages_is_not_published(samsok: Samsok, site: FauxSite) -> None:
    samsok("reindex")
    gone = '<!doctype html><html lang="sv"><meta name="robots" content="noindex">'
    for path in ("/avtal", "/projekt"):
        site.page(path, html=gone)

    told = samsok("reindex")

    assert told.code == 3
    assert "2 of 3 documents are gone" in told.out
    assert samsok("search", "partnerskapsavtalet", "--json").json["total"] == 1


@pytest.mark.parametrize("verb", ["reindex", "crawl"])
def test_a_second_job_leaves_at_once(samsok: Samsok, verb: str) -> None:
    (samsok.directory / "var").mkdir()
    descriptor = os.open(samsok.directory / "var" / "job.lock", os.O_RDWR | os.O_CREAT)
    fcntl.flock(descriptor, fcntl.LOCK_EX)
    started = time.monotonic()
    try:
        told = samsok(verb)
    finally:
        os.close(descriptor)

    assert told.code == 75
    assert "another job" in told.err
    assert time.monotonic() - started < 10


def test_a_reader_that_goes_away_is_no_error(samsok: Samsok) -> None:
    samsok("reindex")
    process = samsok.start("search", "--size", "3")
    assert process.stdout
    process.stdout.close()

    assert process.wait(timeout=30) == 0
    assert process.stderr
    assert "Traceback" not in process.stderr.read()
    process.stderr.close()


def test_control_characters_of_a_page_do_not_reach_the_terminal(
    samsok: Samsok, site: FauxSite
) -> None:
    site.page("/", html="<h1>Röd &#x1b;[31m text</h1><p>röd &#x9b;31m &#x202e;text</p>")
    samsok("reindex")

    told = samsok("search", "röd")

    assert told.code == 0
    assert not set(told.out) & {"\x1b", "\x9b", "\u202e"}
