"""A search as a user means it: words in, ranked and explained results out.

    SearchRequest -> query_parser -> analyzer of the generation -> ranking -> Searcher -> snippets

Written once over the port; no backend repeats any of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from indexer.engine.query import FilterName, Query, Sort
from indexer.engine.query_parser import parse
from indexer.engine.ranking import interpret
from indexer.engine.snippets import Marker, Snippet, snippet

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from indexer.engine.ports import Searcher
    from indexer.engine.results import Facets, Generation
    from indexer.model import Document

MAX_QUERY = 200
"""Characters of a query that are looked at."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchRequest:
    """What a user asks for. `text` is what they typed; empty text browses with the filters."""

    text: str = ""
    filters: Mapping[FilterName, tuple[str, ...]] = field(default_factory=dict)
    start: dt.date | None = None
    end: dt.date | None = None
    facets: tuple[FilterName, ...] = ()
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10
    expand: bool = True


@dataclass(frozen=True, slots=True, kw_only=True)
class RankedDocument:
    """A document of the answer, and the text that shows why it was found."""

    document: Document
    score: float
    snippet: Snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class Suggestion:
    """Another spelling of the query, and how many documents it finds: never none."""

    text: str
    total: int


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchAnswer:
    """What the user gets.

    `expanded` names what was searched besides the words themselves. `relaxed` is true when no
    document holds all the words, and those are shown that hold some of them. `suggestion` is
    there only when nothing was found.
    """

    results: tuple[RankedDocument, ...]
    total: int
    total_exact: bool
    facets: Facets
    expanded: tuple[str, ...]
    relaxed: bool
    suggestion: Suggestion | None
    generation: Generation


def search(searcher: Searcher, request: SearchRequest) -> SearchAnswer:
    """Answer `request` from the generation that `searcher` has open."""
    meant = interpret(parse(request.text[:MAX_QUERY]), searcher.analyzer, expand=request.expand)
    query = Query(
        tree=meant.strict,
        filters=request.filters,
        start=request.start,
        end=request.end,
        facets=request.facets,
        sort=request.sort,
        offset=request.offset,
        limit=request.limit,
    )
    results = searcher.search(query)
    relaxed = False
    if not results.total and meant.loose != meant.strict:
        results = searcher.search(replace(query, tree=meant.loose))
        relaxed = results.total > 0
    marker = Marker(meant.clauses, meant.phrases, searcher.analyzer)
    return SearchAnswer(
        results=tuple(
            RankedDocument(
                document=hit.document, score=hit.score, snippet=snippet(hit.document, marker)
            )
            for hit in results.hits
        ),
        total=results.total,
        total_exact=results.total_exact,
        facets=results.facets,
        expanded=meant.expanded,
        relaxed=relaxed,
        suggestion=None if results.total else _suggestion(searcher, request),
        generation=searcher.generation,
    )


def _suggestion(searcher: Searcher, request: SearchRequest) -> Suggestion | None:
    text = searcher.analyzer.correct(request.text[:MAX_QUERY]) if request.expand else None
    if text is None:
        return None
    found = search(
        searcher, replace(request, text=text, facets=(), offset=0, limit=0, expand=False)
    )
    return Suggestion(text=text, total=found.total) if found.total else None
