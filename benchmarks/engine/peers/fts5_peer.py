"""SQLite's FTS5: its own tokenizer (unicode61, which folds å ä ö) and its own bm25."""

from __future__ import annotations

import re
import sqlite3
from typing import TYPE_CHECKING

from benchmarks.engine.peers import HITS

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from pathlib import Path

    from benchmarks.engine.peers import AskTerms, AskWords
    from indexer.engine import Document

_WORD = re.compile(r"\w+")


def by_words(directory: Path, documents: Iterable[Document]) -> AskWords:
    """Rank by bm25 over title and body."""
    database = build(directory, documents)
    ranked = "SELECT id FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?"

    def ask(text: str) -> list[str]:
        words = " OR ".join(f'"{word}"' for word in _WORD.findall(text))
        return [row[0] for row in database.execute(ranked, (words, HITS))]

    return ask


def by_terms(directory: Path, documents: Sequence[Document]) -> AskTerms:
    """Rank by bm25 over title and body, read with the hit as they are stored."""
    database = build(directory, documents, folds=False)
    ranked = "SELECT id, title, body FROM texts WHERE texts MATCH ? ORDER BY rank LIMIT ?"

    def ask(terms: Sequence[str]) -> list[str]:
        words = " OR ".join(f'"{term}"' for term in terms)
        return [row[0] for row in database.execute(ranked, (words, HITS))]

    return ask


def build(
    directory: Path, documents: Iterable[Document], *, folds: bool = True
) -> sqlite3.Connection:
    """Index title and text, both stored; `folds` takes å for a, as FTS5 does unless told."""
    directory.mkdir(parents=True)
    database = sqlite3.connect(directory / "texts.db")
    tokenizer = "unicode61" if folds else "unicode61 remove_diacritics 0"
    columns = f"id UNINDEXED, title, body, tokenize='{tokenizer}'"
    database.execute(f"CREATE VIRTUAL TABLE texts USING fts5({columns})")
    database.executemany(
        "INSERT INTO texts VALUES (?, ?, ?)",
        ((document.id, document.title, document.sections[0].text) for document in documents),
    )
    database.commit()
    # One segment, as after a nightly build.
    database.execute("INSERT INTO texts(texts) VALUES ('optimize')")
    database.commit()
    return database
