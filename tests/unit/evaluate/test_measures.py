from __future__ import annotations

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.evaluate import (
    bootstrap_interval,
    ndcg_at,
    paired_bootstrap,
    recall_at,
    reciprocal_rank,
)

GRADES = st.lists(st.integers(0, 3), max_size=12)


def test_the_best_order_has_ndcg_1_and_none_relevant_0() -> None:
    assert ndcg_at([3, 2, 1], [1, 2, 3], k=10) == 1
    assert ndcg_at([0, 0], [3], k=10) == 0
    assert ndcg_at([0, 0], [0, 0], k=10) == 0
    assert ndcg_at([], [], k=10) == 0


def test_ndcg_worked_out_by_hand() -> None:
    # Gains 3, 7, 0; discounts 1, log2 3, 2.
    got = 3 / 1 + 7 / math.log2(3)
    best = 7 / 1 + 3 / math.log2(3) + 1 / 2

    assert ndcg_at([2, 3, 0], [3, 2, 1], k=10) == pytest.approx(got / best)


def test_ndcg_looks_at_the_first_k_in_the_ranking_and_in_the_best_order() -> None:
    assert ndcg_at([0, 3], [3], k=1) == 0
    assert ndcg_at([3], [3, 3, 3], k=1) == 1
    assert ndcg_at([3], [3, 3], k=2) == pytest.approx(1 / (1 + 1 / math.log2(3)))


@given(GRADES, st.integers(1, 12))
def test_any_order_lies_between_the_worst_and_the_best(grades: list[int], k: int) -> None:
    value = ndcg_at(grades, grades, k=k)

    assert 0 <= value <= 1 + 1e-12
    assert ndcg_at(sorted(grades), grades, k=k) <= value + 1e-12


@given(GRADES, st.integers(0, 10))
def test_moving_a_better_page_up_never_costs_anything(grades: list[int], place: int) -> None:
    if place + 1 >= len(grades) or grades[place + 1] <= grades[place]:
        return
    swapped = [*grades]
    swapped[place], swapped[place + 1] = grades[place + 1], grades[place]

    assert ndcg_at(swapped, grades, k=10) >= ndcg_at(grades, grades, k=10) - 1e-12
    assert reciprocal_rank(swapped) >= reciprocal_rank(grades)


@pytest.mark.parametrize(
    ("ranked", "value"), [([], 0), ([0, 0], 0), ([1], 1), ([0, 3], 0.5), ([0, 0, 1, 3], 1 / 3)]
)
def test_the_first_relevant_page_decides_the_reciprocal_rank(
    ranked: list[int], value: float
) -> None:
    assert reciprocal_rank(ranked) == value


def test_recall_counts_relevant_pages_whatever_their_grade() -> None:
    assert recall_at([0, 1, 3], [1, 3, 2, 0], k=10) == pytest.approx(2 / 3)
    assert recall_at([0, 1, 3], [1, 3, 2, 0], k=2) == pytest.approx(1 / 3)
    assert recall_at([0], [0], k=10) == 0


def test_the_interval_holds_the_mean_and_is_the_same_every_time() -> None:
    values = [0.0, 0.25, 0.5, 0.75, 1.0] * 8

    interval = bootstrap_interval(values)

    assert interval == bootstrap_interval(values)
    assert interval.low < 0.5 < interval.high
    # The normal approximation: 1.96 standard errors either side.
    assert interval.high - interval.low == pytest.approx(2 * 1.96 * 0.3536 / math.sqrt(40), rel=0.1)


def test_more_queries_make_a_narrower_interval() -> None:
    few, many = [0.0, 1.0] * 10, [0.0, 1.0] * 100

    narrow, wide = bootstrap_interval(many), bootstrap_interval(few)

    assert narrow.high - narrow.low < wide.high - wide.low


def test_equal_values_leave_no_doubt() -> None:
    assert bootstrap_interval([0.5] * 5) == (0.5, 0.5)


def test_a_steady_gain_is_significant_and_noise_is_not() -> None:
    assert paired_bootstrap([0.1, 0.2, 0.1, 0.3, 0.2] * 10) < 0.001
    assert paired_bootstrap([0.3, -0.3, 0.2, -0.25] * 10) > 0.5
    assert paired_bootstrap([0.0] * 20) == 1


def test_gain_and_loss_of_a_size_are_equally_probable() -> None:
    gains = [0.3, -0.1, 0.2, 0.0, 0.1, -0.2, 0.4]

    assert paired_bootstrap(gains) == paired_bootstrap([-gain for gain in gains])


def test_nothing_measured_is_no_measurement() -> None:
    with pytest.raises(ValueError, match="no values"):
        bootstrap_interval([])
    with pytest.raises(ValueError, match="no differences"):
        paired_bootstrap([])
