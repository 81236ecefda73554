"""Blocks that a site repeats from page to page: which they are is learnt from many pages.

One page cannot tell its own text from what every page carries beside menu and footer, such as an
invitation to apply. What stands on many pages, word for word, is no page's own: the frequency of
blocks over documents tells it, as that of words tells stop words.
"""

from __future__ import annotations

import hashlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable

    from indexer.extract.sections import Block

_MIN_WORDS = 5
"""Shorter lines, such as a development area or a heading, may well be many pages' own."""


def block_key(text: str) -> str | None:
    """Return what names a block, or None if it is too short to be told for one that is repeated."""
    words = text.casefold().split()
    if len(words) < _MIN_WORDS:
        return None
    return hashlib.blake2b(" ".join(words).encode("utf-8", "replace"), digest_size=8).hexdigest()


def without_repeated(blocks: Iterable[Block], repeated: Collection[str]) -> list[Block]:
    """Return the blocks that are a page's own; all of them if none would be left with text."""
    every = list(blocks)
    if not repeated:
        return every
    own = [block for block in every if block.is_heading or block_key(block.text) not in repeated]
    return own if any(block.text and not block.is_heading for block in own) else every
