"""What is told when the cluster is not there, not ours, too old, slow or refuses: a way out."""

from __future__ import annotations

import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager, nullcontext
from pathlib import Path
from typing import Any

import falcon.testing
import pytest

from indexer.engine import open_index
from indexer.engine.opensearch_backend import ClusterSettings, OpenSearchIndex
from indexer.engine.opensearch_backend.asking import ask_every_shard
from indexer.engine.opensearch_backend.bulk import ATTEMPTS, BulkWriter
from indexer.engine.opensearch_backend.cluster import Refused
from indexer.errors import IndexMissing, IndexUnreachable, IndexUnwritable
from search_api.app import create_app
from search_api.settings import Settings
from tests.support.cluster_proxy import Answer, Proxy, Rule, standing_in, welcome
from tests.support.serving import free_port

VARIABLE = "env:SAMSOK_UNSET"


@contextmanager
def talking(rule: Rule, **settings: Any) -> Iterator[tuple[OpenSearchIndex, Proxy]]:
    with standing_in(rule) as proxy:
        given = ClusterSettings(urls=(proxy.url,), **settings)
        index = OpenSearchIndex(given, cache=Path("/nowhere"))
        yield index, proxy
        index.cluster.close()


def saying(**answers: Answer) -> Rule:
    def rule(method: str, path: str) -> Answer | None:
        if path == "/":
            return answers.get("root", welcome())
        return answers.get(method.lower())

    return rule


def refusal(status: int, kind: str, reason: str = "") -> Answer:
    return status, {"error": {"type": kind, "reason": reason, "root_cause": [{"reason": reason}]}}


def test_nobody_answers() -> None:
    url = f"http://127.0.0.1:{free_port()}"
    index = open_index({"backend": "opensearch", "url": [url]}, Path("/nowhere"))

    with pytest.raises(IndexUnreachable, match=rf"no node .* at {url}; start it, or correct"):
        index.current()


def test_credentials_are_wrong() -> None:
    denied = (401, {"error": "Unauthorized"})
    with (
        talking(saying(root=denied)) as (index, _),
        pytest.raises(IndexUnreachable, match=r"does not let us in \(401\); check index.user"),
    ):
        index.current()


def test_a_user_who_may_not_is_told_so() -> None:
    denied = refusal(403, "security_exception", "no permissions")
    with (
        talking(saying(get=denied)) as (index, _),
        pytest.raises(IndexUnreachable, match=r"\(403\).* what that user may do"),
    ):
        index.current()


