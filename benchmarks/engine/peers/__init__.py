"""The other engines, each in a file of its own, and what a benchmark asks of them.

A peer is a module with one or both of two functions, each from a new directory and documents to
a function that asks: `by_words` analyses and ranks as the engine does by itself, any of the words
in title or body; `by_terms` gets words that are already analysed, the same as all others.
"""

from __future__ import annotations

import importlib
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, cast

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.engine import Document

AskWords = Callable[[str], list[str]]
"""From a query to the ids of its ten best documents, best first."""

AskTerms = Callable[[Sequence[str]], list[str]]
"""From terms to the ids of the ten best documents that hold any, their texts read as well."""

NAMES = {
    "stock Whoosh": "whoosh_peer",
    "SQLite FTS5": "fts5_peer",
    "tantivy": "tantivy_peer",
    "bm25s": "bm25s_peer",
    "Xapian": "xapian_peer",
}
HITS = 10


def by_words(name: str, directory: Path, documents: Sequence[Document]) -> AskWords:
    """Build the index of a peer and return what asks it in words.

    Raises:
        ImportError: If the peer is not installed here.
    """
    module = importlib.import_module(f"benchmarks.engine.peers.{NAMES[name]}")
    return cast("AskWords", module.by_words(directory, documents))


def by_terms(name: str, directory: Path, documents: Sequence[Document]) -> AskTerms:
    """Build the index of a peer over texts of terms with spaces between; return what asks it.

    Raises:
        ImportError: If the peer is not installed here.
    """
    module = importlib.import_module(f"benchmarks.engine.peers.{NAMES[name]}")
    return cast("AskTerms", module.by_terms(directory, documents))


def with_words() -> list[str]:
    """Return the names of the peers that can be asked in words."""
    return ["stock Whoosh", "SQLite FTS5", "tantivy"]
