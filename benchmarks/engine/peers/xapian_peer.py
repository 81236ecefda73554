"""Xapian, where its Python binding is installed (Debian: python3-xapian)."""

from __future__ import annotations

import importlib
from typing import TYPE_CHECKING, Any

from benchmarks.engine.peers import HITS

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from benchmarks.engine.peers import AskTerms
    from indexer.engine import Document


def by_terms(directory: Path, documents: Sequence[Document]) -> AskTerms:
    """Rank by BM25 over title and body taken for one text; the text is stored."""
    xapian: Any = importlib.import_module("xapian")
    directory.mkdir(parents=True)
    database = xapian.WritableDatabase(str(directory / "xapian"), xapian.DB_CREATE_OR_OPEN)
    for document in documents:
        text = xapian.Document()
        for term in f"{document.title} {document.sections[0].text}".split():
            text.add_term(term)
        text.set_data(f"{document.id}\n{document.title}\n{document.sections[0].text}")
        database.add_document(text)
    database.commit()
    enquire = xapian.Enquire(database)

    def ask(terms: Sequence[str]) -> list[str]:
        enquire.set_query(xapian.Query(xapian.Query.OP_OR, list(terms)))
        found = enquire.get_mset(0, HITS)
        return [match.document.get_data().decode().partition("\n")[0] for match in found]

    return ask
