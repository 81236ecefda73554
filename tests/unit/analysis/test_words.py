from __future__ import annotations

from pathlib import Path

import pytest

from indexer.analysis import Analyzer, Part, Posting

ENTRIES = [
    line
    for line in Path(__file__).with_name("compounds.txt").read_text(encoding="utf-8").splitlines()
    if not line.startswith("#")
]


def test_compounds_are_divided_where_they_were_put_together(analyzer: Analyzer) -> None:
    compounds = [entry for entry in ENTRIES if "+" in entry]
    wrong = {
        entry: divided
        for entry in compounds
        if (divided := "+".join(analyzer.compound(entry.replace("+", "")))) != entry
    }

    assert wrong == {}


def test_what_only_looks_like_a_compound_is_left_whole(analyzer: Analyzer) -> None:
    plain = [entry for entry in ENTRIES if "+" not in entry]

    assert [word for word in plain if len(analyzer.compound(word)) > 1] == []


@pytest.mark.parametrize(
    ("form", "lemma"),
    [
        ("högskolornas", "högskola"),
        ("partnerskapsavtalen", "partnerskapsavtal"),
        ("Trollhättans", "trollhättan"),
        ("Borås", "borås"),
        ("universities", "university"),
        ("Innovatums", "innovatum"),
        ("lärandet", "lärande"),
        ("lärande", "lärande"),
        ("partnerskapsbiblioteken", "partnerskapsbibliotek"),
        ("EU:s", "eu"),
        ("2019", "2019"),
    ],
)
def test_a_form_has_this_lemma(analyzer: Analyzer, form: str, lemma: str) -> None:
    assert analyzer.word(form).lemma[0] == lemma


def test_a_form_of_two_words_has_both_lemmas(analyzer: Analyzer) -> None:
    assert set(analyzer.word("tåg").lemma) == {"tåg", "tåga"}


def test_an_english_page_has_english_lemmas_and_keeps_swedish_words(analyzer: Analyzer) -> None:
    assert analyzer.word("led", language="en").lemma == ("lead",)
    assert analyzer.word("Högskolans", language="en").lemma == ("högskola",)
    assert analyzer.word("partnerships", language="sv").lemma == ("partnership",)


def test_a_stop_word_is_only_exact(analyzer: Analyzer) -> None:
    assert analyzer.word("och").exact == ("och",)
    assert analyzer.word("och").lemma == analyzer.word("och").stem == ()
    assert analyzer.word("the", language="en").lemma == ()
    assert analyzer.word("sitta").lemma == ("sitta",)


def test_a_stem_is_never_another_word(analyzer: Analyzer) -> None:
    assert analyzer.word("fysiker").stem == ("fysiker",)
    assert analyzer.word("viktig").stem == ("viktig",)
    assert analyzer.word("news", language="en").stem == ("news",)


def test_a_snippet_can_mark_a_part_of_a_word(analyzer: Analyzer) -> None:
    surface = "Forsk\u00adnings\u00adsamverkan"
    parts = {part.term: surface[part.start : part.end] for part in analyzer.word(surface).parts}

    assert parts["samverkan"] == "samverkan"
    assert parts["forskningssamverkan"] == surface
    assert analyzer.word("Näringslivsutvecklingen").parts[0] == Part("näringslivsutveckling", 0, 23)
    assert Part("näringsliv", 0, 11) in analyzer.word("Näringslivsutvecklingen").parts


def test_a_hyphenated_word_is_found_written_as_one_and_by_its_segments(analyzer: Analyzer) -> None:
    terms = analyzer.word("AIL-forskningen")

    assert terms.exact == ("ailforskningen", "ail", "forskningen")
    assert terms.lemma == ("ailforskning", "ail", "forskning")
    assert Part("forskning", 4, 15) in terms.parts


def test_a_word_of_absurd_length_is_cut_and_only_exact(analyzer: Analyzer) -> None:
    assert analyzer.word("a" * 5000).exact == ("a" * 80,)
    assert analyzer.word("a" * 5000).lemma == ()
    assert analyzer.word("b" * 100 + "-" + "c" * 100).exact == (
        "b" * 80, "c" * 80,
    )  # fmt: skip


def test_positions_of_all_chains_are_those_of_the_words(analyzer: Analyzer) -> None:
    terms = analyzer.terms("Om AIL-forskning i staden")

    assert terms.exact == (
        Posting("om", 0),
        Posting("ailforskning", 1),
        Posting("ail", 1),
        Posting("forskning", 2),
        Posting("i", 3),
        Posting("staden", 4),
    )
    assert Posting("forskning", 2) in terms.lemma
    assert Posting("stad", 4) in terms.lemma
    assert {posting.position for posting in terms.lemma} == {1, 2, 4}


def test_a_suspended_hyphen_is_completed_on_its_own_position(analyzer: Analyzer) -> None:
    terms = analyzer.terms("De har samverkans- och partnerskapsavtal.")

    assert Posting("samverkansavtal", 2) in terms.lemma
    assert Posting("avtal", 2) in terms.parts
    assert Posting("samverkansavtal", 2) not in terms.exact


@pytest.mark.parametrize(
    "text", ["Vi tar- och bil.", "maskin- och", "- och avtal", "a -b", "x-, y"]
)
def test_a_suspended_hyphen_that_nothing_completes_is_left_alone(
    analyzer: Analyzer, text: str
) -> None:
    single = [analyzer.terms(token.surface).lemma for token in analyzer.tokens(text)]

    assert sorted(posting.term for posting in analyzer.terms(text).lemma) == sorted(
        posting.term for postings in single for posting in postings
    )
