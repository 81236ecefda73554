"""The SQLite file under the store: opening, migrating, transactions, errors with advice.

Durability: write-ahead log with ``synchronous=NORMAL``. A killed process loses nothing that was
committed. A power cut may lose the last transactions, each of them whole, and the next crawl
fetches those pages again; ``FULL`` would buy them back with an fsync for every page
(https://www.sqlite.org/pragma.html#pragma_synchronous).
"""

from __future__ import annotations

import sqlite3
from contextlib import closing, contextmanager
from typing import TYPE_CHECKING, Self

from indexer.errors import StoreBusy, StoreError
from indexer.store.schema import APPLICATION_ID, MIGRATIONS

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

Value = str | int | float | bytes | None
Row = sqlite3.Row

_BUSY_TIMEOUT_MS = 10_000
_CACHE_KIB = 16_384

_ADVICE = (
    ("readonly", "cannot be written; check its owner and permissions, and those of its directory"),
    ("unable to open", "cannot be opened; check the path and the permissions of its directory"),
    ("not a database", "is not a Samsok store; restore a backup, or move the file away and crawl"),
    ("malformed", "is damaged; restore a backup, or move the file away and crawl again"),
    ("locked", "is being written by another process; try again when that is done"),
    ("full", "cannot grow: the disk is full; free some space and run again"),
    ("disk i/o", "cannot be read from or written to the disk; look at the system's log"),
)


class Database:
    """A connection that belongs to one thread, whose failures are `StoreError`s."""

    def __init__(self, connection: sqlite3.Connection, path: Path) -> None:
        self._connection = connection
        self._path = path

    @classmethod
    def open(cls, path: Path) -> Self:
        """Open the file, creating it or bringing it up to this version as needed.

        Raises:
            StoreError: If the file is damaged, not ours, of a newer version or not writable.
        """
        try:
            path.parent.mkdir(parents=True, exist_ok=True)
        except OSError as error:
            raise StoreError(f"{path.parent}: cannot be created ({error.strerror})") from error
        with explained(path):
            connection = sqlite3.connect(path, isolation_level=None)
        database = cls(connection, path)
        try:
            with explained(path):
                database._prepare()
        except StoreError:
            connection.close()
            raise
        return database

    def execute(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Run a statement and return how many rows it changed."""
        with explained(self._path), closing(self._connection.execute(sql, values)) as cursor:
            return cursor.rowcount

    def execute_many(self, sql: str, rows: Sequence[Sequence[Value]]) -> None:
        """Run a statement once for each row of values."""
        with explained(self._path):
            self._connection.executemany(sql, rows).close()

    def rows(self, sql: str, values: Sequence[Value] = ()) -> list[Row]:
        """Return all rows of a query; page through what may be large."""
        with explained(self._path), closing(self._connection.execute(sql, values)) as cursor:
            return cursor.fetchall()

    def row(self, sql: str, values: Sequence[Value] = ()) -> Row | None:
        """Return the first row of a query, or None."""
        rows = self.rows(sql, values)
        return rows[0] if rows else None

    def number(self, sql: str, values: Sequence[Value] = ()) -> int:
        """Return the single whole number that a query answers."""
        row = self.row(sql, values)
        return int(row[0]) if row is not None and row[0] is not None else 0

    @contextmanager
    def transaction(self) -> Iterator[None]:
        """Make everything inside happen together or not at all; nested blocks join the outer."""
        if self._connection.in_transaction:
            yield
            return
        self.execute("BEGIN IMMEDIATE")
        try:
            yield
            self.execute("COMMIT")
        except BaseException:
            self._roll_back()
            raise

    def _roll_back(self) -> None:
        # SQLite rolls back by itself on some errors, such as a full disk.
        if self._connection.in_transaction:
            self._connection.execute("ROLLBACK").close()

    def overwrite_what_is_deleted(self) -> None:
        """Write zeros over what is deleted from now on, wherever it lies."""
        self._pragma("secure_delete = ON")

    def rewrite(self) -> bool:
        """Write the file anew, with nothing in it of what was deleted; tell whether that was done.

        It takes the room of a second file for as long as it lasts, and waits for nobody: while
        another process has the store open, the old pages may stay in the log.

        Raises:
            StoreError: If there is no room, or another process is writing.
        """
        self.execute("VACUUM")
        row = self.row("PRAGMA wal_checkpoint(TRUNCATE)")
        return row is not None and not row[0]

    def close(self) -> None:
        """Close the file. Closing twice is no error."""
        self._connection.close()

    def _prepare(self) -> None:
        connection = self._connection
        connection.row_factory = sqlite3.Row
        # Crawled content may hold anything; text that is not UTF-8 must not stop a read.
        connection.text_factory = lambda raw: raw.decode("utf-8", "replace")
        self._pragma(f"busy_timeout = {_BUSY_TIMEOUT_MS}")
        version = self._version()
        self._pragma("journal_mode = WAL")
        self._pragma("synchronous = NORMAL")
        self._pragma("foreign_keys = ON")
        self._pragma("secure_delete = FAST")
        self._pragma(f"cache_size = -{_CACHE_KIB}")
        if version < len(MIGRATIONS):
            self._migrate()
        with self.transaction():
            # The first write shows whether writing is possible at all, before any work is done.
            self._pragma(f"user_version = {len(MIGRATIONS)}")

    def _version(self) -> int:
        application = self.number("PRAGMA application_id")
        version = self.number("PRAGMA user_version")
        foreign = application not in {0, APPLICATION_ID}
        if foreign or (not application and self.number("SELECT count(*) FROM sqlite_schema")):
            raise StoreError(
                f"{self._path}: is the database of another program; set data_dir to another place"
            )
        if version > len(MIGRATIONS):
            raise StoreError(
                f"{self._path}: was written by a newer Samsok (store version {version}, this one "
                f"reads up to {len(MIGRATIONS)}); update Samsok, or restore an older backup"
            )
        return version

    def _migrate(self) -> None:
        with self.transaction():
            # Read again inside the transaction: another process may have been quicker.
            for number, script in enumerate(MIGRATIONS, start=1):
                if number > self.number("PRAGMA user_version"):
                    for statement in filter(str.strip, script.split(";\n")):
                        self.execute(statement)
                    self._pragma(f"user_version = {number}")
            self._pragma(f"application_id = {APPLICATION_ID}")

    def _pragma(self, setting: str) -> None:
        self._connection.execute(f"PRAGMA {setting}").close()


@contextmanager
def explained(path: Path) -> Iterator[None]:
    """Turn what SQLite says into what the operator can do about it."""
    try:
        yield
    except sqlite3.Error as error:
        said = str(error)
        advice = next((text for sign, text in _ADVICE if sign in said.lower()), None)
        kind = StoreBusy if "locked" in said.lower() else StoreError
        raise kind(f"{path}: {advice or 'cannot be used'} ({said})") from error
