"""The files of completion: arrays that every process maps, with a checksum of each."""

from __future__ import annotations

import json
from bisect import bisect_left
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from indexer.analysis.mapping import crc32
from indexer.engine.array_files import mapped
from indexer.errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

Array = NDArray[Any]

VERSION = "1"

ARRAYS = (
    *("text_letters", "text_starts", "count", "kind", "size"),
    *("use_starts", "use_document", "use_kind"),
    *("word_letters", "word_starts", "word_entry_starts", "word_entry"),
    *("spelt_letters", "spelt_starts", "spelt_entry_starts", "spelt_entry"),
    *("opening_letters", "opening_starts", "opening_entry"),
    *("id_letters", "id_starts", "url_letters", "url_starts"),
)
"""Entries by rank; who uses them; their words folded, and as spelt; their openings; documents."""

_MANIFEST = "manifest.json"
_AFTER_ALL_LETTERS = b"\xff"  # no byte of UTF-8


def write(directory: Path, arrays: Mapping[str, Array]) -> None:
    """Write arrays into `directory`, which is made if need be; the same arrays, the same bytes."""
    directory.mkdir(parents=True, exist_ok=True)
    for name, array in arrays.items():
        np.save(directory / f"{name}.npy", array, allow_pickle=False)
    paths = sorted(directory / f"{name}.npy" for name in arrays)
    files = {path.name: {"bytes": path.stat().st_size, "crc32": crc32(path)} for path in paths}
    manifest = {"version": VERSION, "files": files}
    (directory / _MANIFEST).write_text(json.dumps(manifest, indent=1), encoding="utf-8")


def read(directory: Path) -> dict[str, Array]:
    """Map the arrays that `write` wrote.

    Raises:
        IndexDamaged: If one is missing or not what was written, or they are of another version.
    """
    try:
        manifest = json.loads((directory / _MANIFEST).read_bytes())
        if manifest["version"] != VERSION:
            raise _damaged(
                directory, f"it is of version {manifest['version']!r}, this is {VERSION!r}"
            )
        arrays = {}
        for name in ARRAYS:
            path = directory / f"{name}.npy"
            expected = manifest["files"][path.name]
            if path.stat().st_size != expected["bytes"] or crc32(path) != expected["crc32"]:
                raise _damaged(directory, f"{path.name} is not the file that was written")
            arrays[name] = mapped(path)
    except (OSError, ValueError, KeyError, TypeError, RuntimeError) as error:
        raise _damaged(directory, f"{type(error).__name__}: {error}") from error
    return arrays


def text_arrays(name: str, texts: Iterable[str]) -> dict[str, Array]:
    """Return the arrays of a `TextTable`."""
    encoded = [text.encode("utf-8", "replace") for text in texts]
    starts = np.zeros(len(encoded) + 1, np.int64)
    np.cumsum([len(text) for text in encoded], out=starts[1:])
    return {
        f"{name}_letters": np.frombuffer(b"".join(encoded), np.uint8),
        f"{name}_starts": starts,
    }


class TextTable:
    """Texts by number; a table whose texts are in order can be asked for a prefix."""

    def __init__(self, name: str, arrays: Mapping[str, Array]) -> None:
        self._letters: Array = arrays[f"{name}_letters"]
        self._starts = arrays[f"{name}_starts"]

    def __len__(self) -> int:
        return len(self._starts) - 1

    def __getitem__(self, number: int) -> str:
        return self._encoded(number).decode()

    def beginning_with(self, prefix: str) -> range:
        """Return the numbers of the texts that begin with `prefix`."""
        wanted = prefix.encode()
        first = bisect_left(range(len(self)), wanted, key=self._encoded)
        end = bisect_left(
            range(len(self)), wanted + _AFTER_ALL_LETTERS, lo=first, key=self._encoded
        )
        return range(first, end)

    def equal_to(self, text: str) -> range:
        """Return the numbers of the texts that are `text`."""
        wanted = text.encode("utf-8", "replace")
        first = bisect_left(range(len(self)), wanted, key=self._encoded)
        end = bisect_left(range(len(self)), wanted + b"\0", lo=first, key=self._encoded)
        return range(first, end)

    def _encoded(self, number: int) -> bytes:
        return self._letters[self._starts[number] : self._starts[number + 1]].tobytes()


def _damaged(directory: Path, why: str) -> IndexDamaged:
    return IndexDamaged(
        f"The suggestions in {directory} cannot be used: {why}. "
        "Run `samsok reindex --from-store` to build the index anew."
    )
