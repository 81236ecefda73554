"""Whatever happens at any step of the job: the old index answers, and the next run mends it."""

from __future__ import annotations

import shutil
import signal
import sqlite3
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import ExitStack, closing
from pathlib import Path

import pytest

from indexer.store import inspect_store
from tests.fault.editions import PAGES, Patient, answering, edition, mends, write_pages
from tests.fault.interrupted import BALLAST
from tests.support.command import Outcome, Samsok
from tests.support.faux_site import FauxSite, Reply

pytestmark = [pytest.mark.fault, pytest.mark.timeout(600)]

CRAWL = "indexer.crawl.recorder:Recorder.page"
READING = "indexer.crawl.process_reader:ProcessReader.read"
REEXTRACT = "indexer.jobs.reindex:reextract"
WORDS = "indexer.jobs.indexing:build_bundle"
COMPLETIONS = "indexer.engine.suggesting.building:SuggestionBuilder.write"
INDEX = "indexer.engine.whoosh_backend.writer:WhooshWriter.put"
ARRAYS = "indexer.engine.whoosh_backend.writer:export"
SEALING = "indexer.engine.draft:GenerationDraft.finish"
NAMING = "indexer.engine.draft:rename"
GATE = "indexer.jobs.gate:Gate.judge"
PUBLISH = "indexer.engine.generations:GenerationDirectory.publish"
CURRENT = "indexer.engine.generations:replace_file"
PRUNE = "indexer.engine.generations:GenerationDirectory._bury"
REPORT = "indexer.store.document_store:DocumentStore.record_run"

STEPS = {
    "crawl": (CRAWL, 5),
    "extract": (READING, 7),
    "read again": (REEXTRACT, 1),
    "lexicon": (WORDS, 1),
    "completions": (COMPLETIONS, 1),
    "index": (INDEX, 6),
    "arrays": (ARRAYS, 1),
    "sealing": (SEALING, 1),
    "naming": (NAMING, 1),
    "gate": (GATE, 1),
    "publish": (PUBLISH, 1),
    "replacing CURRENT": (CURRENT, 1),
    "prune": (PRUNE, 1),
    "report": (REPORT, 1),
}


@pytest.fixture(scope="module")
def site() -> Iterator[FauxSite]:
    with FauxSite() as served:
        yield served


@pytest.fixture(scope="module")
def prepared(tmp_path_factory: pytest.TempPathFactory, site: FauxSite) -> Path:
    """A directory in which the first edition is published, while the site has the second."""
    directory = tmp_path_factory.mktemp("published")
    samsok = Patient(directory, plain=True)
    samsok.write_config(site.url("/"))
    with samsok.config.open("a", encoding="utf-8") as file:
        file.write("index: {keep_generations: 1}\n")
    write_pages(site, edition=1)
    assert samsok("reindex").code == 0
    write_pages(site, edition=2)
    return directory


@pytest.fixture
def samsok(prepared: Path, tmp_path: Path) -> Samsok:
    return copied(prepared, tmp_path / "here")


def copied(prepared: Path, to: Path) -> Samsok:
    shutil.copytree(prepared, to, dirs_exist_ok=True)
    return Patient(to, plain=True)


def interrupted(samsok: Samsok, what: str, step: str, number: int = 1, *more: str) -> Outcome:
    """Run the job, to which something happens."""
    arguments = [what, step, str(number), "reindex", *more]
    ended = subprocess.run(
        [sys.executable, "-m", "tests.fault.interrupted", *arguments],
        cwd=samsok.directory,
        env=samsok._environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=300,
        check=False,
    )
    return Outcome(ended.returncode, ended.stdout, ended.stderr)


@pytest.mark.parametrize("step", STEPS)
def test_a_job_that_is_killed_at_any_step_costs_nothing(samsok: Samsok, step: str) -> None:
    with answering(samsok) as seen:
        killed = interrupted(samsok, "kill", *STEPS[step])
    assert killed.code == -signal.SIGKILL, (killed.out, killed.err)
    assert seen
    assert tuple(inspect_store(samsok.directory / "var" / "crawl.db")) == ()

    mends(samsok)


@pytest.mark.parametrize("step", ["crawl", "extract", "index", "gate", "prune"])
def test_a_job_that_is_told_to_end_ends_in_order(samsok: Samsok, step: str) -> None:
    with answering(samsok):
        ended = interrupted(samsok, "terminate", *STEPS[step])

    assert ended.code == -signal.SIGTERM, (ended.out, ended.err)
    assert "stopped; the next run goes on from here" in ended.err
    assert "Traceback" not in ended.err
    status = samsok("status", "--json").json
    runs = status["runs"]
    assert isinstance(runs, list)
    assert runs[0]["report"]["outcome"] == "stopped"
    assert not (samsok.directory / "var" / "index" / "building").exists()
    mends(samsok)


# --- the disk -----------------------------------------------------------------------------------


