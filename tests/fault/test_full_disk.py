"""A disk that is full: an error that says so, the old index serves, and the next run publishes."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from indexer.store import DocumentStore
from tests.support.command import Outcome, Samsok
from tests.support.faux_site import FauxSite

pytestmark = [pytest.mark.fault, pytest.mark.timeout(300)]

PAGES = 20
ROOT = Path(__file__).parents[2]

BUILD = """
import resource, sys
from pathlib import Path
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.errors import IndexUnwritable
from indexer.jobs.indexing import GenerationBuilder
from indexer.model import Vocabulary
from tests.support.documents import document

root, stage = Path(sys.argv[1]), sys.argv[2]
reading = 0

def limit():
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, resource.RLIM_INFINITY))

def documents():
    global reading
    reading += 1
    if stage == "while the bundle is made" and reading == 1:
        limit()
    for number in range(200):
        if stage == "while documents are written" and reading == 2 and number == 100:
            limit()
        yield document(number, f"Ny {number}", f"ord{number} " * 50)
    if stage == "at the end" and reading == 2:
        limit()

try:
    GenerationBuilder(
        WhooshIndex(root / "index"), vocabulary=Vocabulary(), workspace=root
    ).build(documents)
except IndexUnwritable as error:
    print(error)
"""


@pytest.fixture
def site() -> Iterator[FauxSite]:
    with FauxSite() as served:
        write_pages(served, edition=1)
        yield served


def write_pages(site: FauxSite, *, edition: int) -> None:
    site.page(
        "/", html=f"<h1>Start</h1><p>Utgåva{edition}.</p>", links=list(map(str, range(PAGES)))
    )
    for number in range(PAGES):
        site.page(f"/{number}", html=f"<h1>Sida {number}</h1><p>Samverkan utgåva{edition}.</p>")


def run_limited(samsok: Samsok, limit: int, *arguments: str) -> Outcome:
    """Run a command that may write no file larger than `limit` bytes."""
    code = (
        "import resource, sys\n"
        f"resource.setrlimit(resource.RLIMIT_FSIZE, ({limit}, {limit}))\n"
        "from indexer.cli import main\n"
        "sys.exit(main())"
    )
    ended = subprocess.run(
        [sys.executable, "-c", code, *arguments],
        cwd=samsok.directory,
        env=samsok._environment(),
        capture_output=True,
        encoding="utf-8",
        timeout=120,
        check=False,
    )
    return Outcome(ended.returncode, ended.stdout, ended.stderr)


def stored(samsok: Samsok) -> list[tuple[str, str]]:
    with DocumentStore.open(samsok.directory / "var" / "crawl.db") as store:
        return [(held.id, held.content_hash) for held in store.documents()]


def found(samsok: Samsok, words: str) -> object:
    return samsok("search", words, "--json").json["total"]


def leftovers(samsok: Samsok) -> list[str]:
    var = samsok.directory / "var"
    return [
        path.name
        for path in (*var.iterdir(), *(var / "index").iterdir())
        if path.name.startswith(("building", "deleted-", "samsok-bundle-"))
    ]


def published_then_changed(samsok: Samsok, site: FauxSite) -> None:
    """Publish a first edition, and have a second one in the store."""
    samsok.write_config(site.url("/"))
    assert samsok("reindex").code == 0
    write_pages(site, edition=2)
    assert samsok("crawl").code == 0


def costs_nothing(samsok: Samsok, run: Callable[[], Outcome]) -> None:
    """Say that a reindex which `run` lets fail changes nothing, and says why it failed."""
    before = stored(samsok)

    told = run()

    assert told.code == 1, (told.out, told.err)
    assert "cannot be written" in told.err
    assert "goes on serving" in told.err
    assert "Traceback" not in told.err
    assert found(samsok, "utgåva1") == PAGES + 1
    assert stored(samsok) == before
    assert leftovers(samsok) == []


def test_a_reindex_that_may_write_no_large_file_costs_nothing(
    tmp_path: Path, site: FauxSite
) -> None:
    samsok = Samsok(tmp_path, plain=True)
    published_then_changed(samsok, site)

    costs_nothing(samsok, lambda: run_limited(samsok, 1_000_000, "reindex", "--from-store"))

    assert samsok("reindex").code == 0
    assert found(samsok, "utgåva2") == PAGES + 1


def test_whatever_file_does_not_fit_the_build_is_forgotten(tmp_path: Path) -> None:
    def build(stage: str) -> str:
        ended = subprocess.run(
            [sys.executable, "-c", BUILD, str(tmp_path), stage],
            cwd=ROOT,
            env=Samsok(tmp_path, plain=True)._environment(),
            capture_output=True,
            encoding="utf-8",
            timeout=120,
            check=False,
        )
        assert (ended.returncode, ended.stderr) == (0, ""), stage
        return ended.stdout

    for stage in ("while the bundle is made", "while documents are written", "at the end"):
        assert "cannot be written" in build(stage), stage
        assert {path.name for path in (tmp_path / "index").glob("*")} <= {"writer.lock"}
        assert {path.name for path in tmp_path.iterdir()} <= {"index"}

    assert build("never") == ""
    assert (tmp_path / "index" / "gen-000001" / "manifest.json").exists()


@pytest.fixture
def small_disk(tmp_path: Path) -> Iterator[Path]:
    """A disk of 60 MB of its own."""
    place = tmp_path / "disk"
    place.mkdir()
    mounted = subprocess.run(
        ["mount", "-t", "tmpfs", "-o", "size=60m", "tmpfs", str(place)],
        capture_output=True,
        encoding="utf-8",
        check=False,
    )
    if mounted.returncode:
        pytest.skip(f"only root may mount a small disk: {mounted.stderr.strip()}")
    yield place
    subprocess.run(["umount", str(place)], check=True)


def test_a_reindex_on_a_full_disk_costs_nothing(small_disk: Path, site: FauxSite) -> None:
    samsok = Samsok(small_disk, plain=True)
    published_then_changed(samsok, site)
    bundle = small_disk / "var" / "index" / "gen-000001" / "bundle"
    size = sum(path.stat().st_size for path in bundle.iterdir())
    ballast = small_disk / "ballast"

    # There is no room for the bundle, or for what is written after it.
    for free in (size // 2, size + 20_000):

        def run_when_full(free: int = free) -> Outcome:
            status = os.statvfs(small_disk)
            with ballast.open("wb") as file:
                os.posix_fallocate(file.fileno(), 0, status.f_bavail * status.f_frsize - free)
            told = samsok("reindex", "--from-store")
            ballast.unlink()
            assert "the disk is full" in told.err
            return told

        costs_nothing(samsok, run_when_full)

    assert samsok("reindex").code == 0
    assert found(samsok, "utgåva2") == PAGES + 1
