"""Whoosh as its tutorial uses it, with its own Swedish analyzer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whoosh.analysis import LanguageAnalyzer, SpaceSeparatedTokenizer
from whoosh.query import Or, Term

from benchmarks import stock_whoosh
from benchmarks.engine.peers import HITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from benchmarks.engine.peers import AskTerms, AskWords
    from indexer.engine import Document


def by_words(directory: Path, documents: Iterable[Document]) -> AskWords:
    """Rank by BM25F over title and body.

    The query is what the tutorial's parser makes of plain words with `OrGroup`; handed the text
    itself, it would take a question mark for a wildcard.
    """
    analyzer = LanguageAnalyzer("sv")
    searcher = stock_whoosh.build(directory, documents).searcher()

    def ask(text: str) -> list[str]:
        terms = [token.text for token in analyzer(text)]
        query = Or([Term(field, term) for term in terms for field in ("title", "body")])
        return [hit["id"] for hit in searcher.search(query, limit=HITS)]

    return ask


def by_terms(directory: Path, documents: Sequence[Document]) -> AskTerms:
    """Rank by BM25F over title and body, read with the hit as they are stored."""
    opened = stock_whoosh.build(directory, documents, analyzer=SpaceSeparatedTokenizer())
    searcher = opened.searcher()

    def ask(terms: Sequence[str]) -> list[str]:
        query = Or([Term(field, term) for term in terms for field in ("title", "body")])
        return [hit.fields()["id"] for hit in searcher.search(query, limit=HITS)]

    return ask
