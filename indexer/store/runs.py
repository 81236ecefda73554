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

# Both number the runs of each job and shard from the newest, which is 1.
_LAST_OF_EACH = """
SELECT * FROM (
    SELECT *, row_number() OVER (
        PARTITION BY json_extract(CAST(report AS TEXT), '$.job', '$.shard') ORDER BY id DESC
    ) AS nth FROM runs
) WHERE nth <= ? ORDER BY id DESC
"""
_TIDY = """
DELETE FROM runs WHERE id IN (
    SELECT id FROM (
        SELECT id, at, row_number() OVER (
            PARTITION BY json_extract(CAST(report AS TEXT), '$.job', '$.shard') ORDER BY id DESC
        ) AS nth FROM runs
    ) WHERE nth > ? OR (nth > ? AND at < ?)
)
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredRun:
    """A job that ended, and what it reported."""

    id: int
    at: dt.datetime
    report: Mapping[str, Any]


class Runs:
    """The reports of 400 days, so that a month can be compared with that of the year before.

    Of each job, and of each shard where the crawl is shared, a thousand at most, and the last ten
    however old they are: so no job's runs push out those of another.
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
            self._database.execute(_TIDY, (_MOST, _KEPT_ANYWAY, time_to_text(at - _KEPT_FOR)))
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

    def last(self, limit: int | None) -> list[StoredRun]:
        """Return the `limit` newest reports, or all."""
        newest = "SELECT * FROM runs ORDER BY id DESC LIMIT ?"
        return [_run(row) for row in self._database.rows(newest, (-1 if limit is None else limit,))]

    def last_of_each(self, limit: int) -> list[StoredRun]:
        """Return the `limit` newest reports of each job and shard, the newest of all first."""
        return [_run(row) for row in self._database.rows(_LAST_OF_EACH, (limit,))]


def _run(row: Row) -> StoredRun:
    return StoredRun(id=row["id"], at=time_from_text(row["at"]), report=orjson.loads(row["report"]))
