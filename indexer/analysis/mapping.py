"""Files that processes share: mapped, not read."""

from __future__ import annotations

import mmap
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pathlib import Path


def mapped(path: Path) -> mmap.mmap | bytes:
    """Map a file for reading; an empty one cannot be, and is no bytes."""
    with path.open("rb") as file:
        if path.stat().st_size == 0:
            return b""
        return mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ)
