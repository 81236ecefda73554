"""What was backed up comes back whole or not at all, and what must stay hidden stays hidden."""

from __future__ import annotations

import fcntl
import io
import os
import resource
import shutil
import sqlite3
import tarfile
import threading
from collections.abc import Callable, Iterator
from contextlib import closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import IO, cast

import orjson
import pytest

from indexer import config
from indexer.config import Config
from indexer.engine.durable import digest
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.errors import ArchiveError, ConfigError, JobLocked, StoreError
from indexer.jobs.archive import Archive
from indexer.jobs.archive.contents import FORMAT
from indexer.jobs.backup import backup
from indexer.jobs.lock import job_lock
from indexer.jobs.restore import Restored, place_configuration, restore
from indexer.jobs.status import status
from indexer.jobs.switch import decide
from indexer.store import STORE_VERSION, DocumentStore, inspect_store
from tests.support.documents import document

pytestmark = pytest.mark.usefixtures("index")


def unheard(_what: str, _done: int, _total: int) -> None:
    pass


def taken(settings: Config, path: Path, *, with_index: bool = False) -> Path:
    backup(settings, path, with_index=with_index, told=unheard)
    return path


def put_back(
    path: Path, settings: Config, *, replace: bool = False, store_only: bool = False
) -> Restored:
    return restore(settings, Archive(path), replace=replace, store_only=store_only, told=unheard)


def stored(settings: Config) -> list[str]:
    with DocumentStore.open(settings.data_dir / "crawl.db") as store:
        return [held.id for held in store.documents()]


def change(settings: Config) -> None:
    """Let a night pass after a backup."""
    with DocumentStore.open(settings.data_dir / "crawl.db") as store:
        store.remove(document(0).id, "gone")
        store.put(document(7), fingerprint="1")


def elsewhere(settings: Config, tmp_path: Path) -> Config:
    return replace(settings, data_dir=tmp_path / "another machine")


@pytest.fixture
def archive(settings: Config, tmp_path: Path) -> Path:
    return taken(settings, tmp_path / "samsok.tar", with_index=True)


# --- there and back -----------------------------------------------------------------------------


def test_a_backup_comes_back_on_another_machine(
    settings: Config, archive: Path, tmp_path: Path
) -> None:
    there = elsewhere(settings, tmp_path)

    done = put_back(archive, there)

    assert done.generation == "gen-000003"
    assert stored(there) == stored(settings)
    with WhooshIndex(there.data_dir / "index").searcher() as searcher:
        assert searcher.generation.documents == 3
    assert WhooshIndex(there.data_dir / "index").verify("gen-000003") == ()
    assert not (there.data_dir / "restoring").exists()


def test_without_an_index_it_is_the_store_alone(settings: Config, tmp_path: Path) -> None:
    path = taken(settings, tmp_path / "samsok.tar")
    there = elsewhere(settings, tmp_path)

    assert put_back(path, there).generation is None
    assert stored(there) == stored(settings)
    assert WhooshIndex(there.data_dir / "index").generations() == ()
    with tarfile.open(path) as tar:
        assert tar.getnames() == [
            "manifest.json", "crawl_config.yaml", "crawl.db", "index/suppressed.json"
        ]  # fmt: skip


def test_only_its_owner_may_read_it_and_nothing_else_is_left(
    settings: Config, archive: Path, tmp_path: Path
) -> None:
    taken(settings, archive)  # an older one of that name is replaced

    assert archive.stat().st_mode & 0o777 == 0o600
    assert [path.name for path in tmp_path.iterdir() if "samsok" in path.name] == [archive.name]
    with tarfile.open(archive) as tar:
        assert {member.mode for member in tar} == {0o600}


