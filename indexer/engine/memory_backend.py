"""An index in memory: the reference that the other backends are compared with.

Plain loops over plain dicts, so that what it answers can be checked by reading it.
"""

from __future__ import annotations

import datetime as dt
import math
from collections import Counter, defaultdict
from typing import TYPE_CHECKING

from indexer.analysis import CHAINS, Analyzer, Chain
from indexer.engine import schema
from indexer.engine.ports import IndexWriter, Searcher, SearchIndex
from indexer.engine.query import (
    PREFERENCE,
    AllOf,
    AnyOf,
    Everything,
    FieldName,
    FilterName,
    Node,
    Phrase,
    Preferring,
    Query,
    Sort,
    Term,
    Without,
)
from indexer.engine.results import FacetValue, Generation, Hit, SearchResults
from indexer.errors import GenerationUnknown, IndexLocked, IndexMissing

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from indexer.model import Document

_Scores = dict[str, float]
_Places = dict[str, list[int]]


class _Held:
    """A generation: its documents, and for each the positions of every term."""

    def __init__(self, analyzer: Analyzer, documents: Mapping[str, Document]) -> None:
        self.analyzer = analyzer
        self.documents = dict(sorted(documents.items()))
        self.terms: dict[tuple[FieldName, Chain], dict[str, _Places]] = {
            (field, chain): {} for field in schema.FIELDS for chain in CHAINS
        }
        for document in documents.values():
            for field, read in schema.FIELDS.items():
                terms = analyzer.terms(read(document), language=document.language)
                for chain in CHAINS:
                    places: _Places = defaultdict(list)
                    for posting in getattr(terms, chain):
                        places[posting.term].append(posting.position)
                    self.terms[field, chain][document.id] = dict(places)


