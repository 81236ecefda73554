"""Evaluates the trees of one query on the score arrays."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

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
from indexer.engine.whoosh_backend.sequences import PhraseFinder

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from indexer.engine.whoosh_backend.arrays import ScoreArrays

Numbers = NDArray[np.integer]
Floats = NDArray[np.floating]


@dataclass(frozen=True, slots=True)
class Matches:
    """Document numbers, ascending, and the score of each."""

    numbers: Numbers
    scores: Floats


_NOTHING = Matches(np.empty(0, np.int32), np.empty(0))


class Matcher:
    """Finds what matches in one generation, for one query: a node is evaluated once."""

    def __init__(self, arrays: ScoreArrays, everything: Numbers, size: int) -> None:
        self._arrays = arrays
        self._everything = everything
        self._size = size
        self._phrases = PhraseFinder(arrays)
        self._known: dict[int, tuple[Node, Matches]] = {}

    def matches(self, node: Node) -> Matches:
        """Return every document that matches `node`."""
        # By identity: the trees of one query share their nodes, and hashing them costs more
        # than what is saved. The node is kept, so that its identity stays its own.
        known = self._known.get(id(node))
        if known is None:
            known = self._known[id(node)] = (node, self._evaluate(node))
        return known[1]

    def scores(self, terms: Iterable[Term], numbers: Numbers) -> Floats:
        """Return the sum of what `terms` score in the documents `numbers`."""
        found = [self._term(term) for term in terms]
        if not found:
            return np.zeros(len(numbers))
        return self._added(found)[numbers]

    def phrase_scores(self, phrase: Phrase, numbers: Numbers) -> Floats:
        """Return what `phrase` scores in the documents `numbers`, 0 where it does not stand."""
        return self._phrases.scores(phrase, numbers)

    def _evaluate(self, node: Node) -> Matches:  # noqa: PLR0911 - one for each node
        match node:
            case Term():
                return self._term(node)
            case Phrase():
                return self._standing_in(node, self._candidates(node))
            case AtLeast():
                return self._at_least(node.count, [self._term(term) for term in node.terms])
            case AllOf():
                return self._all_of(node.nodes)
            case AnyOf():
                return self._any_of([self.matches(child) for child in node.nodes])
            case Without():
                wanted = self.matches(node.wanted)
                unwanted = np.zeros(self._size, bool)
                unwanted[self.matches(node.unwanted).numbers] = True
                keep = ~unwanted[wanted.numbers]
                return Matches(wanted.numbers[keep], wanted.scores[keep])
            case Everything():
                return Matches(self._everything, np.zeros(len(self._everything)))

    def _term(self, term: Term) -> Matches:
        found = self._arrays.postings[term.chain].find(term.text)
        if found is None:
            return _NOTHING
        numbers, scores = found
        return Matches(numbers, scores * np.float32(term.weight))

    def _candidates(self, phrase: Phrase) -> Matches:
        numbers = self._phrases.candidates(phrase)
        return Matches(numbers, np.zeros(len(numbers)))

    def _standing_in(self, phrase: Phrase, found: Matches) -> Matches:
        """Keep the documents in which a phrase stands, and add its score."""
        scores = self._phrases.scores(phrase, found.numbers)
        stands = scores > 0
        return Matches(found.numbers[stands], found.scores[stands] + scores[stands])

    def _all_of(self, nodes: Sequence[Node]) -> Matches:
        """Intersect; phrases are looked for only where all else is."""
        phrases = [node for node in nodes if isinstance(node, Phrase)]
        others = [self.matches(node) for node in nodes if not isinstance(node, Phrase)]
        common = self._intersection([*others, *map(self._candidates, phrases)])
        for phrase in phrases:
            common = self._standing_in(phrase, common)
        return common

    def _intersection(self, found: list[Matches]) -> Matches:
        if len(found) == 1:
            return found[0]
        if not found:
            return self._evaluate(Everything())
        if not all(len(matches.numbers) for matches in found):
            return _NOTHING
        return self._at_least(len(found), found)

    def _at_least(self, count: int, found: list[Matches]) -> Matches:
        if not found:
            return _NOTHING
        held = np.bincount(_together([it.numbers for it in found]), minlength=self._size)
        numbers = np.flatnonzero(held >= count)
        return Matches(numbers, self._added(found)[numbers])

    def _any_of(self, found: list[Matches]) -> Matches:
        found = [matches for matches in found if len(matches.numbers)]
        if len(found) <= 1:
            return found[0] if found else _NOTHING
        held = np.zeros(self._size, bool)
        held[_together([it.numbers for it in found])] = True
        numbers = np.flatnonzero(held)
        return Matches(numbers, self._added(found)[numbers])

    def _added(self, found: Sequence[Matches]) -> Floats:
        """Return the sum of the scores of each document of the generation."""
        total: NDArray[Any] = np.bincount(
            _together([it.numbers for it in found]),
            weights=_together([it.scores for it in found]),
            minlength=self._size,
        )
        return total


def _together(arrays: Sequence[NDArray[Any]]) -> NDArray[Any]:
    return np.concatenate(arrays) if len(arrays) > 1 else arrays[0]
