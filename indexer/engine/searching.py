"""A search as a user means it: words in, ranked and explained results out.

    SearchRequest -> query_parser -> analyzer of the generation -> ranking -> Searcher -> snippets

Written once over the port; no backend repeats any of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from indexer.engine.marks import Marker
from indexer.engine.query import FilterName, Query, Sort
from indexer.engine.query_parser import parse
from indexer.engine.ranking import Interpretation, interpret
from indexer.engine.snippets import Snippet, snippet

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from indexer.engine.ports import Searcher
    from indexer.engine.results import Facets, Generation, SearchResults
    from indexer.model import Document

MAX_QUERY = 200
"""Characters of a query that are looked at."""


ENOUGH = 10
"""Where fewer documents hold all the words, those that hold some of them follow."""


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

    `expanded` names what was searched besides the words themselves. Where few documents hold all
    the words, those that hold some of them follow: `relaxed` is then true, and `with_all_words`
    says how many come first. `suggestion` is there when the words as typed found nothing: the
    answer is then that to the suggestion.
    """

    results: tuple[RankedDocument, ...]
    total: int
    total_exact: bool
    facets: Facets
    expanded: tuple[str, ...]
    relaxed: bool
    with_all_words: int
    suggestion: Suggestion | None
    generation: Generation


def search(searcher: Searcher, request: SearchRequest) -> SearchAnswer:
    """Answer `request` from the generation that `searcher` has open."""
    text = request.text[:MAX_QUERY]
    meant = interpret(parse(text), searcher.analyzer, expand=request.expand)
    found = _find(searcher, request, meant)
    suggestion = None
    if not found.results.total and request.expand and (other := searcher.analyzer.correct(text)):
        corrected = interpret(parse(other), searcher.analyzer)
        again = _find(searcher, request, corrected)
        if again.results.total:
            meant, found = corrected, again
            suggestion = Suggestion(text=other, total=again.results.total)
    marker = Marker(meant.clauses, meant.phrases, searcher.analyzer)
    return SearchAnswer(
        results=tuple(
            RankedDocument(
                document=hit.document, score=hit.score, snippet=snippet(hit.document, marker)
            )
            for hit in found.results.hits
        ),
        total=found.results.total,
        total_exact=found.results.total_exact,
        facets=found.results.facets,
        expanded=meant.expanded,
        relaxed=found.with_all_words < found.results.total,
        with_all_words=found.with_all_words,
        suggestion=suggestion,
        generation=searcher.generation,
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Found:
    results: SearchResults
    with_all_words: int


def _find(searcher: Searcher, request: SearchRequest, meant: Interpretation) -> _Found:
    """Search for all the words; where that finds little, let those with some of them follow."""
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
    strict = searcher.search(query)
    few = strict.total < (ENOUGH if request.sort == "relevance" else 1)
    if not few or meant.loose == meant.strict:
        return _Found(results=strict, with_all_words=strict.total)
    loose = searcher.search(replace(query, tree=meant.loose))
    return _Found(results=loose, with_all_words=strict.total)
