from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

import pytest

from indexer.extract import extract
from indexer.model import SiteRule
from tests.templates import drupal, mixed, optimizely, sitevision, wordpress
from tests.templates.truth import (
    VOCABULARY,
    Case,
    Score,
    Truth,
    compare,
    dates,
    text_score,
    total,
    true_dates,
)

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.model import Document

FAMILIES = {
    "drupal": drupal,
    "optimizely": optimizely,
    "sitevision": sitevision,
    "wordpress": wordpress,
}
ALL = [(name, case) for name, family in FAMILIES.items() for case in family.CASES]
UNRULED: dict[str, tuple[Case, ...]] = {name: family.CASES for name, family in FAMILIES.items()}
UNRULED["mixed"] = mixed.CASES
EVERY = [case for cases in UNRULED.values() for case in cases]

FIELDS: dict[str, Callable[[Document, Truth], Score]] = {
    "partners": lambda found, truth: compare(found.partners, truth.partners),
    "areas": lambda found, truth: compare(found.areas, truth.areas),
    "persons": lambda found, truth: compare(found.persons, truth.persons),
    "dates": lambda found, truth: compare(dates(found), true_dates(truth)),
}


@cache
def read(case: Case, *, ruled: bool) -> Document:
    rules: tuple[SiteRule, ...] = next(
        (family.RULES for family in FAMILIES.values() if case in family.CASES), ()
    )
    extraction = extract(case.page(), rules=rules if ruled else (), vocabulary=VOCABULARY)
    assert extraction.document is not None, extraction.reason
    if ruled:
        assert extraction.trace["text"] == f"site rule: {rules[0].main}"
    return extraction.document


def test_there_are_enough_pages() -> None:
    assert len(ALL) >= 25
    assert len({case.url for _, case in ALL}) == len(ALL)


@pytest.mark.parametrize("family", UNRULED)
def test_the_main_text_is_found(family: str) -> None:
    scores = (text_score(read(case, ruled=False), case.truth) for case in UNRULED[family])

    assert total(scores).f1 >= 0.97


@pytest.mark.parametrize("family", FAMILIES)
def test_the_main_text_is_found_by_rule(family: str) -> None:
    cases = FAMILIES[family].CASES

    assert total(text_score(read(case, ruled=True), case.truth) for case in cases).f1 >= 0.97


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize("family", UNRULED)
def test_fields_are_found_without_site_rules(family: str, field: str) -> None:
    scores = (FIELDS[field](read(case, ruled=False), case.truth) for case in UNRULED[family])

    assert total(scores).f1 >= 0.95


@pytest.mark.parametrize("field", FIELDS)
@pytest.mark.parametrize(("family", "case"), ALL, ids=[case.url for _, case in ALL])
def test_site_rules_leave_nothing_wrong(family: str, case: Case, field: str) -> None:
    assert FIELDS[field](read(case, ruled=True), case.truth).f1 == 1.0, family


@pytest.mark.parametrize("ruled", [False, True], ids=["heuristics", "rules"])
def test_the_kind_of_a_page_is_told(*, ruled: bool) -> None:
    cases = [case for _, case in ALL] if ruled else EVERY
    wrong = [case.url for case in cases if read(case, ruled=ruled).kind != case.truth.kind]

    assert len(wrong) <= 0.05 * len(cases), wrong


def test_the_language_of_a_page_is_told() -> None:
    wrong = [case.url for case in EVERY if read(case, ruled=False).language != case.truth.language]

    assert wrong == []
