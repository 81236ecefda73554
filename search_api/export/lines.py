"""Crawled text that has to fit on one line of a file."""

from __future__ import annotations

import re

_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows (Unicode Standard Annex 9)."""


def one_line(text: str) -> str:
    """Return `text` on one line, without characters that steer a terminal or turn the line."""
    if not text.isprintable():
        text = _TURNING.sub("", _STEERING.sub(" ", text))
    return " ".join(text.split())
