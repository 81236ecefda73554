from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.analysis import build_bundle
from indexer.engine import IndexMissing, LiveIndex, Query
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.model import Vocabulary
from tests.support.documents import document


@pytest.fixture
def index(tmp_path: Path) -> WhooshIndex:
    return WhooshIndex(tmp_path / "index")


@pytest.fixture
def publish(index: WhooshIndex, tmp_path: Path) -> Callable[[int], str]:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    build_bundle(bundle, words={}, vocabulary=Vocabulary())

    def build(count: int) -> str:
        with index.writer(bundle=bundle) as writer:
            for number in range(count):
                writer.put(document(number))
        name = index.generations()[-1].name
        index.publish(name)
        return name

    return build


@pytest.fixture
def live(index: WhooshIndex) -> Iterator[LiveIndex]:
    followed = LiveIndex(index, check_every_s=0.0)
    yield followed
    followed.close()


def total(live: LiveIndex) -> int:
    with live.searcher() as searcher:
        return searcher.search(Query()).total


def test_before_the_first_generation_there_is_nothing_and_then_there_is(
    live: LiveIndex, publish: Callable[[int], str]
) -> None:
    assert live.version == ""
    with pytest.raises(IndexMissing), live.searcher():
        pass

    publish(1)

    assert total(live) == 1


def test_a_new_generation_is_followed_and_a_running_search_keeps_the_old_one(
    live: LiveIndex, publish: Callable[[int], str]
) -> None:
    first = publish(1)
    assert live.version == first

    with live.searcher() as running:
        second = publish(2)
        assert total(live) == 2
        assert live.version == second
        assert running.search(Query()).total == 1

    assert total(live) == 2


def test_a_suppression_is_followed_and_changes_the_version(
    live: LiveIndex, index: WhooshIndex, publish: Callable[[int], str]
) -> None:
    name = publish(2)

    index.suppress(frozenset({"doc-000"}))

    assert total(live) == 1
    assert live.version != name
    assert live.version.startswith(name)


def test_a_generation_that_cannot_be_opened_leaves_the_old_one_serving(
    live: LiveIndex,
    publish: Callable[[int], str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    publish(1)
    assert total(live) == 1

    (tmp_path / "index" / "CURRENT").write_text("nonsense")

    assert total(live) == 1
    assert "goes on serving" in caplog.text


def test_between_checks_the_disk_is_left_alone(
    index: WhooshIndex, publish: Callable[[int], str]
) -> None:
    publish(1)
    live = LiveIndex(index, check_every_s=3600)
    assert total(live) == 1

    publish(2)

    assert total(live) == 1
    live.close()
    assert total(live) == 2
    live.close()


def test_switching_under_load_fails_no_search(
    live: LiveIndex, publish: Callable[[int], str]
) -> None:
    publish(1)
    seen: set[int] = set()
    failures: list[Exception] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            try:
                seen.add(total(live))
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a failure
                failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(4)]
    for thread in threads:
        thread.start()
    for count in (2, 3, 4, 5):
        publish(count)
    stop.set()
    for thread in threads:
        thread.join()

    assert failures == []
    assert total(live) == 5
    assert seen <= {1, 2, 3, 4, 5}
