"""Character 4-grams: what is left of a word that is misspelled, inflected or without å, ä, ö."""

from __future__ import annotations

from indexer.analysis.folding import fold

LENGTH = 4
"""Characters of a gram (McNamee and Mayfield 2004: the best length for European languages)."""


def grams(word: str) -> tuple[str, ...]:
    """Return the distinct grams of a lower-case word, folded, with its ends marked by `_`."""
    padded = f"_{fold(word)}_"
    return tuple(
        dict.fromkeys(padded[at : at + LENGTH] for at in range(max(1, len(padded) - LENGTH + 1)))
    )
