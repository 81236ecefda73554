"""Copies of the store: taken while a job writes, and put in the place of the store."""

from __future__ import annotations

import sqlite3
from collections.abc import Callable
from contextlib import closing
from typing import TYPE_CHECKING

from indexer.engine.durable import fsync_path, rename
from indexer.errors import StoreBusy
from indexer.store.database import explained

if TYPE_CHECKING:
    from pathlib import Path

Told = Callable[[int, int], None]
"""Called with how many bytes are done, of how many."""

_PAGES = 1_000
"""Pages of SQLite that are copied at a time."""

_PATIENCE_S = 10.0

_PRIMARY = 0xFF
"""The part of an error code of SQLite that says what kind it is."""

_DAMAGED = {sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB}
_HELD = {sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED}


def copy_store(path: Path, target: Path, *, told: Told) -> None:
    """Copy the store in `path`, as it is now, into the new file `target`.

    A job that writes meanwhile is not kept waiting: what it writes is not in the copy. The read
    transaction is what makes that so; without it SQLite begins anew at every write
    (https://www.sqlite.org/backup.html).

    Raises:
        StoreError: If the store cannot be read, or the disk does not take the copy.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with (
        explained(path),
        closing(sqlite3.connect(uri, uri=True, timeout=_PATIENCE_S)) as source,
        closing(sqlite3.connect(target)) as copy,
    ):
        size = source.execute("PRAGMA page_size").fetchone()[0]
        source.execute("BEGIN")
        source.execute("SELECT count(*) FROM sqlite_schema").fetchone()
        source.backup(
            copy,
            pages=_PAGES,
            progress=lambda _status, left, total: told(size * (total - left), size * total),
        )
        # One file, and no log beside it.
        copy.execute("PRAGMA journal_mode = DELETE").fetchone()
    fsync_path(target)


def store_facts(path: Path) -> tuple[int, int]:
    """Return the version that a store was written by, and how many live documents it holds.

    Raises:
        StoreError: If it cannot be read.
    """
    uri = f"{path.absolute().as_uri()}?mode=ro"
    with explained(path), closing(sqlite3.connect(uri, uri=True)) as connection:
        version = connection.execute("PRAGMA user_version").fetchone()[0]
        live = "SELECT count(*) FROM documents WHERE removed_at IS NULL"
        return int(version), int(connection.execute(live).fetchone()[0])


def put_in_place(staged: Path, path: Path) -> None:
    """Put the store in `staged`, which nobody has open, in the place of the one in `path`.

    By one rename: whatever happens when, `path` is the old store or the new one.

    Raises:
        StoreError: If another process has the old one open, or its log cannot be folded in.
    """
    _close_log(path)
    fsync_path(staged)
    rename(staged, path)


def remove_store(path: Path) -> None:
    """Delete a store with its log.

    Raises:
        StoreError: If another process has it open, or its log cannot be folded in.
    """
    _close_log(path)
    path.unlink(missing_ok=True)
    fsync_path(path.parent)


def fold_log(path: Path) -> None:
    """Write the log of a store, if it is there, into it; this also finds out who has it open.

    A store that is damaged is left as it is, with its log.

    Raises:
        StoreError: If another process has it open, or the log cannot be written into it, which
            then lies beside it as before.
    """
    if not path.exists():
        return
    try:
        with closing(sqlite3.connect(path, timeout=_PATIENCE_S)) as connection:
            connection.execute("PRAGMA journal_mode = DELETE").fetchone()
    except sqlite3.DatabaseError as error:
        kind = error.sqlite_errorcode & _PRIMARY
        if kind in _DAMAGED:
            return
        if kind in _HELD:
            raise StoreBusy(
                f"{path}: another process has it open; wait until that is done"
            ) from error
        with explained(path):
            raise


def _close_log(path: Path) -> None:
    """Leave nothing beside a store that is to be no more."""
    fold_log(path)
    for beside in ("-wal", "-shm", "-journal"):
        # What SQLite would replay into the next store; of a damaged one it could not be folded in.
        path.with_name(path.name + beside).unlink(missing_ok=True)