def test_credentials_come_from_the_environment(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("SAMSOK_UNSET", raising=False)
    with talking(saying(), username="env:SAMSOK_UNSET", password=VARIABLE) as (index, _):
        with pytest.raises(IndexUnreachable, match="no variable SAMSOK_UNSET"):
            index.current()

        monkeypatch.setenv("SAMSOK_UNSET", "hemligt")
        assert index.current() is None


@pytest.mark.parametrize(
    ("root", "told"),
    [
        (welcome("1.3.20"), r"is OpenSearch 1\.3\.20; Samsök needs 2\.0 or later: upgrade it"),
        (welcome("8.1.0", ""), "is not OpenSearch"),
        ((200, {"hello": "there"}), "is not OpenSearch"),
    ],
)
def test_what_answers_is_of_another_kind(root: Answer, told: str) -> None:
    with talking(saying(root=root)) as (index, _), pytest.raises(IndexUnreachable, match=told):
        index.current()


def test_a_node_is_slow() -> None:
    def rule(_method: str, path: str) -> Answer | None:
        if path != "/":
            time.sleep(1.0)
        return welcome()

    with (
        talking(rule, timeout_s=0.3) as (index, _),
        pytest.raises(IndexUnreachable, match=r"did not answer within 0\.3 s; look at its"),
    ):
        index.cluster.ask("GET", "/_cluster/health")


def test_a_node_that_did_not_answer_in_time_is_left_out_for_a_while() -> None:
    def slow(_method: str, path: str) -> Answer | None:
        if path != "/":
            time.sleep(1.0)
        return welcome()

    with standing_in(slow) as frozen, standing_in(saying(get=(200, {}))) as other:
        given = ClusterSettings(urls=(frozen.url, other.url), timeout_s=0.3)
        index = OpenSearchIndex(given, cache=Path("/nowhere"))
        waited = 0
        for _ in range(8):
            try:
                index.cluster.ask("GET", "/_cluster/health")
            except IndexUnreachable:
                waited += 1
        index.cluster.close()

    assert waited == 1
    assert frozen.asked.count("GET /_cluster/health") == 1


@pytest.mark.parametrize(
    ("answers", "asked"),
    [
        ([(500, "search_phase_execution_exception"), None], 2),
        ([(500, "search_phase_execution_exception")] * 2, 2),
        ([(429, "search_phase_execution_exception")], 1),
        ([(400, "search_phase_execution_exception")], 1),
        ([(500, "null_pointer_exception")], 1),
    ],
)
def test_a_shard_whose_node_died_is_asked_once_more(
    answers: list[tuple[int, str] | None], asked: int
) -> None:
    left = iter(answers)

    def rule(_method: str, path: str) -> Answer | None:
        if path == "/":
            return welcome()
        failed = next(left)
        return refusal(*failed) if failed else (200, {"hits": {"hits": []}})

    fails = pytest.raises(Refused) if answers[-1] else nullcontext()
    with talking(rule) as (index, cluster):
        with fails as failure:
            ask_every_shard(index.cluster, "samsok-gen-000001", {"size": 0})
        if failure:
            assert (failure.value.status, failure.value.kind) == answers[-1]
        searches = [one for one in cluster.asked if "_search" in one]

    assert len(searches) == asked
    assert next(left, "no more") == "no more"


def test_nothing_was_ever_published() -> None:
    with talking(saying()) as (index, _), pytest.raises(IndexMissing, match="samsok reindex"):
        index.searcher()


def test_a_cluster_whose_disks_are_full_says_what_to_do() -> None:
    block = refusal(
        403, "cluster_block_exception", "blocked by: [FORBIDDEN/12/index read-only / allow delete]"
    )
    with (
        talking(saying(put=block, get=(200, {}))) as (index, _),
        pytest.raises(IndexUnwritable, match=r"flood-stage .* Free space .* goes on serving"),
    ):
        index.suppress(frozenset({"doc-001"}))


def bulk(index: OpenSearchIndex, pauses: list[float]) -> BulkWriter:
    return BulkWriter(index.cluster, "samsok-gen-000001", sleep=pauses.append)


def test_a_cluster_that_stays_busy_is_given_up_after_ever_longer_pauses() -> None:
    busy = refusal(429, "rejected_execution_exception", "queue is full")
    pauses: list[float] = []
    with talking(saying(post=busy)) as (index, proxy):
        writer = bulk(index, pauses)
        writer.put("doc-001", {"id": "doc-001"})
        with pytest.raises(IndexUnwritable, match=r"did not take 1 documents.*429.*samsok doctor"):
            writer.flush()
        writer.close()

    assert sum("_bulk" in asked for asked in proxy.asked) == ATTEMPTS
    assert len(pauses) == ATTEMPTS
    assert pauses[0] < 1 < pauses[-1] <= 30


@pytest.mark.parametrize("status", [429, 503])
def test_only_what_was_rejected_is_sent_again(status: int) -> None:
    pauses: list[float] = []
    bodies: Iterator[list[object]] = iter(
        [
            [{"index": {"_id": "a", "status": 201}}, _rejected("b", status)],
            [{"index": {"_id": "b", "status": 201}}],
        ]
    )

    def rule(_method: str, path: str) -> Answer | None:
        if path == "/":
            return welcome()
        items = next(bodies)
        return 200, {"errors": len(items) > 1, "items": items}

    with talking(rule) as (index, proxy):
        writer = bulk(index, pauses)
        writer.put("a", {"id": "a"})
        writer.put("b", {"id": "b"})
        writer.flush()
        writer.close()

    assert sum("_bulk" in asked for asked in proxy.asked) == 2
    assert len(pauses) == 1


def test_a_document_that_is_refused_for_good_is_named() -> None:
    error = {"type": "mapper_parsing_exception", "reason": "no"}
    item = {"index": {"_id": "doc-007", "status": 400, "error": error}}
    with talking(saying(post=(200, {"errors": True, "items": [item]}))) as (index, _):
        writer = bulk(index, [])
        writer.put("doc-007", {"id": "doc-007"})
        with pytest.raises(IndexUnwritable, match=r"refuses the document doc-007: 400 mapper"):
            writer.flush()
        writer.close()


@pytest.mark.parametrize(
    "root", [(401, {"error": "Unauthorized"}), welcome("1.0.0"), (500, {"error": "broken"})]
)
def test_searchers_are_told_503_as_a_problem(root: Answer, tmp_path: Path) -> None:
    with talking(saying(root=root)) as (index, _):
        client = falcon.testing.TestClient(create_app(index, Settings(data_dir=str(tmp_path))))
        for path in ("/api/v1/search?q=avtal", "/readyz"):
            answer = client.simulate_get(path)

            assert answer.status_code == 503
            assert answer.headers["content-type"] == "application/problem+json"
            assert "Unauthorized" not in answer.text


def test_the_client_is_loaded_only_when_a_cluster_is_asked() -> None:
    code = (
        "import sys, search_api.app, indexer.cli\n"
        "assert not {'opensearchpy', 'requests', 'urllib3'} & {*sys.modules}"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_without_the_client_it_is_said_what_to_install(
    monkeypatch: pytest.MonkeyPatch, index_of: Callable[[str], OpenSearchIndex]
) -> None:
    monkeypatch.setitem(sys.modules, "opensearchpy", None)

    with pytest.raises(IndexUnreachable, match=r"pip install 'samsok\[opensearch\]'"):
        index_of("http://127.0.0.1:9").current()


@pytest.fixture
def index_of() -> Callable[[str], OpenSearchIndex]:
    def open_one(url: str) -> OpenSearchIndex:
        return OpenSearchIndex(ClusterSettings(urls=(url,)), cache=Path("/nowhere"))

    return open_one


def _rejected(name: str, status: int) -> dict[str, object]:
    error = {"type": "rejected_execution_exception", "reason": "queue is full"}
    return {"index": {"_id": name, "status": status, "error": error}}
