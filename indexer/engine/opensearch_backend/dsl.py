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
    from collections.abc import Collection, Iterable, Mapping, Sequence

    from indexer.engine.query import FilterName, Query
    from indexer.engine.schema import FieldName

Clause = dict[str, Any]

MOST_CLAUSES = 1_000
"""What a query may hold; a cluster refuses more than 1 024, unless it is told otherwise."""

_LEAVES = {"term", "terms", "range", "match_all", "match_none"}
_MOST_TELLING: tuple[FieldName, ...] = ("title", "text")
_DAYS = 365.25
_NOTHING: Clause = {"match_none": {}}
_ALL: Clause = {"match_all": {"boost": 0.0}}


class Translator:
    """Translates for one generation: its too common grams, and the day it was built on."""

    def __init__(self, *, common: frozenset[str], today: int) -> None:
        self._common = common
        self._today = today

    def node(self, node: Node, *, scored: bool = True) -> Clause:  # noqa: PLR0911 - one for each
        """Return what matches as a node does, and scores as it does if it is to be `scored`."""
        match node:
            case Term():
                return self._term(node, scored=scored)
            case Phrase():
                return self._phrase(node)
            case AtLeast():
                terms = [self._term(term, scored=scored) for term in node.terms]
                return _some(terms, count=node.count)
            case AllOf():
                every = [self.node(child, scored=scored) for child in node.nodes]
                return {"bool": {"must": every}} if every else _ALL
            case AnyOf():
                return _some([self.node(child, scored=scored) for child in node.nodes])
            case Without():
                unwanted = [self.node(node.unwanted, scored=False)]
                wanted = [self.node(node.wanted, scored=scored)]
                return {"bool": {"must": wanted, "must_not": unwanted}}
            case Everything():
                return _ALL

    def boosts(self, terms: Sequence[Term], *, room: int) -> list[Clause]:
        """Return what only scores, in at most `room` clauses.

        A long question has hundreds of grams: then they count in title and text alone, and the
        last of them, those of the last words, not at all.
        """
        found = [self._term(term) for term in terms]
        if sum(map(leaves, found)) > room:
            found = [self._term(term, fields_of_grams=_MOST_TELLING) for term in terms]
        while found and sum(map(leaves, found)) > room:
            found.pop()
        return found

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

    def _term(
        self,
        node: Term,
        *,
        scored: bool = True,
        fields_of_grams: Collection[FieldName] = tuple(schema.FIELDS),
    ) -> Clause:
        weights = schema.FIELD_WEIGHTS
        text = fields.term(node.text)
        if node.chain == "gram":
            if node.text in self._common:
                return _NOTHING
            text = fields.gram(node.text)
            weights = {name: schema.GRAM_WEIGHTS[name] for name in fields_of_grams}
        if not scored or not node.weight:
            matching = {"term": {fields.anywhere(node.chain): text}}
            return {"constant_score": {"filter": matching, "boost": 0.0}}
        return _some(
            [
                {
                    "term": {
                        fields.name(field, node.chain): {
                            "value": text,
                            "boost": weight * node.weight,
                        }
                    }
                }
                for field, weight in weights.items()
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


def leaves(clause: Any) -> int:
    """Return how many clauses the cluster counts in a query: those that hold no others."""
    if isinstance(clause, list):
        return sum(map(leaves, clause))
    if not isinstance(clause, dict):
        return 0
    if phrase := clause.get("match_phrase"):
        return sum(len(said["query"].split()) for said in phrase.values())
    if clause.keys() & _LEAVES:
        return 1
    return sum(map(leaves, clause.values()))


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
