"""From the words of each document to the documents of each term: what a commit exports.

    arrays/<chain>.marisa  <chain>_start.npy  <chain>_documents.npy  <chain>_scores.npy
    arrays/sequence.npy  slots.npy  norms.npy  live.npy  exact_of.npy  lemma_of.npy  stem_of.npy

Every posting holds the whole score of a term in a document: BM25 in each field, weighted, summed.
A query then adds up slices, and a reader maps the files and decodes nothing. Deleted documents
have no postings. Work is done in blocks, so that memory stays bounded.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from indexer.analysis import grams
from indexer.analysis.mapping import write_trie
from indexer.engine import schema
from indexer.engine.whoosh_backend.forward import FIELDS, WORD_CHAINS, WordTerms
from indexer.engine.whoosh_backend.scoring import saturated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from indexer.engine.whoosh_backend.forward import ForwardSegment, WordChain
    from indexer.engine.whoosh_backend.scoring import Scoring

Packed = NDArray[np.int64]

_BLOCK = 2_000_000
"""Words, or postings, that are worked on at a time."""

_COUNT_BITS = 10
_SLOT_BITS = 26
_WORD_BITS = 26
_MOST = (1 << _COUNT_BITS) - 1
_SLOTS = (1 << _SLOT_BITS) - 1
_WORDS = (1 << _WORD_BITS) - 1

_POSTINGS: tuple[WordChain, ...] = ("exact", "stem", "parts", "gram")
_IN_SEQUENCES: tuple[WordChain, ...] = ("exact", "lemma", "stem")


def export(
    directory: Path,
    segments: Sequence[ForwardSegment],
    live: NDArray[np.bool_],
    *,
    scoring: Scoring,
) -> None:
    """Write the score arrays of `segments` into `directory`; `live` marks what is not deleted."""
    directory.mkdir()
    words = _AllWords(segments, live)
    words.write(directory)
    lengths = {}
    for chain in WORD_CHAINS:
        terms = _global_terms(segments, chain)
        write_trie(directory / f"{chain}.marisa", terms.trie)
        if chain in _IN_SEQUENCES:
            np.save(directory / f"{chain}_of.npy", _first_terms(terms.words, chain))
        if chain in _POSTINGS:
            inversion = _Inversion(words, terms, scoring, grams=chain == "gram")
            inversion.write(directory, chain)
            lengths[chain] = inversion.lengths
    norms = [scoring.norm(lengths["exact"][:, place]) for place in range(len(FIELDS))]
    np.save(directory / "norms.npy", np.array(norms, np.float32).T.copy())
    np.save(directory / "live.npy", np.flatnonzero(live).astype(np.int32))


class _AllWords:
    """The words of all segments, numbered as one, as packed (slot, count) with the word apart."""

    def __init__(self, segments: Sequence[ForwardSegment], live: NDArray[np.bool_]) -> None:
        self.documents = len(live)
        self.live = int(np.count_nonzero(live))
        first_word, first_slot, first_place = 0, 0, 0
        sequences, slots, extra = [], [np.zeros(1, np.int64)], []
        for segment in segments:
            sequence = segment.sequence + np.int32(first_word)
            sequence[segment.sequence == 0] = 0
            sequences.append(sequence)
            slots.append(segment.slots[1:] + first_place)
            extra.append(segment.extra + np.array([first_slot, first_word], np.int64))
            # Word 0 ends lines in every segment, and is one.
            first_word += len(segment.terms("exact").start) - 2
            first_slot += len(segment.slots) - 1
            first_place += len(sequence)
        self.sequence: NDArray[np.int32] = np.concatenate([*sequences, np.empty(0, np.int32)])
        self.slots: NDArray[np.int64] = np.concatenate(slots)
        self._extra: NDArray[np.int64] = np.concatenate([*extra, np.empty((0, 2), np.int64)])
        self._live = np.repeat(live, len(FIELDS))
        self.blocks = [
            _summed((slots << _WORD_BITS | words) << _COUNT_BITS | 1)
            for slots, words in self._positions()
        ]
        """The words of each slot, packed with how often they stand there."""

    def write(self, directory: Path) -> None:
        np.save(directory / "sequence.npy", self.sequence)
        np.save(directory / "slots.npy", self.slots)

    def _positions(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield the slots and words of all live positions, a bounded number at a time."""
        begin = 0
        last = len(self.slots) - 1
        while begin < last:
            reach = np.searchsorted(self.slots, self.slots[begin] + _BLOCK, side="right")
            end = int(min(last, max(begin + 1, reach - 1)))
            words = self.sequence[self.slots[begin] : self.slots[end]].astype(np.int64)
            slots = np.repeat(
                np.arange(begin, end, dtype=np.int64), np.diff(self.slots[begin : end + 1])
            )
            keep = (words != 0) & self._live[slots]
            yield slots[keep], words[keep]
            begin = end
        if len(self._extra):
            keep = self._live[self._extra[:, 0]]
            yield self._extra[keep, 0], self._extra[keep, 1]


