from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.query_parser import ParsedQuery, Wanted, parse


def words(text: str) -> tuple[Wanted, ...]:
    return (Wanted("words", text),)


def phrase(text: str) -> tuple[Wanted, ...]:
    return (Wanted("phrase", text),)


def wants(*wanted: tuple[Wanted, ...], excluded: tuple[str, ...] = ()) -> ParsedQuery:
    return ParsedQuery(wanted=wanted, excluded=excluded)


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ParsedQuery()),
        ("   ", ParsedQuery()),
        ("samverkan stad", wants(words("samverkan stad"))),
        ('"livslångt lärande"', wants(phrase("livslångt lärande"))),
        ("”livslångt lärande” avtal", wants(phrase("livslångt lärande"), words("avtal"))),
        (
            'avtal "breddad rekrytering',
            wants(words("avtal"), phrase("breddad rekrytering")),
        ),
        ("vård -skola", wants(words("vård"), excluded=("skola",))),
        ('vård -"grund skola"', wants(words("vård"), excluded=("grund skola",))),
        ("vård - skola", wants(words("vård - skola"))),
        ("samverkans- och avtal", wants(words("samverkans- och avtal"))),
        ("e-hälsa", wants(words("e-hälsa"))),
        ("-skola", ParsedQuery(excluded=("skola",))),
        ("--skola", wants(words("--skola"))),
        ("-", wants(words("-"))),
        ("vfu OR ail", wants((*words("vfu"), *words("ail")))),
        ("a b OR c OR d e", wants(words("a"), (*words("b"), *words("c"), *words("d")), words("e"))),
        ('ail OR "livslångt lärande"', wants((*words("ail"), *phrase("livslångt lärande")))),
        ("OR ail", wants(words("OR ail"))),
        ("ail OR", wants(words("ail OR"))),
        ("a OR OR b", wants((*words("a"), *words("OR")), words("b"))),
        ("a or b", wants(words("a or b"))),
        ("a OR -b", wants(words("a"), excluded=("b",))),
        ('""', ParsedQuery()),
        ('" "', ParsedQuery()),
        ("a -b c", wants(words("a"), words("c"), excluded=("b",))),
        ("title:x AND (y OR *z*)", wants(words("title:x AND"), (*words("(y"), *words("*z*)")))),
    ],
)
def test_a_search_box_understands_words_phrases_minus_and_or(
    text: str, expected: ParsedQuery
) -> None:
    assert parse(text) == expected


@given(st.text())
def test_whatever_is_typed_has_a_meaning(text: str) -> None:
    parsed = parse(text)

    wanted = (item.text for choice in parsed.wanted for item in choice)
    kept = "".join((*wanted, *parsed.excluded))
    assert set(kept) - {" "} <= set(text)


@pytest.mark.parametrize("text", ['"' * 100_000, "-" * 100_000, '-"' * 50_000, "- " * 50_000])
def test_odd_queries_take_linear_time(text: str) -> None:
    started = time.process_time()
    parse(text)

    # A quadratic parser would need minutes; this bound is about classes, not about speed.
    assert time.process_time() - started < 5
