"""Looks for phrases where they can be: in the word sequences of the candidates alone."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from indexer.engine import schema
from indexer.engine.whoosh_backend.forward import FIELDS
from indexer.engine.whoosh_backend.scoring import idf, saturated

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
                may = may[np.argsort(numbers[may])]
                total[may] = self._found(phrase, numbers[may])
        return total

    def _documents_of(self, phrase: Phrase) -> list[Numbers]:
        """Return the documents of each term, the rarest first; nothing if one has none."""
        postings = self._arrays.postings[_HELD_IN[phrase.chain]]
        found = [postings.find(term) for term in dict.fromkeys(phrase.terms)]
        held: list[Numbers] = [each[0] for each in found if each and len(each[0])]
        return sorted(held, key=len) if len(held) == len(found) else []

    def _found(self, phrase: Phrase, numbers: Numbers) -> Floats:
        """Return the scores in documents that hold all terms; `numbers` are ascending."""
        terms = [self._arrays.number(phrase.chain, term) for term in phrase.terms]
        places = self._places(numbers)
        words = self._arrays.sequence[places]
        of_words = self._arrays.terms_of(phrase.chain)[words]
        if phrase.chain == "stem":
            # Stop words take no position; a line that ends (word 0) still keeps words apart.
            keep = (of_words >= 0) | (words == 0)
            of_words, places = of_words[keep], places[keep]
        begins = places[_standing(of_words, terms)]
        slots = np.searchsorted(self._arrays.slots, begins, side="right") - 1
        rows, fields = np.divmod(slots, len(FIELDS))
        often = np.zeros((len(numbers), len(FIELDS)), np.int64)
        np.add.at(often, (np.searchsorted(numbers, rows), fields), 1)
        return self._scored(phrase, numbers, often)

    def _places(self, numbers: Numbers) -> NDArray[np.int64]:
        """Return the places of all words of the documents in the sequence, ascending."""
        first = numbers.astype(np.int64) * len(FIELDS)
        begins = self._arrays.slots[first]
        totals = self._arrays.slots[first + len(FIELDS)] - begins
        ends = np.cumsum(totals)
        return np.repeat(begins - ends + totals, totals) + np.arange(ends[-1])

    def _scored(self, phrase: Phrase, numbers: Numbers, often: NDArray[np.int64]) -> Floats:
        postings = self._arrays.postings[_HELD_IN[phrase.chain]]
        found = [postings.find(term) for term in phrase.terms]
        holding = np.array([len(each[0]) if each else 0 for each in found])
        rarity = float(idf(holding, self._arrays.documents).sum())
        norms = self._arrays.norms[numbers]
        scores: Floats = (saturated(often, norms) @ _WEIGHTS) * (rarity * phrase.weight)
        return scores


def _among(numbers: Numbers, held: Numbers) -> NDArray[np.bool_]:
    """Mark those of `numbers` that stand in `held`, which is ascending and not empty."""
    places = np.minimum(np.searchsorted(held, numbers), len(held) - 1)
    among: NDArray[np.bool_] = held[places] == numbers
    return among


def _standing(of_words: NDArray[np.int32], terms: list[int | None]) -> NDArray[np.int64]:
    """Return where `terms` begin to stand next to each other and in order."""
    begins: NDArray[np.int64] = np.flatnonzero(_holding(of_words, terms[0]))
    begins = begins[begins <= len(of_words) - len(terms)]
    for step, term in enumerate(terms[1:], start=1):
        begins = begins[_holding(of_words[begins + step], term)]
    return begins


def _holding(of_words: NDArray[np.int32], term: int | None) -> NDArray[np.bool_]:
    """Mark the words that have a term; a word may have two lemmas, a column each."""
    here: NDArray[np.bool_] = np.asarray(of_words == term)
    return np.asarray(here.any(axis=1)) if here.ndim > 1 else here
