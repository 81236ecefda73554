"""The peer: Whoosh as its tutorial uses it, with its own Swedish analyzer."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whoosh import index
from whoosh.analysis import LanguageAnalyzer
from whoosh.fields import ID, KEYWORD, TEXT, Schema
from whoosh.qparser import MultifieldParser, OrGroup

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from whoosh.analysis import Analyzer
    from whoosh.index import Index

    from indexer.engine import Document


def build(
    directory: Path,
    documents: Iterable[Document],
    *,
    analyzer: Analyzer | None = None,
    counted: bool = False,
) -> Index:
    """Index title and text, both stored; with its own Swedish analyzer unless another is given.

    `counted` adds kind and partners, to count facets by.
    """
    analyzer = analyzer or LanguageAnalyzer("sv")
    groups = {"kind": ID(), "partner": KEYWORD(commas=True)} if counted else {}
    schema = Schema(
        **groups,
        id=ID(stored=True, unique=True),
        title=TEXT(analyzer=analyzer, stored=True),
        body=TEXT(analyzer=analyzer, stored=True),
    )
    directory.mkdir(parents=True)
    opened = index.create_in(str(directory), schema)
    writer = opened.writer(limitmb=256)
    for document in documents:
        also = {"kind": document.kind, "partner": ",".join(document.partners)} if counted else {}
        writer.add_document(
            id=document.id, title=document.title, body=document.sections[0].text, **also
        )
    writer.commit()
    return opened


def parser(opened: Index) -> MultifieldParser:
    """Return the tutorial's query parser over both fields."""
    return MultifieldParser(["title", "body"], opened.schema, group=OrGroup)
