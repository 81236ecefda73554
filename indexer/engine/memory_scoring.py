"""What the memory backend holds of each document, and how a tree is evaluated on it."""

from __future__ import annotations

import datetime as dt
import math
import shutil
import tempfile
import weakref
from collections import Counter, defaultdict
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.analysis import CHAINS, Analyzer, Chain
from indexer.engine import schema
from indexer.engine.durable import link_or_copy
from indexer.engine.preference import Standing, preferences
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
    from collections.abc import Callable, Mapping

    from indexer.engine.schema import FieldName
    from indexer.model import Document

Scores = dict[str, float]
_Places = dict[str, dict[str, list[int]]]


class HeldDocuments:
    """A generation: its documents, and for each chain of a field who holds a term, and where."""

    def __init__(self, bundle: Path, documents: Mapping[str, Document]) -> None:
        self.bundle = self._kept(bundle)
        self.analyzer = Analyzer.open(self.bundle)
        self.documents = dict(sorted(documents.items()))
        factors = preferences(
            map(Standing.of, self.documents.values()), today=dt.datetime.now(dt.UTC).date()
        )
        self.preference = dict(zip(self.documents, factors, strict=True))
        # term -> id of the document -> positions
        self.terms: dict[tuple[FieldName, Chain], _Places] = {
            (field, chain): defaultdict(dict) for field in schema.FIELDS for chain in CHAINS
        }
        self.lengths: dict[tuple[FieldName, Chain], Counter[str]] = {
            key: Counter() for key in self.terms
        }
        for document in documents.values():
            for field, read in schema.FIELDS.items():
                self._add(field, document, read(document))

    def _kept(self, bundle: Path) -> Path:
        """Copy the bundle, which its maker may delete, for as long as the generation is held."""
        folder = tempfile.mkdtemp(prefix="samsok-memory-")
        weakref.finalize(self, shutil.rmtree, folder, ignore_errors=True)
        copy: Path = shutil.copytree(bundle, Path(folder) / "bundle", copy_function=link_or_copy)
        return copy

    def _add(self, field: FieldName, document: Document, text: str) -> None:
        start = 0
        for line in text.split("\n"):
            terms = self.analyzer.terms(line, language=document.language)
            for chain in CHAINS:
                places = self.terms[field, chain]
                for posting in getattr(terms, chain):
                    where = places[posting.term].setdefault(document.id, [])
                    where.append(start + posting.position)
                    self.lengths[field, chain][document.id] += 1
            start += len(line) + _APART


_APART = 1_000
"""Positions between two lines: no phrase is longer."""


class TreeScorer:
    """Walks every document for every node."""

    def __init__(self, held: HeldDocuments, documents: Mapping[str, Document]) -> None:
        self._held = held
        self._documents = documents

    def scores(self, node: Node) -> Scores:  # noqa: PLR0911 - one for each node
        """Return the score of every document that matches a node."""
        match node:
            case Term():
                return self._term(node)
            case Phrase():
                return self._phrase(node)
            case AtLeast():
                found = [self.scores(term) for term in node.terms]
                counts = Counter(key for scores in found for key in scores)
                return {
                    key: score for key, score in added(found).items() if counts[key] >= node.count
                }
            case AllOf():
                return self._all_of(node.nodes)
            case AnyOf():
                return added([self.scores(child) for child in node.nodes])
            case Without():
                unwanted = self.scores(node.unwanted)
                wanted = self.scores(node.wanted)
                return {key: score for key, score in wanted.items() if key not in unwanted}
            case Everything():
                return dict.fromkeys(self._documents, 0.0)

    def _all_of(self, nodes: tuple[Node, ...]) -> Scores:
        found = [self.scores(node) for node in nodes]
        common = set(self._documents).intersection(*found)
        return {key: sum(scores[key] for scores in found) for key in common}

    def _term(self, node: Term) -> Scores:
        if node.chain == "gram" and self._is_too_common(node.text):
            return {}
        return self._bm25(
            node.chain,
            node.weight,
            lambda places: {key: len(at) for key, at in places.get(node.text, {}).items()},
            lambda places: self._idf(len(places.get(node.text, {}))),
        )

    def _is_too_common(self, gram: str) -> bool:
        size = len(self._held.documents)
        holding = {
            key for field in schema.FIELDS for key in self._held.terms[field, "gram"].get(gram, {})
        }
        return size >= schema.MOST_COMMON_FROM and len(holding) > schema.MOST_COMMON * size

    def _phrase(self, node: Phrase) -> Scores:
        return self._bm25(
            node.chain,
            node.weight,
            lambda places: _adjacent([places.get(term, {}) for term in node.terms]),
            lambda places: sum(self._idf(len(places.get(term, {}))) for term in node.terms),
        )

    def _bm25(
        self,
        chain: Chain,
        weight: float,
        frequencies: Callable[[_Places], dict[str, int]],
        idf: Callable[[_Places], float],
    ) -> Scores:
        """Score the documents that hold something (Robertson and Zaragoza 2009, BM25)."""
        total: Scores = defaultdict(float)
        weights = schema.GRAM_WEIGHTS if chain == "gram" else schema.FIELD_WEIGHTS
        for field, importance in weights.items():
            places, lengths = self._held.terms[field, chain], self._held.lengths[field, chain]
            mean = sum(lengths.values()) / max(1, len(lengths))
            rarity = idf(places)
            for key, often in frequencies(places).items():
                if key in self._documents:
                    norm = 1.2 * (0.25 + 0.75 * lengths[key] / mean)
                    total[key] += weight * importance * rarity * often * 2.2 / (often + norm)
        return dict(total)

    def _idf(self, holding: int) -> float:
        size = len(self._held.documents)
        return math.log(1 + (size - holding + 0.5) / (holding + 0.5))


def added(found: list[Scores]) -> Scores:
    """Return the sum of the scores of each document."""
    total: Scores = defaultdict(float)
    for scores in found:
        for key, score in scores.items():
            total[key] += score
    return dict(total)


def _adjacent(terms: list[dict[str, list[int]]]) -> dict[str, int]:
    """Return how often each document holds all of `terms` in order and next to each other."""
    found = {}
    for key in set(terms[0]).intersection(*terms[1:]):
        starts = {at - step for step, places in enumerate(terms) for at in places[key]}
        often = sum(
            all(start + step in places[key] for step, places in enumerate(terms))
            for start in starts
        )
        if often:
            found[key] = often
    return found
