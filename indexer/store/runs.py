"""The reports of past jobs."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from indexer.store.codec import time_from_text, time_to_text

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.store.database import Database, Row

_MOST = 1000
_KEPT_FOR = dt.timedelta(days=400)
_KEPT_ANYWAY = 10


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A job that ended, and what it reported."""

    id: int
    at: dt.datetime
    report: Mapping[str, Any]


class Runs:
    """The reports of 400 days, so that a month can be compared with that of the year before.

    A thousand at most, and the last ten however old they are.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def record(self, report: Mapping[str, Any], *, at: dt.datetime) -> int:
        """Keep a report, which must consist of plain JSON values, and return its number."""
        with self._database.transaction():
            number = self._database.number(
                "INSERT INTO runs (at, report) VALUES (?, ?) RETURNING id",
                (time_to_text(at), orjson.dumps(report)),
            )
            self._database.execute(
                "DELETE FROM runs WHERE id <= ?1 - ?2 OR (at < ?3 AND id <= ?1 - ?4)",
                (number, _MOST, time_to_text(at - _KEPT_FOR), _KEPT_ANYWAY),
            )
        return number

    def amend(self, number: int, report: Mapping[str, Any]) -> None:
        """Put a report in the place of the one that was kept under a number."""
        self._database.execute(
            "UPDATE runs SET report = ? WHERE id = ?", (orjson.dumps(report), number)
        )

    def get(self, number: int) -> StoredRun | None:
        """Return the report of a number, or None when it is not, or no longer, kept."""
        row = self._database.row("SELECT * FROM runs WHERE id = ?", (number,))
        return _run(row) if row else None

    def last(self, limit: int) -> list[StoredRun]:
        """Return the `limit` newest reports."""
        rows = self._database.rows("SELECT * FROM runs ORDER BY id DESC LIMIT ?", (limit,))
        return [_run(row) for row in rows]


def _run(row: Row) -> StoredRun:
    return StoredRun(id=row["id"], at=time_from_text(row["at"]), report=orjson.loads(row["report"]))
