from __future__ import annotations

import gc
import os
import re
import shutil
import stat
import subprocess
import sys
import tempfile
import threading
from collections.abc import Callable, Mapping
from pathlib import Path

import orjson
import pytest

from indexer.analysis import build_bundle
from indexer.engine import Query, open_index
from indexer.engine.draft import GenerationDraft
from indexer.engine.durable import link_or_copy
from indexer.engine.generations import GenerationDirectory
from indexer.engine.manifest import FileEntry, Manifest
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.errors import IndexDamaged, IndexMissing, IndexUnwritable
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
    return next((root / "gen-000002" / "segments").glob("*.document.col"))


def flip(path: Path, place: int = -1) -> None:
    """Turn one bit of a file: its size and its time say nothing."""
    held = bytearray(path.read_bytes())
    held[place] ^= 1
    status = path.stat()
    path.write_bytes(held)
    os.utime(path, ns=(status.st_atime_ns, status.st_mtime_ns))


def parted(path: Path) -> Path:
    """Give a file that has several names a content of its own."""
    held = path.read_bytes()
    path.unlink()
    path.write_bytes(held)
    return path


HARMS: Mapping[str, Callable[[Path], object]] = {
    "a segment cut short": lambda root: truncate(some_segment(root)),
    "a segment deleted": lambda root: some_segment(root).unlink(),
    "a column cut short": lambda root: truncate(root / "gen-000002" / "columns" / "day.npy"),
    "no manifest": lambda root: (root / "gen-000002" / "manifest.json").unlink(),
    "an empty manifest": lambda root: (root / "gen-000002" / "manifest.json").write_text("{}"),
    "half a manifest": lambda root: truncate(root / "gen-000002" / "manifest.json"),
    "a manifest with one bit turned": lambda root: flip(root / "gen-000002" / "manifest.json", 30),
    "CURRENT that names what is gone": lambda root: (root / "CURRENT").write_text("gen-000009\n"),
    "CURRENT that is empty": lambda root: (root / "CURRENT").write_bytes(b""),
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
    monkeypatch.setattr("indexer.engine.schema.READABLE", ("999", "998"))

    with pytest.raises(IndexDamaged, match=r"another version .* reads 999 and 998"):
        WhooshIndex(root).searcher()


UNREADABLE = [
    b"[",
    b"",
    b"null",
    b'{"doc-000": true}',
    b'"doc-000"',
    b"[1]",
    b'[["doc-000"]]',
    b"\xff",
]


@pytest.mark.parametrize("content", UNREADABLE)
def test_unreadable_suppressions_hide_everything_rather_than_nothing(
    root: Path, content: bytes
) -> None:
    (root / "suppressed.json").write_bytes(content)

    with pytest.raises(IndexDamaged, match=r"suppressed\.json"):
        WhooshIndex(root).searcher()


def test_suppressions_that_may_not_be_read_hide_everything(root: Path) -> None:
    (root / "suppressed.json").mkdir()

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


# --- verifying ----------------------------------------------------------------------------------


FOUND: Mapping[str, tuple[Callable[[Path], object], str]] = {
    "a bit of a segment": (
        lambda generation: flip(next((generation / "segments").glob("*.document.col"))),
        r"segments/.+\.col is not what was written",
    ),
    "a bit of the bundle": (
        lambda generation: flip(parted(generation / "bundle" / "swedish.marisa"), 1000),
        r"bundle/swedish\.marisa is not what was written",
    ),
    "a file cut short": (
        lambda generation: truncate(generation / "columns" / "day.npy"),
        r"columns/day\.npy is \d+ bytes long and not \d+",
    ),
    "a file gone": (
        lambda generation: (generation / "columns" / "day.npy").unlink(),
        r"columns/day\.npy is missing",
    ),
    "a file too many": (
        lambda generation: (generation / "columns" / "notes.txt").write_text("mine"),
        r"columns/notes\.txt does not belong here",
    ),
    "no manifest": (
        lambda generation: (generation / "manifest.json").unlink(),
        r"manifest\.json cannot be read",
    ),
    "a bit of the manifest": (
        lambda generation: flip(generation / "manifest.json", 40),
        r"manifest\.json",
    ),
}


@pytest.mark.parametrize("harm", FOUND)
def test_verifying_names_the_file_that_is_wrong_and_no_other(root: Path, harm: str) -> None:
    index = WhooshIndex(root)
    do, expected = FOUND[harm]
    assert index.verify("gen-000002") == ()

    do(root / "gen-000002")

    (problem,) = index.verify("gen-000002")
    assert re.search(expected, problem)
    assert index.verify("gen-000001") == ()


def test_every_file_has_its_checksum_and_shared_ones_keep_theirs(
    root: Path, tmp_path: Path
) -> None:
    index = WhooshIndex(root)
    with index.writer(bundle=tmp_path / "bundle", base="gen-000002") as writer:
        writer.put(document(9))

    def sums(name: str) -> dict[str, FileEntry]:
        return dict(Manifest.read(root / name).files)

    old, new = sums("gen-000002"), sums("gen-000003")
    on_disk = {
        str(path.relative_to(root / "gen-000003"))
        for path in (root / "gen-000003").rglob("*")
        if path.is_file()
    }
    assert on_disk == {*new, "manifest.json"}
    shared = [name for name in new if name.endswith(".document.col") and name in old]
    assert shared
    assert all(old[name] == new[name] for name in shared)


def test_damage_of_a_shared_file_is_not_taken_for_its_content(root: Path) -> None:
    draft = GenerationDraft(GenerationDirectory(root))
    shutil.copytree(
        root / "gen-000002" / "segments", draft.path / "segments", copy_function=link_or_copy
    )
    flip(some_segment(root))
    draft.finish(documents=2, version="1")

    problems = WhooshIndex(root).verify("gen-000003")
    assert len(problems) == 1
    assert problems == WhooshIndex(root).verify("gen-000002")


def test_a_generation_of_the_old_form_is_refused_with_what_to_do(root: Path) -> None:
    manifest = {"documents": 2, "created": "2026-01-01T00:00:00+00:00", "version": "1", "files": {}}
    (root / "gen-000002" / "manifest.json").write_bytes(orjson.dumps(manifest))

    with pytest.raises(IndexDamaged, match="another version of Samsök; run `samsok reindex --from"):
        WhooshIndex(root).searcher()
    assert [held.name for held in WhooshIndex(root).generations()] == ["gen-000001"]


# --- names, locks, permissions ------------------------------------------------------------------


def test_numbers_grow_beyond_six_digits(root: Path, tmp_path: Path) -> None:
    (root / "gen-000002").rename(root / "gen-999999")
    index = WhooshIndex(root)

    for number in (5, 6):
        with index.writer(bundle=tmp_path / "bundle") as writer:
            writer.put(document(number))

    names = [held.name for held in index.generations()]
    assert names == ["gen-000001", "gen-999999", "gen-1000000", "gen-1000001"]
    index.publish("gen-1000001")
    assert index.prune(keep=1) == ("gen-000001", "gen-999999", "gen-1000000")
    with index.searcher() as searcher:
        assert searcher.get("doc-006")


@pytest.mark.parametrize("name", ["gen-０００００1", "gen-0000001", "gen-00001", "gen-0000010\n"])
def test_a_name_is_written_in_one_way(root: Path, name: str) -> None:
    (root / name).mkdir()

    assert GenerationDirectory(root).names() == ("gen-000001", "gen-000002")


def test_a_number_is_not_used_again_when_the_generation_in_service_was_lost(
    root: Path, tmp_path: Path
) -> None:
    (root / "CURRENT").write_text("gen-000007\n")

    index = WhooshIndex(root)
    with index.writer(bundle=tmp_path / "bundle") as writer:
        writer.put(document(1))

    assert index.generations()[-1].name == "gen-000008"


def test_nothing_is_deleted_while_it_is_unknown_what_is_in_service(root: Path) -> None:
    (root / "CURRENT").write_text("nonsense")

    assert WhooshIndex(root).prune(keep=1) == ()
    assert GenerationDirectory(root).names() == ("gen-000001", "gen-000002")


def test_another_user_may_read_what_the_umask_lets_him(tmp_path: Path) -> None:
    private = tmp_path / "private"
    private.mkdir(mode=0o700)
    build_bundle(private, words={}, vocabulary=Vocabulary())
    for path in private.iterdir():
        path.chmod(0o600)
    index = WhooshIndex(tmp_path / "index")
    old = os.umask(0o027)
    try:
        with index.writer(bundle=private) as writer:
            writer.put(document(1))
        index.publish("gen-000001")
        index.suppress(frozenset())
    finally:
        os.umask(old)

    modes = {
        (path.is_dir(), stat.S_IMODE(path.stat().st_mode))
        for path in (tmp_path / "index").rglob("*")
    }
    assert modes == {(True, 0o750), (False, 0o640)}


def test_where_there_are_no_hard_links_files_are_copied(root: Path, tmp_path: Path) -> None:
    elsewhere = Path("/dev/shm")  # noqa: S108 - another file system than that of the tests
    if not elsewhere.is_dir() or elsewhere.stat().st_dev == tmp_path.stat().st_dev:
        pytest.skip("there is no second file system here")
    index = WhooshIndex(root)
    with tempfile.TemporaryDirectory(dir=elsewhere) as other:
        base = Path(shutil.move(root / "gen-000002", other))
        (root / "gen-000002").symlink_to(base, target_is_directory=True)
        with index.writer(bundle=tmp_path / "bundle", base="gen-000002") as writer:
            writer.delete("doc-000")

    assert index.verify("gen-000003") == ()
    with index.searcher("gen-000003") as searcher:
        assert [found.id for found in searcher.scan()] == ["doc-001"]


def test_a_second_process_cannot_write_and_does_not_disturb_the_first(
    root: Path, tmp_path: Path
) -> None:
    index = WhooshIndex(root)
    code = (
        "import sys; from pathlib import Path\n"
        "from indexer.engine.draft import GenerationDraft\n"
        "from indexer.engine.generations import GenerationDirectory\n"
        "from indexer.errors import IndexLocked\n"
        "try: GenerationDraft(GenerationDirectory(Path(sys.argv[1])))\n"
        "except IndexLocked: print('locked')"
    )
    with index.writer(bundle=tmp_path / "bundle") as writer:
        writer.put(document(3))
        told = subprocess.run(
            [sys.executable, "-c", code, str(root)],
            capture_output=True,
            encoding="utf-8",
            check=False,
        )

    assert told.stdout == "locked\n"
    assert index.verify("gen-000003") == ()


def test_a_damaged_base_is_not_built_upon(root: Path, tmp_path: Path) -> None:
    truncate(some_segment(root))

    with pytest.raises(IndexDamaged):
        WhooshIndex(root).writer(bundle=tmp_path / "bundle", base="gen-000002")
    with WhooshIndex(root).writer(bundle=tmp_path / "bundle") as writer:
        writer.put(document(1))


def test_a_file_that_cannot_be_made_sense_of_is_damage(root: Path) -> None:
    column = next((root / "gen-000002" / "columns").glob("*.json"))
    column.write_bytes(b"\x00" * column.stat().st_size)

    with pytest.raises(IndexDamaged, match="cannot be opened"):
        WhooshIndex(root).searcher()


def test_what_cannot_be_written_says_why_and_what_serves_goes_on(root: Path) -> None:
    index = WhooshIndex(root)
    (root / ".CURRENT.new").mkdir()

    with pytest.raises(IndexUnwritable, match="goes on serving"):
        index.publish("gen-000001")

    assert index.current() == "gen-000002"


# What Whoosh has opened before it finds a file deleted, it leaves to the garbage collector.
@pytest.mark.filterwarnings("ignore:unclosed file:ResourceWarning")
def test_opening_and_pruning_at_the_same_time_opens_the_one_or_the_next(
    root: Path, tmp_path: Path
) -> None:
    index = WhooshIndex(root)
    done = threading.Event()
    opened: list[int] = []
    failures: list[Exception] = []

    def open_again_and_again() -> None:
        while not done.is_set():
            try:
                with index.searcher() as searcher:
                    opened.append(searcher.search(Query()).total)
            except Exception as error:  # noqa: BLE001 - whatever it is, it is a failure
                failures.append(error)

    reader = threading.Thread(target=open_again_and_again)
    reader.start()
    for number in range(10):
        with index.writer(bundle=tmp_path / "bundle") as writer:
            writer.put(document(number))
        index.publish(index.generations()[-1].name)
        index.prune(keep=1)
    done.set()
    reader.join()
    gc.collect()

    assert failures == []
    assert set(opened) <= {1, 2}


def test_a_note_that_cannot_be_read_is_damage_and_not_absence(root: Path) -> None:
    (root / "status.json").mkdir()

    with pytest.raises(IndexDamaged, match=r"status\.json cannot be read"):
        WhooshIndex(root).note("status")


def test_no_note_takes_the_place_of_what_readers_hide(root: Path) -> None:
    index = WhooshIndex(root)
    index.suppress(frozenset({"doc-000"}))

    with pytest.raises(ValueError, match="readers hide"):
        index.put_note("suppressed", b"[]")

    assert index.suppressed() == {"doc-000"}
