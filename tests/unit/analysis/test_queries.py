from __future__ import annotations

from pathlib import Path

import orjson
import pytest

from indexer.analysis import Alternative, Analyzer, Clause, build_bundle
from indexer.model import Vocabulary

FREQUENT = {"rad": 2, "råd": 11, "mal": 3, "mål": 14, "högskolan": 9, "på": 50, "samhälle": 4}


@pytest.fixture(scope="module")
def frequent(tmp_path_factory: pytest.TempPathFactory) -> Analyzer:
    directory = tmp_path_factory.mktemp("frequent")
    build_bundle(directory, words=FREQUENT, vocabulary=Vocabulary())
    return Analyzer.open(directory)


def ways(clauses: tuple[Clause, ...]) -> list[Alternative]:
    return [
        way
        for clause in clauses
        for alternatives in (*(word.alternatives for word in clause.words), clause.instead)
        for way in alternatives
    ]


def shown(analyzer: Analyzer, text: str) -> set[str]:
    return {way.shown for way in ways(analyzer.query(text))} - {""}


def test_a_word_is_searched_as_it_is_by_its_lemma_and_inside_compounds(analyzer: Analyzer) -> None:
    found = {(way.chain, way.terms) for way in ways(analyzer.query("avtalet", expand=False))}

    assert found == {
        ("exact", ("avtalet",)),
        ("parts", ("avtal",)),
    }


def test_the_word_itself_weighs_more_than_any_expansion(analyzer: Analyzer) -> None:
    by_chain = {
        (way.chain, way.terms): way.weight for way in ways(analyzer.query("forskningssamverkan"))
    }
    itself = sum(weight for (_, terms), weight in by_chain.items() if len(terms) == 1)

    assert by_chain["parts", ("forskning", "samverkan")] < itself


def test_nothing_is_added_when_expansion_is_off(analyzer: Analyzer) -> None:
    for text in ("hogskolan", "AIL", "forsknings samverkan", "forskningssamverkan"):
        clauses = analyzer.query(text, expand=False)
        assert {way.origin for way in ways(clauses)} == {"word"}
        assert all(way.chain != "stem" and len(way.terms) == 1 for way in ways(clauses))


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("hogskolan", {"högskolan"}),
        ("forsknings samverkan", {"forskningssamverkan"}),
        ("forskning samverkans", {"forskningssamverkans"}),
        ("VFU", {"verksamhetsförlagd utbildning"}),
        ("verksamhetsförlagda utbildningen", {"VFU"}),
        ("AIL", {"Arbetsintegrerat lärande", "work-integrated learning", "WIL"}),
        ("work integrated learning", {"Arbetsintegrerat lärande", "AIL", "WIL"}),
        ("stöd av trollhättans stad", {"Trollhättans kommun", "City of Trollhättan"}),
        ("avtal", set()),
    ],
)
def test_the_reader_is_told_what_else_is_searched(
    analyzer: Analyzer, text: str, expected: set[str]
) -> None:
    assert shown(analyzer, text) == expected


def test_a_phrase_of_the_vocabulary_is_one_clause(analyzer: Analyzer) -> None:
    first, second = analyzer.query("arbetsintegrerat lärande i skolan")[0::2]

    assert [word.surface for word in first.words] == ["arbetsintegrerat", "lärande"]
    assert {way.origin for way in first.instead} == {"synonym", "translation"}
    assert [word.surface for word in second.words] == ["skolan"]


def test_a_translation_weighs_less_than_a_synonym(analyzer: Analyzer) -> None:
    (clause,) = analyzer.query("arbetsintegrerat lärande")
    weights = {way.shown: way.weight for way in clause.instead}

    assert weights["work-integrated learning"] < weights["AIL"]


def test_a_known_word_keeps_its_letters_unless_another_is_far_more_frequent(
    frequent: Analyzer,
) -> None:
    assert shown(frequent, "rad") == {"råd"}
    assert shown(frequent, "mal") == set()
    assert shown(frequent, "råd") == set()
    assert shown(frequent, "hogskolan") == {"högskolan"}
    assert shown(frequent, "samhallets") == {"samhällets"}
    assert shown(frequent, "vanlig") == set()
    assert shown(frequent, "x1a") == set()


def test_a_stop_word_without_diacritics_is_one(frequent: Analyzer) -> None:
    (clause,) = frequent.query("pa")

    assert clause.words[0].stop


def test_english_stop_words_count_in_english_queries_only(analyzer: Analyzer) -> None:
    english = analyzer.query("history of partnerships")
    swedish = analyzer.query("of kommunens")

    assert [word.stop for clause in english for word in clause.words] == [False, True, False]
    assert [word.stop for clause in swedish for word in clause.words] == [False, False]


def test_english_and_swedish_readings_are_both_searched(analyzer: Analyzer) -> None:
    found = {(way.chain, way.terms) for way in ways(analyzer.query("led"))}

    assert ("parts", ("lead",)) in found
    assert ("parts", ("led",)) in found


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("samvärkan", "samverkan"),
        ("Samvärkan 2019", "samverkan 2019"),
        ("kompetansutveckling i skolan", "kompetensutveckling i skolan"),
        ("samverkan", None),
        ("2091", None),
        ("hogskolan", None),
        ("hållbarhetssamverkan", None),
        ("qqqqqqqqqq", None),
        ("abc", None),
        ("", None),
    ],
)
def test_only_words_that_nothing_knows_are_corrected(
    analyzer: Analyzer, typed: str, meant: str | None
) -> None:
    assert analyzer.correct(typed) == meant


def test_a_quoted_phrase_is_the_segments_in_order(analyzer: Analyzer) -> None:
    assert analyzer.phrase("Work-integrated learning") == ("work", "integrated", "learning")


def test_an_explanation_says_why_in_plain_values(analyzer: Analyzer) -> None:
    explained = analyzer.explain("Forskningssamverkan och AIL qwxz " + "a" * 100)
    why = [word.why for word in explained.words]
    text = "\n".join(explained.lines())

    assert why[0].endswith("compound")
    assert why[1] == "stop word"
    assert why[3:] == ["unknown word", "too long for grammar"]
    assert "samverkan (samverkan)" in text
    assert 'lemma "arbetsintegrera lärande"' in text
    assert orjson.loads(orjson.dumps(explained))["words"][0]["start"] == 0


def test_a_bundle_can_be_shared_by_analyzers(bundle: Path) -> None:
    assert Analyzer.open(bundle).query("avtal") == Analyzer.open(bundle).query("avtal")