class MemoryIndex(SearchIndex):
    """Generations in a dict; nothing survives the process."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[Generation, _Held]] = {}
        self._current: str | None = None
        self._suppressed: frozenset[str] = frozenset()
        self._counter = 0
        self.locked = False

    def searcher(self, generation: str | None = None) -> MemorySearcher:
        name = generation or self._current
        if name is None:
            raise IndexMissing("nothing has been published yet")
        return MemorySearcher(*self._find(name), hidden=self._suppressed)

    def writer(self, *, bundle: Path, base: str | None = None) -> MemoryWriter:
        documents = self._find(base)[1].documents if base else {}
        if self.locked:
            raise IndexLocked("another writer is open")
        return MemoryWriter(self, Analyzer.open(bundle), documents)

    def generations(self) -> tuple[Generation, ...]:
        return tuple(generation for generation, _ in self._held.values())

    def current(self) -> str | None:
        return self._current

    def publish(self, generation: str) -> None:
        self._find(generation)
        self._current = generation

    def prune(self, *, keep: int) -> tuple[str, ...]:
        names = list(self._held)
        spared = {*names[max(0, len(names) - keep) :], self._current}
        doomed = tuple(name for name in names if name not in spared)
        for name in doomed:
            del self._held[name]
        return doomed

    def suppress(self, document_ids: frozenset[str]) -> None:
        self._suppressed = document_ids

    def suppressed(self) -> frozenset[str]:
        return self._suppressed

    def add(self, held: _Held) -> Generation:
        """Take in a generation that a writer has finished."""
        self._counter += 1
        generation = Generation(
            name=f"gen-{self._counter:06d}",
            documents=len(held.documents),
            created=dt.datetime.now(dt.UTC),
            version=schema.VERSION,
        )
        self._held[generation.name] = (generation, held)
        return generation

    def _find(self, name: str) -> tuple[Generation, _Held]:
        try:
            return self._held[name]
        except KeyError:
            raise GenerationUnknown(f"there is no generation {name!r}") from None


class MemoryWriter(IndexWriter):
    """Collects documents and makes a generation of them."""

    def __init__(
        self, index: MemoryIndex, analyzer: Analyzer, documents: Mapping[str, Document]
    ) -> None:
        self._index = index
        self._analyzer = analyzer
        self._documents = dict(documents)
        index.locked = True

    def put(self, document: Document) -> None:
        self._documents[document.id] = document

    def delete(self, document_id: str) -> None:
        self._documents.pop(document_id, None)

    def commit(self) -> Generation:
        self._index.locked = False
        return self._index.add(_Held(self._analyzer, self._documents))

    def rollback(self) -> None:
        self._index.locked = False


class MemorySearcher(Searcher):
    """Walks every document for every query."""

    def __init__(self, generation: Generation, held: _Held, *, hidden: frozenset[str]) -> None:
        self.generation = generation
        self.analyzer = held.analyzer
        self._held = held
        self._documents = {
            key: document for key, document in held.documents.items() if key not in hidden
        }

    def search(self, query: Query) -> SearchResults:
        scores = self._scores(query.tree)
        found = [self._documents[key] for key in scores if self._matches(key, query)]
        found.sort(key=lambda document: (*_rank(document, scores, query.sort), document.id))
        page = found[query.offset : query.offset + query.limit]
        return SearchResults(
            hits=tuple(Hit(document=document, score=scores[document.id]) for document in page),
            total=len(found),
            facets={name: self._facet(name, scores, query) for name in query.facets},
        )

    def get(self, document_id: str) -> Document | None:
        return self._documents.get(document_id)

    def scan(self) -> Iterator[Document]:
        yield from self._documents.values()

    def close(self) -> None:
        pass

    # --- filters and facets ---------------------------------------------------------------------

    def _matches(self, key: str, query: Query, *, but: FilterName | None = None) -> bool:
        document = self._documents[key]
        if (query.start or query.end) and not schema.overlaps(document, query.start, query.end):
            return False
        return all(
            name == but or set(wanted) & set(schema.FILTER_VALUES[name](document))
            for name, wanted in query.filters.items()
        )

    def _facet(self, name: FilterName, scores: _Scores, query: Query) -> tuple[FacetValue, ...]:
        counts = Counter(
            value
            for key in scores
            if self._matches(key, query, but=name)
            for value in set(schema.FILTER_VALUES[name](self._documents[key]))
        )
        ranked = sorted(counts, key=lambda value: (-counts[value], value))
        selected = [
            value
            for value in query.filters.get(name, ())
            if value not in ranked[: schema.FACET_VALUES]
        ]
        listed = (*ranked[: schema.FACET_VALUES], *dict.fromkeys(selected))
        return tuple(FacetValue(value=value, count=counts[value]) for value in listed)

    # --- the tree -------------------------------------------------------------------------------

    def _scores(self, node: Node) -> _Scores:  # noqa: PLR0911 - one for each node
        match node:
            case Term():
                return self._bm25(node.field, node.chain, (node.text,), node.weight)
            case Phrase():
                found = self._bm25(node.field, node.chain, node.terms, node.weight)
                places = self._held.terms[node.field, node.chain]
                return {
                    key: score for key, score in found.items() if _adjacent(places[key], node.terms)
                }
            case AllOf():
                return self._all_of(node.nodes)
            case AnyOf():
                return _sum([self._scores(child) for child in node.nodes])
            case Without():
                unwanted = self._scores(node.unwanted)
                wanted = self._scores(node.wanted)
                return {key: score for key, score in wanted.items() if key not in unwanted}
            case Preferring():
                first = self._scores(node.first)
                return {
                    key: score + (PREFERENCE if key in first else 0.0)
                    for key, score in self._scores(node.wanted).items()
                }
            case Everything():
                return dict.fromkeys(self._documents, 0.0)

    def _all_of(self, nodes: tuple[Node, ...]) -> _Scores:
        found = [self._scores(node) for node in nodes]
        common = set(self._documents).intersection(*found)
        return {key: sum(scores[key] for scores in found) for key in common}

    def _bm25(
        self, field: FieldName, chain: Chain, terms: tuple[str, ...], weight: float
    ) -> _Scores:
        """Score the documents that hold all of `terms` (Robertson and Zaragoza 2009, BM25)."""
        places = self._held.terms[field, chain]
        lengths = {key: sum(map(len, of.values())) for key, of in places.items()}
        mean = sum(lengths.values()) / max(1, len(lengths)) or 1.0
        total: _Scores = {}
        for key in self._documents:
            if all(term in places[key] for term in terms):
                norm = 1.2 * (0.25 + 0.75 * lengths[key] / mean)
                total[key] = weight * sum(
                    self._idf(places, term) * len(of) * 2.2 / (len(of) + norm)
                    for term in terms
                    for of in (places[key][term],)
                )
        return total

    @staticmethod
    def _idf(places: Mapping[str, _Places], term: str) -> float:
        holding = sum(term in of for of in places.values())
        return math.log(1 + (len(places) - holding + 0.5) / (holding + 0.5))


def _sum(found: list[_Scores]) -> _Scores:
    total: _Scores = defaultdict(float)
    for scores in found:
        for key, score in scores.items():
            total[key] += score
    return dict(total)


def _adjacent(places: _Places, terms: tuple[str, ...]) -> bool:
    return any(
        all(start + step in places[term] for step, term in enumerate(terms))
        for start in places[terms[0]]
    )


def _rank(document: Document, scores: _Scores, sort: Sort) -> tuple[float | str, ...]:
    day = schema.day(document)
    by: Mapping[Sort, Callable[[], tuple[float | str, ...]]] = {
        "relevance": lambda: (-scores[document.id],),
        "newest": lambda: (day is None, -day.toordinal() if day else 0),
        "oldest": lambda: (day is None, day.toordinal() if day else 0),
        "title": lambda: (schema.title_key(document.title),),
    }
    return by[sort]()
