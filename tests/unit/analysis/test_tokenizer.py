from __future__ import annotations

import time
import unicodedata

import pytest

from indexer.analysis import word_forms
from indexer.analysis.tokenizer import MAX_SEGMENTS, normalize, offsets, segments, tokenize


def surfaces(text: str) -> list[str]:
    return [token.surface for token in tokenize(text)]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("EU:s ramprogram", ["EU:s", "ramprogram"]),
        ("AIL-forskningen växer.", ["AIL-forskningen", "växer"]),
        ("Skriv till a.ek@example.org.", ["Skriv", "till", "a.ek@example.org"]),
        ("doi:10.1234/ab.c-d).", ["doi", "10.1234/ab.c-d"]),
        ("urn:nbn:se:hv:diva-123, sist", ["urn:nbn:se:hv:diva-123", "sist"]),
        ("dnr 2023/118-2", ["dnr", "2023/118-2"]),
        ("3,5 procent kl. 12:30", ["3,5", "procent", "kl", "12:30"]),
        ("lärare/elev", ["lärare", "elev"]),
        ("slutet.Nästa börjar", ["slutet", "Nästa", "börjar"]),
        ("www.example.org t.ex. nu", ["www.example.org", "t.ex", "nu"]),
        ("Kontakt:Anna", ["Kontakt", "Anna"]),
        ("the university's plan", ["the", "university's", "plan"]),
        ("nio\u00a0orter", ["nio", "orter"]),
        ("Trollhättan–Vänersborg", ["Trollhättan", "Vänersborg"]),
        ("e\u2011hälsa", ["e\u2011hälsa"]),
        ("__init__", ["init"]),
        ("", []),
        ("\u00ad\u0301 — !", []),
    ],
)
def test_a_text_has_these_tokens(text: str, expected: list[str]) -> None:
    assert surfaces(text) == expected


def test_offsets_slice_to_the_surface_and_positions_count_segments() -> None:
    text = "Om AIL-forskning i dag"

    tokens = tokenize(text)

    assert all(text[token.start : token.end] == token.surface for token in tokens)
    assert [token.position for token in tokens] == [0, 1, 3, 4]


def test_invisible_characters_and_decomposed_letters_are_the_same_word() -> None:
    for written in ("sam\u00adverkan", "sam\u200bverkan", "\ufeffsamverkan", "SAMVERKAN"):
        assert [normalize(surface) for surface in surfaces(written)] == ["samverkan"]
    assert normalize(unicodedata.normalize("NFD", "Högskola")) == "högskola"


def test_a_place_in_the_word_is_found_again_in_what_was_written() -> None:
    surface = unicodedata.normalize("NFD", "Hö\u00adgskola")

    assert offsets(surface, "högskola") == [0, 1, 4, 5, 6, 7, 8, 9, 10]
    assert offsets("ab", "xy") == [0, 1, 2]
    assert offsets("\u0130a", "ia") is None


def test_segments_are_what_hyphens_and_slashes_divide() -> None:
    assert segments("kk-stiftelsens") == ["kk", "stiftelsens"]
    assert segments("2023/118-2") == ["2023", "118", "2"]
    assert segments("10.1234/a-b") == ["10.1234/a-b"]
    assert segments("a-b@example.org") == ["a-b@example.org"]


def test_a_chain_of_hyphens_is_several_tokens() -> None:
    tokens = tokenize("-".join("a" * 20))

    assert all(len(segments(token.surface)) <= MAX_SEGMENTS for token in tokens)
    assert [token.position for token in tokens] == [0, 8, 16]


def test_word_forms_are_segments_and_the_word_written_as_one() -> None:
    assert word_forms("E-hälsa 2023-01") == {"e", "hälsa", "ehälsa", "2023", "01"}
    assert word_forms("a" * 500) == set()


@pytest.mark.parametrize(
    "pattern",
    [
        "a",
        "a-",
        "a.",
        "a@",
        "10.1234/",
        "a\u0301",
        "\u0301",
        "1/",
        "a:s",
        "urn:ab:",
        "-a@",
        "a.b+",
        " ",
        "漢",
    ],
)
def test_hostile_text_takes_linear_time(pattern: str) -> None:
    text = (pattern * 1_000_000)[:1_000_000]

    started = time.process_time()
    tokenize(text)

    # Measured: 0.01 to 0.6 s. Anything quadratic takes hours.
    assert time.process_time() - started < 15
