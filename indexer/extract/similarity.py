"""A fingerprint of a text that is alike for texts that are: 64 bits of simhash.

M. S. Charikar, "Similarity estimation techniques from rounding algorithms", STOC 2002; G. S. Manku
and others, "Detecting near-duplicates for web crawling", WWW 2007: three bits of 64 tell pages
apart that differ in a few words from those that do not.
"""

from __future__ import annotations

import hashlib
import re
from typing import TYPE_CHECKING

import numpy as np

if TYPE_CHECKING:
    from indexer.model import Document

_WORD = re.compile(r"\w+")
_SHINGLE = 3
_MIN_WORDS = 100
_BITS = 64


def simhash(document: Document) -> int | None:
    """Return the fingerprint of a document's text, or None if it is too short to have one.

    The features are shingles of three words. Signed, as databases keep 64 bits.
    """
    text = "\n".join(section.text for section in document.sections).casefold()
    words = _WORD.findall(text)
    if len(words) < _MIN_WORDS:
        return None
    shingles = {" ".join(words[at : at + _SHINGLE]) for at in range(len(words) - _SHINGLE + 1)}
    digests = b"".join(
        hashlib.blake2b(shingle.encode("utf-8", "replace"), digest_size=8).digest()
        for shingle in shingles
    )
    bits = np.unpackbits(np.frombuffer(digests, dtype=np.uint8)).reshape(-1, _BITS)
    majority = np.packbits(bits.sum(axis=0) * 2 > len(shingles))
    return int.from_bytes(bytes(majority), "big", signed=True)


def distance(one: int, other: int) -> int:
    """Return in how many of their 64 bits two fingerprints differ."""
    return ((one ^ other) & ((1 << _BITS) - 1)).bit_count()
