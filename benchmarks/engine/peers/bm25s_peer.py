"""bm25s: BM25 as sparse arrays; its documents are lines of JSON that it maps and reads."""

from __future__ import annotations

from typing import TYPE_CHECKING

import bm25s

from benchmarks.engine.peers import HITS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.engine.peers import AskTerms
    from indexer.engine import Document


def by_terms(directory: Path, documents: Sequence[Document]) -> AskTerms:
    """Rank by BM25 over title and body taken for one text, read with the hit as it is stored."""
    ranking = bm25s.BM25()
    ranking.index(
        [f"{it.title} {it.sections[0].text}".split() for it in documents], show_progress=False
    )
    stored = [{"id": it.id, "title": it.title, "text": it.sections[0].text} for it in documents]
    ranking.save(str(directory), corpus=stored)
    opened = bm25s.BM25.load(str(directory), load_corpus=True, mmap=True)

    def ask(terms: Sequence[str]) -> list[str]:
        found, _ = opened.retrieve([list(terms)], k=HITS, show_progress=False)
        return [hit["id"] for hit in found[0]]

    return ask
