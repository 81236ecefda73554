"""Arrays in files (NumPy's `.npy`), opened from any thread."""

from __future__ import annotations

import threading
from typing import TYPE_CHECKING, Any, Self

import numpy as np

if TYPE_CHECKING:
    from pathlib import Path

    from numpy.typing import DTypeLike, NDArray

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


class ArrayFile:
    """An array of one dimension that is written piece by piece, and need not fit in memory."""

    def __init__(self, path: Path, kind: DTypeLike) -> None:
        self._kind = np.dtype(kind)
        self._length = 0
        self._file = path.open("wb")
        self._write_header()

    def append(self, values: NDArray[Any]) -> None:
        """Write more values, which are made into the kind of this array."""
        self._file.write(values.astype(self._kind).data)
        self._length += len(values)

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        with self._file:
            self._file.seek(0)
            self._write_header()

    def _write_header(self) -> None:
        # NumPy leaves room for the first dimension to grow: the header keeps its length.
        said = np.lib.format.header_data_from_array_1_0(np.empty(0, self._kind))
        np.lib.format.write_array_header_1_0(self._file, said | {"shape": (self._length,)})
