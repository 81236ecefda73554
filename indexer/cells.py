"""Crawled text that has to fit into one cell, or one line, of a file that others open."""

from __future__ import annotations

import re

_STEERING = re.compile("[\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_TURNING = re.compile("[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]")
"""Characters that turn the direction of what follows (Unicode Standard Annex 9)."""

_FORMULA = tuple("=+-@＝＋－＠")
"""What begins a formula in a spreadsheet, also after a tab or a line end (OWASP, CSV injection)."""


def one_line(text: str) -> str:
    """Return `text` on one line, without characters that steer a terminal or turn the line."""
    if not text.isprintable():
        text = _TURNING.sub("", _STEERING.sub(" ", text))
    return " ".join(text.split())


def csv_cell(text: str) -> str:
    """Return `text` as a cell that no spreadsheet takes for a formula."""
    # Tabs and line ends are gone then, in front and within.
    line = one_line(text)
    return f"'{line}" if line.startswith(_FORMULA) else line
