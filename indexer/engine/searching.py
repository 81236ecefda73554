"""A search as a user means it: words in, ranked and explained results out.

    SearchRequest -> query_parser -> analyzer of the generation -> ranking -> Searcher -> snippets

Written once over the port; no backend repeats any of it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexer.engine.marks import Marker
from indexer.engine.query import Fallback, FilterName, Query, Sort
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

LIKE_BELOW = 1
"""Where fewer hold any of them, those with words that are written much like them follow."""


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
    says how many come first. With `alike` no document holds any of them: those found have words
    that are spelt much like one. `suggestion` is there when a word is one that neither the index
    nor a dictionary knows, and with another spelling there are pages with all the words: the
    answer is then that to the suggestion.
    """

    results: tuple[RankedDocument, ...]
    total: int
    total_exact: bool
    facets: Facets
    expanded: tuple[str, ...]
    relaxed: bool
    alike: bool
    with_all_words: int
    suggestion: Suggestion | None
    generation: Generation


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """The documents that answer a request, and how it was understood; no snippets are cut yet."""

    results: SearchResults
    meant: Interpretation
    suggestion: Suggestion | None = None

    @property
    def with_all_words(self) -> int:
        """How many documents hold all the words; they come first."""
        return self.results.stages[0]

    @property
    def alike(self) -> bool:
        """Tell whether all that was found holds only words like those of the query."""
        stages = self.results.stages
        asked_for_like = self.meant.like is not None
        was_last = len(stages) == 2 + (self.meant.loose is not None)
        return asked_for_like and was_last and 0 < stages[-1] == self.results.total


def search(searcher: Searcher, request: SearchRequest) -> SearchAnswer:
    """Answer `request` from the generation that `searcher` has open."""
    found = find(searcher, request)
    marker = Marker(found.meant.clauses, found.meant.phrases, searcher.analyzer)
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
        expanded=found.meant.expanded,
        relaxed=found.with_all_words < found.results.total,
        alike=found.alike,
        with_all_words=found.with_all_words,
        suggestion=found.suggestion,
        generation=searcher.generation,
    )


def find(searcher: Searcher, request: SearchRequest) -> Found:
    """Find what answers `request`; `search` without the snippets, which cost more than the search.

    Where a word is one that neither the lexicon nor any document knows, another spelling of it is
    searched.
    """
    text = request.text[:MAX_QUERY]
    other = searcher.analyzer.correct(text) if request.expand else None
    meant = interpret(parse(text), searcher.analyzer, expand=request.expand)
    if other and not _is_held(searcher, text):
        corrected = interpret(parse(other), searcher.analyzer)
        results = searcher.search(as_query(request, corrected))
        if total := results.stages[0]:
            suggestion = Suggestion(text=other, total=total)
            return Found(results=results, meant=corrected, suggestion=suggestion)
        # No page has all the words of the other spelling, either.
    return Found(results=searcher.search(as_query(request, meant)), meant=meant)


def _is_held(searcher: Searcher, text: str) -> bool:
    """Tell whether a document holds all the words as they are typed.

    The lexicon is that of the last full build: a word that came later is no mistake.
    """
    as_typed = interpret(parse(text), searcher.analyzer, expand=False)
    return searcher.search(Query(tree=as_typed.strict, limit=0)).total > 0


def as_query(request: SearchRequest, meant: Interpretation) -> Query:
    """Ask for all the words; where that finds little, let those with some of them follow."""
    few = ENOUGH if request.sort == "relevance" else 1
    return Query(
        tree=meant.strict,
        fallbacks=tuple(
            Fallback(tree=tree, below=below)
            for tree, below in ((meant.loose, few), (meant.like, LIKE_BELOW))
            if tree is not None
        ),
        boosts=meant.boosts,
        pairs=meant.pairs,
        filters=request.filters,
        start=request.start,
        end=request.end,
        facets=request.facets,
        sort=request.sort,
        offset=request.offset,
        limit=request.limit,
    )
