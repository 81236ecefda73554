"""Suspended hyphens: `samverkans- och partnerskapsavtal` says samverkansavtal, too."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING

from indexer.analysis.tokenizer import normalize

if TYPE_CHECKING:
    from indexer.analysis.types import Token

_CONJUNCTIONS = frozenset(("och", "eller", "samt", "respektive", "men", "som", "till"))
_AHEAD = 8
"""Tokens between a suspended part and the word that completes it."""

_HYPHEN = "-\u2010\u2011"
_AFTER = re.compile(rf"[{_HYPHEN}](?=[\s,])")
_BEFORE = re.compile(rf"(?<=\s)[{_HYPHEN}](?=[^\W_])")

Split = Callable[[str], tuple[str, ...]]


def has_suspended_hyphens(text: str) -> bool:
    """Tell whether it is worth while to look."""
    return _AFTER.search(text) is not None or _BEFORE.search(text) is not None


def complete(text: str, tokens: Sequence[Token], split: Split) -> dict[int, str]:
    """Return the compounds that tokens stand for: index of the token -> compound.

    `split` divides a compound. A part that no compound completes is left alone.
    """
    found: dict[int, str] = {}
    for index, token in enumerate(tokens):
        if _AFTER.match(text, token.end):
            head = _head_ahead(text, tokens, index, split)
            if head:
                found[index] = normalize(token.surface) + head
        elif index > 1 and _BEFORE.match(text, token.start - 1):
            modifier = _modifier_behind(tokens, index, split)
            if modifier:
                found[index] = modifier + normalize(token.surface)
    return found


def _head_ahead(text: str, tokens: Sequence[Token], index: int, split: Split) -> str | None:
    conjunction = False
    for token in tokens[index + 1 : index + 1 + _AHEAD]:
        if normalize(token.surface) in _CONJUNCTIONS:
            conjunction = True
        elif not _AFTER.match(text, token.end):
            parts = split(normalize(token.surface))
            return parts[-1] if conjunction and len(parts) > 1 else None
    return None


def _modifier_behind(tokens: Sequence[Token], index: int, split: Split) -> str | None:
    if normalize(tokens[index - 1].surface) not in _CONJUNCTIONS:
        return None
    parts = split(normalize(tokens[index - 2].surface))
    return "".join(parts[:-1]) if len(parts) > 1 else None
