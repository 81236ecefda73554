"""Which word forms hold a term."""

from __future__ import annotations

from pathlib import Path

import pytest

from indexer.analysis import Analyzer, build_bundle, word_forms
from indexer.analysis.wordlists import word_list
from indexer.model import Vocabulary

TEXT = """
Forskarna gick till arbetsmarknadsförvaltningen i Trollhättan, där de skrev om tågens
förseningar. Hälsoarbetet, e-hälsan och IT-stödet; work-integrated learning for students,
the universities were teaching. Barn- och ungdomspsykiatrin, 2024-05-01, SOU:s, mice, children.
Forskaren forskar, forskningssamverkan, utvecklingsområdenas, LÄRANDET, Åmåls, Högskolans.
"""


@pytest.fixture(scope="module")
def analyzer(tmp_path_factory: pytest.TempPathFactory) -> Analyzer:
    directory = tmp_path_factory.mktemp("bundle")
    words = dict.fromkeys(word_forms(TEXT), 1) | dict.fromkeys(word_list("stopwords_sv"), 3)
    build_bundle(directory, words=words, vocabulary=Vocabulary())
    return Analyzer.open(directory)


@pytest.mark.parametrize("language", ["sv", "en"])
def test_every_word_of_the_index_is_found_by_each_of_its_terms(
    analyzer: Analyzer, language: str
) -> None:
    for surface in analyzer.surfaces(TEXT):
        terms = analyzer.word(surface, language=language)
        held = {*terms.exact, *terms.lemma, *terms.stem, *(part.term for part in terms.parts)}
        for term in held:
            assert analyzer.forms_holding([term]).may_include(surface), (surface, term)


def test_a_word_that_holds_none_of_the_terms_is_told_apart(analyzer: Analyzer) -> None:
    forms = analyzer.forms_holding(["tåg", "hälsa"])

    assert [word for word in analyzer.surfaces(TEXT) if word.isalpha() and forms.may_include(word)]
    assert not forms.may_include("Trollhättan")
    assert not forms.may_include("universities")


@pytest.mark.parametrize("word", ["nyord", "e-tåg", "SOU:s", "2024", "ta\u030ag", "tå\u00adg"])
def test_of_a_word_that_it_does_not_know_it_says_that_it_may(analyzer: Analyzer, word: str) -> None:
    assert analyzer.forms_holding(["annat"]).may_include(word)


def test_the_word_that_was_typed_may_always_be_there(analyzer: Analyzer) -> None:
    assert analyzer.forms_holding(["trollhättan"]).may_include("TROLLHÄTTAN")


def test_an_index_without_words_knows_of_none(tmp_path: Path) -> None:
    build_bundle(tmp_path, words={}, vocabulary=Vocabulary())

    assert Analyzer.open(tmp_path).forms_holding(["tåg"]).may_include("annat")
