"""Documents that are about the same: those that hold the most telling terms of one.

The terms of a document that stand out in it and are rare in the index make a query; the ranking
is that of any search.
"""

from __future__ import annotations

import math
import re
from collections import defaultdict
from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.engine import schema
from indexer.engine.query import MAX_WINDOW, AnyOf, FilterName, Query, Term

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indexer.analysis import Analyzer
    from indexer.engine.ports import Searcher
    from indexer.engine.results import Hit
    from indexer.engine.schema import FieldName
    from indexer.model import Document

TERMS = 25
"""A query is made of this many of a document's terms."""

COUNTS: Mapping[FieldName, float] = {"title": 3.0, "headings": 2.0, "vocabulary": 2.0, "text": 1.0}
"""How often a term counts that stands once in a field; names of people say nothing of a topic."""

MOST_CHARACTERS = 8_000
"""Of a field, this much is looked at: what a document is about stands early in it."""

ALIKE = 0.1
"""A hit has at least this share of the score that the document itself has for its own terms."""

_ONLY_HERE = 1
_WORD = re.compile(r"(?=.*[^\W\d_])[\w-]{2,}")

_COPIES = 10
"""So many copies are expected among the best; where there are more, the search goes on."""


def similar_documents(
    searcher: Searcher,
    document_id: str,
    *,
    limit: int = 5,
    filters: Mapping[FilterName, tuple[str, ...]] | None = None,
) -> tuple[Hit, ...] | None:
    """Return up to `limit` documents like this one, best first, or None when it is not here.

    Neither itself nor a copy of it or of another hit is among them, nor what shares a word or
    two with it by chance: fewer may come back, or none.
    """
    document = searcher.get(document_id)
    if document is None:
        return None
    weights = telling_terms(document, searcher.analyzer, documents=searcher.generation.documents)
    if not weights:
        return ()
    tree = AnyOf(
        tuple(Term(chain="parts", text=term, weight=weight) for term, weight in weights.items())
    )
    # The best is the document or a copy of it, as long as no filter leaves it out.
    itself = searcher.search(Query(tree=tree, limit=1)).hits
    enough = ALIKE * max((hit.score for hit in itself), default=0.0)
    query = Query(tree=tree, filters=filters or {})
    seen = {document.id, *_fingerprints(document)}
    chosen: list[Hit] = []
    for hit in _ranking(searcher, query, step=limit + _COPIES):
        if len(chosen) >= limit or hit.score < enough:
            break
        if seen.isdisjoint({hit.document.id, *_fingerprints(hit.document)}):
            chosen.append(hit)
        seen.update(_fingerprints(hit.document))
    return tuple(chosen)


def telling_terms(document: Document, analyzer: Analyzer, *, documents: int) -> dict[str, float]:
    """Return the terms that tell most about a document, and their weights: 1 for the first.

    Weighted counts, dampened, times inverse document frequency (Salton and Buckley 1988).
    `documents` is how many there are in the index.
    """
    counts: dict[str, float] = defaultdict(float)
    for field, count in COUNTS.items():
        text = schema.FIELDS[field](document)[:MOST_CHARACTERS]
        for posting in analyzer.terms(text, language=document.language).parts:
            counts[posting.term] += count
    # New words and the second readings of a form are not counted: neither rare nor common.
    unknown = max(1.0, math.sqrt(documents))
    weighed = {
        term: math.log1p(count) * math.log1p(documents / (uses or unknown))
        for term, count in counts.items()
        # What only this document says finds no other.
        if (uses := analyzer.uses(term)) != _ONLY_HERE and _WORD.fullmatch(term)
    }
    best = sorted(weighed, key=lambda term: (-weighed[term], term))[:TERMS]
    return {term: weighed[term] / weighed[best[0]] for term in best}


def _ranking(searcher: Searcher, query: Query, *, step: int) -> Iterator[Hit]:
    """Yield the hits of a query, fetching `step` of them at a time."""
    step = min(step, MAX_WINDOW)
    for offset in range(0, MAX_WINDOW - step + 1, step):
        hits = searcher.search(replace(query, offset=offset, limit=step)).hits
        yield from hits
        if len(hits) < step:
            return


def _fingerprints(document: Document) -> Iterator[str]:
    """Yield what copies of a document have in common: the content, or the title and the text."""
    if document.content_hash:
        yield f"content {document.content_hash}"
    text = " ".join(schema.FIELDS["text"](document).split())
    yield f"text {schema.title_key(document.title)}\n{text.casefold()}"
