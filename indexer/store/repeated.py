"""The blocks of text that the pages of a source repeat, as they were learnt from its documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.store.codec import storable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.store.database import Database

_SAMPLE = 200


class Repeated:
    """Keys of blocks by source, each with a sample of its text.

    They stay: once they are left out, the documents no longer show that they are repeated.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def add(self, source: str, found: Mapping[str, str]) -> None:
        """Remember blocks, with their texts."""
        self._database.execute_many(
            "INSERT OR IGNORE INTO repeated (source, key, sample) VALUES (?, ?, ?)",
            [(source, key, storable(text[:_SAMPLE])) for key, text in found.items()],
        )

    def of(self, source: str) -> frozenset[str]:
        """Return the keys of the blocks that a source repeats."""
        rows = self._database.rows("SELECT key FROM repeated WHERE source = ?", (source,))
        return frozenset(row["key"] for row in rows)
