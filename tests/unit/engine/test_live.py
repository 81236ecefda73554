from __future__ import annotations

import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.analysis import build_bundle
from indexer.engine import IndexDamaged, IndexMissing, LiveIndex, Query
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.engine.whoosh_backend.searcher import WhooshSearcher
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
    followed = LiveIndex(index, check_every_s=0.0, silence_s=0.0)
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


def test_the_same_trouble_is_logged_once(
    live: LiveIndex,
    publish: Callable[[int], str],
    tmp_path: Path,
    caplog: pytest.LogCaptureFixture,
) -> None:
    publish(1)
    total(live)
    (tmp_path / "index" / "CURRENT").write_text("nonsense")

    for _ in range(5):
        assert total(live) == 1

    assert caplog.text.count("goes on serving") == 1


# --- what must be hidden ------------------------------------------------------------------------


def everything_shown(live: LiveIndex) -> set[str]:
    """Ask for documents in every way there is."""
    with live.searcher() as searcher:
        found = searcher.search(Query(limit=100, facets=("source",)))
        shown = {hit.document.id for hit in found.hits}
        assert found.total == len(shown)
        assert sum(value.count for value in found.facets["source"]) == len(shown)
        assert {held.id for held in searcher.scan()} == shown
        assert {held.id for held in map(searcher.get, ("doc-000", "doc-001")) if held} <= shown
        return shown


def test_a_suppression_is_applied_within_a_second_while_threads_search(
    index: WhooshIndex, publish: Callable[[int], str]
) -> None:
    publish(2)
    live = LiveIndex(index)
    later: list[set[str]] = []
    hidden_since = [float("inf")]

    def search() -> None:
        while len(later) < 20:
            begun = time.monotonic()
            shown = everything_shown(live)
            if begun > hidden_since[0] + 1.0:
                later.append(shown)

    threads = [threading.Thread(target=search) for _ in range(3)]
    for thread in threads:
        thread.start()
    index.suppress(frozenset({"doc-000"}))
    hidden_since[0] = time.monotonic()
    for thread in threads:
        thread.join()

    assert [shown for shown in later if shown != {"doc-001"}] == []
    live.close()


def test_nobody_is_shown_what_is_hidden_while_another_opens_the_new_generation(
    index: WhooshIndex, publish: Callable[[int], str]
) -> None:
    opening, go_on = threading.Event(), threading.Event()

    class SlowToOpen(WhooshIndex):
        """An index so large that opening it takes a while, from the second time on."""

        opened = 0

        def searcher(self, generation: str | None = None) -> WhooshSearcher:
            self.opened += 1
            if self.opened > 1:
                opening.set()
                go_on.wait(30)
            return super().searcher(generation)

    publish(2)
    live = LiveIndex(SlowToOpen(index._directory.root), check_every_s=0.0)
    assert everything_shown(live) == {"doc-000", "doc-001"}
    answers: list[set[str]] = []

    def ask() -> None:
        answers.append(everything_shown(live))

    threads = [threading.Thread(target=ask) for _ in range(3)]
    index.suppress(frozenset({"doc-000"}))
    threads[0].start()
    assert opening.wait(30)
    for thread in threads[1:]:
        thread.start()
    time.sleep(0.2)
    assert answers == []
    go_on.set()
    for thread in threads:
        thread.join()

    assert answers == [{"doc-001"}] * 3
    live.close()


def test_while_a_generation_opens_the_others_answer_from_the_old_one(
    index: WhooshIndex, publish: Callable[[int], str]
) -> None:
    publish(1)
    opening, go_on = threading.Event(), threading.Event()

    class SlowToOpen(WhooshIndex):
        """An index so large that opening a second generation takes a while."""

        def searcher(self, generation: str | None = None) -> WhooshSearcher:
            if self.current() != "gen-000001":
                opening.set()
                go_on.wait(30)
            return super().searcher(generation)

    live = LiveIndex(SlowToOpen(index._directory.root), check_every_s=0.0, silence_s=float("inf"))
    assert total(live) == 1
    publish(2)

    # Neither who notices it waits, nor who comes later.
    assert [total(live) for _ in range(3)] == [1, 1, 1]

    assert opening.wait(30)
    go_on.set()
    deadline = time.monotonic() + 30
    while total(live) != 2:
        assert time.monotonic() < deadline
        time.sleep(0.01)
    live.close()


def test_a_damaged_list_of_what_is_hidden_shows_nothing_more(
    live: LiveIndex, index: WhooshIndex, publish: Callable[[int], str], tmp_path: Path
) -> None:
    publish(3)
    index.suppress(frozenset({"doc-000"}))
    assert everything_shown(live) == {"doc-001", "doc-002"}

    (tmp_path / "index" / "suppressed.json").write_text("{")

    assert everything_shown(live) == {"doc-001", "doc-002"}
    with pytest.raises(IndexDamaged, match="nothing is shown"):
        everything_shown(LiveIndex(index))
    publish(2)
    assert everything_shown(live) == {"doc-001", "doc-002"}

    index.suppress(frozenset({"doc-000"}))
    assert everything_shown(live) == {"doc-001"}


def test_what_is_hidden_is_hidden_though_the_new_generation_cannot_be_opened(
    live: LiveIndex, index: WhooshIndex, publish: Callable[[int], str], tmp_path: Path
) -> None:
    publish(2)
    assert everything_shown(live) == {"doc-000", "doc-001"}
    newest = publish(3)
    (tmp_path / "index" / newest / "manifest.json").unlink()
    assert everything_shown(live) == {"doc-000", "doc-001"}

    index.suppress(frozenset({"doc-000"}))

    assert everything_shown(live) == {"doc-001"}
    assert live.version.startswith("gen-000001-")


def test_when_what_must_be_hidden_cannot_be_hidden_nothing_is_shown(
    live: LiveIndex, index: WhooshIndex, publish: Callable[[int], str], tmp_path: Path
) -> None:
    publish(2)
    assert everything_shown(live) == {"doc-000", "doc-001"}
    newest = publish(3)
    (tmp_path / "index" / newest / "manifest.json").unlink()
    index.prune(keep=1)

    index.suppress(frozenset({"doc-000"}))

    for _ in range(2):
        with pytest.raises(IndexDamaged, match="samsok rollback"):
            everything_shown(live)
    publish(2)
    assert everything_shown(live) == {"doc-001"}


def test_who_comes_after_a_silence_is_answered_from_the_new_generation(
    index: WhooshIndex, publish: Callable[[int], str]
) -> None:
    live = LiveIndex(index, check_every_s=0.0, silence_s=0.05)
    publish(1)
    assert total(live) == 1
    publish(2)

    time.sleep(0.1)

    assert total(live) == 2
    live.close()


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
    live: LiveIndex, index: WhooshIndex, publish: Callable[[int], str]
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
        index.prune(keep=1)
    stop.set()
    for thread in threads:
        thread.join()

    assert failures == []
    assert total(live) == 5
    assert seen <= {1, 2, 3, 4, 5}
