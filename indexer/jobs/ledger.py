"""The copy of the ledger of erasures that lies beside the store, or apart from it."""

from __future__ import annotations

from contextlib import suppress
from typing import TYPE_CHECKING

from indexer.engine.durable import disk_errors, replace_file
from indexer.erasure import erasures_from_json, erasures_to_json
from indexer.errors import StoreError
from indexer.jobs.switch import WHOLE
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.erasure import Erasure

LEDGER = "erasures.json"
"""The copy of the ledger in the data directory; readable by its owner only."""


def write_ledger(store: DocumentStore, path: Path) -> None:
    """Write the ledger, with its keys, to a file that only its owner can read.

    Raises:
        IndexUnwritable: If the disk does not take it.
    """
    said = erasures_to_json(store.erasures.all())
    with suppress(OSError):
        if path.read_bytes() == said:
            return
    with disk_errors(path.parent):
        draft = path.with_name(f".{path.name}.new")
        draft.touch(mode=0o600)
        draft.chmod(0o600)
        replace_file(path, said)


def read_ledger(path: Path) -> tuple[Erasure, ...]:
    """Return the ledger that `write_ledger` wrote.

    Raises:
        StoreError: If it cannot be read.
    """
    try:
        return erasures_from_json(path.read_bytes())
    except OSError as error:
        raise StoreError(f"{path} cannot be read: {error.strerror}") from error
    except ValueError as error:
        raise StoreError(
            f"{path} does not say what was forgotten ({error}), so that it might come back; put a "
            "copy of the ledger there, or delete it if nothing was ever forgotten"
        ) from error


def recall(store: DocumentStore, data_dir: Path) -> None:
    """Take up the ledger of a store that is no more: it was lost, or moved away.

    Raises:
        StoreError: If the copy is there and cannot be read.
    """
    path = data_dir / LEDGER
    if path.exists():
        store.erasures.merge(read_ledger(path))


def ledger_of(data_dir: Path) -> tuple[Erasure, ...]:
    """Return all erasures that a data directory knows of, from its store and from the copy.

    Raises:
        StoreError: If the copy is there and cannot be read.
    """
    held: dict[str, Erasure] = {}
    copy, database = data_dir / LEDGER, data_dir / WHOLE
    if copy.exists():
        held = {one.id: one for one in read_ledger(copy)}
    if database.exists():
        # One that is damaged may be why a backup is restored; the copy holds the same.
        with suppress(StoreError), DocumentStore.open(database) as store:
            held |= {one.id: one for one in store.erasures.all()}
    return tuple(held.values())
