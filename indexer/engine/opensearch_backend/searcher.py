"""Searches one generation."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from indexer.analysis import Analyzer
from indexer.engine import schema
from indexer.engine.opensearch_backend import dsl
from indexer.engine.opensearch_backend.asking import SHARD_FAILED, ask_every_shard
from indexer.engine.opensearch_backend.cluster import Refused
from indexer.engine.ports import Searcher
from indexer.engine.query import RESCORED, AnyOf, Query
from indexer.engine.results import FacetValue, Hit, SearchResults
from indexer.errors import GenerationUnknown, IndexUnreachable

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence
    from pathlib import Path

    from indexer.engine.opensearch_backend.cluster import Cluster
    from indexer.engine.opensearch_backend.held import HeldGeneration
    from indexer.engine.query import FilterName, Node
    from indexer.engine.results import Facets
    from indexer.model import Document

_PAGE = 500
"""Documents that a scan asks for at once."""

_DECIMALS = 6
_BEST_FIRST = [{"_score": "desc"}, {"id": "asc"}]
_ORDERS: Mapping[str, list[dict[str, Any]]] = {
    "relevance": _BEST_FIRST,
    "newest": [{"day": {"order": "desc", "missing": "_last"}}, {"id": "asc"}],
    "oldest": [{"day": {"order": "asc", "missing": "_last"}}, {"id": "asc"}],
    "title": [{"title_key": "asc"}, {"id": "asc"}],
}


class _Ranked(NamedTuple):
    id: str
    score: float
    stage: int
    document: str | None


class OpenSearchSearcher(Searcher):
    """Asks the index of a generation, which nobody changes once it is published."""

    def __init__(
        self, cluster: Cluster, held: HeldGeneration, *, bundle: Path, hidden: frozenset[str]
    ) -> None:
        self.generation = held.generation
        self.bundle = bundle
        self.hidden = hidden
        self.analyzer = Analyzer.open(bundle)
        self._cluster = cluster
        self._index = held.index
        self._translator = dsl.Translator(
            common=held.common_grams, today=held.generation.created.date().toordinal()
        )

    def search(self, query: Query) -> SearchResults:
        search = _Relevance(self, query) if query.sort == "relevance" else _Sorted(self, query)
        ranked = search.run()
        return SearchResults(
            hits=self._hits(ranked),
            total=sum(search.stages),
            stages=tuple(search.stages),
            facets=search.facets(),
        )

    def get(self, document_id: str) -> Document | None:
        if not document_id or document_id in self.hidden:
            return None
        found = self._documents([document_id])
        return schema.load(found[document_id].encode()) if document_id in found else None

    def scan(self) -> Iterator[Document]:
        after: list[Any] | None = None
        while True:
            body: dict[str, Any] = {
                "query": {"bool": {"must_not": dsl.hiding(self.hidden)}},
                "sort": [{"id": "asc"}],
                "size": _PAGE,
                "_source": ["document"],
            }
            if after:
                body["search_after"] = after
            hits = self.ask(body)["hits"]["hits"]
            for hit in hits:
                yield schema.load(hit["_source"]["document"].encode())
            if len(hits) < _PAGE:
                return
            after = hits[-1]["sort"]

    def close(self) -> None:
        """Do nothing: connections belong to the index."""

    # --- asking ---------------------------------------------------------------------------------

    def ask(self, body: Mapping[str, Any]) -> Any:
        """Return the answer of every shard to a search."""
        try:
            return ask_every_shard(self._cluster, self._index, body)
        except Refused as error:
            raise self._gone(error) from error

    def body(self, tree: Node, query: Query, *, earlier: Sequence[Node] = ()) -> dict[str, Any]:
        """Return a search for what a tree matches and no earlier one does."""
        node = self._translator.node
        found = {
            "must": [node(tree)],
            "must_not": [
                *dsl.hiding(self.hidden),
                *(node(before, scored=False) for before in earlier),
            ],
            "filter": self._filter(query),
        }
        room = dsl.MOST_CLAUSES - dsl.leaves([*found.values()])
        boosted = found | {"should": self._translator.boosts(query.boosts, room=room)}
        return self._narrowed(query) | {"query": self._translator.preferred({"bool": boosted})}

    def together(self, trees: Sequence[Node], query: Query) -> dict[str, Any]:
        """Return a search for what any of several trees matches, without scores."""
        found = {
            "filter": [
                self._translator.node(AnyOf(tuple(trees)), scored=False),
                *self._filter(query),
            ],
            "must_not": dsl.hiding(self.hidden),
        }
        return self._narrowed(query) | {"query": {"bool": found}}

    def _filter(self, query: Query) -> list[dsl.Clause]:
        passing = () if query.facets else dsl.filters(query).values()
        return [*dsl.dates(query), *passing]

    def _narrowed(self, query: Query) -> dict[str, Any]:
        asked: dict[str, Any] = {"track_total_hits": True}
        if query.facets and query.filters:
            # What a facet counts must not be narrowed by its own filter.
            asked["post_filter"] = {"bool": {"filter": [*dsl.filters(query).values()]}}
        return asked

    def pair_scores(self, query: Query, ids: Sequence[str]) -> Mapping[str, float]:
        """Return what the pairs of a query add to these documents."""
        pairs = [self._translator.node(pair) for pair in query.pairs]
        found = {"bool": {"should": pairs, "minimum_should_match": 1, "filter": _among(ids)}}
        answer = self.ask(
            {"query": self._translator.preferred(found), "size": len(ids), "_source": False}
        )
        return {hit["_id"]: hit["_score"] for hit in answer["hits"]["hits"]}

    def _hits(self, ranked: Sequence[_Ranked]) -> tuple[Hit, ...]:
        lacking = [entry.id for entry in ranked if entry.document is None]
        fetched = self._documents(lacking) if lacking else {}
        return tuple(
            Hit(
                document=schema.load((entry.document or fetched[entry.id]).encode()),
                score=entry.score,
            )
            for entry in ranked
        )

    def _documents(self, ids: Sequence[str]) -> dict[str, str]:
        body = {"query": {"bool": {"filter": _among(ids)}}, "size": len(ids)}
        answer = self.ask(body | {"_source": ["document"]})
        return {hit["_id"]: hit["_source"]["document"] for hit in answer["hits"]["hits"]}

    def _gone(self, error: Refused) -> Exception:
        if error.is_missing:
            return GenerationUnknown(
                f"{self.generation.name} is no longer in the cluster (index {self._index}); "
                "`samsok rollback` or `samsok reindex --from-store` puts another into service"
            )
        if error.is_busy or error.kind == SHARD_FAILED:
            return IndexUnreachable(
                f"a part of {self.generation.name} does not answer (index {self._index}): {error}; "
                "the cluster may be mending itself: look at its health (`samsok doctor`)"
            )
        return error


class _Search:
    """One search: its stages, and the facets over all of them."""

    def __init__(self, searcher: OpenSearchSearcher, query: Query) -> None:
        self._searcher = searcher
        self._query = query
        self._asked: list[Node] = []
        self._counted: list[Any] = []
        self.stages: list[int] = []

    def run(self) -> list[_Ranked]:
        """Return the hits of the slice that was asked for."""
        raise NotImplementedError

    def facets(self) -> Facets:
        """Return the facets of everything found."""
        query = self._query
        if not query.facets:
            return {}
        counted = self._counted[0]
        if len(self._asked) > 1:
            body = self._searcher.together(self._asked, query) | {"size": 0}
            counted = self._searcher.ask(body | {"aggs": dsl.facets(query)})["aggregations"]
        return {name: _facet(counted[name], query, name) for name in query.facets}

    def _ask(self, tree: Node, *, first: int, size: int, source: bool) -> list[Any]:
        """Ask for the next stage; return the hits of a slice of it."""
        body = self._searcher.body(tree, self._query, earlier=self._asked)
        body |= {"from": first, "size": size, "_source": ["document"] if source else False}
        body |= {"sort": _ORDERS[self._query.sort], "track_scores": True}
        if not self._asked:
            body["aggs"] = dsl.facets(self._query)
        answer = self._searcher.ask(body)
        self._asked.append(tree)
        self._counted.append(answer.get("aggregations", {}))
        self.stages.append(answer["hits"]["total"]["value"])
        hits: list[Any] = answer["hits"]["hits"]
        return hits

    def _trees(self) -> Iterator[Node]:
        """Yield the trees whose turn comes."""
        yield self._query.tree
        for fallback in self._query.fallbacks:
            if sum(self.stages) < fallback.below:
                yield fallback.tree


class _Relevance(_Search):
    def run(self) -> list[_Ranked]:
        query = self._query
        last = query.offset + query.limit
        rescored = bool(query.pairs) and query.offset < RESCORED and query.limit > 0
        first, end = (0, max(last, RESCORED)) if rescored else (query.offset, last)
        found: list[_Ranked] = []
        for stage, tree in enumerate(self._trees()):
            before = sum(self.stages)
            start = max(0, first - before)
            size = max(0, end - before - start)
            hits = self._ask(tree, first=start if size else 0, size=size, source=not rescored)
            found += [_ranked(hit, stage) for hit in hits]
        if rescored:
            found = self._rescored(found)[query.offset : last]
        return found

    def _rescored(self, found: list[_Ranked]) -> list[_Ranked]:
        best = found[:RESCORED]
        if not best:
            return found
        added = self._searcher.pair_scores(self._query, [entry.id for entry in best])
        best = [entry._replace(score=entry.score + added.get(entry.id, 0.0)) for entry in best]
        best.sort(key=lambda entry: (entry.stage, -round(entry.score, _DECIMALS), entry.id))
        return [*best, *found[RESCORED:]]


class _Sorted(_Search):
    def run(self) -> list[_Ranked]:
        query = self._query
        hits: list[Any] = []
        for tree in self._trees():
            hits = self._ask(tree, first=query.offset, size=query.limit, source=True)
        if len(self._asked) > 1:
            body = self._searcher.together(self._asked, query)
            body |= {"from": query.offset, "size": query.limit, "_source": ["document"]}
            body["sort"] = _ORDERS[query.sort]
            hits = self._searcher.ask(body)["hits"]["hits"]
        return [_ranked(hit, 0) for hit in hits]


def _ranked(hit: Mapping[str, Any], stage: int) -> _Ranked:
    return _Ranked(
        id=hit["_id"],
        score=float(hit["_score"] or 0.0),
        stage=stage,
        document=hit.get("_source", {}).get("document"),
    )


def _among(ids: Sequence[str]) -> list[dsl.Clause]:
    return [{"terms": {"id": list(ids)}}]


def _facet(counted: Mapping[str, Any], query: Query, name: FilterName) -> tuple[FacetValue, ...]:
    found = {entry["key"]: entry["doc_count"] for entry in counted["frequent"]["buckets"]}
    chosen = {
        entry["key"]: entry["doc_count"] for entry in counted.get("selected", {}).get("buckets", ())
    }
    for value in query.filters.get(name, ()):
        found.setdefault(value, chosen.get(value, 0))
    return tuple(FacetValue(value=value, count=count) for value, count in found.items())
