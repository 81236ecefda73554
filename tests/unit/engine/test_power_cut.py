"""Whatever a power cut leaves of a publish, it answers with the old generation or the new."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path

import pytest

from indexer.analysis import build_bundle
from indexer.engine import IndexMissing, Query
from indexer.engine.generations import GenerationDirectory
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.model import Vocabulary
from tests.support.documents import document
from tests.support.power_cut import Cut, Recorder

Answer = frozenset[str] | None
"""The titles of what is found; None when nothing has been published."""


@pytest.fixture(scope="module")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("bundle")
    build_bundle(directory, words={}, vocabulary=Vocabulary())
    return directory


class Work:
    """An index, and the steps that a job takes on it."""

    def __init__(self, root: Path, bundle: Path) -> None:
        self.index = WhooshIndex(root)
        self._bundle = bundle

    def build(self, *titles: str, base: str | None = None) -> str:
        writer = self.index.writer(bundle=self._bundle, base=base)
        for number, title in enumerate(titles):
            writer.put(document(number, title))
        return writer.commit().name

    def publish_the_first(self) -> None:
        self.index.publish(self.build("Första"))

    def publish_the_next(self) -> None:
        self.index.publish(self.build("Nästa", "Nästa igen"))

    def publish_one_from_another(self) -> None:
        self.index.publish(self.build("Ändrad", base=self.index.current()))

    def roll_back(self) -> None:
        self.index.publish(self.index.generations()[0].name)

    def publish_and_prune(self) -> None:
        self.publish_the_next()
        self.index.prune(keep=1)

    def suppress(self) -> None:
        self.index.suppress(frozenset({"doc-000"}))


@pytest.fixture
def work(tmp_path: Path, bundle: Path) -> Work:
    return Work(tmp_path / "index", bundle)


@pytest.fixture
def recorder(tmp_path: Path) -> Iterator[Recorder]:
    (tmp_path / "index").mkdir()
    recorder = Recorder(tmp_path / "index", tmp_path / "scratch")
    yield recorder
    recorder.close()


def answer(root: Path) -> Answer:
    for name in GenerationDirectory(root).names():
        assert GenerationDirectory(root).verify(name) == ()
    try:
        with WhooshIndex(root).searcher() as searcher:
            found = searcher.search(Query(limit=100))
            titles = frozenset(hit.document.title for hit in found.hits)
            assert found.total == len(titles)
            assert {held.title for held in searcher.scan()} == titles
            return titles
    except IndexMissing:
        return None


STEPS: Mapping[str, tuple[Callable[[Work], None], bool]] = {
    "the first publish": (Work.publish_the_first, False),
    "the next publish": (Work.publish_the_next, True),
    "a publish that shares files": (Work.publish_one_from_another, True),
    "a rollback": (Work.roll_back, True),
    "publish and prune": (Work.publish_and_prune, True),
    "a suppression": (Work.suppress, True),
}


@pytest.mark.parametrize("step", STEPS)
def test_a_power_cut_leaves_the_old_answer_or_the_new(
    work: Work, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, step: str
) -> None:
    do, has_old = STEPS[step]
    if has_old:
        work.index.publish(work.build("Gammal", "Gammal igen"))
        work.index.publish(work.build("Gällande", "Gällande igen", "Gällande ännu"))
    old = answer(recorder.root)

    with recorder.recording(monkeypatch):
        do(work)
    new = answer(recorder.root)

    assert old != new
    assert recorder.too_early == []
    seen = [(cut, answer(cut.root)) for cut in recorder.cuts()]
    assert [cut for cut, found in seen if found not in (old, new)] == []
    # Done is done, and what has become new does not become old again.
    assert {found for cut, found in seen if cut.call == "the end"} <= {new}
    least = [found for cut, found in seen if cut.survived == "no name"]
    assert sorted(least, key=[old, new].index) == least


def test_the_next_run_publishes_whatever_a_cut_left(
    work: Work, recorder: Recorder, monkeypatch: pytest.MonkeyPatch, bundle: Path
) -> None:
    work.publish_the_first()
    with recorder.recording(monkeypatch):
        work.publish_one_from_another()
    cuts = list(recorder.cuts())

    for cut in cuts[:: max(1, len(cuts) // 8)]:
        again = Work(_apart(cut), bundle)
        again.publish_the_next()
        assert answer(again.index._directory.root) == frozenset({"Nästa", "Nästa igen"})
        assert not (again.index._directory.root / "building").exists()


def test_a_power_cut_leaves_the_old_note_or_the_new(
    work: Work, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    work.index.put_note("status", b"old")
    with recorder.recording(monkeypatch):
        work.index.put_note("status", b"newer")

    found = [WhooshIndex(cut.root).note("status") for cut in recorder.cuts()]

    assert recorder.too_early == []
    assert set(found) == {b"old", b"newer"}


def test_what_two_generations_share_is_synced_once(
    work: Work, recorder: Recorder, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = work.build(*(f"Sida {number}" for number in range(20)))
    shared = {path.stat().st_ino for path in (recorder.root / base).rglob("*.document.col")}

    with recorder.recording(monkeypatch):
        name = work.build("Ny", base=base)

    written = {path.stat().st_ino for path in (recorder.root / name).rglob("*.document.col")}
    synced = {path.name for path in recorder.synced}
    by_number = {
        path.stat().st_ino: path.name for path in (recorder.root / name).rglob("*.document.col")
    }
    assert shared & written
    assert {by_number[number] for number in shared & written}.isdisjoint(synced)
    assert {by_number[number] for number in written - shared} <= synced
    assert work.index.verify(name) == ()


def _apart(cut: Cut) -> Path:
    """Copy a cut, whose files are shared with the other cuts."""
    return Path(shutil.copytree(cut.root, cut.root.with_name(f"{cut.root.name}-copy")))
