"""Looks for phrases where they can be: in the word sequences of the candidates alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.engine import schema
from indexer.engine.whoosh_backend.forward import FIELDS
from indexer.engine.whoosh_backend.scoring import idf

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.engine.query import Phrase, PhraseChain, TermChain
    from indexer.engine.whoosh_backend.arrays import ScoreArrays

Numbers = NDArray[np.integer]
Floats = NDArray[np.float64]

_HELD_IN: Mapping[PhraseChain, TermChain] = {"exact": "exact", "lemma": "parts", "stem": "stem"}
"""Where a document that holds a phrase holds each of its terms."""

_WEIGHTS = np.array([schema.FIELD_WEIGHTS[name] for name in FIELDS])


class PhraseFinder:
    """Finds and scores phrases in one generation."""

    def __init__(self, arrays: ScoreArrays) -> None:
        self._arrays = arrays

    def candidates(self, phrase: Phrase) -> Numbers:
        """Return the documents that hold every term of a phrase, ascending."""
        held = self._documents_of(phrase)
        if not held:
            return np.empty(0, np.int32)
        numbers = held[0]
        for other in held[1:]:
            numbers = numbers[_among(numbers, other)]
        return numbers

    def scores(self, phrase: Phrase, numbers: Numbers) -> Floats:
        """Return what `phrase` scores in each of the documents; 0 where it does not stand."""
        total = np.zeros(len(numbers))
        held = self._documents_of(phrase)
        if held:
            may = np.flatnonzero(np.logical_and.reduce([_among(numbers, it) for it in held]))
            if len(may):
                total[may] = self._found(phrase, numbers[may])
        return total

    def _documents_of(self, phrase: Phrase) -> list[Numbers]:
        """Return the documents of each term, the rarest first; nothing if one has none."""
        postings = self._arrays.postings[_HELD_IN[phrase.chain]]
        found = [postings.find(term) for term in dict.fromkeys(phrase.terms)]
        held: list[Numbers] = [each[0] for each in found if each and len(each[0])]
        return sorted(held, key=len) if len(held) == len(found) else []

    def _found(self, phrase: Phrase, numbers: Numbers) -> Floats:
        terms = [self._arrays.number(phrase.chain, term) for term in phrase.terms]
        places, slots = self._words(numbers)
        words = self._arrays.sequence[places]
        of_words = self._arrays.terms_of(phrase.chain)[words]
        if phrase.chain == "stem":
            # Stop words take no position; a line that ends (word 0) still keeps words apart.
            keep = (of_words >= 0) | (words == 0)
            of_words, slots = of_words[keep], slots[keep]
        holds = _standing(of_words, terms)
        often = np.bincount(slots[: len(holds)][holds], minlength=len(numbers) * len(FIELDS))
        return self._scored(phrase, numbers, often.reshape(len(numbers), len(FIELDS)))

    def _words(self, numbers: Numbers) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
        """Return the places of all words of the documents, and the slot of each, from 0."""
        slots = self._arrays.slots
        first = numbers.astype(np.int64) * len(FIELDS)
        bounds = slots[first[:, None] + np.arange(len(FIELDS) + 1)]
        begins, lengths = bounds[:, 0], np.diff(bounds, axis=1)
        totals = bounds[:, -1] - begins
        ends = np.cumsum(totals)
        places = np.repeat(begins - ends + totals, totals) + np.arange(ends[-1])
        flat = lengths.reshape(-1)
        return places, np.repeat(np.arange(len(flat)), flat)

    def _scored(self, phrase: Phrase, numbers: Numbers, often: NDArray[np.int64]) -> Floats:
        postings = self._arrays.postings[_HELD_IN[phrase.chain]]
        found = [postings.find(term) for term in phrase.terms]
        holding = np.array([len(each[0]) if each else 0 for each in found])
        rarity = float(idf(holding, self._arrays.documents).sum())
        norms = self._arrays.norms[numbers]
        each = often * (2.2 / (often + norms))
        scores: Floats = (each @ _WEIGHTS) * (rarity * phrase.weight)
        return scores


def _among(numbers: Numbers, held: Numbers) -> NDArray[np.bool_]:
    """Mark those of `numbers` that stand in `held`, which is ascending and not empty."""
    places = np.minimum(np.searchsorted(held, numbers), len(held) - 1)
    among: NDArray[np.bool_] = held[places] == numbers
    return among


def _standing(of_words: NDArray[np.int32], terms: list[int | None]) -> NDArray[np.bool_]:
    """Mark the words at which `terms` begin to stand next to each other and in order."""
    last = len(of_words) - len(terms) + 1
    if last <= 0:
        return np.zeros(0, bool)
    holds = np.ones(last, bool)
    for step, term in enumerate(terms):
        here = of_words[step : step + last] == term
        holds &= here.any(axis=1) if here.ndim > 1 else here
    return holds
