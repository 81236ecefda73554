from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from indexer.errors import ConfigError
from indexer.evaluate import DEPTH, JudgedPage, Judgment, evaluate, read_run, save_run
from tests.support.documents import document
from tests.unit.evaluate.conftest import Open, result, run_of

AVTAL = document(1, "Avtal", "avtal om samverkan", url="http://127.0.0.1:4711/avtal/")
HEALTH = document(
    2, "Hälsa", "forskning om hälsa i Trollhättan", url="https://www.example.org/h%C3%A4lsa/?a=1"
)


def ranks(run_judgment: Judgment, opened: Open) -> dict[str, int | None]:
    run = evaluate(opened([AVTAL, HEALTH]), [run_judgment])
    return {page.page: page.rank for page in run.results[0].judged}


def test_a_judged_path_is_that_page_on_any_host_and_port(opened: Open) -> None:
    judgment = Judgment(query="avtal", grades={"/avtal/": 3})

    assert ranks(judgment, opened) == {"/avtal/": 1}


@pytest.mark.parametrize(
    ("page", "rank"),
    [
        ("//www.example.org/hälsa/?a=1", 1),
        ("/hälsa/?a=1", 1),
        ("doc-002", 1),
        ("//other.example.org/hälsa/?a=1", None),
        ("/hälsa/", None),
    ],
)
def test_a_judged_url_is_that_page_on_its_host(opened: Open, page: str, rank: int | None) -> None:
    judgment = Judgment(query="hälsa", grades={page: 3})

    assert ranks(judgment, opened) == {page: rank}


def test_a_path_on_two_hosts_counts_once_where_it_came_first(opened: Open) -> None:
    twin = document(3, "Avtal och annat", "avtal, hälsa", url="https://www.example.org/avtal/")
    searcher = opened([AVTAL, twin])

    run = evaluate(searcher, [Judgment(query="avtal", grades={"/avtal/": 3})])

    assert run.results[0].total == 2
    assert run.results[0].judged == (JudgedPage(page="/avtal/", grade=3, rank=1),)
    assert run.means()["ndcg@10"] == 1


def test_what_is_not_judged_pushes_down(opened: Open) -> None:
    judgment = Judgment(query="om", grades={"/finns-inte/": 3, "doc-001": 1})

    run = evaluate(opened([AVTAL, HEALTH]), [judgment])

    assert run.results[0].ranked in {(1,), (0, 1)}
    assert set(run.results[0].first) == {AVTAL.url, HEALTH.url}


def test_judged_pages_that_are_no_documents_are_told(opened: Open) -> None:
    judged = [
        Judgment(query="avtal", grades={"/avtal/": 3, "/borta/": 2}),
        Judgment(query="hälsa", grades={"/avtal/": 1, "doc-002": 2}),
        Judgment(query="kommunen", grades={"/hälsa/?a=1": 1}),
    ]

    assert evaluate(opened([AVTAL, HEALTH]), judged).missing == ("/borta/",)


def test_a_query_without_hits_is_not_answered(opened: Open) -> None:
    judged = [Judgment(query=query, grades={"/avtal/": 1}) for query in ("avtal", "qqqq")]

    run = evaluate(opened([AVTAL]), judged)

    assert run.means()["answered"] == 0.5
    assert run.results[1].first == ()


def test_only_so_many_hits_are_looked_at(opened: Open) -> None:
    many = [document(number, "avtal", "avtal") for number in range(DEPTH + 5)]

    run = evaluate(opened(many), [Judgment(query="avtal", grades={f"doc-{DEPTH + 1:03d}": 3})])

    assert run.results[0].total == DEPTH + 5
    assert run.results[0].judged[0].rank is None
    assert run.missing == ()


def test_expansion_can_be_switched_off(opened: Open) -> None:
    searcher = opened([HEALTH])
    judged = [Judgment(query="trollhattan", grades={"doc-002": 3})]

    assert evaluate(searcher, judged).means()["mrr"] == 1
    plain = evaluate(searcher, judged, expand=False)
    assert plain.means()["mrr"] == 0
    assert not plain.expand


