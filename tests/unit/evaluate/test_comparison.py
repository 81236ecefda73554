from __future__ import annotations

from indexer.evaluate import compare
from tests.unit.evaluate.conftest import result, run_of

BEFORE = run_of(
    result("steg", ("/a/", 3, 2)),
    result("fall", ("/a/", 3, 1)),
    result("lika", ("/a/", 3, 1)),
    generation="gen-000001",
)
NOW = run_of(
    result("lika", ("/a/", 3, 1)),
    result("fall", ("/a/", 3, None)),
    result("steg", ("/a/", 3, 1)),
    generation="gen-000002",
)


def test_the_biggest_difference_comes_first() -> None:
    comparison = compare(NOW, BEFORE)

    assert comparison is not None
    assert [difference.now.query for difference in comparison.differences] == [
        "fall",
        "steg",
        "lika",
    ]
    assert comparison.differences[0].gain == -1
    assert comparison.differences[1].before.judged[0].rank == 2
    assert (comparison.better, comparison.worse, comparison.left_out) == (1, 1, 0)
    assert comparison.before == "gen-000001"


def test_the_mean_difference_has_an_interval_and_a_probability() -> None:
    comparison = compare(NOW, BEFORE)

    assert comparison is not None
    assert comparison.interval.low < comparison.gain < comparison.interval.high
    assert comparison.p_value > 0.05


def test_a_run_against_itself_differs_in_nothing() -> None:
    comparison = compare(NOW, NOW)

    assert comparison is not None
    assert comparison.gain == 0
    assert comparison.p_value == 1
    assert (comparison.better, comparison.worse) == (0, 0)


def test_queries_of_one_run_only_or_judged_anew_are_left_out() -> None:
    now = run_of(
        result("lika", ("/a/", 3, 1)),
        result("fall", ("/a/", 2, 1)),
        result("ny", ("/a/", 3, 1)),
    )

    comparison = compare(now, BEFORE)

    assert comparison is not None
    assert [difference.now.query for difference in comparison.differences] == ["lika"]
    assert comparison.left_out == 3


def test_runs_with_nothing_in_common_are_not_compared() -> None:
    assert compare(run_of(result("annat", ("/a/", 3, 1))), BEFORE) is None
