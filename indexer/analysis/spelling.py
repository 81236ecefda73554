"""The word that was meant, among those that the index holds.

Distance is optimal string alignment on words without diacritics; among equals, the word that
more documents hold wins. Candidates are read from a memory-mapped file by length, so that a
process that never corrects anything holds none of them.
"""

from __future__ import annotations

import json
from collections import defaultdict
from typing import TYPE_CHECKING

from rapidfuzz import process
from rapidfuzz.distance import OSA

from indexer.analysis.folding import fold
from indexer.analysis.mapping import mapped

if TYPE_CHECKING:
    from collections.abc import Iterable
    from pathlib import Path

    from indexer.analysis.frequencies import WordFrequencies

_WORDS = "spelling.txt"
_INDEX = "spelling.json"
_SHORTEST = 4
_TWO_ERRORS_FROM = 8
_CANDIDATES = 12


class SpellingCorrector:
    """Corrects words that are wrong; it does not decide which are."""

    def __init__(self, directory: Path, frequencies: WordFrequencies) -> None:
        # Mapped from the start: it must be there also when its generation has been pruned.
        self._words = mapped(directory / _WORDS)
        self._frequencies = frequencies
        # length of the word -> where its words begin in the file, and where they end
        self._places: dict[int, tuple[int, int]] = {
            int(length): (start, end)
            for length, (start, end) in json.loads((directory / _INDEX).read_bytes()).items()
        }

    @staticmethod
    def write(directory: Path, words: Iterable[str]) -> None:
        """Write the words that may be suggested."""
        by_length: dict[int, list[str]] = defaultdict(list)
        for word in sorted(set(words)):
            if len(word) >= _SHORTEST and word.isalpha():
                by_length[len(word)].append(word)
        places: dict[int, tuple[int, int]] = {}
        content = bytearray()
        for length, group in sorted(by_length.items()):
            start = len(content)
            content += "\n".join(group).encode()
            places[length] = (start, len(content))
        (directory / _WORDS).write_bytes(content)
        (directory / _INDEX).write_text(json.dumps(places), encoding="utf-8")

    def correct(self, word: str) -> str | None:
        """Return the likeliest word within one error, or two from eight letters on."""
        if len(word) < _SHORTEST or not word.isalpha():
            return None
        most = 2 if len(word) >= _TWO_ERRORS_FROM else 1
        candidates = self._candidates(len(word), most)
        folded = fold(word)
        found = process.extract(
            folded,
            candidates,
            processor=None,
            scorer=OSA.distance,
            score_cutoff=most,
            limit=_CANDIDATES,
        )
        ranked = sorted(
            (distance, OSA.distance(word, original), -self._frequencies.uses(original), original)
            for _, distance, original in found
        )
        return ranked[0][-1] if ranked else None

    def _candidates(self, length: int, most: int) -> dict[str, str]:
        """Return original -> folded, for words of about that length."""
        words: list[str] = []
        for near in range(length - most, length + most + 1):
            if near in self._places:
                start, end = self._places[near]
                words.extend(self._words[start:end].decode().split("\n"))
        return {word: fold(word) for word in words}
