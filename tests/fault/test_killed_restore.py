"""A restore that is killed at any moment leaves the old store or the new one, whole."""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.command import CONFIG, Samsok

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]

KILLS = 40

RESTORE = """
import os, random, signal, sys, time
from pathlib import Path
from indexer import config
from indexer.analysis import build_bundle
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.jobs.archive import Archive
from indexer.jobs.backup import backup
from indexer.jobs.restore import restore
from indexer.model import Vocabulary
from indexer.store import DocumentStore, inspect_store
from tests.support.documents import document

place, kills = Path(sys.argv[1]), int(sys.argv[2])
settings = config.load(place / "crawl_config.yaml")
database, index = settings.data_dir / "crawl.db", WhooshIndex(settings.data_dir / "index")
(place / "bundle").mkdir()
build_bundle(place / "bundle", words={}, vocabulary=Vocabulary())

def told(*_):
    pass

def put_back(count):
    restore(settings, Archive(place / f"{count}.tar"), replace=True, store_only=False, told=told)

for count in (20, 40):
    with DocumentStore.open(database) as store:
        for number in range(count):
            store.put(document(number, text="samverkan " * 200), fingerprint="1")
    with index.writer(bundle=place / "bundle") as writer:
        for number in range(count):
            writer.put(document(number))
    index.publish(index.generations()[-1].name)
    backup(settings, place / f"{count}.tar", with_index=True, told=told)

begun = time.monotonic()
put_back(20)
took, chance, held = time.monotonic() - begun, random.Random(4), 20
for number in range(kills):
    child, wanted = os.fork(), 60 - held
    if child == 0:
        put_back(wanted)
        os._exit(0)
    time.sleep(chance.uniform(0.0, took))
    os.kill(child, signal.SIGKILL)
    killed = os.waitstatus_to_exitcode(os.waitpid(child, 0)[1]) < 0
    problems = [*inspect_store(database), *index.verify(index.current())]
    with DocumentStore.open(database) as store:
        found = store.count()
    if found not in (held, wanted) or (not killed and found != wanted):
        problems.append(f"{found} documents")
    with index.searcher() as searcher:
        assert searcher.generation.documents in (20, 40)
    print("killed" if killed else "done", "new" if found == wanted else "old", *problems)
    held = found
put_back(60 - held)
assert not (settings.data_dir / "restoring").exists()
"""

SEVERAL = """
import os, random, signal, sys, time
from pathlib import Path
from indexer import config
from indexer.jobs import job_lock
from indexer.jobs.archive import Archive
from indexer.jobs.backup import backup
from indexer.jobs.restore import restore
from indexer.jobs.switch import DECIDED, stores_in
from indexer.store import DocumentStore, inspect_store
from tests.support.documents import document

place, kills = Path(sys.argv[1]), int(sys.argv[2])
settings = config.load(place / "crawl_config.yaml")
var = settings.data_dir

def told(*_):
    pass

def put_back(shards):
    restore(settings, Archive(place / f"{shards}.tar"), replace=True, store_only=True, told=told)

for shards in (2, 3):
    for path in stores_in(var):
        path.unlink()
    for number in range(shards + 1):
        name = f"crawl-{number}-of-{shards}.db" if number else "crawl.db"
        with DocumentStore.open(var / name) as store:
            for one in range(shards):
                store.put(document(one, text="samverkan " * 200), fingerprint="1")
    backup(settings, place / f"{shards}.tar", with_index=False, told=told)

begun = time.monotonic()
put_back(2)
took, chance, held = time.monotonic() - begun, random.Random(4), 2
for number in range(kills):
    child, wanted = os.fork(), 5 - held
    if child == 0:
        put_back(wanted)
        os._exit(0)
    if number % 2:
        time.sleep(chance.uniform(0.0, took))
    else:
        while not (var / DECIDED).exists() and os.waitpid(child, os.WNOHANG) == (0, 0):
            pass
    try:
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
    except (ProcessLookupError, ChildProcessError):
        pass
    was_cut_off = (var / DECIDED).exists()
    with job_lock(var, shared=bool(number % 4)):
        names = {path.name for path in stores_in(var)}
    problems = [one for path in stores_in(var) for one in inspect_store(path)]
    found = len(names) - 1
    if names != {"crawl.db", *(f"crawl-{number + 1}-of-{found}.db" for number in range(found))}:
        problems.append(f"of several: {names}")
    for path in stores_in(var):
        with DocumentStore.open(path) as store:
            if store.count() != found:
                problems.append(f"{path.name} is of another set")
    if was_cut_off and found != wanted:
        problems.append("what was decided did not come")
    if (var / DECIDED).exists():
        problems.append("not completed")
    print("cut off" if was_cut_off else "whole", *problems)
    held = found
"""


def test_a_restore_of_several_stores_that_is_killed_leaves_all_of_one_set(tmp_path: Path) -> None:
    told = _told(tmp_path, SEVERAL)
    assert set(told) <= {"cut off", "whole"}, told
    assert told.count("cut off") > KILLS / 8, told


def test_a_restore_that_is_killed_leaves_the_old_store_or_the_new(tmp_path: Path) -> None:
    told = _told(tmp_path, RESTORE)
    assert set(told) <= {"killed old", "killed new", "done new"}, told
    assert told.count("killed old") > KILLS / 4, told


def _told(tmp_path: Path, script: str) -> list[str]:
    config_file = tmp_path / "crawl_config.yaml"
    config_file.write_text(CONFIG.format(url="http://127.0.0.1:9/", canaries=""), "utf-8")

    ended = subprocess.run(
        [sys.executable, "-c", script, str(tmp_path), str(KILLS)],
        cwd=Path(__file__).parents[2],
        env=Samsok(tmp_path, plain=True)._environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=240,
        check=False,
    )

    assert ended.returncode == 0, ended.stderr
    return ended.stdout.splitlines()
