"""Finding documents whose fingerprint is nearly the same, without comparing all of them.

Two fingerprints of 64 bits that differ in three agree in one at least of four bands of sixteen.
"""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.store.database import Database

_BANDS = 4
_BAND_BITS = 16


class Similar:
    """The fingerprints of live documents, by band."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, document_id: str, simhash: int | None) -> None:
        """Remember the fingerprint of a document, in place of an earlier one; None forgets it."""
        self._database.execute("DELETE FROM similar WHERE document_id = ?", (document_id,))
        if simhash is not None:
            self._database.execute_many(
                "INSERT INTO similar (band, bits, document_id, simhash) VALUES (?, ?, ?, ?)",
                [(band, bits, document_id, simhash) for band, bits in _bands(simhash)],
            )

    def of(self, document_id: str) -> int | None:
        """Return the fingerprint of a live document, or None where it has none."""
        row = self._database.row(
            "SELECT simhash FROM similar WHERE document_id = ? LIMIT 1", (document_id,)
        )
        return int(row["simhash"]) if row is not None else None

    def candidates(self, simhash: int) -> list[tuple[str, int]]:
        """Return the documents that may be within three bits, each with its fingerprint."""
        found: dict[str, int] = {}
        for band, bits in _bands(simhash):
            rows = self._database.rows(
                "SELECT document_id, simhash FROM similar WHERE band = ? AND bits = ?",
                (band, bits),
            )
            found.update((row["document_id"], row["simhash"]) for row in rows)
        return sorted(found.items())


def _bands(simhash: int) -> list[tuple[int, int]]:
    mask = (1 << _BAND_BITS) - 1
    return [(band, (simhash >> (_BAND_BITS * band)) & mask) for band in range(_BANDS)]
