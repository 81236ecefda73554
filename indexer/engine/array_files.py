"""Arrays in files (NumPy's `.npy`), opened from any thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import NDArray

# NumPy reads the header of a file with `ast`, and CPython before 3.13 counts the depth of its
# trees for all threads together: two that parse at once can make one fail with a SystemError
# (python/cpython#106905).
_PARSING = threading.Lock()


def mapped(path: Path) -> NDArray[Any]:
    """Map an array; plain `ndarray` rather than `memmap`, whose slices cost ten times more."""
    with _PARSING:
        array: NDArray[Any] = np.load(path, mmap_mode="r", allow_pickle=False)
    return np.asarray(array)


def read(path: Path) -> NDArray[Any]:
    """Read an array into memory."""
    with _PARSING:
        array: NDArray[Any] = np.load(path, allow_pickle=False)
    return array
