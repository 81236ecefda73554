"""An index in memory: the reference that the other backends are compared with.

Plain loops over plain dicts, so that what it answers can be checked by reading it.
"""

from __future__ import annotations

import datetime as dt
from collections import Counter
from typing import TYPE_CHECKING

from indexer.engine import schema
from indexer.engine.generations import spared
from indexer.engine.memory_scoring import HeldDocuments, Scores, TreeScorer, added
from indexer.engine.ports import IndexWriter, Searcher, SearchIndex, checked_note
from indexer.engine.query import (
    RESCORED,
    FilterName,
    Node,
    Query,
    Sort,
)
from indexer.engine.results import FacetValue, Generation, Hit, SearchResults
from indexer.errors import GenerationUnknown, IndexLocked, IndexMissing

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

    from indexer.model import Document


class MemoryIndex(SearchIndex):
    """Generations in a dict; nothing survives the process."""

    def __init__(self) -> None:
        self._held: dict[str, tuple[Generation, HeldDocuments]] = {}
        self._current: str | None = None
        self._suppressed: frozenset[str] = frozenset()
        self._notes: dict[str, bytes] = {}
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
        return MemoryWriter(self, bundle, documents)

    def generations(self) -> tuple[Generation, ...]:
        return tuple(generation for generation, _ in self._held.values())

    def verify(self, generation: str) -> tuple[str, ...]:
        self._find(generation)
        return ()

    def current(self) -> str | None:
        return self._current

    def publish(self, generation: str) -> None:
        self._find(generation)
        self._current = generation

    def prune(self, *, keep: int) -> tuple[str, ...]:
        names = list(self._held)
        kept = spared(names, current=self._current, keep=keep)
        doomed = tuple(name for name in names if name not in kept)
        for name in doomed:
            del self._held[name]
        return doomed

    def suppress(self, document_ids: frozenset[str]) -> None:
        self._suppressed = document_ids

    def suppressed(self) -> frozenset[str]:
        return self._suppressed

    def put_note(self, name: str, data: bytes) -> None:
        self._notes[checked_note(name)] = data

    def note(self, name: str) -> bytes | None:
        return self._notes.get(checked_note(name))

    def add(self, held: HeldDocuments) -> Generation:
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

    def _find(self, name: str) -> tuple[Generation, HeldDocuments]:
        try:
            return self._held[name]
        except KeyError:
            raise GenerationUnknown(f"there is no generation {name!r}") from None


class MemoryWriter(IndexWriter):
    """Collects documents and makes a generation of them."""

    def __init__(self, index: MemoryIndex, bundle: Path, documents: Mapping[str, Document]) -> None:
        self._index = index
        self._bundle = bundle
        self._documents = dict(documents)
        index.locked = True

    def put(self, document: Document) -> None:
        self._documents[document.id] = document

    def delete(self, document_id: str) -> None:
        self._documents.pop(document_id, None)

    def commit(self) -> Generation:
        self._index.locked = False
        return self._index.add(HeldDocuments(self._bundle, self._documents))

    def rollback(self) -> None:
        self._index.locked = False


class MemorySearcher(Searcher):
    """Walks every document for every query."""

    def __init__(
        self, generation: Generation, held: HeldDocuments, *, hidden: frozenset[str]
    ) -> None:
        self.generation = generation
        self.bundle = held.bundle
        self.hidden = hidden
        self.analyzer = held.analyzer
        self._held = held
        self._documents = {
            key: document for key, document in held.documents.items() if key not in hidden
        }
        self._scorer = TreeScorer(held, self._documents)

    def search(self, query: Query) -> SearchResults:
        found: dict[str, int] = {}
        scores: Scores = {}
        stages: list[int] = []
        for number, tree in enumerate(self._asked(query, stages)):
            new = {key: s for key, s in self._scorer.scores(tree).items() if key not in scores}
            scores |= new
            matching = [key for key in new if self._matches(key, query)]
            found |= dict.fromkeys(matching, number)
            stages.append(len(matching))
        for term in query.boosts:
            for key, score in self._scorer.scores(term).items():
                if key in scores:
                    scores[key] += score
        for key in scores:
            scores[key] *= self._held.preference[key]
        ranked = sorted(found, key=lambda key: self._rank(key, found[key], scores, query.sort))
        if query.sort == "relevance" and query.pairs:
            best = ranked[:RESCORED]
            pairs = added([self._scorer.scores(pair) for pair in query.pairs])
            for key in best:
                scores[key] += pairs.get(key, 0.0) * self._held.preference[key]
            best.sort(key=lambda key: self._rank(key, found[key], scores, "relevance"))
            ranked[:RESCORED] = best
        page = ranked[query.offset : query.offset + query.limit]
        return SearchResults(
            hits=tuple(Hit(document=self._documents[key], score=scores[key]) for key in page),
            total=len(found),
            stages=tuple(stages),
            facets={name: self._facet(name, scores, query) for name in query.facets},
        )

    def _asked(self, query: Query, stages: list[int]) -> Iterator[Node]:
        """Yield the trees whose turn comes; `stages` says what those before have found."""
        yield query.tree
        for fallback in query.fallbacks:
            if sum(stages) < fallback.below:
                yield fallback.tree

    def _rank(self, key: str, stage: int, scores: Scores, sort: Sort) -> tuple[float | str, ...]:
        place = (stage, -round(scores[key], 6)) if sort == "relevance" else ()
        return (*place, *_order(self._documents[key], sort), key)

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

    def _facet(self, name: FilterName, scores: Scores, query: Query) -> tuple[FacetValue, ...]:
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


def _order(document: Document, sort: Sort) -> tuple[float | str, ...]:
    day = schema.day(document)
    match sort:
        case "newest":
            return (day is None, -day.toordinal() if day else 0)
        case "oldest":
            return (day is None, day.toordinal() if day else 0)
        case "title":
            return (schema.title_key(document.title),)
        case "relevance":
            return ()
