from __future__ import annotations

from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from indexer.analysis import build_bundle
from indexer.engine import Query, open_index
from indexer.engine.generations import GenerationDirectory
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.errors import IndexDamaged, IndexMissing
from indexer.model import Vocabulary
from tests.support.documents import document


@pytest.fixture
def root(tmp_path: Path) -> Path:
    """An index with two generations of one and two documents, the second in service."""
    (tmp_path / "bundle").mkdir()
    build_bundle(tmp_path / "bundle", words={}, vocabulary=Vocabulary())
    index = WhooshIndex(tmp_path / "index")
    for count in (1, 2):
        with index.writer(bundle=tmp_path / "bundle") as writer:
            for number in range(count):
                writer.put(document(number))
        index.publish(index.generations()[-1].name)
    return tmp_path / "index"


def truncate(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def some_segment(root: Path) -> Path:
    return next((root / "gen-000002" / "segments").glob("*.seg"))


HARMS: Mapping[str, Callable[[Path], object]] = {
    "a segment cut short": lambda root: truncate(some_segment(root)),
    "a segment deleted": lambda root: some_segment(root).unlink(),
    "a column cut short": lambda root: truncate(root / "gen-000002" / "columns" / "day.npy"),
    "no manifest": lambda root: (root / "gen-000002" / "manifest.json").unlink(),
    "an empty manifest": lambda root: (root / "gen-000002" / "manifest.json").write_text("{}"),
    "half a manifest": lambda root: truncate(root / "gen-000002" / "manifest.json"),
    "CURRENT with a wrong name": lambda root: (root / "CURRENT").write_text("gen-1\n"),
    "CURRENT that is no text": lambda root: (root / "CURRENT").write_bytes(b"\xff\x00"),
}


@pytest.mark.parametrize("harm", HARMS)
def test_a_damaged_generation_is_told_from_a_missing_one(root: Path, harm: str) -> None:
    HARMS[harm](root)

    with pytest.raises(IndexDamaged, match="samsok reindex --from-store"):
        WhooshIndex(root).searcher()


def test_a_damaged_generation_cannot_be_published(root: Path) -> None:
    truncate(some_segment(root))
    index = WhooshIndex(root)
    index.publish("gen-000001")

    with pytest.raises(IndexDamaged):
        index.publish("gen-000002")

    assert index.current() == "gen-000001"


def test_an_index_of_another_version_says_so(root: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("indexer.engine.schema.VERSION", "999")

    with pytest.raises(IndexDamaged, match="another version"):
        WhooshIndex(root).searcher()


def test_unreadable_suppressions_hide_everything_rather_than_nothing(root: Path) -> None:
    (root / "suppressed.json").write_text("[")

    with pytest.raises(IndexDamaged, match=r"suppressed\.json"):
        WhooshIndex(root).searcher()


def test_what_a_killed_writer_left_behind_is_swept_by_the_next(root: Path, tmp_path: Path) -> None:
    (root / "building" / "segments").mkdir(parents=True)
    (root / "building" / "half.seg").write_text("half")
    (root / "deleted-gen-000000").mkdir()

    index = WhooshIndex(root)
    with index.writer(bundle=tmp_path / "bundle") as writer:
        writer.put(document(7))

    assert [generation.documents for generation in index.generations()] == [1, 2, 1]
    assert not (root / "building").exists()
    assert not (root / "deleted-gen-000000").exists()


def test_a_generation_from_another_shares_its_files_and_leaves_them_alone(
    root: Path, tmp_path: Path
) -> None:
    index = WhooshIndex(root)
    before = {
        path: path.read_bytes() for path in (root / "gen-000002").rglob("*") if path.is_file()
    }

    with index.writer(bundle=tmp_path / "bundle", base="gen-000002") as writer:
        writer.delete("doc-000")

    assert {path: path.read_bytes() for path in before} == before
    with index.searcher("gen-000003") as searcher:
        assert searcher.search(Query()).total == 1


def test_a_directory_that_does_not_exist_is_an_index_without_generations(tmp_path: Path) -> None:
    index = open_index("whoosh", tmp_path / "nowhere")

    assert index.generations() == ()
    assert index.suppressed() == frozenset()
    with pytest.raises(IndexMissing, match="samsok reindex"):
        index.searcher()
    assert not (tmp_path / "nowhere").exists()


def test_an_unknown_backend_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ValueError, match="there is: whoosh"):
        open_index("lucene", tmp_path)


def test_other_things_in_the_directory_are_left_alone(root: Path) -> None:
    (root / "notes.txt").write_text("mine")
    (root / "gen-17").mkdir()

    assert GenerationDirectory(root).names() == ("gen-000001", "gen-000002")
    WhooshIndex(root).prune(keep=1)
    assert (root / "notes.txt").exists()
    assert (root / "gen-17").exists()