@pytest.fixture
def small_disk(prepared: Path, tmp_path: Path) -> Iterator[Samsok]:
    """The same on a disk of 80 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mount = ["mount", "-t", "tmpfs", "-o", "size=80m", "tmpfs", str(place)]
    mounted = subprocess.run(mount, capture_output=True, encoding="utf-8", check=False)
    if mounted.returncode:
        pytest.skip(f"only root may mount a small disk: {mounted.stderr.strip()}")
    try:
        yield copied(prepared, place)
    finally:
        subprocess.run(["umount", "-l", str(place)], check=True)


@pytest.mark.parametrize(
    "step", ["crawl", "lexicon", "completions", "index", "arrays", "sealing", "replacing CURRENT"]
)
def test_a_disk_that_is_full_at_any_step_costs_nothing(small_disk: Samsok, step: str) -> None:
    with answering(small_disk) as seen:
        told = interrupted(small_disk, "fill", *STEPS[step])
    assert told.code == 1, (told.out, told.err)
    assert "the disk is full" in told.err
    assert "Traceback" not in told.err
    assert seen == {"1"}

    (small_disk.directory / BALLAST).unlink()
    mends(small_disk)


def test_a_disk_that_cannot_be_written_costs_nothing(small_disk: Samsok) -> None:
    place = str(small_disk.directory)
    with answering(small_disk) as seen:
        subprocess.run(["mount", "-o", "remount,ro", place], check=True)
        told = small_disk("reindex")
        answer = small_disk("search", "samverkan", "--json")
    assert told.code == 1, (told.out, told.err)
    assert "cannot be written" in told.err
    assert "Traceback" not in told.err
    assert answer.json["total"] == PAGES
    assert seen == {"1"}

    subprocess.run(["mount", "-o", "remount,rw", place], check=True)
    mends(small_disk)


# --- files that are not what they were ----------------------------------------------------------


def cut_short(path: Path) -> None:
    """Put half of a file in its place, under its name; who has it open keeps the whole."""
    half = path.read_bytes()[: path.stat().st_size // 2]
    path.unlink()
    path.write_bytes(half)


@pytest.mark.parametrize(
    "pattern", ["segments/*.document.col", "arrays/exact_scores.npy", "manifest.json"]
)
def test_a_generation_that_is_cut_short_is_told_and_built_anew(
    samsok: Samsok, pattern: str
) -> None:
    with answering(samsok):
        cut_short(next((samsok.directory / "var" / "index" / "gen-000001").glob(pattern)))
        fresh = samsok("search", "samverkan")
        doctor = samsok("doctor")
        mended = samsok("reindex")

    assert fresh.code == 1
    assert "samsok reindex --from-store" in fresh.err
    assert "Traceback" not in fresh.err
    assert doctor.code == 1
    assert mended.code == 0, (mended.out, mended.err)
    assert edition(samsok) == "2"


@pytest.mark.parametrize("content", [b"", b"\x00\xff nonsense", b"gen-000077\n"])
def test_a_current_that_names_nothing_is_told_and_put_right(samsok: Samsok, content: bytes) -> None:
    with answering(samsok):
        (samsok.directory / "var" / "index" / "CURRENT").write_bytes(content)
        fresh = samsok("search", "samverkan")
        mended = samsok("reindex")

    assert fresh.code == 1
    assert "CURRENT" in fresh.err
    assert "samsok rollback" in fresh.err
    assert mended.code == 0, (mended.out, mended.err)
    assert edition(samsok) == "2"


# --- others who are at work ---------------------------------------------------------------------


def test_a_store_that_another_program_has_locked_is_told(samsok: Samsok) -> None:
    database = samsok.directory / "var" / "crawl.db"
    with answering(samsok) as seen, closing(sqlite3.connect(database)) as other:
        other.execute("BEGIN EXCLUSIVE")
        told = samsok("reindex")
    assert told.code == 1
    assert "is being written by another process; try again" in told.err
    assert "Traceback" not in told.err
    assert seen == {"1"}

    mends(samsok)


def test_a_second_job_is_turned_away_and_says_by_whom(samsok: Samsok, site: FauxSite) -> None:
    with ExitStack() as undone:
        undone.callback(write_pages, site, edition=2)
        site.reply("/", Reply(stall_s=20))
        seen = undone.enter_context(answering(samsok))
        first = undone.enter_context(samsok.start("reindex"))
        undone.callback(first.kill)
        asked = len(site.requests)
        while len(site.requests) == asked:
            assert first.poll() is None
            time.sleep(0.01)
        # So that it waits for us, however slow the others are.
        first.send_signal(signal.SIGSTOP)
        for verb in (["reindex"], ["reindex", "--from-store"], ["crawl"], ["publish"]):
            turned_away = samsok(*verb)
            assert turned_away.code == 75, (verb, turned_away.err)
            assert f"(process {first.pid})" in turned_away.err
            assert "try again when it is done" in turned_away.err
        first.send_signal(signal.SIGCONT)
        first.terminate()
        first.communicate()
        assert seen == {"1"}

    mends(samsok)