@dataclass(frozen=True, slots=True)
class _Terms:
    """The terms of one chain in all segments: their trie, and those of each word."""

    trie: marisa_trie.Trie
    words: WordTerms


def _global_terms(segments: Sequence[ForwardSegment], chain: WordChain) -> _Terms:
    strings = [segment.strings(chain) for segment in segments]
    if chain == "gram":
        return _global_grams(segments, strings)
    trie = marisa_trie.Trie(sorted({term for terms in strings for term in terms}))
    numbers = [np.array([trie[term] for term in terms], np.int32) for terms in strings]
    return _Terms(trie, _joined([segment.terms(chain) for segment in segments], numbers))


def _global_grams(segments: Sequence[ForwardSegment], strings: list[list[str]]) -> _Terms:
    """Return the grams of every word that has them: they follow from the vocabulary."""
    of_strings = [[grams(word) for word in words] for words in strings]
    trie = marisa_trie.Trie(sorted({gram for of in of_strings for each in of for gram in each}))
    parts = []
    for segment, of in zip(segments, of_strings, strict=True):
        start = np.zeros(len(of) + 1, np.int64)
        np.cumsum([len(each) for each in of], out=start[1:])
        flat = np.array([trie[gram] for each in of for gram in each], np.int32)
        own = segment.terms("gram")
        lengths = own.lengths()
        word_grams = np.zeros(len(lengths), np.int64)
        has = np.flatnonzero(lengths)
        word_grams[has] = np.diff(start)[own.terms]
        terms = flat[_spread(start[:-1][own.terms], word_grams[has])]
        parts.append(WordTerms(np.concatenate([[0], np.cumsum(word_grams)]), terms))
    return _Terms(trie, _joined(parts, None))


def _joined(parts: list[WordTerms], numbers: list[NDArray[np.int32]] | None) -> WordTerms:
    """Return the terms of all words, those of later segments after those of earlier ones.

    Every segment has a word 0 that ends lines and has no terms: it is kept once.
    """
    starts, terms, first = [np.zeros(1, np.int64)], [], 0
    for place, part in enumerate(parts):
        starts.append(part.start[1 if place == 0 else 2 :] + first)
        terms.append(numbers[place][part.terms] if numbers else part.terms)
        first += len(part.terms)
    return WordTerms(
        np.concatenate(starts), np.concatenate([*terms, np.empty(0, np.int32)]).astype(np.int32)
    )


