"""Text to terms: the same chain for pages and queries, whatever the backend."""

from indexer.analysis.analyzer import Analyzer
from indexer.analysis.bundle import build_bundle, bundle_version, copy_bundle
from indexer.analysis.grams import grams
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
from indexer.analysis.words import AnalysedWord, Segment

__all__ = [
    "CHAINS",
    "Alternative",
    "AnalysedWord",
    "Analyzer",
    "Chain",
    "Clause",
    "Part",
    "Posting",
    "QueryWord",
    "Segment",
    "Terms",
    "Token",
    "WordTerms",
    "build_bundle",
    "bundle_version",
    "copy_bundle",
    "grams",
    "word_forms",
]
