"""The score arrays of one generation, memory-mapped: every worker shares the pages."""

from __future__ import annotations

from typing import TYPE_CHECKING

import marisa_trie
import numpy as np
from numpy.typing import NDArray

from indexer.engine.array_files import mapped
from indexer.engine.query import TERM_CHAINS

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.engine.query import PhraseChain, TermChain

Documents = NDArray[np.int32]
Scores = NDArray[np.floating]


class Postings:
    """The documents of every term of one chain, and the score of each."""

    def __init__(self, directory: Path, chain: TermChain) -> None:
        self._numbers = marisa_trie.Trie().mmap(str(directory / f"{chain}.marisa"))
        self._start: NDArray[np.int64] = mapped(directory / f"{chain}_start.npy")
        self._documents: Documents = mapped(directory / f"{chain}_documents.npy")
        self._scores: Scores = mapped(directory / f"{chain}_scores.npy")

    def find(self, term: str) -> tuple[Documents, Scores] | None:
        """Return the documents that hold a term, ascending, and their scores; None for none."""
        number = self._numbers.get(term)
        if number is None:
            return None
        begin, end = self._start[number], self._start[number + 1]
        return self._documents[begin:end], self._scores[begin:end]


class ScoreArrays:
    """All that a generation's terms and phrases are found and scored by."""

    def __init__(self, directory: Path) -> None:
        self.postings: dict[TermChain, Postings] = {
            chain: Postings(directory, chain) for chain in TERM_CHAINS
        }
        self.sequence: NDArray[np.int32] = mapped(directory / "sequence.npy")
        self.slots: NDArray[np.int64] = mapped(directory / "slots.npy")
        self.norms: NDArray[np.float32] = mapped(directory / "norms.npy")
        self.live: Documents = mapped(directory / "live.npy")
        self._numbers = {
            chain: marisa_trie.Trie().mmap(str(directory / f"{chain}.marisa"))
            for chain in ("exact", "lemma", "stem")
        }
        self._terms_of: dict[str, NDArray[np.int32]] = {
            chain: mapped(directory / f"{chain}_of.npy") for chain in self._numbers
        }

    @property
    def documents(self) -> int:
        """How many documents there are."""
        return len(self.live)

    def number(self, chain: PhraseChain, term: str) -> int | None:
        """Return the number of a term that stands in sequences, or None when it never does."""
        number: int | None = self._numbers[chain].get(term)
        return number

    def terms_of(self, chain: PhraseChain) -> NDArray[np.int32]:
        """Return the number of the term of every word, -1 for none; two columns for lemmas."""
        return self._terms_of[chain]