def _spread(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places ``starts[i] .. starts[i] + lengths[i]`` for every i, one after another."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - ends + lengths, lengths) + np.arange(total, dtype=np.int64)


def _first_terms(words: WordTerms, chain: WordChain) -> NDArray[np.int32]:
    """Return the first term of each word, -1 where it has none; of lemmas the second too."""
    width = 2 if chain == "lemma" else 1
    found = np.full((len(words.start) - 1, width), -1, np.int32)
    lengths = words.lengths()
    for place in range(width):
        has = lengths > place
        found[has, place] = words.terms[words.start[:-1][has] + place]
    return found if width > 1 else found[:, 0]


class _Inversion:
    """The postings of one chain: packed (term, slot, count), in order of term and slot."""

    def __init__(self, words: _AllWords, terms: _Terms, scoring: Scoring, *, grams: bool) -> None:
        self._size = words.documents
        self._live = words.live
        self._terms = len(terms.trie)
        self._scoring = scoring
        self._grams = grams
        weights = scoring.gram_weights if grams else scoring.weights
        self._weights = np.array([weights[name] for name in FIELDS])
        blocks = [_inverted(block, terms.words) for block in words.blocks] or [
            np.empty(0, np.int64)
        ]
        self._packed = np.concatenate(blocks) if len(blocks) > 1 else blocks[0]
        if len(blocks) > 1:
            del blocks
            self._packed = _summed(self._packed)
        lengths = np.zeros(self._size * len(FIELDS))
        for packed in self._ranges():
            slots = (packed >> _COUNT_BITS) & _SLOTS
            lengths += np.bincount(slots, weights=packed & _MOST, minlength=len(lengths))
        self.lengths = lengths.reshape(self._size, len(FIELDS))

    def _ranges(self) -> Iterator[Packed]:
        """Yield the postings, a bounded number at a time, never dividing those of a term."""
        begin = 0
        while begin < len(self._packed):
            end = min(begin + _BLOCK, len(self._packed))
            if end < len(self._packed):
                term = self._packed[end] >> (_COUNT_BITS + _SLOT_BITS)
                whole = int(np.searchsorted(self._packed, term << (_COUNT_BITS + _SLOT_BITS)))
                end = whole if whole > begin else self._end_of(term)
            yield self._packed[begin:end]
            begin = end

    def _end_of(self, term: np.int64) -> int:
        return int(np.searchsorted(self._packed, (term + 1) << (_COUNT_BITS + _SLOT_BITS)))

    def write(self, directory: Path, chain: WordChain) -> None:
        norms = np.array(
            [self._scoring.norm(self.lengths[:, place]) for place in range(len(FIELDS))]
        )
        counts = np.zeros(self._terms, np.int64)
        kind = np.float16 if self._grams else np.float32
        documents: list[NDArray[np.int32]] = [np.empty(0, np.int32)]
        scores: list[NDArray[np.floating]] = [np.empty(0, kind)]
        for packed in self._ranges():
            terms, numbers, values = self._scored(packed, norms)
            np.add.at(counts, *np.unique(terms, return_counts=True))
            documents.append(numbers.astype(np.int32))
            scores.append(values.astype(kind))
        start = np.zeros(self._terms + 1, np.int64)
        np.cumsum(counts, out=start[1:])
        np.save(directory / f"{chain}_start.npy", start)
        np.save(directory / f"{chain}_documents.npy", np.concatenate(documents))
        np.save(directory / f"{chain}_scores.npy", np.concatenate(scores))

    def _scored(
        self, packed: Packed, norms: NDArray[np.float64]
    ) -> tuple[NDArray[np.int64], NDArray[np.int64], NDArray[np.float64]]:
        """Return term, document and score of each posting, its fields summed."""
        slots = (packed >> _COUNT_BITS) & _SLOTS
        terms = packed >> (_COUNT_BITS + _SLOT_BITS)
        numbers, fields = np.divmod(slots, len(FIELDS))
        first, last = terms[0], terms[-1]
        in_field = (terms - first) * len(FIELDS) + fields
        holding = np.bincount(in_field, minlength=int(last - first + 1) * len(FIELDS))
        rarity = self._scoring.idf(holding, self._live).reshape(-1, len(FIELDS))
        rarity *= self._weights
        counts = packed & _MOST
        values = rarity.reshape(-1)[in_field] * saturated(counts, norms[fields, numbers])
        begins = np.flatnonzero(
            np.concatenate([[True], (numbers[1:] != numbers[:-1]) | (terms[1:] != terms[:-1])])
        )
        terms, numbers, values = terms[begins], numbers[begins], np.add.reduceat(values, begins)
        if self._grams and self._live >= schema.MOST_COMMON_FROM:
            common = np.bincount(terms - first) > schema.MOST_COMMON * self._live
            keep = ~common[terms - first]
            return terms[keep], numbers[keep], values[keep]
        return terms, numbers, values


def _inverted(block: Packed, of: WordTerms) -> Packed:
    """Return the postings of a block of words."""
    words = (block >> _COUNT_BITS) & _WORDS
    lengths = of.lengths()[words]
    terms = of.terms[_spread(of.start[words], lengths)].astype(np.int64)
    slots = block >> (_COUNT_BITS + _WORD_BITS)
    rest = slots << _COUNT_BITS | block & _MOST
    return _summed(terms << (_COUNT_BITS + _SLOT_BITS) | np.repeat(rest, lengths))


def _summed(packed: Packed) -> Packed:
    """Return postings in order, with the counts of equal ones added up as far as they fit."""
    if not len(packed):
        return packed
    packed.sort()
    keys = packed >> _COUNT_BITS
    begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    counts = np.minimum(np.add.reduceat(packed & _MOST, begins), _MOST)
    return keys[begins] << _COUNT_BITS | counts
