"""What a searcher is asked, the same for every backend: a tree of terms, filters, and a slice.

The tree is built by `indexer.engine.ranking` from what the user typed; a backend translates it
node by node and adds nothing. Scores add up: a node's score is the sum over what matches in it.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from indexer.analysis import Chain

FieldName = Literal["title", "headings", "text", "names", "vocabulary"]
Sort = Literal["relevance", "newest", "oldest", "title"]
FilterName = Literal["partner", "area", "person", "kind", "language", "source", "year"]

SORTS: tuple[Sort, ...] = ("relevance", "newest", "oldest", "title")
FILTERS: tuple[FilterName, ...] = (
    "partner",
    "area",
    "person",
    "kind",
    "language",
    "source",
    "year",
)

PREFERENCE = 10_000.0
"""What a node `Preferring` adds to the score of the documents that come first."""

MAX_WINDOW = 10_000
"""`offset + limit` is at most this: no backend ranks further down at a bearable price."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Documents that hold `text` in one chain of one field; BM25 times `weight`."""

    field: FieldName
    chain: Chain
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Documents that hold `terms` next to each other and in order; scored as their sum."""

    field: FieldName
    chain: Chain
    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True)
class AllOf:
    """Documents that match every node; no nodes match everything."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True)
class AnyOf:
    """Documents that match at least one node; no nodes match nothing."""

    nodes: tuple[Node, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Without:
    """Documents that match `wanted` and not `unwanted`, with the score of `wanted`."""

    wanted: Node
    unwanted: Node


@dataclass(frozen=True, slots=True, kw_only=True)
class Preferring:
    """Documents that match `wanted`; those that match `first` too come before all others.

    The score is that of `wanted`, plus `PREFERENCE` for what comes first: more than any sum of
    term scores, so that the order within each part is that of `wanted`.
    """

    wanted: Node
    first: Node


@dataclass(frozen=True, slots=True)
class Everything:
    """All documents, each with score 0: browsing."""


Node = Term | Phrase | AllOf | AnyOf | Without | Preferring | Everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search: a tree, filters, and which slice of the ranking to return.

    `filters` are OR within a name and AND across names. `start` and `end` keep documents whose
    own span of days (`schema.span`) overlaps them. Each of `facets` is counted over what matches
    with every filter but its own. `offset + limit` is at most `MAX_WINDOW`.
    """

    tree: Node = field(default_factory=Everything)
    filters: Mapping[FilterName, tuple[str, ...]] = field(default_factory=dict)
    start: dt.date | None = None
    end: dt.date | None = None
    facets: tuple[FilterName, ...] = ()
    sort: Sort = "relevance"
    offset: int = 0
    limit: int = 10

    def __post_init__(self) -> None:
        if self.offset < 0 or self.limit < 0 or self.offset + self.limit > MAX_WINDOW:
            raise ValueError(f"offset + limit must lie between 0 and {MAX_WINDOW}")
