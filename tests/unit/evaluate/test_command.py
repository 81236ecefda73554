"""`samsok evaluate`, as its users run it."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import orjson
import pytest

from tests.support.command import Samsok
from tests.support.faux_site import FauxSite

JUDGMENTS = """\
judgments:
  - q: "avtal"
    trait: exact
    pages: {/avtal: 3, /borta: 1}
  - q: "partnerskap"
    trait: compound
    pages: {/projekt: 3}
  - q: "qqqq"
    pages: {/projekt: 1}
"""


@pytest.fixture(scope="module")
def published(tmp_path_factory: pytest.TempPathFactory) -> Samsok:
    samsok = Samsok(tmp_path_factory.mktemp("evaluate"))
    with FauxSite() as site:
        site.page("/", html="<h1>Start</h1><p>Välkommen hit.</p>", links=["/avtal", "/projekt"])
        site.page("/avtal", html="<h1>Avtal</h1><p>Partnerskapsavtalet gäller i tre år.</p>")
        site.page("/projekt", html="<h1>Projekt</h1><p>Projektet handlar om hälsa.</p>")
        samsok.write_config(site.url("/"))
        told = samsok("reindex")
    assert told.code == 0, told.err
    (samsok.directory / "judgments.yaml").write_text(JUDGMENTS, "utf-8")
    return samsok


def test_it_prints_the_measures_and_the_worst_queries(published: Samsok) -> None:
    told = published("evaluate", "judgments.yaml")

    assert told.code == 0, told.err
    assert "3 queries on gen-000001" in told.out
    for label in ("nDCG@10", "95 %", "MRR", "recall@10", "recall@100"):
        assert label in told.out
    assert "no hits     33.3% (1 query, 0 with a suggestion)" in told.out
    assert "not in the index: 1 (/borta)" in told.out
    assert "compound" in told.out
    worst = told.out.partition("worst:")[2]
    assert "partnerskap" in worst
    assert "first   no hits" in worst
    assert "wanted  /projekt  grade 3, not among the first 100" in worst
    assert "wanted  /borta  grade 1, not in the index" in worst


def test_as_many_of_the_worst_as_asked_for(published: Samsok) -> None:
    assert "worst:" not in published("evaluate", "judgments.yaml", "--worst", "0").out
    assert published("evaluate", "judgments.yaml", "--worst", "1").out.count("first  ") == 1


def test_json_holds_every_query(published: Samsok) -> None:
    plain: Any = published("evaluate", "judgments.yaml", "--json").json

    assert plain["queries"] == 3
    assert plain["missing"] == ["/borta"]
    assert plain["zero_hits"] == pytest.approx(1 / 3)
    assert [result["q"] for result in plain["results"]] == ["avtal", "partnerskap", "qqqq"]
    assert plain["results"][0]["measures"]["mrr"] == 1
    low, high = plain["interval"]["ndcg@10"]
    assert low <= plain["measures"]["ndcg@10"] <= high


def test_a_saved_run_is_compared_query_by_query(published: Samsok, tmp_path: Path) -> None:
    saved = tmp_path / "run.json"
    assert published("evaluate", "judgments.yaml", "--no-expand", "--save", str(saved)).code == 0
    plain = orjson.loads(saved.read_bytes())
    # As if the page had come second then.
    plain["results"][0]["judged"][0]["rank"] = 2
    saved.write_bytes(orjson.dumps(plain))

    told = published("evaluate", "judgments.yaml", "--compare", str(saved))

    assert told.code == 0, told.err
    assert "1 better, 0 worse, 2 the same" in told.out
    assert "p = " in told.out
    differences = told.out.partition("against gen-000001")[2]
    assert "avtal\n" in differences
    assert "qqqq" not in differences

    as_json: Any = published("evaluate", "judgments.yaml", "--compare", str(saved), "--json").json
    assert as_json["comparison"]["differences"][0]["q"] == "avtal"


def test_runs_over_other_queries_are_not_compared(published: Samsok, tmp_path: Path) -> None:
    other = tmp_path / "other.yaml"
    other.write_text("judgments: [{q: annat, pages: {/avtal: 1}}]", "utf-8")
    saved = tmp_path / "run.json"
    published("evaluate", str(other), "--save", str(saved))

    told = published("evaluate", "judgments.yaml", "--compare", str(saved))

    assert told.code == 0
    assert "nothing to compare" in told.out


def test_the_gate_is_exit_3_and_its_floors_only_rise(published: Samsok, tmp_path: Path) -> None:
    gate = ("evaluate", "judgments.yaml", "--gate", str(tmp_path / "baseline.json"))

    assert published(*gate).code == 2
    written = published(*gate, "--update-baseline")
    assert written.code == 0, written.err
    assert "floors written to" in written.out
    passed = published(*gate)
    assert passed.code == 0
    assert "above the floors of" in passed.out

    baseline = tmp_path / "baseline.json"
    baseline.write_text('{"floors": {"mrr": 0.9}}')
    for extra in ((), ("--update-baseline",), ("--json",)):
        refused = published(*gate, *extra)
        assert refused.code == 3
        assert "mrr is 0.3333, below its floor 0.9" in refused.err
        assert "Traceback" not in refused.err
    assert baseline.read_text() == '{"floors": {"mrr": 0.9}}'


@pytest.mark.parametrize(
    ("arguments", "told"),
    [
        (["judgments.yaml", "--update-baseline"], "--update-baseline needs --gate"),
        (["nowhere.yaml"], "nowhere.yaml: cannot be read"),
        (["."], "qrels.tsv: cannot be read"),
        (["judgments.yaml", "--compare", "nowhere.json"], "nowhere.json: cannot be read"),
        (["judgments.yaml", "--worst", "-1"], "is not a whole number"),
        (["judgments.yaml", "--save", "nowhere/run.json"], "cannot be written"),
    ],
    ids=" ".join,
)
def test_wrong_use_is_exit_2_with_a_reason(
    published: Samsok, arguments: list[str], told: str
) -> None:
    outcome = published("evaluate", *arguments)

    assert outcome.code == 2
    assert told in outcome.err
    assert "Traceback" not in outcome.err


def test_without_an_index_it_says_what_to_do(tmp_path: Path) -> None:
    samsok = Samsok(tmp_path)
    samsok.write_config("http://127.0.0.1:9/")
    (tmp_path / "judgments.yaml").write_text(JUDGMENTS, "utf-8")

    told = samsok("evaluate", "judgments.yaml")

    assert told.code == 1
    assert "samsok reindex" in told.err


def test_trec_judgments_name_the_queries_left_out(published: Samsok, tmp_path: Path) -> None:
    (tmp_path / "queries.tsv").write_text("1\tavtal\n2\thälsa\n", "utf-8")
    (tmp_path / "qrels.tsv").write_text("1 0 /avtal 1\n", "utf-8")

    told = published("evaluate", str(tmp_path))

    assert told.code == 0, told.err
    assert "1 query on gen-000001" in told.out
    assert "1 more have no relevant page and are left out" in told.out
