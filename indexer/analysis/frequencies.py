"""How often the index says a word: a memory-mapped table, made when a generation is built."""

from __future__ import annotations

import struct
from typing import TYPE_CHECKING, Self

import marisa_trie

from indexer.analysis.folding import fold
from indexer.analysis.mapping import mapped, write_trie

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

_WORDS = "words.marisa"
_COUNTS = "words.u32"
_FOLDED = "folded.marisa"
_MOST = 2**32 - 1
_PAIR = struct.Struct("<2I")


class WordFrequencies:
    """The vocabulary of an index.

    `documents` counts the documents that hold a form; `uses` adds up the documents of every form
    and compound that a lemma stands behind, so that it is also known when no page has the lemma.
    """

    def __init__(self, directory: Path) -> None:
        self._words = marisa_trie.Trie().mmap(str(directory / _WORDS))
        self._folded = marisa_trie.BytesTrie().mmap(str(directory / _FOLDED))
        self._counts = mapped(directory / _COUNTS)

    @classmethod
    def write(
        cls, directory: Path, *, documents: Mapping[str, int], uses: Mapping[str, int]
    ) -> Self:
        """Write the table into `directory` and open it."""
        vocabulary = sorted(documents.keys() | uses.keys())
        words = marisa_trie.Trie(vocabulary)
        counts = bytearray(_PAIR.size * len(words))
        for word in vocabulary:
            form, all_uses = documents.get(word, 0), uses.get(word, 0)
            _PAIR.pack_into(
                counts, words[word] * _PAIR.size, min(form, _MOST), min(all_uses, _MOST)
            )
        marked = ((fold(word), word.encode()) for word in vocabulary if not word.isascii())
        write_trie(directory / _WORDS, words)
        write_trie(directory / _FOLDED, marisa_trie.BytesTrie(marked))
        (directory / _COUNTS).write_bytes(counts)
        return cls(directory)

    def documents(self, word: str) -> int:
        """Return how many documents hold this very form."""
        return self._count(word, 0)

    def uses(self, word: str) -> int:
        """Return how often the index uses `word` as a form, a lemma, or a part of a compound."""
        return max(self._count(word, 0), self._count(word, 1))

    def number(self, word: str) -> int | None:
        """Return the number of a form that documents hold, or None when none does."""
        at: int | None = self._words.get(word)
        return at if at is not None and self._pair(at)[0] else None

    def __contains__(self, word: str) -> bool:
        return self.uses(word) > 0

    def restored(self, folded: str) -> list[str]:
        """Return the words of the index that are `folded` without their diacritics."""
        return [word.decode() for word in self._folded.get(folded) or ()]

    def _count(self, word: str, which: int) -> int:
        at: int | None = self._words.get(word)
        return 0 if at is None else self._pair(at)[which]

    def _pair(self, at: int) -> tuple[int, int]:
        counts: tuple[int, int] = _PAIR.unpack_from(self._counts, at * _PAIR.size)
        return counts
