"""Which phrases documents share, and how they are written."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.suggesting import phrases
from indexer.engine.suggesting.phrases import PhraseFinder
from indexer.engine.suggesting.vocables import Vocables


def found_in(*documents: str) -> dict[str, list[int]]:
    """Return the phrases of texts, with the number of each text that holds them."""
    with PhraseFinder() as finder:
        for text in documents:
            finder.add([text])
        found = finder.phrases()
    return {
        text: found.documents.values[start:end].tolist()
        for text, start, end in zip(
            found.texts, found.documents.starts[:-1], found.documents.starts[1:], strict=True
        )
    }


def test_a_phrase_is_what_three_documents_say() -> None:
    assert found_in(*["god vård finns"] * 2) == {}
    assert found_in("god vård, god vård", "sämre", "god vård", "(God vård)") == {
        "god vård": [0, 2, 3]
    }


def test_a_phrase_is_written_as_most_of_its_documents_write_it() -> None:
    texts = ["God vård", "god vård", "god vård", "GOD VÅRD"]

    assert list(found_in(*texts)) == ["god vård"]


@pytest.mark.parametrize(
    "text",
    [
        "god. Vård",
        "god, vård",
        "god\nvård",
        "god | vård",
        "(god) vård",
        "god “vård”",
        "god- och vård",
        "god -vård",
        "vård och",
        "och vård",
        "vård ska",
        "god 12",
        "god 12 vård",
        "god och/eller vård",
        "god a@example.org",
        "x vård",
    ],
)
def test_what_is_cut_or_ends_in_a_small_word_is_no_phrase(text: str) -> None:
    assert found_in(*[text] * 3) == {}


@pytest.mark.parametrize(
    ("text", "phrase"),
    [
        ("vård och omsorg", "vård och omsorg"),
        ("Bachelor of Science", "Bachelor of Science"),
        ("i god vård är", "god vård"),
        ("agenda 2030", "agenda 2030"),
        ("e-hälsa för\u00adstås", "e-hälsa förstås"),
        ("EU:s regler", "EU:s regler"),
        ("innovatum science park", "innovatum science park"),
    ],
)
def test_two_or_three_words_are_a_phrase(text: str, phrase: str) -> None:
    assert list(found_in(*[text] * 3)) == [phrase]


def test_a_part_that_stands_alone_in_some_documents_is_a_phrase_of_its_own() -> None:
    assert set(found_in(*["nära god vård"] * 3, *["god vård"] * 3)) == {"nära god vård", "god vård"}


def test_a_document_is_read_to_its_two_thousandth_word() -> None:
    filling = "och " * (phrases.WORDS_READ - 3)

    assert found_in(*[filling + "god vård"] * 3)
    assert not found_in(*[filling + "och och god vård"] * 3)


def test_of_too_many_phrases_the_rarest_go(monkeypatch: pytest.MonkeyPatch) -> None:
    texts = ["god vård"] * 5 + ["ny kunskap"] * 4 + ["lång väg"] * 3

    monkeypatch.setattr(phrases, "MOST_USES", 9)
    assert set(found_in(*texts)) == {"god vård", "ny kunskap"}
    monkeypatch.setattr(phrases, "MOST", 1)
    assert set(found_in(*texts)) == {"god vård"}


def test_when_too_many_words_were_met_later_ones_are_none() -> None:
    vocables = Vocables(most=2)
    numbers = [vocables[piece] for piece in ("god", "vård", "ny", "god", "ny")]

    assert numbers == [1, 2, 0, 1, 0]
    assert len(vocables) == 2


WORD = st.sampled_from(["god", "God", "vård", "ny", "och", "i", "ska", "vård,", "(ny", "2030", "–"])


@given(st.lists(st.lists(WORD, max_size=8).map(" ".join), max_size=12), st.integers(1, 20))
def test_phrases_are_those_that_counting_one_by_one_finds(texts: list[str], block: int) -> None:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(phrases, "_BLOCK", block)
        found = {text.lower(): documents for text, documents in found_in(*texts).items()}

    assert found == counted(texts)


def counted(texts: list[str]) -> dict[str, list[int]]:
    """Say the rule of phrases once more, slowly."""
    holding: dict[tuple[str, ...], list[int]] = {}
    for number, text in enumerate(texts):
        for run in sorted(runs(text)):
            holding.setdefault(run, []).append(number)
    enough = {run: numbers for run, numbers in holding.items() if len(numbers) >= 3}
    fragments = {
        part
        for run, numbers in enough.items()
        if len(run) == 3
        for part in (run[:2], run[1:])
        if part in enough and len(numbers) >= 0.75 * len(enough[part])
    }
    return {" ".join(run): enough[run] for run in enough.keys() - fragments}


def runs(text: str) -> set[tuple[str, ...]]:
    words = text.split()
    found = set()
    for start in range(len(words)):
        for length in (2, 3):
            run = words[start : start + length]
            bare = tuple(word.strip("(,").lower() for word in run)
            cut = any(word.endswith(",") for word in run[:-1]) or any("(" in w for w in run[1:])
            inside = all(word in {"god", "vård", "ny", "och", "i"} for word in bare[1:-1])
            first, last = bare[0], bare[-1]
            edges = first in {"god", "vård", "ny"} and last in {"god", "vård", "ny", "2030"}
            if len(run) == length and not cut and inside and edges:
                found.add(bare)
    return found
