"""Looks for a text in every byte of a directory, whatever it is packed in."""

from __future__ import annotations

import sqlite3
import zlib
from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

_ZLIB = (b"\x78\x01", b"\x78\x5e", b"\x78\x9c", b"\x78\xda")


def holding(directory: Path, *needles: str) -> dict[str, list[str]]:
    """Return the files that hold one of `needles`, in any case, with those that they hold."""
    found: dict[str, list[str]] = {}
    for path in sorted(directory.rglob("*")):
        if path.is_file():
            texts = [*_contents(path)]
            held = [needle for needle in needles if any(_has(text, needle) for text in texts)]
            if held:
                found[str(path.relative_to(directory))] = held
    return found


def _contents(path: Path) -> Iterator[bytes]:
    raw = path.read_bytes()
    yield raw
    yield from _unpacked(raw)
    if raw.startswith(b"SQLite format 3"):
        yield from _values(path)


def _unpacked(raw: bytes) -> Iterator[bytes]:
    """Yield whatever can be unpacked from anywhere; a piece that breaks off is a piece, too."""
    for head in _ZLIB:
        at = raw.find(head)
        while at >= 0:
            unpacker = zlib.decompressobj()
            piece = bytearray()
            try:
                for place in range(at, len(raw), 512):
                    piece += unpacker.decompress(raw[place : place + 512])
                    if unpacker.eof:
                        break
            except zlib.error:
                pass
            if piece:
                yield bytes(piece)
            at = raw.find(head, at + 1)


def _values(path: Path) -> Iterator[bytes]:
    """Yield every value of every table: what spans pages stands in one piece here only."""
    with closing(sqlite3.connect(f"file:{path}?mode=ro", uri=True)) as connection:
        connection.text_factory = bytes
        tables = connection.execute("SELECT name FROM sqlite_schema WHERE type = 'table'")
        for (table,) in tables.fetchall():
            for row in connection.execute(f'SELECT * FROM "{table.decode()}"'):  # noqa: S608
                for value in row:
                    if isinstance(value, bytes):
                        yield value
                        yield from _unpacked(value)


def _has(text: bytes, needle: str) -> bool:
    lowered = text.lower()
    spelled = (needle, needle.casefold())
    return any(
        word.encode(coding).lower() in lowered
        for word in spelled
        for coding in ("utf-8", "latin-1", "utf-16-le")
    )
