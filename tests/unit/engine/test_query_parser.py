from __future__ import annotations

import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from indexer.engine.query_parser import ParsedQuery, parse


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("", ParsedQuery()),
        ("   ", ParsedQuery()),
        ("samverkan stad", ParsedQuery(runs=("samverkan stad",))),
        ('"livslångt lärande"', ParsedQuery(phrases=("livslångt lärande",))),
        ("”livslångt lärande” avtal", ParsedQuery(runs=("avtal",), phrases=("livslångt lärande",))),
        (
            'avtal "breddad rekrytering',
            ParsedQuery(runs=("avtal",), phrases=("breddad rekrytering",)),
        ),
        ("vård -skola", ParsedQuery(runs=("vård",), excluded=("skola",))),
        ('vård -"grund skola"', ParsedQuery(runs=("vård",), excluded=("grund skola",))),
        ("vård - skola", ParsedQuery(runs=("vård - skola",))),
        ("samverkans- och avtal", ParsedQuery(runs=("samverkans- och avtal",))),
        ("e-hälsa", ParsedQuery(runs=("e-hälsa",))),
        ("-skola", ParsedQuery(excluded=("skola",))),
        ("--skola", ParsedQuery(runs=("--skola",))),
        ("-", ParsedQuery(runs=("-",))),
        ('""', ParsedQuery()),
        ('" "', ParsedQuery()),
        ("a -b c", ParsedQuery(runs=("a", "c"), excluded=("b",))),
        ("title:x AND (y OR *z*)", ParsedQuery(runs=("title:x AND (y OR *z*)",))),
    ],
)
def test_a_search_box_understands_words_phrases_and_minus(text: str, expected: ParsedQuery) -> None:
    assert parse(text) == expected


@given(st.text())
def test_whatever_is_typed_has_a_meaning(text: str) -> None:
    parsed = parse(text)

    kept = "".join((*parsed.runs, *parsed.phrases, *parsed.excluded))
    assert set(kept) - {" "} <= set(text)


@pytest.mark.parametrize("text", ['"' * 100_000, "-" * 100_000, '-"' * 50_000, "- " * 50_000])
def test_odd_queries_take_linear_time(text: str) -> None:
    started = time.process_time()
    parse(text)

    # A quadratic parser would need minutes; this bound is about classes, not about speed.
    assert time.process_time() - started < 5
