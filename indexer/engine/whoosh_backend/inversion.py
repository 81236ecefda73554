"""From the words of each document to the documents of each term: what a commit exports.

    arrays/<chain>.marisa  <chain>_start.npy  <chain>_documents.npy  <chain>_scores.npy
    arrays/sequence.npy  slots.npy  norms.npy  live.npy  exact_of.npy  lemma_of.npy  stem_of.npy

Every posting holds the whole score of a term in a document: BM25 in each field, weighted, summed.
A query then adds up slices, and a reader maps the files and decodes nothing. Deleted documents
have no postings.

They are many times the words, so they are made a range of terms at a time.
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
from indexer.engine.array_files import ArrayFile
from indexer.engine.whoosh_backend.forward import FIELDS, WORD_CHAINS, WordTerms, spread
from indexer.engine.whoosh_backend.scoring import saturated

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from indexer.engine.whoosh_backend.forward import ForwardSegment, WordChain
    from indexer.engine.whoosh_backend.scoring import Scoring

Packed = NDArray[np.int64]

_BLOCK = 1_000_000
"""Words, or postings, that are worked on at a time."""

_COUNT_BITS = 10
_SLOT_BITS = 26
_MOST = (1 << _COUNT_BITS) - 1
_SLOTS = (1 << _SLOT_BITS) - 1

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
        by_word = [
            _summed((words << _SLOT_BITS | slots) << _COUNT_BITS | 1)
            for slots, words in self._positions()
        ]
        held = np.concatenate([*by_word, np.empty(0, np.int64)])
        del by_word
        held.sort()
        self.start: NDArray[np.int64] = np.searchsorted(
            held, np.arange(first_word + 2, dtype=np.int64) << (_SLOT_BITS + _COUNT_BITS)
        )
        """Where the postings of each word begin, and after the last where they end."""

        held &= (1 << (_SLOT_BITS + _COUNT_BITS)) - 1
        self.postings: Packed = held
        """The slots in which each word stands, packed with how often."""

    def write(self, directory: Path) -> None:
        np.save(directory / "sequence.npy", self.sequence)
        np.save(directory / "slots.npy", self.slots)

    def _positions(self) -> Iterator[tuple[NDArray[np.int64], NDArray[np.int64]]]:
        """Yield the slots and words of all live positions, a bounded number at a time."""
        for begin, end in _ranges(self.slots):
            words = self.sequence[self.slots[begin] : self.slots[end]].astype(np.int64)
            slots = np.repeat(
                np.arange(begin, end, dtype=np.int64), np.diff(self.slots[begin : end + 1])
            )
            keep = (words != 0) & self._live[slots]
            yield slots[keep], words[keep]
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
        terms = flat[spread(start[:-1][own.terms], word_grams[has])]
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
    """The postings of one chain, term by term."""

    def __init__(self, words: _AllWords, terms: _Terms, scoring: Scoring, *, grams: bool) -> None:
        self._words = words
        self._size = words.documents
        self._live = words.live
        self._scoring = scoring
        self._grams = grams
        weights = scoring.gram_weights if grams else scoring.weights
        self._weights = np.array([weights[name] for name in FIELDS])
        of_word = terms.words.lengths()
        order = np.argsort(terms.words.terms, kind="stable")
        self._word = np.repeat(np.arange(len(of_word)), of_word)[order]
        """The words of each term, one term after another; those of each begin at `_start`."""

        many = np.bincount(terms.words.terms, minlength=len(terms.trie))
        self._start = np.concatenate([[0], np.cumsum(many)])
        self.lengths = self._lengths(of_word)

    def _lengths(self, of_word: NDArray[np.int64]) -> NDArray[np.float64]:
        """Return how many terms each field of each document has."""
        lengths = np.zeros(self._size * len(FIELDS))
        begins = self._words.start
        for begin, end in _ranges(begins):
            packed = self._words.postings[begins[begin] : begins[end]]
            terms = np.repeat(of_word[begin:end], np.diff(begins[begin : end + 1]))
            lengths += np.bincount(
                packed >> _COUNT_BITS, weights=(packed & _MOST) * terms, minlength=len(lengths)
            )
        return lengths.reshape(self._size, len(FIELDS))

    def _blocks(self) -> Iterator[Packed]:
        """Yield the postings in order, a bounded number at a time, never dividing a term's."""
        many = np.diff(self._words.start)
        upto = np.concatenate([[0], np.cumsum(many[self._word])])[self._start]
        for begin, end in _ranges(upto):
            words = self._word[self._start[begin] : self._start[end]]
            packed = self._words.postings[spread(self._words.start[words], many[words])]
            terms = np.repeat(np.arange(begin, end), np.diff(upto[begin : end + 1]))
            yield _summed(terms << (_SLOT_BITS + _COUNT_BITS) | packed)

    def write(self, directory: Path, chain: WordChain) -> None:
        norms = np.array(
            [self._scoring.norm(self.lengths[:, place]) for place in range(len(FIELDS))]
        )
        counts = np.zeros(len(self._start) - 1, np.int64)
        with (
            ArrayFile(directory / f"{chain}_documents.npy", np.int32) as documents,
            ArrayFile(
                directory / f"{chain}_scores.npy", np.float16 if self._grams else np.float32
            ) as scores,
        ):
            for packed in self._blocks():
                if len(packed):
                    terms, numbers, values = self._scored(packed, norms)
                    np.add.at(counts, *np.unique(terms, return_counts=True))
                    documents.append(numbers)
                    scores.append(values)
        start = np.zeros(len(counts) + 1, np.int64)
        np.cumsum(counts, out=start[1:])
        np.save(directory / f"{chain}_start.npy", start)

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


def _ranges(upto: NDArray[np.int64]) -> Iterator[tuple[int, int]]:
    """Yield ranges of things of which `upto` counts the parts: few enough, or one alone."""
    begin, last = 0, len(upto) - 1
    while begin < last:
        reach = int(np.searchsorted(upto, upto[begin] + _BLOCK, side="right")) - 1
        end = min(last, max(begin + 1, reach))
        yield begin, end
        begin = end


def _summed(packed: Packed) -> Packed:
    """Return postings in order, with the counts of equal ones added up as far as they fit."""
    if not len(packed):
        return packed
    packed.sort()
    keys = packed >> _COUNT_BITS
    begins = np.flatnonzero(np.concatenate([[True], keys[1:] != keys[:-1]]))
    counts = np.minimum(np.add.reduceat(packed & _MOST, begins), _MOST)
    return keys[begins] << _COUNT_BITS | counts