def test_what_a_killed_backup_left_is_swept_and_a_running_one_is_left_alone(
    settings: Config, tmp_path: Path
) -> None:
    killed, running = (tmp_path / f".{name}.tar.samsok-backup" for name in ("old", "other"))
    for place in (killed, running):
        place.mkdir()
        (place / "crawl.db").write_bytes(b"personal")
    lock = os.open(running, os.O_RDONLY)
    fcntl.flock(lock, fcntl.LOCK_EX)
    try:
        taken(settings, tmp_path / "samsok.tar")
        with pytest.raises(JobLocked, match="another backup is writing"):
            taken(settings, tmp_path / "other.tar")
    finally:
        os.close(lock)

    assert not killed.exists()
    assert (running / "crawl.db").exists()


def test_what_a_job_writes_meanwhile_is_whole_or_not_there(
    settings: Config, tmp_path: Path
) -> None:
    database, stop, written = settings.data_dir / "crawl.db", threading.Event(), list[int]()

    def write() -> None:
        with DocumentStore.open(database) as store:
            while not stop.is_set():
                number = len(written) + 10
                with store.transaction():
                    store.put(document(2 * number), fingerprint="1")
                    store.put(document(2 * number + 1), fingerprint="1")
                written.append(number)

    job = threading.Thread(target=write)
    job.start()
    try:
        with job_lock(settings.data_dir):
            paths = [taken(settings, tmp_path / f"samsok-{number}.tar") for number in range(5)]
    finally:
        stop.set()
        job.join()

    there = elsewhere(settings, tmp_path)
    counts = []
    for path in paths:
        put_back(path, there, replace=True)
        counts.append(len(stored(there)))
        assert inspect_store(there.data_dir / "crawl.db") == ()
    assert [count % 2 for count in counts] == [1] * 5  # three, and pairs
    assert counts == sorted(counts)
    assert 3 < counts[-1] <= 3 + 2 * len(written)


def test_a_restore_replaces_the_store_and_goes_on_serving(
    settings: Config, archive: Path, index: WhooshIndex
) -> None:
    before = stored(settings)
    change(settings)

    with pytest.raises(ConfigError, match=r"not empty .* --replace"):
        put_back(archive, settings)
    assert stored(settings) != before

    assert put_back(archive, settings, replace=True, store_only=True).generation is None
    assert stored(settings) == before
    assert index.current() == "gen-000003"
    # A name that no reader has seen: one that is open on gen-000003 must notice.
    assert put_back(archive, settings, replace=True).generation == "gen-000004"
    assert index.current() == "gen-000004"


def test_what_is_hidden_now_or_was_then_stays_hidden(
    settings: Config, index: WhooshIndex, tmp_path: Path
) -> None:
    index.suppress(frozenset({"then"}))
    path = taken(settings, tmp_path / "samsok.tar")
    index.suppress(frozenset({"now"}))

    put_back(path, settings, replace=True)

    assert index.suppressed() == {"then", "now"}


def test_a_restored_store_is_another_store(settings: Config, archive: Path) -> None:
    with DocumentStore.open(settings.data_dir / "crawl.db") as store:
        name, revision = store.name, store.revision()

    put_back(archive, settings, replace=True)

    with DocumentStore.open(settings.data_dir / "crawl.db") as store:
        assert store.revision() == revision
        assert store.name != name


def test_what_must_outlive_a_restore_is_carried_over_before_the_switch(
    settings: Config, archive: Path
) -> None:
    change(settings)

    def carry_over(now: Path, staged: Path) -> None:
        assert (now / "crawl.db").exists()
        assert (staged / "index" / "gen-000003").is_dir()
        with DocumentStore.open(staged / "crawl.db") as store:
            assert store.remove(document(0).id, "forgotten")

    restore(
        settings,
        Archive(archive),
        replace=True,
        store_only=False,
        told=unheard,
        carry_over=carry_over,
    )

    assert stored(settings) == sorted(document(number).id for number in (1, 2))


# --- the configuration --------------------------------------------------------------------------


