"""Backing up and restoring where a cluster keeps the index: files of this machine and no others."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from indexer.config import Config
from indexer.errors import ArchiveError, IndexUnreachable
from indexer.jobs.archive import Archive
from indexer.jobs.backup import backup
from indexer.jobs.restore import restore
from indexer.store import DocumentStore
from tests.support.cluster_proxy import Answer, Proxy, standing_in, welcome
from tests.support.documents import document
from tests.support.serving import free_port

pytestmark = pytest.mark.usefixtures("index")


def unheard(_what: str, _done: int, _total: int) -> None:
    pass


def hide(_now: Path, staged: Path) -> None:
    (staged / "index").mkdir(exist_ok=True)
    (staged / "index" / "suppressed.json").write_text('["doc-001"]', encoding="utf-8")


def count(settings: Config) -> int:
    with DocumentStore.open(settings.data_dir / "crawl.db") as store:
        return store.count()


def clustered(settings: Config, url: str) -> Config:
    return replace(settings, index=replace(settings.index, backend="opensearch", url=(url,)))


@pytest.fixture
def changes(settings: Config) -> list[tuple[str, int]]:
    """What was changed in the cluster, and how many documents the store held at that time."""
    del settings
    return []


@pytest.fixture
def cluster(settings: Config, changes: list[tuple[str, int]]) -> Iterator[Proxy]:
    def rule(method: str, path: str) -> Answer | None:
        if path == "/":
            return welcome()
        if method == "GET":
            return None
        changes.append((f"{method} {path}", count(settings)))
        return 200, {}

    with standing_in(rule) as proxy:
        yield proxy


def test_an_index_in_a_cluster_is_not_backed_up_and_it_is_said_what_to_do(
    settings: Config, tmp_path: Path
) -> None:
    nowhere = clustered(settings, f"http://127.0.0.1:{free_port()}")

    with pytest.raises(ArchiveError, match=r"without --with-index.*--from-store.*snapshots"):
        backup(nowhere, tmp_path / "samsok.tar", with_index=True, told=unheard)

    assert not (tmp_path / "samsok.tar").exists()


def test_the_store_is_backed_up_and_restored_beside_a_cluster(
    settings: Config, tmp_path: Path, cluster: Proxy, changes: list[tuple[str, int]]
) -> None:
    """The cluster hears of a restore when the store has been replaced, and not before."""
    here = clustered(settings, cluster.url)
    held = count(settings)
    archive = Archive(backup(here, tmp_path / "samsok.tar", with_index=False, told=unheard).path)
    with DocumentStore.open(settings.data_dir / "crawl.db") as store:
        store.put(document(7), fingerprint="1")

    done = restore(here, archive, replace=True, store_only=False, told=unheard, carry_over=hide)

    assert done.generation is None
    assert count(settings) == held
    assert ("PUT /samsok-notes/_doc/suppressed", held) in changes
    assert {found for _, found in changes} == {held}


def test_a_restore_that_fails_before_the_switch_changes_nothing_in_the_cluster(
    settings: Config, tmp_path: Path, cluster: Proxy, changes: list[tuple[str, int]]
) -> None:
    here = clustered(settings, cluster.url)
    archive = Archive(backup(here, tmp_path / "samsok.tar", with_index=False, told=unheard).path)

    def fail(now: Path, staged: Path) -> None:
        hide(now, staged)
        raise ArchiveError("no room")

    with pytest.raises(ArchiveError, match="no room"):
        restore(here, archive, replace=True, store_only=False, told=unheard, carry_over=fail)

    assert changes == []


def test_a_cluster_that_does_not_answer_is_told_of_before_anything_is_replaced(
    settings: Config, tmp_path: Path
) -> None:
    archive = Archive(
        backup(settings, tmp_path / "samsok.tar", with_index=False, told=unheard).path
    )
    with DocumentStore.open(settings.data_dir / "crawl.db") as store:
        store.put(document(7), fingerprint="1")
    before = count(settings)
    nowhere = clustered(settings, f"http://127.0.0.1:{free_port()}")

    with pytest.raises(IndexUnreachable, match="start it, or correct"):
        restore(nowhere, archive, replace=True, store_only=False, told=unheard)

    assert count(settings) == before


def test_an_index_of_files_is_not_restored_over_a_cluster(
    settings: Config, tmp_path: Path, cluster: Proxy, changes: list[tuple[str, int]]
) -> None:
    path = tmp_path / "samsok.tar"
    archive = Archive(backup(settings, path, with_index=True, told=unheard).path)
    here = clustered(settings, cluster.url)

    with pytest.raises(ArchiveError, match=r"in a cluster .*--store-only.*--from-store"):
        restore(here, archive, replace=True, store_only=False, told=unheard)
    assert cluster.asked == []

    assert not restore(here, archive, replace=True, store_only=True, told=unheard).generation
    assert changes == []
