from __future__ import annotations

import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from indexer.analysis import CHAINS, Analyzer

SWEDISH = st.text(alphabet="abcdeghiklmnoprstuvyåäöÅÄÖ -–:.,/@'’\u00ad\u0301\u0308\u200b019\n")
TEXTS = st.one_of(st.text(), SWEDISH, st.text(alphabet=st.characters(categories=["L", "M", "Nd"])))

pytestmark = pytest.mark.filterwarnings("error")
many = settings(
    max_examples=300, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture]
)


@many
@given(text=TEXTS)
def test_tokens_lie_in_the_text_in_order_and_slice_to_their_surface(
    analyzer: Analyzer, text: str
) -> None:
    end = position = 0
    for number, token in enumerate(analyzer.tokens(text)):
        assert end <= token.start < token.end <= len(text)
        assert text[token.start : token.end] == token.surface
        assert token.position >= position
        assert token.position == 0 or number > 0
        end, position = token.end, token.position + 1


@many
@given(text=TEXTS, language=st.sampled_from(["sv", "en", "no"]))
def test_parts_lie_in_their_word(analyzer: Analyzer, text: str, language: str) -> None:
    for token in analyzer.tokens(text):
        terms = analyzer.word(token.surface, language=language)
        assert terms.exact
        assert all(terms.exact)
        assert all(terms.lemma)
        for part in terms.parts:
            assert 0 <= part.start < part.end <= len(token.surface)


@many
@given(text=TEXTS, language=st.sampled_from(["sv", "en", "no"]))
def test_every_posting_stands_at_a_word_in_order(
    analyzer: Analyzer, text: str, language: str
) -> None:
    terms = analyzer.terms(text, language=language)
    tokens = analyzer.tokens(text)
    firsts = {token.position for token in tokens}

    assert firsts <= {posting.position for posting in terms.exact}
    for chain in CHAINS:
        postings = getattr(terms, chain)
        assert all(posting.term for posting in postings)
        assert [posting.position for posting in postings] == sorted(
            posting.position for posting in postings
        )


@many
@given(text=TEXTS, expand=st.booleans())
def test_any_query_is_understood(analyzer: Analyzer, text: str, expand: bool) -> None:
    clauses = analyzer.query(text, expand=expand)
    words = [word for clause in clauses for word in clause.words]

    assert [word.surface for word in words] == [token.surface for token in analyzer.tokens(text)]
    for word in words:
        assert text[word.start : word.end] == word.surface
        assert word.alternatives
        assert all(way.terms and way.weight > 0 for way in word.alternatives)
    analyzer.correct(text)
    analyzer.explain(text).lines()


@many
@given(text=TEXTS)
def test_a_text_holds_the_exact_terms_of_every_query_made_of_it(
    analyzer: Analyzer, text: str
) -> None:
    held = {posting.term for posting in analyzer.terms(text).exact}

    for clause in analyzer.query(text, expand=False):
        for word in clause.words:
            assert set(word.alternatives[0].terms) <= held


@pytest.mark.parametrize(
    "pattern", ["a", "samverkans- och ", "å\u0308", "a-", "forskningssamverkan"]
)
def test_a_hostile_megabyte_is_analysed_in_linear_time(analyzer: Analyzer, pattern: str) -> None:
    text = (pattern * 1_000_000)[:1_000_000]

    started = time.process_time()
    analyzer.terms(text)

    # Measured: below 2 s. Anything quadratic takes hours.
    assert time.process_time() - started < 30
