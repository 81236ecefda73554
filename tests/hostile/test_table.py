"""README.md lists every case, and every test is one."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.hostile import cases


def test_the_table_is_that_of_the_tests() -> None:
    written = cases.README.read_text(encoding="utf-8")
    assert written == cases.table(), "write it anew: python -m tests.hostile.cases"


def test_there_are_ninety_cases_at_least_and_no_two_are_one() -> None:
    names = [
        (group, one.name)
        for group, module in cases.groups()
        for test in cases.tests(module)
        for one in cases.cases(test)
    ]
    assert len(names) >= 90
    assert len(names) == len(set(names))


@pytest.mark.parametrize("group", [group for group, _ in cases.groups()])
def test_every_test_of_a_group_says_what_its_case_is(group: str) -> None:
    module = dict(cases.groups())[group]
    assert cases.tests(module)
    for test in cases.tests(module):
        assert list(cases.cases(test)), f"{test.__name__} says nothing"


def test_every_module_of_tests_is_a_group() -> None:
    modules = {path.stem.removeprefix("test_") for path in Path(__file__).parent.glob("test_*.py")}
    assert modules - {"table"} == {group for group, _ in cases.groups()}
