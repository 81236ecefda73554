"""What the status says of stores that cannot be read as a whole."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest

from indexer.cli import main
from indexer.config import Config
from indexer.errors import StoreError
from indexer.jobs.status import status
from indexer.store import DocumentStore
from tests.support.documents import document


@pytest.fixture
def shards(settings: Config) -> tuple[Path, ...]:
    """The stores of two shards, of two documents each."""
    paths = tuple(settings.data_dir / f"crawl-{number}-of-2.db" for number in (1, 2))
    for path in paths:
        with DocumentStore.open(path) as store:
            for number in range(2):
                store.put(document(number, source="exempel"), fingerprint="1")
    return paths


def scribble_over(part: str, path: Path) -> None:
    """Damage the first page of a table or an index: the store can be opened, and not all read."""
    with closing(sqlite3.connect(path)) as connection:
        root = "SELECT rootpage FROM sqlite_schema WHERE name = ?"
        (page,) = connection.execute(root, (part,)).fetchone()
        (size,) = connection.execute("PRAGMA page_size").fetchone()
    held = bytearray(path.read_bytes())
    held[(page - 1) * size : page * size] = b"\xff" * size
    path.write_bytes(held)


@contextmanager
def written_by_another(path: Path) -> Iterator[None]:
    """Hold on to a store as `VACUUM` does after something was forgotten."""
    with closing(sqlite3.connect(path, isolation_level=None)) as connection:
        connection.execute("BEGIN EXCLUSIVE")
        yield


def outcomes(settings: Config) -> list[tuple[str, str, int, bool]]:
    told = status(settings).upkeep
    assert told is not None
    return [(it.name, it.outcome, it.documents, it.is_failing) for it in told.shards]


@pytest.mark.parametrize("part", ["documents_by_source", "crawls_by_source"])
def test_a_shard_that_is_damaged_anywhere_does_not_hide_the_others(
    settings: Config, shards: tuple[Path, ...], part: str
) -> None:
    scribble_over(part, shards[1])

    assert outcomes(settings) == [("1/2", "", 2, False), ("2/2", "unreadable", 0, True)]
    told = status(settings).upkeep
    assert told is not None
    assert [it.documents for it in told.sources] == [2]


def test_a_shard_that_another_process_holds_on_to_is_not_said_to_be_damaged(
    settings: Config,
    shards: tuple[Path, ...],
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.setattr("indexer.store.database._BUSY_TIMEOUT_MS", 100)
    monkeypatch.chdir(settings.path.parent)

    with written_by_another(shards[1]):
        assert outcomes(settings) == [("1/2", "", 2, False), ("2/2", "busy", 0, False)]
        assert main(["status"]) == 0
    assert "2/2  0  documents  another process holds on to its store" in capsys.readouterr().out

    assert outcomes(settings) == [("1/2", "", 2, False), ("2/2", "", 2, False)]


def test_the_store_of_a_whole_crawl_that_is_damaged_is_an_error_that_says_what_to_do(
    settings: Config,
) -> None:
    path = settings.data_dir / "crawl.db"
    DocumentStore.open(path).close()
    scribble_over("documents_by_source", path)

    with pytest.raises(StoreError, match="restore a backup"):
        status(settings)
