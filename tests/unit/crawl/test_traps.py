from __future__ import annotations

import pytest

from indexer.crawl.traps import PatternBudget, url_pattern

HOST = "https://www.example.org"


@pytest.mark.parametrize(
    ("path", "pattern"),
    [
        ("/om-oss/", "/om-oss/"),
        ("/kalender/2026/03/01/", "/kalender/#/#/#/"),
        ("/nyheter/2026-03-01-ny-rektor", "/nyheter/#-#-#-ny-rektor"),
        ("/projekt/p12", "/projekt/p#"),
        ("/fil/3f2504e0-4f89-41d3-9a0c-0305e82c3301", "/fil/#"),
        ("/fil/DEADBEEF01", "/fil/#"),
        ("/facade/deadbeef", "/facade/deadbeef"),
        ("/sok?q=a&page=2", "/sok?page=*&q=*"),
        ("/sok?page=9&q=b&q=c", "/sok?page=*&q=*"),
        ("/sok?x12=1", "/sok?x#=*"),
    ],
)
def test_what_differs_only_in_numbers_and_values_is_one_pattern(path: str, pattern: str) -> None:
    assert url_pattern(HOST + path) == f"www.example.org{pattern}"


def test_a_pattern_has_room_for_so_many_pages_and_no_more() -> None:
    budget = PatternBudget(3)
    admitted = [budget.admit(f"{HOST}/kalender/{day}") for day in range(10)]
    assert admitted == [True] * 3 + [False] * 7
    assert budget.spent == {"www.example.org/kalender/#": 7}


def test_pages_with_names_of_their_own_have_no_budget() -> None:
    budget = PatternBudget(1)
    assert all(budget.admit(f"{HOST}/partner/{name}") for name in ["a", "b", "c"])
    assert budget.spent == {}


def test_pages_that_are_known_already_use_up_the_budget() -> None:
    budget = PatternBudget(2)
    budget.enter(f"{HOST}/k/1")
    budget.enter(f"{HOST}/om")
    assert [budget.admit(f"{HOST}/k/{n}") for n in (2, 3)] == [True, False]


def test_what_was_withdrawn_leaves_room_again() -> None:
    budget = PatternBudget(1)
    assert budget.admit(f"{HOST}/k/1")
    budget.withdraw(f"{HOST}/k/1")
    budget.withdraw(f"{HOST}/om")
    assert budget.admit(f"{HOST}/k/2")
