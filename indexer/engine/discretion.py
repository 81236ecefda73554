"""Which queries may be told of at all: those that cannot point at somebody.

The rule is a list of what may, not of what may not: every word must be one that a dictionary,
the vocabulary of the partnership or a list of places knows. Names, addresses, numbers and typing
errors are none of these. What is left is held against the people of the index and against names
that dictionaries hold too. A query that is dropped for nothing costs little.
"""

from __future__ import annotations

import re
import unicodedata
from itertools import pairwise
from typing import TYPE_CHECKING

from indexer.analysis.folding import fold
from indexer.analysis.wordlists import word_list

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.analysis import Analyzer
    from indexer.analysis.types import Standing
    from indexer.engine.ports import Searcher

LONGEST_TOLD = 80
"""Characters. Whoever types more tells a story, and hardly anybody tells the same."""

_DIGITS = 4
"""A year, a course code. Longer numbers are those of people, phones, cases and houses."""

_ADDRESS = re.compile(r"@|://|\bwww\.|\w\.(?:se|com|org|net|nu|eu)\b", re.IGNORECASE)
_FAMILY_ENDS = (
    "sson", "berg", "borg", "dahl", "fors", "gren", "holm", "kvist", "qvist", "lind", "lund",
    "man", "mark", "quist", "ros", "stedt", "strand", "ström", "vall",
)  # fmt: skip


def as_told(text: str) -> str:
    """Return a query as it is counted: in one line, in lower case and in NFC."""
    return " ".join(unicodedata.normalize("NFC", text).split()).lower()


def may_be_told(text: str, searcher: Searcher) -> bool:
    """Tell whether a query, as it was typed, holds nothing that points at somebody.

    It does where it looks like a name, an e-mail address, a personal identity number or a phone
    number, and where it names a person of the index.
    """
    plain = unicodedata.normalize("NFKC", text)
    if len(text) > LONGEST_TOLD or _ADDRESS.search(plain):
        return False
    if sum(letter.isdigit() for letter in plain) > _DIGITS or not plain.isprintable():
        return False
    words = searcher.analyzer.phrase(plain)
    standing = [searcher.analyzer.standing(word) for word in words]
    return (
        bool(words)
        and all(standing)
        and not _looks_like_a_name(words, standing)
        and not _has_capitals_of_a_name(plain, searcher.analyzer)
        and not searcher.names_somebody([fold(word) for word in words])
    )


def _looks_like_a_name(words: Sequence[str], standing: Sequence[Standing]) -> bool:
    bare = [word.removesuffix("s") for word in words]
    return (
        not word_list("given_names").isdisjoint((*words, *bare))
        or (len(bare) > 1 and bare[-1] in word_list("family_names"))
        # Known for its parts alone, and built as Lindberg and Sjögren are.
        or any(
            why == "compound" and word.endswith(_FAMILY_ENDS)
            for word, why in zip(bare, standing, strict=True)
        )
    )


def _has_capitals_of_a_name(text: str, analyzer: Analyzer) -> bool:
    """Tell whether two words next to each other begin with a capital and are no known name."""
    typed = [
        (surface[0].isupper() and not surface.isupper(), analyzer.phrase(surface))
        for surface in analyzer.surfaces(text)
    ]
    return any(
        one and two and not any(analyzer.standing(word) == "name" for word in (*first, *second))
        for (one, first), (two, second) in pairwise(typed)
    )
