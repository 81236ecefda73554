"""What the verbs print: JSON, tables, marks, and progress on a terminal."""

from __future__ import annotations

import sys
import time
from typing import TYPE_CHECKING, TextIO

import orjson

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_BOLD, _DIM, _PLAIN = "\x1b[1m", "\x1b[2m", "\x1b[0m"


def print_json(value: object) -> None:
    """Print a value as indented JSON."""
    print(orjson.dumps(value, option=orjson.OPT_INDENT_2).decode())


def bold(text: str) -> str:
    """Return `text` bold where standard output is a terminal."""
    return f"{_BOLD}{text}{_PLAIN}" if sys.stdout.isatty() else text


def dim(text: str) -> str:
    """Return `text` faint where standard output is a terminal."""
    return f"{_DIM}{text}{_PLAIN}" if sys.stdout.isatty() else text


def printable(text: str) -> str:
    """Return `text` in one line without control characters: pages may hold terminal escapes."""
    return "".join(char if char.isprintable() else " " for char in text)


def table(rows: Iterable[Sequence[object]], *, indent: str = "  ") -> list[str]:
    """Return rows as lines of aligned columns; numbers stand to the right."""
    rows = list(rows)
    cells = [[str(cell) for cell in row] for row in rows]
    numeric = [[isinstance(cell, (int, float)) for cell in row] for row in rows]
    if not cells:
        return []
    widths = [max(len(row[column]) for row in cells) for column in range(len(cells[0]))]
    return [
        indent
        + "  ".join(
            cell.rjust(width) if number else cell.ljust(width)
            for cell, width, number in zip(row, widths, numbers, strict=True)
        ).rstrip()
        for row, numbers in zip(cells, numeric, strict=True)
    ]


class ProgressLine:
    """One line that is rewritten on a terminal, and a plain line now and then elsewhere."""

    def __init__(self, stream: TextIO = sys.stderr, *, every_s: float = 10.0) -> None:
        self._stream = stream
        self._terminal = stream.isatty()
        self._every_s = 0.1 if self._terminal else every_s
        self._shown = time.monotonic()
        self._drawn = False

    def show(self, text: str) -> None:
        """Show where the work is; may be called as often as one likes."""
        now = time.monotonic()
        if now - self._shown < self._every_s:
            return
        self._shown = now
        if self._terminal:
            self._stream.write(f"\r\x1b[K{text}")
            self._drawn = True
        else:
            self._stream.write(f"{text}\n")
        self._stream.flush()

    def clear(self) -> None:
        """Take the line away, so that other output has the terminal."""
        if self._drawn:
            self._stream.write("\r\x1b[K")
            self._stream.flush()
            self._drawn = False
