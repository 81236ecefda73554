"""Text to terms: the same chain for pages and queries, whatever the backend."""

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.bundle import build_bundle
from indexer.analysis.tokenizer import word_forms
from indexer.analysis.types import (
    CHAINS,
    Alternative,
    Chain,
    Clause,
    Part,
    Posting,
    QueryWord,
    Terms,
    Token,
    WordTerms,
)

__all__ = [
    "CHAINS",
    "Alternative",
    "Analyzer",
    "Chain",
    "Clause",
    "Part",
    "Posting",
    "QueryWord",
    "Terms",
    "Token",
    "WordTerms",
    "build_bundle",
    "word_forms",
]
