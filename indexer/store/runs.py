"""The reports of past jobs."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from indexer.store.codec import time_from_text, time_to_text

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from indexer.store.database import Database

_KEPT = 1000


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A job that ended, and what it reported."""

    id: int
    at: dt.datetime
    report: Mapping[str, Any]


class Runs:
    """The last thousand reports, newest first."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, report: Mapping[str, Any], *, at: dt.datetime) -> None:
        """Keep a report, which must consist of plain JSON values."""
        with self._database.transaction():
            self._database.execute(
                "INSERT INTO runs (at, report) VALUES (?, ?)",
                (time_to_text(at), orjson.dumps(report)),
            )
            self._database.execute(
                "DELETE FROM runs WHERE id <= (SELECT max(id) FROM runs) - ?", (_KEPT,)
            )

    def last(self, limit: int) -> list[StoredRun]:
        """Return the `limit` newest reports."""
        rows = self._database.rows("SELECT * FROM runs ORDER BY id DESC LIMIT ?", (limit,))
        return [
            StoredRun(
                id=row["id"], at=time_from_text(row["at"]), report=orjson.loads(row["report"])
            )
            for row in rows
        ]
