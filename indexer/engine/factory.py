"""The backend that the configuration names."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.engine.whoosh_backend import WhooshIndex

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.engine.ports import SearchIndex


def open_index(backend: str, directory: Path) -> SearchIndex:
    """Return the index that `backend` ("whoosh") keeps in `directory`; it need not exist yet.

    Raises:
        ValueError: If there is no backend of that name.
    """
    if backend != "whoosh":
        raise ValueError(f"no backend {backend!r}; there is: whoosh")
    return WhooshIndex(directory)
