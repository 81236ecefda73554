from __future__ import annotations

import subprocess
import sys
from typing import Any

import pytest

from indexer.cli import VERBS
from tests.support.command import Samsok
from tests.support.faux_site import FauxSite


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


@pytest.mark.parametrize(
    ("written", "hint"),
    [("serach", "did you mean `samsok search`?"), ("xyzzy", "`samsok --help` lists all verbs")],
)
def test_a_misspelt_verb_is_told_with_the_right_one(
    samsok: Samsok, written: str, hint: str
) -> None:
    told = samsok(written, "samverkan")

    assert told.code == 2
    assert f"there is no verb '{written}'; {hint}" in told.err


def test_a_number_of_runs_that_is_none_is_refused(samsok: Samsok) -> None:
    outcome = samsok("status", "--runs", "-3")
    assert outcome.code == 2
    assert "'-3' is not a number of runs, 0 or more" in outcome.err


def test_a_misspelt_option_is_told_with_the_right_one_by_its_verb(samsok: Samsok) -> None:
    told = samsok("reindex", "--forse=so", "--quite-different")

    assert told.code == 2
    assert "usage: samsok reindex" in told.err
    assert "unrecognized arguments: --forse=so --quite-different; did you mean --force?" in told.err


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
