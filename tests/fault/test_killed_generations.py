"""Kill whoever builds and publishes, at any moment; whoever searches does not notice."""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.analysis import build_bundle
from indexer.engine import LiveIndex
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.model import Vocabulary
from tests.fault.sealed import KEEP, Builder, check

pytestmark = pytest.mark.fault

KILLS = 100
ROOT = Path(__file__).parents[2]
ALWAYS = {"CURRENT", "writer.lock", "change.lock"}


def start(*arguments: str) -> subprocess.Popen[str]:
    """Start one of the processes of `tests.fault.sealed`, without what measures our reach."""
    inherited = {name: held for name, held in os.environ.items() if "COVERAGE" not in name}
    return subprocess.Popen(
        [sys.executable, "-m", "tests.fault.sealed", *arguments],
        cwd=ROOT,
        env=inherited | {"PYTHONPATH": str(ROOT)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        encoding="utf-8",
    )


@contextmanager
def reading(root: Path) -> Iterator[list[int]]:
    """Search in another process for the length of the block; then count answers, generations."""
    counts: list[int] = []
    reader = start("read", str(root))
    try:
        yield counts
        out, err = reader.communicate(timeout=60)
    finally:
        reader.kill()
        reader.wait()
    assert (reader.returncode, err) == (0, "")
    counts += [int(count) for count in out.split()[:2]]


@pytest.mark.timeout(600)
def test_kills_at_a_hundred_moments_are_noticed_by_no_reader(tmp_path: Path) -> None:
    killer = start("kill", str(tmp_path), str(KILLS), "6")
    assert killer.stdout
    assert killer.stdout.readline() == "ready\n"
    with reading(tmp_path) as counts:
        out, err = killer.communicate(timeout=500)
    *after_kills, last = out.splitlines()

    assert (killer.returncode, err) == (0, "")
    # The last words are what is wrong with the last generation: nothing.
    assert last.split()[0] == "done"
    assert len(last.split()) == 2
    answers, generations = counts
    assert answers > KILLS
    assert generations > KILLS // 2

    # What the killed left was swept by those after them, so it never became more.
    assert len(after_kills) == KILLS
    left = [set(line.split()[1:]) - ALWAYS for line in after_kills]
    assert all(len(names - {"building"}) <= KEEP + 2 for names in left)
    assert any("building" in names for names in left)
    names = {path.name for path in tmp_path.iterdir()} - ALWAYS
    assert len(names) == KEEP
    assert last.split()[1] in names


@pytest.mark.timeout(900)
def test_a_job_killed_at_a_hundred_moments_loses_nothing_of_its_store(tmp_path: Path) -> None:
    killer = start("job", str(tmp_path), str(KILLS), "7")
    assert killer.stdout
    assert killer.stdout.readline() == "ready\n"
    with reading(tmp_path / "index") as counts:
        out, err = killer.communicate(timeout=800)
    *after_kills, last = out.splitlines()

    assert killer.returncode == 0, err
    # A number and nothing more: the store was whole and as it was sealed, each time.
    assert after_kills == [str(number) for number in range(KILLS)]
    # The next run published, and nothing is wrong with the generation or the store.
    assert last.split()[0] == "done"
    assert len(last.split()) == 2
    answers, generations = counts
    assert answers > KILLS
    assert generations > KILLS // 2


@pytest.mark.timeout(300)
def test_threads_search_while_twenty_generations_come_and_go(tmp_path: Path) -> None:
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    build_bundle(bundle, words={}, vocabulary=Vocabulary())
    builder = Builder(tmp_path / "index", bundle)
    builder.publish_one()
    live = LiveIndex(WhooshIndex(tmp_path / "index"), check_every_s=0.0, silence_s=0.0)
    seen: set[str] = set()
    failures: list[BaseException] = []
    stop = threading.Event()

    def search() -> None:
        while not stop.is_set():
            try:
                with live.searcher() as searcher:
                    seen.add(check(searcher))
            except BaseException as error:  # noqa: BLE001 - whatever it is, it is a failure
                failures.append(error)

    threads = [threading.Thread(target=search) for _ in range(2)]
    for thread in threads:
        thread.start()
    published = [builder.publish_one() for _ in range(20)]
    stop.set()
    for thread in threads:
        thread.join()
    live.close()

    assert failures == []
    assert len(seen & set(published)) > 1
    assert len(builder.index.generations()) == KEEP