def test_the_configuration_is_written_only_where_there_is_none(
    config_file: Path, tmp_path: Path
) -> None:
    text = config_file.read_text("utf-8").replace(
        "sources:", "vocabulary: {file: ord/v.yaml}\nsources:"
    )
    config_file.write_text(text, "utf-8")
    (tmp_path / "ord").mkdir()
    (tmp_path / "ord" / "v.yaml").write_text("partners: [{name: Åmål}]\n", "utf-8")
    archive = Archive(taken(config.load(config_file), tmp_path / "samsok.tar"))
    there = tmp_path / "there" / "crawl_config.yaml"
    there.parent.mkdir()

    assert place_configuration(archive, there) == (there, there.parent.resolve() / "ord" / "v.yaml")
    assert config.load(there).vocabulary.partners[0].name == "Åmål"

    there.write_text("version: 1\n", "utf-8")
    assert place_configuration(archive, there) == ()
    assert there.read_text("utf-8") == "version: 1\n"


def test_a_configuration_leads_nothing_outside_its_folder(settings: Config, tmp_path: Path) -> None:
    outside = replace(settings, vocabulary_path=tmp_path.parent / "v.yaml")
    (tmp_path.parent / "v.yaml").write_text("partners: []\n", "utf-8")
    archive = Archive(taken(outside, tmp_path / "samsok.tar"))
    there = tmp_path / "there" / "crawl_config.yaml"

    with pytest.raises(ArchiveError, match="outside the folder"):
        place_configuration(archive, there)
    assert not there.exists()


# --- archives that are not what was written -----------------------------------------------------


def cut(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.truncate(at)


def flip(path: Path, at: int) -> None:
    with path.open("r+b") as file:
        file.seek(at)
        byte = file.read(1)[0]
        file.seek(at)
        file.write(bytes([byte ^ 1]))


def content_of(path: Path, name: str) -> int:
    """Where the content of a member begins."""
    with tarfile.open(path) as tar:
        return tar.getmember(name).offset_data


def rewritten(path: Path, edit: Callable[[tarfile.TarInfo, bytes, tarfile.TarFile], None]) -> None:
    """Write an archive again, each member as `edit` will have it."""
    with tarfile.open(path) as old:
        held = [(member, old.extractfile(member)) for member in old]
        parts = [(member, file.read() if file else b"") for member, file in held]
    with tarfile.open(path, "w", format=tarfile.GNU_FORMAT) as new:
        for member, content in parts:
            edit(member, content, new)


def raw(tar: tarfile.TarFile) -> IO[bytes]:
    """The file under an archive, to write into it what `tarfile` would not."""
    return cast(IO[bytes], tar.fileobj)


def refuses(path: Path, settings: Config, said: str) -> None:
    """Say that an archive is refused, and that not a byte of what there is changes for it."""
    kept = stored(settings)
    before = {name.name for name in settings.data_dir.iterdir()}
    with pytest.raises(ArchiveError, match=said):
        put_back(path, settings, replace=True)
    assert stored(settings) == kept
    assert {name.name for name in settings.data_dir.iterdir()} - before <= {"job.lock"}


@pytest.mark.parametrize("name", ["crawl.db", "index/suppressed.json", "crawl_config.yaml"])
def test_one_changed_bit_is_found_and_its_member_named(
    settings: Config, archive: Path, name: str
) -> None:
    change(settings)
    flip(archive, content_of(archive, name) + 1)

    refuses(archive, settings, rf"{name} is not what was written")


def test_a_changed_file_of_the_index_is_found_even_where_it_is_not_wanted(
    settings: Config, archive: Path
) -> None:
    with tarfile.open(archive) as tar:
        name = next(name for name in tar.getnames() if "segments" in name)
    flip(archive, content_of(archive, name))

    with pytest.raises(ArchiveError, match="is not what was written"):
        put_back(archive, settings, replace=True, store_only=True)


@pytest.mark.parametrize("share", [0.0, 0.001, 0.1, 0.5, 0.9])
def test_an_archive_that_was_cut_off_is_refused(
    settings: Config, archive: Path, share: float
) -> None:
    cut(archive, int(archive.stat().st_size * share))

    with pytest.raises(ArchiveError, match=r"is cut off|`samsok backup` makes one"):
        put_back(archive, settings, replace=True)


def test_an_archive_that_lacks_its_end_is_refused(settings: Config, archive: Path) -> None:
    with tarfile.open(archive) as tar:
        last = tar.getmembers()[-1]
        cut(archive, last.offset)

    refuses(archive, settings, "is cut off")


def test_a_missing_member_is_named(settings: Config, archive: Path) -> None:
    def without_the_store(member: tarfile.TarInfo, content: bytes, tar: tarfile.TarFile) -> None:
        if member.name != "crawl.db":
            tar.addfile(member, io.BytesIO(content))

    rewritten(archive, without_the_store)

    refuses(archive, settings, "crawl.db is missing")


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("../../evil", tarfile.REGTYPE),
        ("/tmp/evil", tarfile.REGTYPE),  # noqa: S108 - what a hostile archive may name
        ("index/gen-000003/../../../evil", tarfile.REGTYPE),
        ("crawl.db", tarfile.SYMTYPE),
        ("crawl.db", tarfile.LNKTYPE),
        ("crawl.db", tarfile.CHRTYPE),
        ("crawl.db", tarfile.FIFOTYPE),
        ("crawl.db", tarfile.GNUTYPE_SPARSE),
        ("crawl.db", tarfile.XHDTYPE),
        ("crawl.db", tarfile.REGTYPE),  # a second one
    ],
)
def test_what_does_not_belong_into_an_archive_is_refused(
    settings: Config, archive: Path, tmp_path: Path, name: str, kind: bytes
) -> None:
    def with_another(member: tarfile.TarInfo, content: bytes, tar: tarfile.TarFile) -> None:
        tar.addfile(member, io.BytesIO(content))
        if member.name == "crawl.db":
            evil = tarfile.TarInfo(name)
            evil.type, evil.linkname = kind, "../../../evil"
            # As it stands: tarfile would write some of these otherwise.
            raw(tar).write(evil.tobuf(tarfile.GNU_FORMAT))
            tar.offset += 512

    rewritten(archive, with_another)

    refuses(archive, settings, "does not belong there|is not a plain file")
    assert not list(tmp_path.parent.rglob("evil"))


