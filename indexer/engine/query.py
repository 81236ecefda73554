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

TermChain = Literal["exact", "stem", "parts", "gram"]
PhraseChain = Literal["exact", "lemma", "stem"]
TERM_CHAINS: tuple[TermChain, ...] = ("exact", "stem", "parts", "gram")

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

MAX_WINDOW = 10_000
"""`offset + limit` is at most this: no backend ranks further down at a bearable price."""

RESCORED = 200
"""How many of the best documents `Query.pairs` are looked for in."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Term:
    """Documents that hold `text` in one chain of any searched field.

    The score is BM25 in each field times the weight of the field (`schema.FIELD_WEIGHTS`), summed,
    times `weight`. A term that more than `schema.MOST_COMMON` of the documents hold as a gram
    matches nothing.
    """

    chain: TermChain
    text: str
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrase:
    """Documents that hold `terms` next to each other and in order, on one line of one field.

    Scored like a term that occurs as often as the phrase does and whose idf is the sum of
    theirs.
    """

    chain: PhraseChain
    terms: tuple[str, ...]
    weight: float = 1.0


@dataclass(frozen=True, slots=True, kw_only=True)
class AtLeast:
    """Documents that match `count` or more of `terms`, with the score of those that match."""

    count: int
    terms: tuple[Term, ...]


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


@dataclass(frozen=True, slots=True)
class Everything:
    """All documents, each with score 0: browsing."""


Node = Term | Phrase | AtLeast | AllOf | AnyOf | Without | Everything


@dataclass(frozen=True, slots=True, kw_only=True)
class Fallback:
    """A tree that is asked while fewer than `below` documents are found."""

    tree: Node
    below: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Query:
    """A search: what must match, what else counts, filters, and which slice to return.

    `tree` matches first; what a fallback finds besides follows. Documents count as found when
    they pass the filters, too. Sorted by relevance, every document of an earlier tree comes
    before those of a later one.

    `boosts` match nothing; they add their score to documents that match. `pairs` are looked for
    in the `RESCORED` best documents only and add their score to them.

    `filters` are OR within a name and AND across names. `start` and `end` keep documents whose
    own span of days (`schema.span`) overlaps them. Each of `facets` is counted over what matches
    with every filter but its own. `offset + limit` is at most `MAX_WINDOW`.
    """

    tree: Node = field(default_factory=Everything)
    fallbacks: tuple[Fallback, ...] = ()
    boosts: tuple[Term, ...] = ()
    pairs: tuple[Phrase, ...] = ()
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
