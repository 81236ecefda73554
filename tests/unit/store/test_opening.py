from __future__ import annotations

import os
import sqlite3
from pathlib import Path

import pytest

from indexer.errors import StoreError
from indexer.store import DocumentStore
from tests.support.documents import document


def test_a_new_store_is_made_with_its_directory(tmp_path: Path) -> None:
    with DocumentStore.open(tmp_path / "var" / "crawl.db") as store:
        assert store.count() == 0


def test_a_store_keeps_what_it_was_given_when_it_is_opened_again(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    with DocumentStore.open(path) as store:
        store.put(document(1), fingerprint="f1")
    with DocumentStore.open(path) as store:
        assert [found.id for found in store.documents()] == ["doc-001"]


def test_a_store_of_a_newer_version_is_refused_and_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    DocumentStore.open(path).close()
    with sqlite3.connect(path) as raw:
        raw.execute("PRAGMA user_version = 99")
    raw.close()
    with pytest.raises(StoreError, match=r"newer Samsok .*99.*update"):
        DocumentStore.open(path)


def test_a_store_of_an_older_version_is_brought_up_to_date_and_keeps_its_history(
    tmp_path: Path,
) -> None:
    path = tmp_path / "crawl.db"
    with DocumentStore.open(path) as store:
        store.put(document(1), fingerprint="f1")
    with sqlite3.connect(path) as raw:
        # As the first version left it.
        raw.execute("DROP TABLE erasures")
        raw.execute("ALTER TABLE history DROP COLUMN difference")
        for later in ("identity", "shard", "handed_over", "taken_in"):
            raw.execute(f"DROP TABLE {later}")
        raw.execute("PRAGMA user_version = 1")
    raw.close()

    with DocumentStore.open(path) as store:
        store.put(document(1, title="Ett annat namn"), fingerprint="f1")
        old, new = store.history()

    assert (old.event, old.difference) == ("added", None)
    assert new.difference is not None
    assert [it.added for it in new.difference.facts] == [("Ett annat namn",)]


def test_a_file_that_is_no_database_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    path.write_bytes(b"This is no database. " * 100)
    with pytest.raises(StoreError, match="is not a Samsok store"):
        DocumentStore.open(path)
    assert path.read_bytes().startswith(b"This")


def test_the_database_of_another_program_is_refused(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    with sqlite3.connect(path) as raw:
        raw.execute("CREATE TABLE bookmarks (url TEXT)")
    raw.close()
    with pytest.raises(StoreError, match="another program"):
        DocumentStore.open(path)


def test_a_damaged_store_is_reported_and_not_a_traceback(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    with DocumentStore.open(path) as store:
        for number in range(200):
            store.put(document(number, text="ord " * 500), fingerprint="f1")
    content = bytearray(path.read_bytes())
    content[4096:-4096] = os.urandom(len(content) - 8192)
    path.write_bytes(bytes(content))
    with pytest.raises(StoreError, match="damaged"), DocumentStore.open(path) as store:
        list(store.documents())


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everything")
def test_a_file_that_may_not_be_written_is_refused_at_once(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    DocumentStore.open(path).close()
    path.chmod(0o400)
    with pytest.raises(StoreError, match="cannot be written"):
        DocumentStore.open(path)


def test_a_path_that_cannot_be_a_directory_is_refused(tmp_path: Path) -> None:
    (tmp_path / "var").write_text("a file")
    with pytest.raises(StoreError, match="cannot be created"):
        DocumentStore.open(tmp_path / "var" / "crawl.db")


def test_a_directory_in_place_of_the_file_is_refused(tmp_path: Path) -> None:
    with pytest.raises(StoreError, match="cannot be opened"):
        DocumentStore.open(tmp_path)


def test_what_happens_in_a_failed_transaction_never_happened(tmp_path: Path) -> None:
    with DocumentStore.open(tmp_path / "crawl.db") as store:
        with pytest.raises(TypeError):
            _put_and_fail(store)
        assert store.count() == 0
        assert store.history() == []


def test_two_readers_and_a_writer_share_the_file(tmp_path: Path) -> None:
    path = tmp_path / "crawl.db"
    with DocumentStore.open(path) as writer, DocumentStore.open(path) as reader:
        with writer.transaction():
            writer.put(document(1), fingerprint="f1")
            assert reader.count() == 0
        assert reader.count() == 1


def test_closing_twice_is_no_error(tmp_path: Path) -> None:
    store = DocumentStore.open(tmp_path / "crawl.db")
    store.close()
    store.close()


def _put_and_fail(store: DocumentStore) -> None:
    with store.transaction():
        store.put(document(1), fingerprint="f1")
        store.record_run({"not": object()})
