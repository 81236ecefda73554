"""A patient, every way we know of to fall ill, and what is said of each."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Callable, Mapping
from pathlib import Path

import pytest

from indexer.config import Config
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.jobs.doctor import Checkup, doctor
from indexer.store import DocumentStore

pytestmark = pytest.mark.usefixtures("index")


def now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def cut(path: Path) -> None:
    path.write_bytes(path.read_bytes()[:-1])


def turn_a_bit(path: Path) -> None:
    held = bytearray(path.read_bytes())
    held[-1] ^= 1
    path.write_bytes(held)


def scribble(path: Path) -> None:
    """Write over a part of the file in its middle, as a failing disk does."""
    held = bytearray(path.read_bytes())
    quarter = len(held) // 4
    held[2 * quarter : 3 * quarter] = os.urandom(quarter)
    path.unlink()  # the other names of the file keep what they stand for
    path.write_bytes(held)


def replace(path: Path, content: str) -> None:
    if path.is_dir():
        path.rename(path.with_name("moved"))
    path.write_text(content, encoding="utf-8")


def make(*folders: Path) -> None:
    for folder in folders:
        folder.mkdir()


def states(found: Checkup) -> dict[str, str]:
    """What each check came to, leaving out those that found nothing."""
    return {finding.check: finding.state for finding in found.findings if finding.state != "ok"}


def tree(root: Path) -> dict[str, tuple[int, int, bytes]]:
    return {
        str(path.relative_to(root)): (
            path.stat().st_mtime_ns,
            path.stat().st_mode,
            b"" if path.is_dir() else path.read_bytes(),
        )
        for path in root.rglob("*")
    }


def test_who_is_well_is_told_so_and_left_as_he_was(config_file: Path) -> None:
    before = tree(config_file.parent)

    found = doctor(config_file, now=now())

    assert states(found) == {}
    assert found.is_well
    assert [finding.said for finding in found.findings if finding.check == "generation"] == [
        f"gen-00000{number}: every file is what was written" for number in (1, 2, 3)
    ]
    assert tree(config_file.parent) == before


ILLS: Mapping[str, tuple[Callable[[Path], object], dict[str, str], str]] = {
    "a generation in service that is cut": (
        lambda var: cut(next((var / "index/gen-000003/segments").glob("*.document.col"))),
        {"index": "problem", "generation": "problem"},
        "samsok rollback",
    ),
    "a generation in service with other bits": (
        lambda var: turn_a_bit(next((var / "index/gen-000003/columns").glob("*.npy"))),
        {"generation": "problem"},
        "it is in service, and damaged",
    ),
    "an older generation with other bits": (
        lambda var: scribble(var / "index/gen-000001/bundle/swedish.marisa"),
        {"generation": "problem"},
        "cannot be gone back to",
    ),
    "CURRENT that says nothing": (
        lambda var: replace(var / "index/CURRENT", "?"),
        {"index": "problem"},
        "samsok rollback",
    ),
    "CURRENT that names what is gone": (
        lambda var: replace(var / "index/CURRENT", "gen-000009"),
        {"index": "problem"},
        "names gen-000009, which is not there",
    ),
    "nothing in service": (
        lambda var: (var / "index/CURRENT").unlink(),
        {"index": "warning"},
        "samsok reindex",
    ),
    "suppressions that cannot be read": (
        lambda var: replace(var / "index/suppressed.json", "{"),
        {"index": "problem", "suppressions": "problem"},
        "nothing is shown",
    ),
    "what a killed job left": (
        lambda var: (var / "index/building").mkdir(),
        {"leftovers": "warning"},
        "sweeps them",
    ),
    "a bundle that a killed job left": (
        lambda var: (var / "samsok-bundle-abc").mkdir(),
        {"leftovers": "warning"},
        "sweeps them",
    ),
    "no store": (lambda var: (var / "crawl.db").unlink(), {"store": "warning"}, "samsok reindex"),
    "a store that is another file": (
        lambda var: replace(var / "crawl.db", "x" * 5000),
        {"store": "problem"},
        "restore a backup",
    ),
    "a store with other bits": (
        lambda var: scribble(var / "crawl.db"),
        {"store": "problem"},
        "restore a backup",
    ),
    "a restore that was killed": (
        lambda var: (var / "restoring").mkdir(),
        {"leftovers": "warning"},
        "changed nothing; delete",
    ),
    "a restore that was cut off": (
        lambda var: (var / "restored").mkdir(),
        {"leftovers": "warning"},
        "or the next job, completes it, without an index of the archive; then run `samsok reindex",
    ),
    "a restore that was cut off, and one that was killed": (
        lambda var: make(var / "restoring", var / "restored"),
        {"leftovers": "warning"},
        "restoring, restored: 0 MB of a job that was killed; the restore in restored is decided",
    ),
    "a data directory that is none": (
        lambda var: replace(var, "I am a file"),
        {"data directory": "problem"},
        "set data_dir to another place",
    ),
    "no data directory": (
        lambda var: var.rename(var.with_name("elsewhere")),
        {"data directory": "warning"},
        "samsok reindex",
    ),
}


@pytest.mark.parametrize("ill", ILLS)
def test_each_ill_is_found_with_what_to_do_and_nothing_else_is(
    config_file: Path, settings: Config, ill: str
) -> None:
    harm, expected, advice = ILLS[ill]
    harm(settings.data_dir)
    before = tree(config_file.parent)

    found = doctor(config_file, now=now())

    assert states(found) == expected
    assert found.is_well is ("problem" not in expected.values())
    told = [f"{finding.said}; {finding.advice}" for finding in found.findings]
    assert any(advice in line for line in told)
    assert all(finding.advice for finding in found.findings if finding.state != "ok")
    assert tree(config_file.parent) == before


def test_a_wrong_configuration_is_a_finding_with_its_line(config_file: Path) -> None:
    config_file.write_text(config_file.read_text().replace("sitemaps:", "sitemap:"))

    found = doctor(config_file, now=now())

    assert states(found) == {"configuration": "problem"}
    assert "line 11" in found.findings[0].said


def test_a_generation_of_the_future_is_a_wrong_clock(config_file: Path) -> None:
    found = doctor(config_file, now=now() - dt.timedelta(days=400))

    assert states(found) == {"clock": "problem"}


def test_a_full_disk_is_told_before_it_is_full(
    config_file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def with_free(free_mb: int) -> dict[str, str]:
        monkeypatch.setattr("indexer.jobs.doctor.shutil.disk_usage", lambda _: Disk(free_mb))
        return states(doctor(config_file, now=now()))

    found = [with_free(free_mb).get("free space") for free_mb in range(190, 260)]

    # The less there is, the worse; what is wanted grows with the generation that is there.
    assert found[0] == "problem"
    assert found[-1] is None
    assert "warning" in found
    assert found == sorted(found, key=["problem", "warning", None].index)


def test_a_store_that_this_user_may_not_write_is_named_also_beside_shards(
    config_file: Path, settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    def may_write(path: Path, _mode: int) -> bool:
        return bool(path.stat().st_mode & 0o200)  # whoever runs the tests may be root

    monkeypatch.setattr("indexer.jobs.doctor.os.access", may_write)
    book, shard = (settings.data_dir / name for name in ("crawl.db", "crawl-1-of-1.db"))
    DocumentStore.open(shard).close()

    for path in (book, shard):
        path.chmod(0o400)
        found = doctor(config_file, now=now())
        assert [it.said for it in found.findings if it.check == "data directory"] == [
            f"this user may not write {path}"
        ]
        path.chmod(0o600)


class Disk:
    """As much of a disk as is asked about."""

    def __init__(self, free_mb: int) -> None:
        self.free = free_mb * 1_000_000


def test_a_job_at_work_is_not_taken_for_a_killed_one_and_not_disturbed(
    config_file: Path, settings: Config, index: WhooshIndex, bundle: Path
) -> None:
    (settings.data_dir / "job.lock").write_text(f"{os.getpid()}\n")
    with (
        DocumentStore.open(settings.data_dir / "crawl.db") as store,
        index.writer(bundle=bundle),
        store.transaction(),
    ):
        store.record_run({"job": "crawl"})

        found = doctor(config_file, now=now())

    assert states(found) == {}
    assert index.generations()[-1].name == "gen-000004"


def test_it_answers_in_plain_values(config_file: Path) -> None:
    plain = doctor(config_file, now=now()).plain()

    assert plain["is_well"] is True
    assert {tuple(finding) for finding in plain["findings"]} == {
        ("check", "state", "said", "advice")
    }
