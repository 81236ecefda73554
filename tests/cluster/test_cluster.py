"""What only a real cluster shows; scripts/opensearch-cluster starts one."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Iterable
from dataclasses import replace
from pathlib import Path

import falcon.testing
import pytest

from indexer.engine import Document, Query
from indexer.engine.opensearch_backend import OpenSearchIndex, bulk, generations
from indexer.errors import (
    GenerationUnknown,
    IndexDamaged,
    IndexLocked,
    IndexMissing,
    IndexUnwritable,
)
from search_api.app import create_app
from search_api.settings import Settings
from tests.support.cluster import opened, urls
from tests.support.cluster_proxy import Answer, standing_in
from tests.support.documents import document

pytestmark = pytest.mark.cluster
ROOT = Path(__file__).parents[2]


def publish(index: OpenSearchIndex, bundle: Path, documents: Iterable[Document]) -> str:
    with index.writer(bundle=bundle) as writer:
        for one in documents:
            writer.put(one)
    name = index.generations()[-1].name
    index.publish(name)
    return name


def total(index: OpenSearchIndex) -> int:
    with index.searcher() as searcher:
        return searcher.search(Query()).total


def test_what_a_busy_cluster_rejects_arrives_all_the_same(
    index: OpenSearchIndex, bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(bulk, "MOST_ACTIONS", 5)
    answers = iter([429, None, 503, 429, None, 502])

    def rule(_method: str, path: str) -> Answer | None:
        status = next(answers, None) if path.endswith("/_bulk") else None
        return (status, {"error": {"type": "busy", "reason": "queue"}}) if status else None

    with standing_in(rule, upstream=urls()[0]) as proxy:
        settings = replace(index.cluster.settings, urls=(proxy.url,))
        through = OpenSearchIndex(settings, cache=tmp_path / "other")
        publish(through, bundle, (document(number) for number in range(23)))
        through.cluster.close()

    assert next(answers, "all given") == "all given"
    assert total(index) == 23


def test_what_a_cluster_has_no_memory_for_arrives_a_little_later(
    index: OpenSearchIndex, bundle: Path
) -> None:
    """A node that answers 429 by itself: it may hold no more than some kilobytes of requests."""
    bound, busy_s = "network.breaker.inflight_requests.limit", 2.0

    def allow(limit: str | None) -> None:
        index.cluster.ask("PUT", "/_cluster/settings", {"transient": {bound: limit}})

    writer = index.writer(bundle=bundle)
    for number in range(40):
        writer.put(document(number, text=f"samverkan {number} " * 300))
    allow("50kb")
    begun, relief = time.monotonic(), threading.Timer(busy_s, allow, (None,))
    relief.start()
    try:
        index.publish(writer.commit().name)
    finally:
        relief.join()

    assert time.monotonic() - begun > busy_s
    assert total(index) == 40


def test_an_index_that_is_blocked_takes_nothing_and_goes_on_answering(
    index: OpenSearchIndex, bundle: Path
) -> None:
    name = publish(index, bundle, [document(1)])
    prefix = index.cluster.settings.prefix
    writer = index.writer(bundle=bundle)
    block = {"index.blocks.read_only_allow_delete": True}
    index.cluster.ask("PUT", f"/{prefix}-*/_settings", block)
    try:
        writer.put(document(2))
        with pytest.raises(IndexUnwritable, match="takes no writes: its disks are nearly full"):
            writer.commit()
        with pytest.raises(IndexUnwritable, match="Free space on its nodes"):
            index.suppress(frozenset({"doc-001"}))
        assert total(index) == 1
    finally:
        lifted = {"index.blocks.read_only_allow_delete": None}
        index.cluster.ask("PUT", f"/{prefix}-*/_settings", lifted)
        writer.rollback()
    assert [held.name for held in index.generations()] == [name]


def test_an_index_that_somebody_deleted_is_missed_with_a_way_out(
    index: OpenSearchIndex, bundle: Path
) -> None:
    name = publish(index, bundle, [document(1)])
    searcher = index.searcher()
    index.cluster.ask("DELETE", f"/{index.cluster.settings.prefix}-{name}")

    with pytest.raises(GenerationUnknown, match=r"no longer in the cluster .*samsok rollback"):
        searcher.search(Query())
    with pytest.raises(IndexMissing, match="run `samsok reindex` first"):
        index.searcher()


def test_searches_go_on_with_an_older_generation_when_somebody_deleted_the_one_in_service(
    index: OpenSearchIndex, bundle: Path, tmp_path: Path
) -> None:
    older = publish(index, bundle, [document(1)])
    newer = publish(index, bundle, [document(1), document(2)])
    client = falcon.testing.TestClient(create_app(index, Settings(data_dir=str(tmp_path))))
    assert client.simulate_get("/api/v1/search").json["meta"]["total"] == 2

    index.cluster.ask("DELETE", f"/{index.cluster.settings.prefix}-{newer}")
    missing = client.simulate_get("/api/v1/search")
    index.publish(older)  # as `samsok rollback` does
    time.sleep(1)
    found = client.simulate_get("/api/v1/search")

    assert (missing.status_code, missing.json["code"]) == (503, "index_unavailable")
    assert found.json["meta"]["total"] == 1


def test_the_files_of_a_bundle_are_fetched_once_and_checked(
    index: OpenSearchIndex, bundle: Path, tmp_path: Path
) -> None:
    name = publish(index, bundle, [document(1)])
    with index.searcher() as searcher:
        fetched = searcher.bundle
    files = {path.name: path.read_bytes() for path in fetched.iterdir() if path.is_file()}
    assert files == {path.name: path.read_bytes() for path in bundle.iterdir() if path.is_file()}

    files_index = f"{index.cluster.settings.prefix}-{name.replace('gen', 'files')}"
    with index.searcher() as again:
        assert again.bundle == fetched
    index.cluster.ask("POST", f"/{files_index}/_refresh")
    index.cluster.ask(
        "POST",
        f"/{files_index}/_delete_by_query",
        {"query": {"match_all": {}}},
        refresh=True,
    )
    assert "is not in the cluster as it was written" in index.verify(name)[0]
    with index.searcher():
        pass  # this machine has them
    shutil.rmtree(tmp_path / "cache")
    with pytest.raises(IndexDamaged, match="samsok reindex --from-store"):
        index.searcher()


def test_a_writer_that_was_killed_blocks_nobody_and_leaves_nothing(
    index: OpenSearchIndex, bundle: Path, tmp_path: Path
) -> None:
    first = publish(index, bundle, [document(1)])
    code = (
        "import sys; from pathlib import Path; from indexer.engine import open_index\n"
        "from tests.support.documents import document\n"
        "settings = {'backend': 'opensearch', 'url': sys.argv[1], 'prefix': sys.argv[2],"
        " 'replicas': 0}\n"
        "writer = open_index(settings, Path(sys.argv[4])).writer(bundle=Path(sys.argv[3]))\n"
        "writer.put(document(2)); print('begun', flush=True); sys.stdin.read()"
    )
    where = (urls()[0], index.cluster.settings.prefix, str(bundle), str(tmp_path / "killed"))
    writer = subprocess.Popen(
        [sys.executable, "-c", code, *where],
        cwd=ROOT,
        env=os.environ | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert writer.stdout
    assert writer.stdout.readline() == "begun\n"
    with pytest.raises(IndexLocked, match=rf"process {writer.pid}\); if it was killed"):
        index.writer(bundle=bundle)
    writer.send_signal(signal.SIGKILL)
    writer.communicate()

    second = publish(index, bundle, [document(3)])

    assert second > first
    assert [held.name for held in index.generations()] == [first, second]
    indices = index.cluster.ask("GET", f"/{index.cluster.settings.prefix}-gen-*/_settings")
    assert len(indices) == 2


def test_what_is_pruned_is_deleted_a_while_later(
    index: OpenSearchIndex, bundle: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    names = [publish(index, bundle, [document(number)]) for number in range(2)]
    prefix = index.cluster.settings.prefix
    assert index.prune(keep=1) == (names[0],)
    assert len(index.cluster.ask("GET", f"/{prefix}-gen-*/_settings")) == 2

    monkeypatch.setattr("indexer.engine.opensearch_backend.index.GRACE", generations.GRACE * 0)
    time.sleep(0.01)
    assert index.prune(keep=1) == ()

    assert [*index.cluster.ask("GET", f"/{prefix}-gen-*/_settings")] == [f"{prefix}-{names[1]}"]


def test_notes_are_kept_beside_the_generations(index: OpenSearchIndex) -> None:
    assert index.note("status") is None

    index.put_note("status", b'{"ok":true}')
    index.put_note("status", b"\x00\xff")

    assert index.note("status") == b"\x00\xff"


def test_the_cluster_tells_how_it_is(index: OpenSearchIndex) -> None:
    health = index.health()

    assert health.nodes >= 1
    assert health.version.startswith("2.")
    assert health.fullest_disk is not None
    assert health.watermarks == ("85%", "90%", "95%")


def test_more_copies_than_nodes_is_told_before_it_serves(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.engine.opensearch_backend.writer._GREEN_WITHIN_S", 1)
    with opened(tmp_path, replicas=9) as index:
        writer = index.writer(bundle=bundle)
        writer.put(document(1))
        with pytest.raises(IndexUnwritable, match=r"wants 10 nodes.*index\.replicas lower"):
            writer.commit()
        assert index.generations() == ()
