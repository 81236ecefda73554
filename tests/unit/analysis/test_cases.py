"""Does a query find a text? One line of `cases.tsv` each."""

from __future__ import annotations

import pytest

from indexer.analysis import Analyzer
from tests.unit.analysis.matching import finds
from tests.unit.analysis.table import CASES, Case

TEXTS = {case.text: case.language for case in CASES}


@pytest.mark.parametrize("case", CASES, ids=lambda case: f"{case.query} / {case.why}")
def test_a_query_finds_what_is_meant_and_nothing_else(analyzer: Analyzer, case: Case) -> None:
    assert (case.text in finds(analyzer, case.query, TEXTS)) == (case.found == "yes")


def test_nearly_every_case_is_found_and_every_trap_rejected() -> None:
    wanted = [case for case in CASES if case.found != "no"]
    missed = [case for case in wanted if case.found == "miss"]

    assert len(CASES) >= 164
    assert len(missed) <= 3