def test_a_member_that_claims_to_be_huge_takes_no_room(settings: Config, archive: Path) -> None:
    def huge(member: tarfile.TarInfo, content: bytes, tar: tarfile.TarFile) -> None:
        member.size = 10**12 if member.name == "crawl.db" else len(content)
        raw(tar).write(member.tobuf(tarfile.GNU_FORMAT) + content + bytes(-len(content) % 512))

    rewritten(archive, huge)

    refuses(archive, settings, "crawl.db is 1000000000000 bytes long and not")


def resealed(archive: Path, edit: Callable[[dict[str, object]], None]) -> None:
    """Change the manifest of an archive as whoever knows how it is sealed would."""

    def edited(member: tarfile.TarInfo, content: bytes, tar: tarfile.TarFile) -> None:
        if member.name == "manifest.json":
            held = orjson.loads(content)
            del held["checksum"]
            edit(held)
            held["checksum"] = digest(orjson.dumps(held))
            content = orjson.dumps(held)
            member.size = len(content)
        tar.addfile(member, io.BytesIO(content))

    rewritten(archive, edited)


def test_a_newer_store_is_refused_with_what_to_do(settings: Config, archive: Path) -> None:
    resealed(archive, lambda held: held.update(store_version=STORE_VERSION + 1))

    refuses(archive, settings, "newer Samsök .* install that version")


def test_a_newer_format_is_refused_with_what_to_do(settings: Config, archive: Path) -> None:
    resealed(archive, lambda held: held.update(format=FORMAT + 1))

    refuses(archive, settings, "newer Samsök .* install that version")


