from __future__ import annotations

import fcntl
import os
import subprocess
import sys
import time
from typing import Any

import orjson
import pytest

from indexer.cli import VERBS
from tests.support.command import Samsok
from tests.support.faux_site import FauxSite, Reply


def test_help_names_every_verb_and_the_exit_codes(samsok: Samsok) -> None:
    told = samsok("--help")

    assert told.code == 0
    for verb in (*VERBS, "serve"):
        assert f"\n    {verb} " in told.out
    assert "75" in told.out


@pytest.mark.parametrize("verb", [*VERBS, "serve"])
def test_every_verb_teaches_itself(samsok: Samsok, verb: str) -> None:
    told = samsok(verb, "--help")

    assert told.code == 0
    assert f"usage: samsok {verb}" in told.out
    assert "--config" in told.out
    assert "--json" in told.out


def test_help_imports_nothing_heavy() -> None:
    code = (
        "import sys, indexer.cli\n"
        "try: indexer.cli.main(['--help'])\n"
        "except SystemExit: print(*sys.modules)"
    )
    told = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, encoding="utf-8", check=True
    )

    heavy = {"whoosh", "numpy", "httpx", "bs4", "falcon", "pydantic", "yaml", "lxml", "jinja2"}
    assert not heavy & set(told.stdout.split())


@pytest.mark.parametrize(
    "arguments",
    [
        [],
        ["reidnex"],
        ["search", "--page", "0"],
        ["search", "--kind", "nope"],
        ["search", "--from", "igår"],
        ["search", "--page", "1001"],
        ["reindex", "--source", "okänd"],
        ["reindex", "--from-store", "--source", "exempel"],
        ["crawl", "--config", "nowhere.yaml"],
    ],
    ids=" ".join,
)
def test_wrong_use_is_exit_2_with_a_reason_and_no_traceback(
    samsok: Samsok, arguments: list[str]
) -> None:
    told = samsok(*arguments)

    assert told.code == 2
    assert told.err or "usage:" in told.out
    assert "Traceback" not in told.err


def test_a_misspelt_key_is_named_with_its_line_and_the_right_one(samsok: Samsok) -> None:
    samsok.config.write_text(samsok.config.read_text().replace("sitemaps:", "sitemap:"))

    told = samsok("check")

    assert told.code == 2
    assert "line 11" in told.err
    assert "sitemap" in told.err
    assert "sitemaps" in told.err
    assert "Traceback" not in told.err


def test_check_says_what_a_good_config_does(samsok: Samsok) -> None:
    told = samsok("check")

    assert told.code == 0
    assert "is fine" in told.out
    assert "exempel" in told.out
    assert samsok("check", "--json").json["canaries"] == 0


def test_searching_before_the_first_reindex_says_what_to_do(samsok: Samsok) -> None:
    told = samsok("search", "avtal")

    assert told.code == 1
    assert "samsok reindex" in told.err
    assert not (samsok.directory / "var").exists()


def test_status_before_the_first_reindex(samsok: Samsok) -> None:
    told = samsok("status")

    assert told.code == 0
    assert "samsok reindex" in told.out


def test_from_a_site_to_a_search(samsok: Samsok, site: FauxSite) -> None:
    told = samsok("reindex")
    assert told.code == 0, told.err
    assert "published gen-000001: 3 documents" in told.out

    found = samsok("search", "partnerskapsavtal", "--json").json
    results: Any = found["results"]
    assert [result["url"] for result in results] == [site.url("/avtal")]
    assert "Partnerskapsavtalet gäller" in samsok("search", "avtal").out

    again = samsok("reindex")
    assert again.code == 0
    assert "nothing changed" in again.out

    status: Any = samsok("status", "--json").json
    assert status["current"] == "gen-000001"
    (source,) = status["sources"]
    assert (source["name"], source["documents"], source["problem"]) == ("exempel", 3, "")
    assert [run["report"]["outcome"] for run in status["runs"]] == ["unchanged", "published"]
    assert "in service" in samsok("status").out


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
