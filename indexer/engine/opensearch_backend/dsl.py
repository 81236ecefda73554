"""Translates a query, node by node, into what the cluster understands."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexer.engine import schema
from indexer.engine.opensearch_backend import fields
from indexer.engine.preference import FRESH, HALF_LIFE_YEARS
from indexer.engine.query import (
    AllOf,
    AnyOf,
    AtLeast,
    Everything,
    Node,
    Phrase,
    Term,
    Without,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from indexer.engine.query import FilterName, Query

Clause = dict[str, Any]

_DAYS = 365.25
_NOTHING: Clause = {"match_none": {}}
_ALL: Clause = {"match_all": {"boost": 0.0}}


class Translator:
    """Translates for one generation: its too common grams, and the day it was built on."""

    def __init__(self, *, common: frozenset[str], today: int) -> None:
        self._common = common
        self._today = today

    def node(self, node: Node) -> Clause:  # noqa: PLR0911 - one for each node
        """Return what matches and scores as a node does."""
        match node:
            case Term():
                return self._term(node)
            case Phrase():
                return self._phrase(node)
            case AtLeast():
                return _some([self._term(term) for term in node.terms], count=node.count)
            case AllOf():
                return {"bool": {"must": [*map(self.node, node.nodes)]}} if node.nodes else _ALL
            case AnyOf():
                return _some([*map(self.node, node.nodes)])
            case Without():
                unwanted = [self.node(node.unwanted)]
                return {"bool": {"must": [self.node(node.wanted)], "must_not": unwanted}}
            case Everything():
                return _ALL

    def preferred(self, query: Clause) -> Clause:
        """Return a query whose scores are times the preference for each document.

        As `indexer.engine.preference`: what a document is, and whether it is a copy, is stored
        with it; how fresh it is depends on the day.
        """
        fresh = {
            "origin": self._today,
            "scale": HALF_LIFE_YEARS * _DAYS,
            "decay": 0.5,
        }
        functions: list[Clause] = [
            {"weight": 1.0},
            {
                "filter": {"range": {"latest": {"lte": self._today}}},
                "exp": {"latest": fresh},
                "weight": FRESH,
            },
            {"filter": {"range": {"latest": {"gt": self._today}}}, "weight": FRESH},
        ]
        aged = {"query": query, "functions": functions, "score_mode": "sum"}
        about = {"field": "standing", "missing": 1.0}
        return {
            "function_score": {
                "query": {"function_score": aged},
                "field_value_factor": about,
            }
        }

    def _term(self, node: Term) -> Clause:
        if node.chain == "gram":
            if node.text in self._common:
                return _NOTHING
            text, weights = fields.gram(node.text), schema.GRAM_WEIGHTS
        else:
            text, weights = fields.term(node.text), schema.FIELD_WEIGHTS
        return _some(
            [
                {"term": {fields.name(field, node.chain): {"value": text, "boost": boost}}}
                for field, weight in weights.items()
                for boost in [weight * node.weight]
            ]
        )

    def _phrase(self, node: Phrase) -> Clause:
        text = " ".join(map(fields.term, node.terms))
        return _some(
            [
                {
                    "match_phrase": {
                        fields.name(field, node.chain): {
                            "query": text,
                            "boost": weight * node.weight,
                        }
                    }
                }
                for field, weight in schema.FIELD_WEIGHTS.items()
            ]
        )


def _some(clauses: list[Clause], *, count: int = 1) -> Clause:
    if len(clauses) < count or not clauses:
        return _NOTHING
    return {"bool": {"should": clauses, "minimum_should_match": count}}


def filters(query: Query) -> Mapping[FilterName, Clause]:
    """Return what keeps the documents that pass each filter."""
    return {
        name: {"terms": {fields.facet(name): list(wanted)}}
        for name, wanted in query.filters.items()
    }


def dates(query: Query) -> list[Clause]:
    """Return what keeps the documents whose span overlaps that of the query."""
    found: list[Clause] = []
    if query.start:
        found.append({"range": {"end": {"gte": query.start.toordinal()}}})
    if query.end:
        found.append({"range": {"start": {"lte": query.end.toordinal()}}})
    return found


def hiding(ids: Iterable[str]) -> list[Clause]:
    """Return what leaves out these documents."""
    held = sorted(ids)
    return [{"terms": {"id": held}}] if held else []


def facets(query: Query) -> dict[str, Any]:
    """Return the aggregations that count each facet with every filter but its own."""
    passing = filters(query)
    found: dict[str, Any] = {}
    for name in query.facets:
        others = [clause for other, clause in passing.items() if other != name]
        field = fields.facet(name)
        counted: dict[str, Any] = {
            "frequent": {
                "terms": {
                    "field": field,
                    "size": schema.FACET_VALUES,
                    # Each shard sends so many: up to here counts are exact.
                    "shard_size": EXACT_VALUES,
                    "order": [{"_count": "desc"}, {"_key": "asc"}],
                }
            }
        }
        if wanted := query.filters.get(name):
            counted["selected"] = {
                "terms": {"field": field, "include": sorted(wanted), "size": len(wanted)}
            }
        found[name] = {"filter": {"bool": {"filter": others}}, "aggs": counted}
    return found


EXACT_VALUES = 1_000
"""Values of a facet up to which its counts are exact on any number of shards."""