def test_an_index_of_another_version_is_left_out_on_request(
    settings: Config, archive: Path, tmp_path: Path
) -> None:
    def age(held: dict[str, object]) -> None:
        generation = held["generation"]
        assert isinstance(generation, dict)
        generation["version"] = "1"

    resealed(archive, age)

    refuses(archive, settings, "--store-only.*samsok reindex --from-store")
    there = elsewhere(settings, tmp_path)
    assert put_back(archive, there, store_only=True).generation is None
    assert stored(there) == stored(settings)


def test_a_manifest_that_lists_other_places_is_refused(settings: Config, archive: Path) -> None:
    def edit(held: dict[str, object]) -> None:
        members = held["members"]
        assert isinstance(members, dict)
        members["../evil"] = {"size": 1, "checksum": "0"}

    resealed(archive, edit)

    refuses(archive, settings, r"it lists '\.\./evil'")


@pytest.mark.parametrize("content", [b"", b"not a backup", b"\x1f\x8b" + bytes(2000), bytes(2000)])
def test_any_other_file_is_refused_by_name(
    settings: Config, tmp_path: Path, content: bytes
) -> None:
    path = tmp_path / "other.tar"
    path.write_bytes(content)

    with pytest.raises(ArchiveError, match=r"other\.tar is (?:not a backup|compressed)"):
        Archive(path)
    with pytest.raises(ArchiveError, match="cannot be read: No such file"):
        Archive(tmp_path / "nowhere.tar")
    if content:
        with pytest.raises(ArchiveError, match="is there and is not a backup"):
            taken(settings, path)
        assert path.read_bytes() == content


# --- around it ----------------------------------------------------------------------------------


def test_a_restore_waits_for_no_job(settings: Config, archive: Path) -> None:
    with job_lock(settings.data_dir), pytest.raises(JobLocked):
        put_back(archive, settings, replace=True)