def test_a_listener_hears_how_far_it_is(opened: Open) -> None:
    heard: list[int] = []
    judged = [Judgment(query=query, grades={"/x/": 1}) for query in ("avtal", "hälsa")]

    evaluate(opened([AVTAL]), judged, step=heard.append)

    assert heard == [1, 2]


def test_measures_are_means_over_queries() -> None:
    run = run_of(result("ett", ("/a/", 3, 1)), result("två", ("/b/", 3, None), ("/c/", 1, 2)))

    means = run.means()

    assert means["mrr"] == 0.75
    assert means["recall@10"] == 0.75
    assert means["recall@100"] == 0.75
    assert 0.5 < means["ndcg@10"] < 0.75
    low, high = run.interval()
    assert low <= means["ndcg@10"] <= high


def test_recall_at_10_and_at_100_differ_by_what_came_between() -> None:
    means = run_of(result("ett", ("/a/", 3, 10), ("/b/", 3, 11), ("/c/", 3, 100))).means()

    assert means["recall@10"] == pytest.approx(1 / 3)
    assert means["recall@100"] == 1


def test_the_worst_come_first_and_perfect_ones_never() -> None:
    good, bad, worse = (
        result("bra", ("/a/", 3, 1)),
        result("dålig", ("/a/", 3, 2)),
        result("sämre", ("/a/", 3, 9)),
    )
    run = run_of(good, bad, worse)

    assert run.worst(10) == (worse, bad)
    assert run.worst(1) == (worse,)
    assert run.worst(0) == ()


def test_traits_stand_apart_the_hardest_first() -> None:
    run = run_of(
        result("ett", ("/a/", 3, 1), trait="lätt"),
        result("två", ("/a/", 3, None), trait="svår"),
        result("tre", ("/a/", 3, 1), trait="svår"),
        result("fyra", ("/a/", 3, 1)),
    )

    assert list(run.by_trait().items()) == [("svår", (2, 0.5)), ("lätt", (1, 1.0))]


def test_a_saved_run_is_read_back_as_it_was(opened: Open, tmp_path: Path) -> None:
    judged = [
        Judgment(query="avtal", trait="area", grades={"/avtal/": 3, "/borta/": 1}),
        Judgment(query="avtall", grades={"doc-001": 3}),
    ]
    run = evaluate(opened([AVTAL, HEALTH]), judged)

    save_run(run, tmp_path / "run.json")

    assert read_run(tmp_path / "run.json") == run


@pytest.mark.parametrize(
    "change",
    [
        {"version": 2},
        {"results": []},
        {"results": [{}]},
        {"results": "x"},
        {"missing": 3},
    ],
    ids=str,
)
def test_what_is_no_run_is_refused(tmp_path: Path, change: dict[str, object]) -> None:
    path = tmp_path / "run.json"
    save_run(run_of(result("ett", ("/a/", 3, 1))), path)
    path.write_bytes(orjson.dumps(orjson.loads(path.read_bytes()) | change))

    with pytest.raises(ConfigError, match="is not a run"):
        read_run(path)


@pytest.mark.parametrize("text", ["", "[]", "{", '{"a": 1}', "null"])
def test_another_file_is_no_run(tmp_path: Path, text: str) -> None:
    (tmp_path / "run.json").write_text(text)

    with pytest.raises(ConfigError, match="is not a run"):
        read_run(tmp_path / "run.json")


@pytest.mark.parametrize("wrong", [{"grade": 9}, {"rank": 0}, {"rank": 10**9}, {"rank": "1"}])
def test_impossible_ranks_and_grades_are_refused(tmp_path: Path, wrong: dict[str, object]) -> None:
    path = tmp_path / "run.json"
    save_run(run_of(result("ett", ("/a/", 3, 1))), path)
    plain = orjson.loads(path.read_bytes())
    plain["results"][0]["judged"][0] |= wrong
    path.write_bytes(orjson.dumps(plain))

    with pytest.raises(ConfigError, match="is not a run"):
        read_run(path)


def test_a_place_that_cannot_be_written_is_told(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be written"):
        save_run(run_of(result("ett", ("/a/", 3, 1))), tmp_path / "nowhere" / "run.json")
