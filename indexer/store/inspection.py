"""Looks for damage in the store, and leaves nothing behind."""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING

import orjson

from indexer.errors import StoreError
from indexer.store.codec import time_from_text
from indexer.store.runs import StoredRun
from indexer.store.schema import APPLICATION_ID, MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

_RUNS = 100
_MOST = 10
"""Problems that are listed; a damaged file has thousands."""


def inspect_store(path: Path) -> tuple[str, ...]:
    """Read the whole store; return what is wrong with it, and nothing when it is well.

    Nothing is written, not even the files that SQLite lays beside a database that is open. A
    job that runs meanwhile is neither disturbed nor taken for damage.

    Raises:
        StoreError: If there is no such file.
    """
    if not path.is_file():
        raise StoreError(f"{path}: there is no store")
    # Nobody has it open: then SQLite need not, and may not, lay its files beside it
    # (https://www.sqlite.org/uri.html#uriimmutable).
    alone = not _log(path).exists()
    problems = _problems(path, immutable=alone)
    if problems and alone and _log(path).exists():
        # A job began to write while we were reading, and we could not know.
        problems = _problems(path, immutable=False)
    return problems


def peek_runs(path: Path, *, job: str) -> tuple[StoredRun, ...]:
    """Return the last reports of a job, the newest first, and leave nothing behind.

    Nothing where they cannot be read: `inspect_store` says why.
    """
    newest = """
        SELECT id, at, report FROM runs WHERE json_extract(CAST(report AS TEXT), '$.job') = ?
        ORDER BY id DESC LIMIT ?
    """
    try:
        with _looking(path, immutable=not _log(path).exists()) as connection:
            rows = connection.execute(newest, (job, _RUNS)).fetchall()
    except sqlite3.Error:
        return ()
    return tuple(
        StoredRun(id=number, at=time_from_text(at), report=orjson.loads(report))
        for number, at, report in rows
    )


def peek_shards_run(path: Path) -> frozenset[str]:
    """Return the shards of which a book has runs, as ``2/4``, and leave nothing behind.

    Nothing where they cannot be read: `inspect_store` says why.
    """
    named = "SELECT DISTINCT json_extract(CAST(report AS TEXT), '$.shard') FROM runs"
    try:
        with _looking(path, immutable=not _log(path).exists()) as connection:
            return frozenset(shard for (shard,) in connection.execute(named) if shard)
    except sqlite3.Error:
        return frozenset()


def peek_shard(path: Path) -> tuple[int, int] | None:
    """Return the shard that a store says it is of, and of how many; leave nothing behind."""
    try:
        with _looking(path, immutable=not _log(path).exists()) as connection:
            row = connection.execute("SELECT number, total FROM shard").fetchone()
    except sqlite3.Error:
        return None
    return (int(row[0]), int(row[1])) if row else None


@contextmanager
def _looking(path: Path, *, immutable: bool) -> Iterator[sqlite3.Connection]:
    mode = "immutable=1" if immutable else "mode=ro"
    with closing(sqlite3.connect(f"{path.absolute().as_uri()}?{mode}", uri=True)) as connection:
        yield connection


def _problems(path: Path, *, immutable: bool) -> tuple[str, ...]:
    try:
        with _looking(path, immutable=immutable) as connection:
            found = [row[0] for row in connection.execute(f"PRAGMA quick_check({_MOST})")]
            application = connection.execute("PRAGMA application_id").fetchone()[0]
            version = connection.execute("PRAGMA user_version").fetchone()[0]
    except sqlite3.Error as error:
        return (str(error),)
    if application != APPLICATION_ID:
        return ("it is not the database of this program",)
    if version > len(MIGRATIONS):
        return (f"it was written by a newer Samsök (store version {version})",)
    return () if found == ["ok"] else tuple(found)


def _log(path: Path) -> Path:
    return path.with_name(f"{path.name}-wal")
