"""The stores of a data directory, and how all of them are replaced in one step.

The new ones lie in a folder of the directory, with a list of their names. One rename decides that
they are its stores now; what comes after it can be killed, and is completed by whoever works on
the directory next.
"""

from __future__ import annotations

import shutil
from typing import TYPE_CHECKING

import orjson

from indexer.crawl import Shard
from indexer.engine.durable import fsync_path, rename, replace_file
from indexer.store import fold_log, put_in_place, remove_store

if TYPE_CHECKING:
    from pathlib import Path

WHOLE = "crawl.db"
"""The store of a crawl that is not sharded, and the book of what jobs did in any case."""

DECIDED = "restored"
"""The folder of stores that are to replace those beside it."""

_NAMES = "stores.json"


def stores_in(folder: Path) -> tuple[Path, ...]:
    """Return all stores that are in a folder: the book, then those of the shards."""
    whole = folder / WHOLE
    return (*([whole] if whole.exists() else []), *Shard.stores(folder))


def decide(staged: Path, data_dir: Path) -> None:
    """Make the stores in `staged`, a folder of `data_dir`, the only ones that it has.

    The caller holds the lock of the job. `complete` does the rest.

    Raises:
        StoreError: If another process has an old one open, or its log cannot be folded in; then
            every one of them is as it was, with all that it holds.
    """
    for path in stores_in(data_dir):
        fold_log(path)
    for path in stores_in(staged):
        fsync_path(path)
    replace_file(staged / _NAMES, orjson.dumps([path.name for path in stores_in(staged)]))
    rename(staged, data_dir / DECIDED)


def put_decided(data_dir: Path) -> None:
    """Put the stores that were decided on in the place of the old; doing it again does no harm.

    Raises:
        StoreError: If another process has an old one open; to be tried again.
    """
    names_file = data_dir / DECIDED / _NAMES
    if not names_file.exists():
        return
    names = orjson.loads(names_file.read_bytes())
    for path in stores_in(data_dir):
        if path.name not in names:
            remove_store(path)
    for name in names:
        if (staged := data_dir / DECIDED / name).exists():
            put_in_place(staged, data_dir / name)
    names_file.unlink()


def complete(data_dir: Path) -> None:
    """Complete a switch that was decided and cut off; mostly there is none.

    Raises:
        StoreError: If another process has an old store open.
    """
    if (data_dir / DECIDED).is_dir():
        put_decided(data_dir)
        shutil.rmtree(data_dir / DECIDED, ignore_errors=True)
