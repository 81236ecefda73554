"""Crawled text that has to fit on one line of a file."""

from __future__ import annotations

import re
from urllib.parse import quote

_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows (Unicode Standard Annex 9)."""


_NOT_IN_ADDRESSES = re.compile(r"[\s\x00-\x20\x7f-\x9f{}\\]")
"""What no address has (RFC 3986, appendix A) and ends a field in one of the formats."""


def one_line(text: str) -> str:
    """Return `text` on one line, without characters that steer a terminal or turn the line."""
    if not text.isprintable():
        text = _TURNING.sub("", _STEERING.sub(" ", text))
    return " ".join(text.split())


def address(text: str) -> str:
    """Return a URL or DOI for fields that are read as they stand, without escapes."""
    return one_line(_NOT_IN_ADDRESSES.sub(lambda found: quote(found[0]), text))
