"""A node dies, with -9, or freezes, while four clients search and a generation is published."""

from __future__ import annotations

import logging
import os
import signal
import subprocess
import threading
import time
from collections import Counter
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import falcon.testing
import httpx
import pytest

from indexer.engine import Query
from indexer.engine.opensearch_backend import OpenSearchIndex, bulk
from indexer.errors import EngineError
from search_api.app import create_app
from search_api.settings import Settings
from tests.support.cluster import opened, urls
from tests.support.documents import document

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(600)]
ROOT = Path(__file__).parents[2]
SCRIPT = ROOT / "scripts" / "opensearch-cluster"
VICTIM = 2
CLIENTS = 4
FROZEN_S, PATIENCE_S = 20.0, 5.0

logger = logging.getLogger(__name__)


@dataclass
class Answers:
    """What the clients were answered: how often each, and how long the slowest took."""

    counts: Counter[str] = field(default_factory=Counter)
    slowest_s: float = 0.0

    def __str__(self) -> str:
        """Say it in a line, so that a failed test and a log tell the same."""
        told = ", ".join(f"{count} {what}" for what, count in sorted(self.counts.items()))
        return f"{self.counts.total()} requests ({told}), the slowest {self.slowest_s:.1f} s"


@pytest.fixture
def three_nodes() -> Iterator[None]:
    if len(urls()) != 3:
        pytest.skip("needs the three nodes of scripts/opensearch-cluster")
    yield
    subprocess.run([SCRIPT, "start"], check=True, stdout=subprocess.DEVNULL)


def publish(index: OpenSearchIndex, bundle: Path, size: int, *, middle: threading.Event) -> None:
    with index.writer(bundle=bundle) as writer:
        for number in range(size):
            writer.put(document(number, text="samverkan"))
            if number == size // 2:
                middle.set()
    index.publish(index.generations()[-1].name)


@pytest.mark.usefixtures("three_nodes")
def test_nobody_is_answered_wrong_and_the_publish_is_whole_or_nothing(
    bundle: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    # The node does not come back before the test is over: there is no use in waiting long for it.
    monkeypatch.setattr(bulk, "ATTEMPTS", 4)
    with opened(tmp_path / "cache", shards=3, replicas=1) as index:
        sizes = {300}
        publish(index, bundle, 300, middle=threading.Event())
        client = falcon.testing.TestClient(create_app(index, Settings(data_dir=str(tmp_path))))
        with _searching(client) as answers:
            middle = threading.Event()
            killer = threading.Thread(target=_kill, args=(middle,))
            killer.start()
            try:
                publish(index, bundle, 400, middle=middle)
                sizes.add(400)
            except EngineError:
                # Rolled back whole: the next one, on two nodes, is published.
                assert [held.documents for held in index.generations()] == [300]
            killer.join()
            publish(index, bundle, 500, middle=threading.Event())
            sizes.add(500)
            time.sleep(2)

    outcome = "published" if 400 in sizes else "rolled back"
    logger.info("%s; the publish beside the kill was %s", answers, outcome)
    counts = answers.counts
    assert {*counts} <= {"503", *(f"of {size}" for size in sizes)}, answers
    assert counts["of 500"], answers
    assert counts.total() > 100, answers
    assert counts["503"] < counts.total() / 100, answers


@pytest.mark.usefixtures("three_nodes")
def test_a_whole_generation_is_published_although_the_manager_dies(
    bundle: Path, tmp_path: Path
) -> None:
    """From when it is whole its copies are on two nodes; who moves the alias is voted anew."""
    with opened(tmp_path / "cache", shards=3, replicas=1) as index:
        publish(index, bundle, 300, middle=threading.Event())
        client = falcon.testing.TestClient(create_app(index, Settings(data_dir=str(tmp_path))))
        with _searching(client) as answers:
            with index.writer(bundle=bundle) as writer:
                for number in range(400):
                    writer.put(document(number, text="samverkan"))
            whole = index.generations()[-1]
            os.kill(_pid(_elected()), signal.SIGKILL)
            index.publish(whole.name)
            time.sleep(2)

    logger.info("%s; the generation was published", answers)
    assert {*answers.counts} <= {"503", "of 300", "of 400"}, answers
    assert answers.counts["of 400"], answers
    assert answers.counts["503"] < answers.counts.total() / 100, answers


@pytest.mark.usefixtures("three_nodes")
def test_a_node_that_freezes_makes_some_wait_and_nobody_is_answered_wrong(
    bundle: Path, tmp_path: Path
) -> None:
    """As in a long pause of its memory or its machine: it takes requests, and answers none."""
    with opened(tmp_path / "cache", shards=3, replicas=1, timeout_s=PATIENCE_S) as index:
        publish(index, bundle, 300, middle=threading.Event())
        client = falcon.testing.TestClient(create_app(index, Settings(data_dir=str(tmp_path))))
        with _searching(client) as answers:
            time.sleep(2)
            os.kill(_pid(), signal.SIGSTOP)
            time.sleep(FROZEN_S)
            os.kill(_pid(), signal.SIGCONT)
            time.sleep(2)
        with index.searcher() as searcher:
            assert searcher.search(Query()).total == 300

    logger.info("%s; a node was frozen for %d s", answers, FROZEN_S)
    assert {*answers.counts} <= {"503", "of 300"}, answers
    assert answers.counts["503"] <= CLIENTS * FROZEN_S / PATIENCE_S, answers
    assert answers.slowest_s < FROZEN_S, answers


@contextmanager
def _searching(client: falcon.testing.TestClient) -> Iterator[Answers]:
    """Let the clients search for the length of the block; count what they are answered."""
    answers = Answers()
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            begun = time.monotonic()
            answer = client.simulate_get("/api/v1/search?q=samverkan&size=3")
            answers.slowest_s = max(answers.slowest_s, time.monotonic() - begun)
            answers.counts[_told(answer)] += 1

    with ThreadPoolExecutor(CLIENTS) as pool:
        clients = [pool.submit(search) for _ in range(CLIENTS)]
        try:
            yield answers
        finally:
            stop.set()
    for one in clients:
        one.result()


def _told(answer: falcon.testing.Result) -> str:
    """Return of how many documents an answer is, or what else it is."""
    kind = answer.headers["content-type"]
    if answer.status_code == 503 and kind == "application/problem+json":
        return "503"
    if answer.status_code != 200:
        return f"wrong: {answer.status_code} {kind}"
    found = len(answer.json["results"])
    if found != 3:
        return f"wrong: {found} of 3 results" if found else "empty"
    return f"of {answer.json['meta']['total']}"


def _kill(moment: threading.Event) -> None:
    moment.wait()
    os.kill(_pid(), signal.SIGKILL)


def _elected() -> int:
    """Return the number of the node that manages the cluster."""
    (node,) = httpx.get(f"{urls()[0]}/_nodes/_master").json()["nodes"].values()
    return int(node["attributes"]["samsok"])


def _pid(node: int = VICTIM) -> int:
    return int((ROOT / "build" / "opensearch" / f"node-9200-{node}" / "pid").read_text())
