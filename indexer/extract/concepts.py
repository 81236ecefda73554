"""Where a page names a concept of the vocabulary: whole words, any of its names."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.model import Concept


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The texts of a page by how much they say about what it is about."""

    title: str
    path: str
    headings: Sequence[str]
    text: str
    breadcrumb: str = ""


class ConceptText:
    """A text that is asked for many names: a plain search first, as most are not in it."""

    def __init__(self, *parts: str) -> None:
        self._text = "\n".join(parts)
        self._folded = " ".join(self._text.casefold().split())

    def names(self, concept: Concept) -> bool:
        """Tell whether the text names a concept, as whole words."""
        if not any(literal in self._folded for literal in _literals(concept)):
            return False
        return bool(_names(concept).search(self._text))


def matches_start(concept: Concept, text: str) -> bool:
    """Tell whether a text begins with a name of a concept."""
    return bool(_names(concept).match(text))


@lru_cache(maxsize=2_000)
def slug(name: str) -> str:
    """Return a name as addresses write it: "trollhattans-stad"."""
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")


@lru_cache(maxsize=2_000)
def _literals(concept: Concept) -> tuple[str, ...]:
    return tuple(
        " ".join(name.casefold().split())
        for name in (concept.name, *concept.aliases)
        if name.split()
    )


@lru_cache(maxsize=2_000)
def _names(concept: Concept) -> re.Pattern[str]:
    """Match any name of a concept as whole words; capitals count for an abbreviation."""
    forms = []
    for name in (concept.name, *concept.aliases):
        words = r"\s+".join(re.escape(word) for word in name.split())
        forms.append(words if name.isupper() else f"(?i:{words})")
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?::?s)?(?![\w-])")
