"""How a text is shown, compared and looked up when it is offered as a completion."""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING

from indexer.analysis.tokenizer import find_tokens, is_identifier, normalize, segments

if TYPE_CHECKING:
    from collections.abc import Sequence

MOST_WORDS = 32
"""Words of a text that can be looked for; those that follow are only shown."""

_UNSEEN = {"Cc", "Cf", "Cs", "Co"}


class Words(dict[str, tuple[str, ...]]):
    """The segments of each word form in lower case, remembered: AIL-forskning is two."""

    def __missing__(self, surface: str) -> tuple[str, ...]:
        self[surface] = found = tuple(segments(normalize(surface)))
        return found

    def of(self, text: str) -> list[tuple[str, ...]]:
        """Return the segments of each word of `text` as it is shown."""
        return [self[surface] for surface in find_tokens(shown(text))]


def shown(text: str) -> str:
    """Return `text` in one line and in NFC, without characters that nobody sees."""
    line = " ".join(text.split())
    if not line.isprintable():
        seen = (letter for letter in line if unicodedata.category(letter) not in _UNSEEN)
        line = " ".join("".join(seen).split())
    return line if line.isascii() else unicodedata.normalize("NFC", line)


def key(words: Sequence[tuple[str, ...]]) -> str:
    """Return what two texts have in common that say the same: their words in lower case."""
    return " ".join(segment for word in words for segment in word)


def joined(word: tuple[str, ...]) -> str | None:
    """Return a hyphenated word written as one, or None when it has no hyphen: e-hälsa, ehälsa."""
    if len(word) == 1 or not any(segment.isalpha() for segment in word):
        return None
    return "".join(word)


def tokens(words: Sequence[tuple[str, ...]]) -> set[str]:
    """Return all that a text is found by: its segments, and hyphenated words written as one."""
    looked_at = words[:MOST_WORDS]
    found = {segment for word in looked_at for segment in word}
    found.update(whole for word in looked_at if (whole := joined(word)))
    return found


def is_word(normalized: str) -> bool:
    """Tell whether a normalized form is a word that may stand at the edge of a phrase."""
    letters = sum(map(str.isalpha, normalized))
    return letters > 1 and not is_identifier(normalized) and not set(normalized) & set("._/,+%")
