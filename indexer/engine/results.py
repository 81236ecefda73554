"""What a searcher answers, the same for every backend."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

from indexer.engine.query import FilterName

if TYPE_CHECKING:
    import datetime as dt

    from indexer.model import Document


@dataclass(frozen=True, slots=True, kw_only=True)
class Hit:
    """A document in a ranking. Scores compare within one ranking of one backend, never across."""

    document: Document
    score: float


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetValue:
    """A value that a filter can take, and how many of the matching documents have it."""

    value: str
    count: int


Facets = Mapping[FilterName, tuple[FacetValue, ...]]


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchResults:
    """A slice of a ranking, and what is true of the whole of it.

    `total` is a lower bound when `total_exact` is false. `stages` divides it: how many documents
    the tree of the query found, then how many more each fallback that was asked. A facet lists
    its most frequent values, then those that the query selected; equal counts are in
    alphabetical order.
    """

    hits: tuple[Hit, ...] = ()
    total: int = 0
    total_exact: bool = True
    stages: tuple[int, ...] = (0,)
    facets: Facets = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Generation:
    """A whole index, built once and never changed: ``gen-000042``.

    `version` is that of the schema that it was built by, `analysis` that of the analysis; where
    the latter is empty, it is not known.
    """

    name: str
    documents: int
    created: dt.datetime
    version: str
    analysis: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ClusterHealth:
    """How the cluster that keeps an index is.

    `state` is green when every copy of every part is there, yellow when each part is there, red
    when one is missing. `fullest_disk` is the share of the fullest disk of its nodes in percent,
    None where that is not told; `watermarks` are from where on nothing more is put there, what is
    there is moved away, and nothing can be written.
    """

    state: Literal["green", "yellow", "red"]
    nodes: int
    version: str
    fullest_disk: float | None = None
    watermarks: tuple[str, str, str] = ("85%", "90%", "95%")