def test_a_store_that_is_open_elsewhere_is_not_pulled_away(
    settings: Config, archive: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.store.copying._PATIENCE_S", 0.1)
    change(settings)
    kept = stored(settings)
    with (
        DocumentStore.open(settings.data_dir / "crawl.db"),
        pytest.raises(StoreError, match="another process has it open"),
    ):
        put_back(archive, settings, replace=True)
    assert stored(settings) == kept


def test_a_damaged_store_is_not_backed_up_and_can_be_replaced(
    settings: Config, archive: Path, tmp_path: Path
) -> None:
    before = stored(settings)
    database = settings.data_dir / "crawl.db"
    held = bytearray(database.read_bytes())
    held[4096 : len(held) // 2] = os.urandom(len(held) // 2 - 4096)
    database.write_bytes(held)

    with pytest.raises((ArchiveError, StoreError), match="damaged"):
        taken(settings, tmp_path / "another.tar")
    assert not (tmp_path / "another.tar").exists()
    put_back(archive, settings, replace=True)
    assert stored(settings) == before


def test_no_log_of_the_old_store_is_played_into_the_new_one(
    settings: Config, archive: Path, tmp_path: Path
) -> None:
    """A killed job leaves its log behind, and SQLite would believe it."""
    before, database = stored(settings), settings.data_dir / "crawl.db"
    with closing(sqlite3.connect(database)) as connection:
        connection.execute("DELETE FROM documents")
        connection.commit()
        for beside in ("", "-wal", "-shm"):
            shutil.copy(f"{database}{beside}", tmp_path / f"left{beside}")
    for beside in ("", "-wal", "-shm"):
        shutil.move(tmp_path / f"left{beside}", f"{database}{beside}")

    put_back(archive, settings, replace=True)

    assert stored(settings) == before
    assert inspect_store(database) == ()


def left_by_a_killed_job(database: Path, statement: str) -> None:
    """Run a statement, of which nothing gets further than the log of the store."""
    aside = database.with_name("aside")
    aside.mkdir()
    with closing(sqlite3.connect(database)) as connection:
        connection.execute(statement)
        connection.commit()
        for beside in ("", "-wal", "-shm"):
            shutil.copy(f"{database}{beside}", aside)
    for held in aside.iterdir():
        shutil.move(held, database.with_name(held.name))
    aside.rmdir()


@contextmanager
def files_at_most(size: int) -> Iterator[None]:
    """Let no file of this process grow beyond that many bytes, as on a disk that takes no more."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (size, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


def test_a_log_that_the_disk_does_not_take_in_stops_a_restore_and_loses_nothing(
    settings: Config, archive: Path
) -> None:
    database = settings.data_dir / "crawl.db"
    left_by_a_killed_job(
        database,
        "WITH RECURSIVE run(id) AS (SELECT 1 UNION ALL SELECT id + 1 FROM run LIMIT 100)"
        " INSERT INTO runs SELECT id, '2026-01-01', zeroblob(5000) FROM run",
    )
    staged = staged_from(archive, settings)

    with (
        files_at_most(database.stat().st_size),
        pytest.raises(StoreError, match=r"crawl\.db: cannot .* the disk"),
    ):
        decide(staged, settings.data_dir)

    assert not (settings.data_dir / "restored").exists()
    with closing(sqlite3.connect(database)) as connection:
        assert connection.execute("SELECT count(*) FROM runs").fetchone() == (100,)


def test_a_restore_that_is_held_up_after_its_decision_says_that_it_is_decided(
    settings: Config, archive: Path, index: WhooshIndex, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("indexer.store.copying._PATIENCE_S", 0.1)
    before = stored(settings)
    change(settings)
    somebody: list[DocumentStore] = []

    def decided(staged: Path, data_dir: Path) -> None:
        decide(staged, data_dir)
        somebody.append(DocumentStore.open(data_dir / "crawl.db"))

    monkeypatch.setattr("indexer.jobs.restore.decide", decided)
    with pytest.raises(StoreError) as told:
        put_back(archive, settings, replace=True)
    somebody[0].close()

    assert "another process has it open" in str(told.value)
    assert "is decided all the same: `samsok status`, or the next job, completes" in str(told.value)
    assert "then run `samsok reindex --from-store`" in str(told.value)
    status(settings)
    assert stored(settings) == before
    assert index.current() == "gen-000003"
    assert not (settings.data_dir / "restored").exists()


def staged_from(archive: Path, settings: Config) -> Path:
    """What a restore of an archive would be about to switch to."""
    staged = settings.data_dir / "restoring"
    staged.mkdir()
    Archive(archive).extract({"crawl.db": staged / "crawl.db"}, told=unheard)
    return staged


def test_an_archive_that_older_versions_would_misread_is_of_a_newer_format(
    settings: Config, tmp_path: Path
) -> None:
    def format_of(name: str) -> object:
        with tarfile.open(taken(settings, tmp_path / name)) as tar:
            manifest = tar.extractfile("manifest.json")
            assert manifest is not None
            return orjson.loads(manifest.read())["format"]

    book = settings.data_dir / "crawl.db"
    assert format_of("whole.tar") == 1
    shutil.copy(book, settings.data_dir / "crawl-1-of-2.db")
    assert format_of("several.tar") == FORMAT
    book.unlink()
    assert format_of("shard.tar") == FORMAT


def test_nothing_to_keep_is_said(settings: Config, tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="nothing to back up yet"):
        taken(elsewhere(settings, tmp_path), tmp_path / "samsok.tar")
    with pytest.raises(ArchiveError, match="is a directory; name a file"):
        taken(settings, tmp_path)
    with pytest.raises(ArchiveError, match="make it, or name another place"):
        taken(settings, tmp_path / "nowhere" / "samsok.tar")


def test_an_index_that_cannot_be_kept_is_said(settings: Config, tmp_path: Path) -> None:
    segment = next((settings.data_dir / "index" / "gen-000003" / "segments").iterdir())
    segment.write_bytes(b"")

    with pytest.raises(ArchiveError, match=r"gen-000003 is damaged .* without --with-index"):
        taken(settings, tmp_path / "samsok.tar", with_index=True)
