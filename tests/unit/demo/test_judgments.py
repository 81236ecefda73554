"""The judged searches ask for documents of the site, and for enough of them."""

from importlib.resources import files
from typing import Any

import pytest
import yaml

from indexer.cli.demo.rendering import SiteContent

TRAITS = {
    "abbreviation", "area", "compound", "diacritics", "english", "facts", "inflection", "name",
    "person", "trap", "typo",
}  # fmt: skip


@pytest.fixture(scope="module")
def judgments() -> list[dict[str, Any]]:
    text = (files("indexer.cli.demo") / "judgments.yaml").read_text("utf-8")
    loaded: list[dict[str, Any]] = yaml.safe_load(text)["judgments"]
    return loaded


def test_there_are_enough_and_none_twice(judgments: list[dict[str, Any]]) -> None:
    queries = {judgment["q"] for judgment in judgments}
    assert len(queries) == len(judgments)
    assert len(queries) >= 120


def test_every_trait_is_asked_for(judgments: list[dict[str, Any]]) -> None:
    assert {judgment["trait"] for judgment in judgments} == TRAITS
    for judgment in judgments:
        assert set(judgment) == {"q", "trait", "pages"}


def test_every_judged_page_is_a_document(
    judgments: list[dict[str, Any]], content: SiteContent
) -> None:
    pages = {
        path
        for path, page in content.pages.items()
        if not page.robots and not path.startswith("/intern/")
    }
    judged = {path for judgment in judgments for path in judgment["pages"]}
    assert judged - pages - set(content.files) == set()


def test_every_grade_is_one_of_three_and_something_answers(judgments: list[dict[str, Any]]) -> None:
    for judgment in judgments:
        grades = set(judgment["pages"].values())
        assert grades <= {1, 2, 3}, judgment["q"]
        assert grades & {2, 3}, judgment["q"]


def test_the_judgments_reach_over_most_of_the_site(
    judgments: list[dict[str, Any]], content: SiteContent
) -> None:
    judged = {path for judgment in judgments for path in judgment["pages"]}
    assert len(judged) > 0.7 * len(content.pages)
