"""The ledger of what was forgotten: keyed hashes, never a name or a URL."""

from __future__ import annotations

import dataclasses
import secrets
from typing import TYPE_CHECKING

import orjson

from indexer.erasure import Erasure, Redactor, erasures_from_json, erasures_to_json
from indexer.errors import StoreError
from indexer.store.codec import time_from_text, time_to_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from indexer.store.database import Database, Row

_KEY_SIZE = 32


class Erasures:
    """All erasures, those that were undone too, oldest first.

    An erasure is `purged` when the tables hold nothing of it any more, and `wiped` when the
    file does not either. Until a generation without it is in service, readers hide the
    documents that it `hides`.
    """

    def __init__(self, database: Database) -> None:
        self._database = database
        self._held = Redactor()
        self._version: tuple[int, ...] = (0, 0)

    def all(self) -> list[Erasure]:
        """Return every erasure, oldest first."""
        rows = self._database.rows("SELECT * FROM erasures ORDER BY number")
        return [_erasure(row) for row in rows]

    def ids(self) -> tuple[str, ...]:
        """Return the ids of all erasures, oldest first."""
        rows = self._database.rows("SELECT id FROM erasures ORDER BY number")
        return tuple(row["id"] for row in rows)

    def standing(self) -> frozenset[str]:
        """Return the ids of those that were not undone."""
        rows = self._database.rows("SELECT id FROM erasures WHERE undone_at IS NULL")
        return frozenset(row["id"] for row in rows)

    def effected(self) -> tuple[str, ...]:
        """Return the ids of those of which no document that is read from now on holds anything."""
        return self._where("purged OR undone_at IS NOT NULL")

    def redactor(self) -> Redactor:
        """Return what takes them out of documents; it knows those of other processes, too."""
        row = self._database.row("SELECT count(*), count(undone_at) FROM erasures")
        version = tuple(row) if row is not None else (0, 0)
        if version != self._version:
            self._held, self._version = Redactor(self.all()), version
        return self._held

    def forbids(self, url: str) -> bool:
        """Tell whether a URL must not be kept or asked for."""
        return self.redactor().forbids(url)

    def key(self) -> bytes:
        """Return the key of the newest erasure, or a new one for the first."""
        row = self._database.row("SELECT * FROM erasures ORDER BY number DESC LIMIT 1")
        return _erasure(row).key if row is not None else secrets.token_bytes(_KEY_SIZE)

    def add(self, erasure: Erasure, *, hides: Iterable[str] | None) -> None:
        """Enter an erasure, with the documents that it hides, where those are known."""
        said = orjson.dumps(sorted(hides)) if hides is not None else None
        self._database.execute(
            "INSERT INTO erasures (id, erasure, undone_at, hides) VALUES (?, ?, ?, ?)",
            (erasure.id, erasures_to_json([erasure]), _text(erasure.undone_at), said),
        )

    def merge(self, erasures: Iterable[Erasure]) -> int:
        """Enter those that are not here yet, and undo what was undone; return how many are new."""
        with self._database.transaction():
            known = set(self.ids())
            new = 0
            for erasure in erasures:
                if erasure.id not in known:
                    self.add(erasure, hides=None)
                    known.add(erasure.id)
                    new += 1
                elif erasure.undone_at is not None:
                    self._undo(erasure.id, erasure.undone_at)
            return new

    def undo(self, erasure_id: str, *, at: dt.datetime) -> None:
        """Let what was forgotten come back, when it is read again.

        All pages are read again: from the stored bodies where there are some, else they are asked
        for in the next run; lists and repositories are read from their beginning.
        """
        with self._database.transaction():
            self._undo(erasure_id, at)
            self._database.execute(
                "UPDATE frontier SET fingerprint = '', due_at = CASE WHEN"
                " id IN (SELECT page FROM bodies) THEN due_at END"
            )
            self._database.execute("DELETE FROM listings")
            self._database.execute("DELETE FROM harvests")

    # --- what is left to do ---------------------------------------------------------------------

    def hiding(self) -> Mapping[str, frozenset[str] | None]:
        """Return the documents that each standing erasure hides, or None where nobody looked."""
        rows = self._database.rows(
            "SELECT id, hides FROM erasures WHERE undone_at IS NULL ORDER BY number"
        )
        return {
            row["id"]: frozenset(orjson.loads(row["hides"])) if row["hides"] is not None else None
            for row in rows
        }

    def hide(self, erasure_id: str, document_ids: Iterable[str]) -> None:
        """Note which documents readers hide for an erasure."""
        self._database.execute(
            "UPDATE erasures SET hides = ? WHERE id = ?",
            (orjson.dumps(sorted(document_ids)), erasure_id),
        )

    def unpurged(self) -> tuple[str, ...]:
        """Return the ids of the standing erasures of which the tables may hold something."""
        return self._where("undone_at IS NULL AND NOT purged")

    def unwiped(self) -> tuple[str, ...]:
        """Return the ids of those of which the file may hold something."""
        return self._where("undone_at IS NULL AND NOT wiped")

    def note(self, erasure_id: str, counts: Mapping[str, int], *, purged: bool) -> None:
        """Note what was done for an erasure, and whether the tables hold nothing of it now."""
        row = self._database.row("SELECT * FROM erasures WHERE id = ?", (erasure_id,))
        if row is None:
            return
        held = _erasure(row)
        told = dataclasses.replace(held, counts=held.counts or dict(counts))
        self._database.execute(
            "UPDATE erasures SET purged = ?, erasure = ? WHERE id = ?",
            (purged, erasures_to_json([told]), erasure_id),
        )

    def mark_wiped(self, erasure_ids: Iterable[str]) -> None:
        """Note that the file holds nothing of these."""
        self._database.execute_many(
            "UPDATE erasures SET wiped = 1 WHERE id = ? AND purged",
            [(one,) for one in erasure_ids],
        )

    def reopen(self, erasure_ids: Iterable[str]) -> None:
        """Have these purged once more: something was written while they were entered."""
        self._database.execute_many(
            "UPDATE erasures SET purged = 0, wiped = 0 WHERE id = ?",
            [(one,) for one in erasure_ids],
        )

    def _where(self, condition: str) -> tuple[str, ...]:
        rows = self._database.rows(
            f"SELECT id FROM erasures WHERE {condition} ORDER BY number"  # noqa: S608 - our own text
        )
        return tuple(row["id"] for row in rows)

    def _undo(self, erasure_id: str, at: dt.datetime) -> None:
        self._database.execute(
            "UPDATE erasures SET undone_at = coalesce(undone_at, ?), hides = ? WHERE id = ?",
            (time_to_text(at), b"[]", erasure_id),
        )


def _erasure(row: Row) -> Erasure:
    try:
        (held,) = erasures_from_json(row["erasure"])
    except ValueError as error:
        raise StoreError(
            f"the ledger of erasures is damaged at {row['id']} ({error}); restore a backup"
        ) from error
    undone = row["undone_at"]
    return dataclasses.replace(held, undone_at=time_from_text(undone) if undone else None)


def _text(moment: dt.datetime | None) -> str | None:
    return time_to_text(moment) if moment is not None else None
