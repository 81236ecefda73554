"""Phrases that documents share, found in bounded memory and without counting rare ones.

Texts become numbers of words in a temporary file. A first pass over it counts documents in
buckets that several phrases may share; a second one collects only phrases of buckets that hold
enough documents, so that the many phrases that stand once cost nothing but their bucket (Park,
Chen and Yu, "An effective hash-based algorithm for mining association rules", SIGMOD 1995).
"""

from __future__ import annotations

import tempfile
from dataclasses import dataclass
from typing import IO, TYPE_CHECKING, Self

import numpy as np

from indexer.engine.suggesting.rows import Numbers, Rows, first_of_each
from indexer.engine.suggesting.vocables import (
    AFTER_STOP,
    BEFORE_STOP,
    BEGINS,
    END,
    ENDS,
    INSIDE,
    Vocables,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

FEWEST = 3
"""Documents that must hold a phrase."""

MOST = 100_000
"""Phrases that are kept; those of the fewest documents go first."""

WORDS_READ = 2_000
"""Words of a document that are read for phrases."""

MOST_USES = 8_000_000
"""Phrases, counted once a document, that are looked at closely: about 250 MB while it lasts."""

_BLOCK = 1 << 20
_MOST_BUCKETS = 1 << 23
_SPREAD = np.uint64(0x9E3779B97F4A7C15)  # 2^64 over the golden ratio: Knuth, TAOCP 3, 6.4

# A key is three word numbers; the last is 0 in a phrase of two words.
_BITS = 21
_WORD = (1 << _BITS) - 1
_KEY = (1 << 3 * _BITS) - 1

_DOCUMENT_BITS = 32
_FRAGMENT = 0.75


@dataclass(frozen=True, slots=True, kw_only=True)
class Phrases:
    """Phrases as most of their documents write them, and the documents that hold each."""

    texts: list[str]
    documents: Rows


class PhraseFinder:
    """Takes the texts of one document after another, then says which phrases they share.

    Holds an open file: close it, or use it in a ``with`` block.
    """

    def __init__(self) -> None:
        self._vocables = Vocables(most=_WORD)
        self._file = tempfile.TemporaryFile(prefix="samsok-phrases-")  # noqa: SIM115 - see close
        self._ends: list[int] = [0]

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the file up. Closing twice is no error."""
        self._file.close()

    def add(self, texts: Iterable[str]) -> None:
        """Read a document; no phrase runs from one text, or one line of it, into the next."""
        pieces: list[str] = []
        for text in texts:
            pieces += text.replace("\n", f" {END} ").split(maxsplit=WORDS_READ)[:WORDS_READ]
            pieces.append(END)
            if len(pieces) > WORDS_READ:
                break
        del pieces[WORDS_READ:]
        pieces.append(END)
        numbers = np.fromiter(map(self._vocables.__getitem__, pieces), np.uint32, len(pieces))
        self._file.write(numbers.tobytes())
        self._ends.append(self._ends[-1] + len(pieces))

    def phrases(self) -> Phrases:
        """Return the phrases of at least `FEWEST` documents, at most `MOST`."""
        self._file.flush()
        stream = _Stream(self._file, np.asarray(self._ends), self._vocables)
        keys, positions = _collected(stream, _document_counts(stream))
        chosen = _chosen(keys, positions.counts)
        keys, positions = keys[chosen], positions.take(chosen)
        documents = Rows(starts=positions.starts, values=stream.documents_at(positions.values))
        return Phrases(texts=stream.texts(keys, positions), documents=documents)


class _Stream:
    """The words of all documents, read in blocks that end where a document does."""

    def __init__(self, file: IO[bytes], ends: Numbers, vocables: Vocables) -> None:
        empty = len(ends) == 1
        self._pieces = np.zeros(0, np.uint32) if empty else np.memmap(file, np.uint32, "r")
        self._ends = ends
        self._forms = vocables.forms
        self._written = np.asarray(vocables.written)
        self._words = np.asarray(vocables.words)
        self._roles = np.asarray(vocables.roles)

    def __len__(self) -> int:
        return len(self._pieces)

    def blocks(self) -> Iterator[tuple[Numbers, Numbers]]:
        """Yield the keys of the phrases of one block after another, and where each begins."""
        first = 0
        while first < len(self._ends) - 1:
            limit = self._ends[first] + _BLOCK
            last = max(first + 1, int(np.searchsorted(self._ends, limit, "right")) - 1)
            yield self._phrases(int(self._ends[first]), int(self._ends[last]))
            first = last

    def documents_at(self, positions: Numbers) -> Numbers:
        """Return the number of the document that each position lies in."""
        return np.searchsorted(self._ends, positions, "right") - 1

    def texts(self, keys: Numbers, positions: Rows) -> list[str]:
        """Return each phrase in the form that most of its documents begin with.

        Of forms that are as common the one that was met first.
        """
        pieces = self._pieces[positions.values[:, None] + np.arange(3)]
        written = self._written[pieces]
        owner = positions.owners
        written[keys[owner] & _WORD == 0, 2] = 0
        form = _key(written[:, 0], written[:, 1], written[:, 2])
        order = np.lexsort((form, owner))
        first = np.flatnonzero(first_of_each(owner[order], form[order]))
        uses = np.diff(first, append=len(order))
        owner, form = owner[order][first], form[order][first]
        order = np.lexsort((form, -uses, owner))
        best = form[order][first_of_each(owner[order])]
        return [self._text(way) for way in best.tolist()]

    def _text(self, form: int) -> str:
        numbers = form >> 2 * _BITS, form >> _BITS & _WORD, form & _WORD
        return " ".join(self._forms[number] for number in numbers if number)

    def _phrases(self, start: int, end: int) -> tuple[Numbers, Numbers]:
        pieces = self._pieces[start:end]
        words, roles = self._words[pieces], self._roles[pieces]
        begins, inside, ends = (roles & role > 0 for role in (BEGINS, INSIDE, ENDS))
        # Whether one word and the next belong together; nothing follows the last.
        meets = (roles[:-1] & BEFORE_STOP == 0) & (roles[1:] & AFTER_STOP == 0)
        two = np.flatnonzero(begins[:-1] & meets & ends[1:])
        three = np.flatnonzero(begins[:-2] & meets[:-1] & inside[1:-1] & meets[1:] & ends[2:])
        keys = np.concatenate(
            [
                _key(words[two], words[two + 1], np.zeros(len(two), np.int64)),
                _key(words[three], words[three + 1], words[three + 2]),
            ]
        )
        return keys, np.concatenate([two, three]) + start


def _key(first: Numbers, second: Numbers, third: Numbers) -> Numbers:
    return first << 2 * _BITS | second << _BITS | third


def _buckets(keys: Numbers, many: int) -> Numbers:
    """Return a bucket for each key, below `many`, which is a power of two."""
    mixed = keys.view(np.uint64) * _SPREAD
    return (mixed >> np.uint64(65 - many.bit_length())).view(np.int64)


def _document_counts(stream: _Stream) -> Numbers:
    """Return for each bucket how many documents have a phrase in it."""
    buckets = min(_MOST_BUCKETS, 2 << len(stream).bit_length())
    counts = np.zeros(buckets, np.int64)
    for keys, positions in stream.blocks():
        documents = stream.documents_at(positions)
        uses = np.sort(_buckets(keys, buckets) << _DOCUMENT_BITS | documents)
        used = uses[first_of_each(uses)] >> _DOCUMENT_BITS
        first = np.flatnonzero(first_of_each(used))
        counts[used[first]] += np.diff(first, append=len(used))
    return counts


def _collected(stream: _Stream, counts: Numbers) -> tuple[Numbers, Rows]:
    """Return the phrases of full buckets, and where each first stands in each of its documents."""
    enough = _fewest(counts)
    keys, positions = np.zeros(0, np.int64), np.zeros(0, np.int64)
    found = [(keys, positions)]
    for block_keys, block_positions in stream.blocks():
        wanted = counts[_buckets(block_keys, len(counts))] >= enough
        found.append((block_keys[wanted], block_positions[wanted]))
    keys, positions = map(np.concatenate, zip(*found, strict=True))
    order = np.lexsort((positions, keys))
    keys, positions = keys[order], positions[order]
    first = first_of_each(keys, stream.documents_at(positions))
    keys, positions = keys[first], positions[first]
    starts = np.flatnonzero(first_of_each(keys))
    return keys[starts], Rows(starts=np.append(starts, len(keys)), values=positions)


def _fewest(counts: Numbers) -> int:
    """Return how many documents a bucket needs, so that not more than `MOST_USES` are looked at."""
    uses = np.bincount(counts) * np.arange(counts.max() + 1)
    looked_at = np.cumsum(uses[::-1])[::-1]
    return max(FEWEST, int(np.searchsorted(-looked_at, -MOST_USES)))


def _chosen(keys: Numbers, documents: Numbers) -> Numbers:
    """Return the numbers of the phrases worth keeping, in order.

    Two words that hardly ever stand without the same third are a fragment: of *Innovatum
    Science Park* nobody wants *Innovatum Science*.
    """
    fragment = np.zeros(len(keys), bool)
    three = np.flatnonzero(keys & _WORD)
    for part in (keys[three] >> _BITS << _BITS, keys[three] << _BITS & _KEY):
        place = np.minimum(np.searchsorted(keys, part), len(keys) - 1)
        same = keys[place] == part
        place, whole = place[same], three[same]
        fragment[place[documents[whole] >= _FRAGMENT * documents[place]]] = True
    kept = np.flatnonzero(~fragment & (documents >= FEWEST))
    return np.sort(kept[np.argsort(-documents[kept], kind="stable")][:MOST])
