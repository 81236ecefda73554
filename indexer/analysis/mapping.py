"""Files that processes share: written whole, and mapped, not read."""

from __future__ import annotations

import mmap
import zlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path

    import marisa_trie


def mapped(path: Path) -> mmap.mmap | bytes:
    """Map a file for reading; an empty one cannot be, and is no bytes."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)


def crc32(path: Path) -> int:
    """Return the CRC-32 of a file through a mapping: the pages are shared, not copied."""
    return zlib.crc32(mapped(path))


def write_trie(path: Path, trie: marisa_trie.Trie | marisa_trie.BytesTrie) -> None:
    """Write a trie; its own `save` does not say by an OSError that the disk is full."""
    path.write_bytes(trie.tobytes())
