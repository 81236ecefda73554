"""What each document says, word by word: kept beside each segment, and all that scores need.

    forward/<segment>/  sequence.npy   the words of all fields, in order; 0 ends a line
                        slots.npy      where the fields of each document begin in it
                        extra.npy      words without a position: (slot, word)
                        <chain>.txt  <chain>_start.npy  <chain>_terms.npy
                                       the terms of each word, chain by chain

A slot is a field of a document: ``number * len(FIELDS) + place of the field``. A word is a word
form of one language with one analysis; its number is local to the segment. Score arrays are made
from these without analysing anything again, and phrases are looked for in them.
"""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal, NamedTuple

import numpy as np

from indexer.engine import schema
from indexer.engine.array_files import mapped, read

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from numpy.typing import NDArray

    from indexer.analysis import Analyzer, Segment
    from indexer.model import Document

WordChain = Literal["exact", "lemma", "stem", "parts", "gram"]
WORD_CHAINS: tuple[WordChain, ...] = ("exact", "lemma", "stem", "parts", "gram")
FIELDS = tuple(schema.FIELDS)

Terms = dict[str, int]


class _Word(NamedTuple):
    """The terms of a word, chain by chain; `gram` is the word itself where it has grams."""

    exact: tuple[str, ...]
    lemma: tuple[str, ...]
    stem: tuple[str, ...]
    parts: tuple[str, ...]
    gram: tuple[str, ...]


_BREAK = _Word((), (), (), (), ())


class ForwardWriter:
    """Collects the words of the documents of one segment."""

    def __init__(self, analyzer: Analyzer) -> None:
        self._analyzer = analyzer
        self._numbers: dict[_Word, int] = {_BREAK: 0}
        self._words: list[_Word] = [_BREAK]
        # language -> surface form -> its words, and those that take no position
        self._known: defaultdict[str, dict[str, tuple[tuple[int, ...], tuple[int, ...]]]] = (
            defaultdict(dict)
        )
        self._sequence = array("i")
        self._slots = array("q", [0])
        self._extra: list[tuple[int, int]] = []

    def add(self, document: Document) -> list[Counter[int]]:
        """Take in a document; return the words of each field with how often each stands there."""
        return [self._field(read(document), document.language) for read in schema.FIELDS.values()]

    def _field(self, text: str, language: str) -> Counter[int]:
        begin = len(self._sequence)
        slot = len(self._slots) - 1
        extra: list[int] = []
        known = self._known[language]
        for line in text.split("\n"):
            for surface in self._analyzer.surfaces(line):
                words = known.get(surface)
                if words is None:
                    words = known[surface] = self._look_up(surface, language)
                self._sequence.extend(words[0])
                extra += words[1]
            extra += [
                self._number(_completed(compound))
                for compound in self._analyzer.completed(line, language=language)
            ]
            self._sequence.append(0)
        self._slots.append(len(self._sequence))
        self._extra += [(slot, word) for word in extra]
        counts = Counter(self._sequence[begin:])
        counts.update(extra)
        del counts[0]
        return counts

    def terms(self, counts: Mapping[int, int], chain: WordChain) -> Terms:
        """Return the terms that words with these counts have in a chain, and their frequency."""
        found: Terms = {}
        place = WORD_CHAINS.index(chain)
        for number, count in counts.items():
            for term in self._words[number][place]:
                found[term] = found.get(term, 0) + count
        return found

    def write(self, directory: Path) -> None:
        """Write what was collected into a directory that does not exist yet."""
        directory.mkdir(parents=True)
        np.save(directory / "sequence.npy", np.frombuffer(self._sequence, np.int32))
        np.save(directory / "slots.npy", np.frombuffer(self._slots, np.int64))
        np.save(directory / "extra.npy", np.array(self._extra, np.int64).reshape(-1, 2))
        for place, chain in enumerate(WORD_CHAINS):
            _write_terms(directory, chain, [word[place] for word in self._words])

    def _look_up(self, surface: str, language: str) -> tuple[tuple[int, ...], tuple[int, ...]]:
        analysed = self._analyzer.analysed(surface, language=language)
        words = tuple(self._number(_placed(segment)) for segment in analysed.segments)
        joined = (self._number(_joined(analysed.joined)),) if analysed.joined else ()
        return words, joined

    def _number(self, word: _Word) -> int:
        number = self._numbers.get(word)
        if number is None:
            number = self._numbers[word] = len(self._words)
            self._words.append(word)
        return number


def _placed(segment: Segment) -> _Word:
    joined = _joined(segment)
    return joined._replace(gram=joined.exact if segment.lemma else ())


def _joined(segment: Segment) -> _Word:
    lemmas = _distinct((segment.lemma, segment.other_lemma))
    return _Word(
        exact=(segment.exact,),
        lemma=lemmas,
        stem=_distinct((segment.stem,)),
        parts=_distinct((*lemmas, *(part.term for part in segment.parts))),
        gram=(),
    )


def _completed(segment: Segment) -> _Word:
    return _joined(segment)._replace(exact=())


def _distinct(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for term in terms if term))


def _write_terms(directory: Path, chain: WordChain, of_words: list[tuple[str, ...]]) -> None:
    numbers: dict[str, int] = {}
    flat = [numbers.setdefault(term, len(numbers)) for terms in of_words for term in terms]
    start = np.zeros(len(of_words) + 1, np.int64)
    np.cumsum([len(terms) for terms in of_words], out=start[1:])
    np.save(directory / f"{chain}_start.npy", start)
    np.save(directory / f"{chain}_terms.npy", np.array(flat, np.int32))
    (directory / f"{chain}.txt").write_text("\n".join(numbers), encoding="utf-8")


@dataclass(frozen=True, slots=True)
class WordTerms:
    """The terms of every word in one chain: ``terms[start[word]:start[word + 1]]``."""

    start: NDArray[np.int64]
    terms: NDArray[np.int32]

    def lengths(self) -> NDArray[np.int64]:
        """Return how many terms each word has."""
        return np.diff(self.start)


def spread(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return the places ``starts[i] .. starts[i] + lengths[i]`` for every i, one after another."""
    ends = np.cumsum(lengths)
    total = int(ends[-1]) if len(ends) else 0
    return np.repeat(starts - ends + lengths, lengths) + np.arange(total, dtype=np.int64)


class ForwardSegment:
    """The words of one segment, opened for reading."""

    def __init__(self, directory: Path) -> None:
        self._directory = directory
        self.sequence: NDArray[np.int32] = mapped(directory / "sequence.npy")
        self.slots: NDArray[np.int64] = read(directory / "slots.npy")
        self.extra: NDArray[np.int64] = read(directory / "extra.npy")

    @property
    def documents(self) -> int:
        """How many documents the segment was written with, deleted ones too."""
        return (len(self.slots) - 1) // len(FIELDS)

    def strings(self, chain: WordChain) -> list[str]:
        """Return the terms of a chain; `WordTerms.terms` are places in this list."""
        text = (self._directory / f"{chain}.txt").read_text(encoding="utf-8")
        return text.split("\n") if text else []

    def terms(self, chain: WordChain) -> WordTerms:
        """Return the terms of every word in a chain."""
        return WordTerms(
            read(self._directory / f"{chain}_start.npy"),
            read(self._directory / f"{chain}_terms.npy"),
        )
