"""The search index: the one door between `indexer` and `search_api`."""

from indexer.cells import csv_cell, one_line
from indexer.engine.changes import (
    EVENTS,
    Change,
    ChangesAnswer,
    ChangesRequest,
    find_changes,
)
from indexer.engine.discretion import as_told, may_be_told
from indexer.engine.factory import open_index
from indexer.engine.live import LiveIndex
from indexer.engine.people import (
    Evidence,
    PeopleAnswer,
    PeopleRequest,
    PersonHit,
    find_people,
)
from indexer.engine.ports import IndexWriter, Searcher, SearchIndex
from indexer.engine.query import FILTERS, MAX_WINDOW, SORTS, FilterName, Query, Sort
from indexer.engine.query_counts import Counts, QueryCounts, sweep_counts
from indexer.engine.results import (
    ClusterHealth,
    Facets,
    FacetValue,
    Generation,
    Hit,
    SearchResults,
)
from indexer.engine.schema import FACET_VALUES
from indexer.engine.searching import (
    MAX_QUERY,
    Found,
    RankedDocument,
    SearchAnswer,
    SearchRequest,
    Suggestion,
    find,
    search,
)
from indexer.engine.similar import similar_documents
from indexer.engine.snippets import Piece, Snippet
from indexer.engine.suggesting import Completion, Suggester
from indexer.engine.upkeep import STATUS_NOTE, RunUpkeep, ShardUpkeep, SourceUpkeep, Upkeep
from indexer.errors import EngineError, IndexDamaged, IndexMissing, IndexUnreachable
from indexer.model import KINDS, Difference, Document, FactChange, Kind, Period, Person, Section

__all__ = [
    "EVENTS",
    "FACET_VALUES",
    "FILTERS",
    "KINDS",
    "MAX_QUERY",
    "MAX_WINDOW",
    "SORTS",
    "STATUS_NOTE",
    "Change",
    "ChangesAnswer",
    "ChangesRequest",
    "ClusterHealth",
    "Completion",
    "Counts",
    "Difference",
    "Document",
    "EngineError",
    "Evidence",
    "FacetValue",
    "Facets",
    "FactChange",
    "FilterName",
    "Found",
    "Generation",
    "Hit",
    "IndexDamaged",
    "IndexMissing",
    "IndexUnreachable",
    "IndexWriter",
    "Kind",
    "LiveIndex",
    "PeopleAnswer",
    "PeopleRequest",
    "Period",
    "Person",
    "PersonHit",
    "Piece",
    "Query",
    "QueryCounts",
    "RankedDocument",
    "RunUpkeep",
    "SearchAnswer",
    "SearchIndex",
    "SearchRequest",
    "SearchResults",
    "Searcher",
    "Section",
    "ShardUpkeep",
    "Snippet",
    "Sort",
    "SourceUpkeep",
    "Suggester",
    "Suggestion",
    "Upkeep",
    "as_told",
    "csv_cell",
    "find",
    "find_changes",
    "find_people",
    "may_be_told",
    "one_line",
    "open_index",
    "search",
    "similar_documents",
    "sweep_counts",
]
