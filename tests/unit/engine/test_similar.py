from __future__ import annotations

import pytest

from indexer.analysis import Analyzer, build_bundle
from indexer.engine.similar import TERMS, telling_terms
from indexer.model import Person, Section, Vocabulary
from tests.support.documents import document

WORDS = {"samverkan": 90, "svets": 4, "keramik": 4, "trumma": 4, "ensam": 1, "robot": 4}


@pytest.fixture(scope="module")
def analyzer(tmp_path_factory: pytest.TempPathFactory) -> Analyzer:
    directory = tmp_path_factory.mktemp("bundle")
    build_bundle(directory, words=WORDS, vocabulary=Vocabulary())
    return Analyzer.open(directory)


def test_the_analyzer_knows_how_often_the_index_uses_a_word(analyzer: Analyzer) -> None:
    assert analyzer.uses("samverkan") == 90
    assert analyzer.uses("okänt") == 0


def test_rare_words_tell_more_than_common_ones(analyzer: Analyzer) -> None:
    terms = telling_terms(document(1, "Sida", text="samverkan keramik"), analyzer, documents=100)

    assert terms["keramik"] > terms["samverkan"]


def test_title_headings_and_areas_tell_more_than_the_text(analyzer: Analyzer) -> None:
    page = document(
        1,
        "Svets",
        areas=("Keramik",),
        sections=(Section(heading="Robot", text="trumma"),),
    )

    terms = telling_terms(page, analyzer, documents=100)

    assert terms["svets"] == 1
    assert terms["svets"] > terms["keramik"] == terms["robot"] > terms["trumma"]


def test_what_finds_no_other_document_tells_nothing(analyzer: Analyzer) -> None:
    page = document(
        1,
        "Ensam och keramik",
        text="2024 0520-12 34 56 a b eva.ek@example.org 10.1000/182 och det är",
        persons=(Person(name="Robot Ek"),),
    )

    assert set(telling_terms(page, analyzer, documents=100)) == {"keramik"}


def test_what_was_not_counted_is_neither_rare_nor_common(analyzer: Analyzer) -> None:
    terms = telling_terms(document(1, "x", "okänt keramik samverkan"), analyzer, documents=100)

    assert terms["keramik"] > terms["okänd"] > terms["samverkan"]


def test_a_long_text_is_asked_for_by_its_best_terms_only(analyzer: Analyzer) -> None:
    words = " ".join(f"ord{chr(97 + number // 26)}{chr(97 + number % 26)}" for number in range(400))
    page = document(
        1, "Svets", text=f"{words} keramik keramik keramik " + "samverkan " * 10_000 + "trumma"
    )

    terms = telling_terms(page, analyzer, documents=100)

    assert len(terms) == TERMS
    assert {"svets", "keramik"} <= set(terms)
    assert "trumma" not in terms
