"""Worker processes: real ones, with pages that freeze them, fill them, or die with them."""

from __future__ import annotations

import asyncio
import datetime as dt
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import psutil
import pytest

from indexer.crawl import ProcessReader, ThreadReader
from indexer.crawl.reading import Reading, ReadingRules
from indexer.crawl.worker import GivenUp, Job, Limits, answer_to
from indexer.model import Concept, CrawlRequest, Page, Vocabulary

URL = "https://www.example.org/"
PLAIN = ReadingRules(rules=(), vocabulary=Vocabulary())
WORDS = "Högskolan och Exempelstad samverkar om lärande i arbetslivet. "


def page(text: str = f"<h1>Samverkan</h1><p>{WORDS * 20}</p>") -> Page:
    return Page(
        request=CrawlRequest(url=URL, source="s"),
        url=URL,
        body=f"<!doctype html><html lang=sv><body><main>{text}</main></body></html>".encode(),
        media_type="text/html",
        fetched_at=dt.datetime(2026, 3, 1, tzinfo=dt.UTC),
    )


def heavy() -> Page:
    """A page that takes a second or so, and more memory than a small page by far."""
    cells = "".join(f"<tr><td>{number}</td><td><b>{WORDS}</b></td></tr>" for number in range(9000))
    return page(f"<table>{cells}</table>")


def workers(of: int | None = None) -> list[psutil.Process]:
    children = psutil.Process(of).children(recursive=True)
    return [child for child in children if "indexer.crawl.nursery" in " ".join(child.cmdline())]


def forked(of: int | None = None) -> list[psutil.Process]:
    """The workers without the nursery that they are forked from."""
    return [worker for worker in workers(of) if worker.ppid() != (of or os.getpid())]


def test_a_worker_reads_as_a_thread_does() -> None:
    rules = ReadingRules(rules=(), vocabulary=Vocabulary(partners=(Concept(name="Exempelstad"),)))

    async def run() -> list[tuple[Reading, Reading, Reading]]:
        with ProcessReader(workers=2) as processes, ThreadReader() as threads:
            found = []
            for chosen in (PLAIN, rules, PLAIN):
                by_process = await processes.read(page(), chosen)
                again = await processes.read_again(page(), chosen)
                by_thread = await threads.read(page(), chosen)
                assert again == by_thread.extraction
                links = await processes.read(page('<a href="/a">x</a>'), chosen, links_only=True)
                found.append((by_process, by_thread, links))
            return found

    for by_process, by_thread, links in asyncio.run(run()):
        assert by_process == by_thread
        assert [link.url for link in links.extraction.links] == [f"{URL}a"]
        assert links.extraction.reason == "follow_only"


def test_a_page_that_takes_too_long_is_given_up_and_the_others_are_read() -> None:
    async def run() -> list[Reading]:
        with ProcessReader(workers=1, limits=Limits(seconds=0.2)) as reader:
            await reader.read(page(), PLAIN)
            return [await reader.read(one, PLAIN) for one in (heavy(), page())]

    slow, quick = asyncio.run(run())
    assert slow.extraction.reason == "extraction_timeout"
    assert slow.body.size == len(heavy().body)
    assert quick.extraction.document is not None


@pytest.mark.parametrize("megabytes", [2, 4, 6, 8, 12])  # whoever wants the first that is missing
def test_a_page_that_takes_too_much_memory_is_given_up_and_the_others_are_read(
    megabytes: int, capfd: pytest.CaptureFixture[str]
) -> None:
    async def run() -> list[Reading]:
        with ProcessReader(workers=1, limits=Limits(memory_mb=megabytes)) as reader:
            await reader.read(page(), PLAIN)
            (first,) = forked()
            readings = [await reader.read(one, PLAIN) for one in (heavy(), page())]
            assert first not in forked()  # in what state would it be?
            return readings

    large, small = asyncio.run(run())
    assert large.extraction.reason in {"extraction_memory", "extraction_crashed"}
    assert large.extraction.document is None
    assert small.extraction.document is not None
    assert "Traceback" not in capfd.readouterr().err


def test_workers_that_die_take_the_page_that_they_read_with_them() -> None:
    async def run() -> list[Reading]:
        with ProcessReader(workers=2, limits=Limits(seconds=60)) as reader:
            await asyncio.gather(reader.read(page(), PLAIN), reader.read(page(), PLAIN))
            for worker in forked():
                worker.suspend()  # or a busy machine might let it finish
            reading = asyncio.create_task(reader.read(heavy(), PLAIN))
            await asyncio.sleep(0.1)
            killed = forked()
            for worker in killed:
                worker.send_signal(signal.SIGKILL)
            psutil.wait_procs(killed, timeout=30)  # or one that is dying might be asked
            return [await reading, *[await reader.read(page(), PLAIN) for _ in range(3)]]

    dead, *others = asyncio.run(run())
    assert dead.extraction.reason == "extraction_crashed"
    assert all(one.extraction.document is not None for one in others)


def test_when_all_its_processes_are_killed_new_ones_read_on() -> None:
    async def run() -> list[Reading]:
        with ProcessReader(workers=2) as reader:
            await reader.read(page(), PLAIN)
            killed = workers()
            assert len(killed) == 2
            for process in killed:
                process.send_signal(signal.SIGKILL)
            return await asyncio.gather(*(reader.read(page(), PLAIN) for _ in range(3)))

    readings = asyncio.run(run())
    assert sum(one.extraction.document is not None for one in readings) >= 2
    assert {one.extraction.reason for one in readings} <= {"", None, "extraction_crashed"}


def test_files_where_it_is_started_are_not_taken_for_modules(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "html.py").write_text("raise SystemExit(1)", encoding="utf-8")
    root = Path(__file__).parents[3]
    monkeypatch.syspath_prepend(root)
    monkeypatch.setattr(sys, "path", [entry for entry in sys.path if entry])
    monkeypatch.chdir(tmp_path)

    async def run() -> Reading:
        with ProcessReader(workers=1) as reader:
            return await reader.read(page(), PLAIN)

    assert asyncio.run(run()).extraction.document is not None


def test_a_reader_that_cannot_start_processes_gives_its_pages_up(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    async def run() -> list[Reading]:
        with ProcessReader(workers=1) as reader:
            await reader.read(page(), PLAIN)
            for process in workers():
                process.send_signal(signal.SIGKILL)
            await asyncio.sleep(0.2)
            monkeypatch.setattr(sys, "path", [])  # where a new process finds nothing to run
            monkeypatch.setenv("PYTHONHOME", "/nowhere")
            crashed = await reader.read(page(), PLAIN)
            monkeypatch.undo()
            return [crashed, await reader.read(page(), PLAIN)]

    crashed, read = asyncio.run(run())
    assert crashed.extraction.reason == "extraction_crashed"
    assert crashed.body.size == len(page().body)
    assert read.extraction.document is not None


def test_a_read_that_is_cancelled_leaves_a_reader_that_works() -> None:
    async def run() -> Reading:
        with ProcessReader(workers=1) as reader:
            early = asyncio.create_task(reader.read(page(), PLAIN))
            await asyncio.sleep(0.05)
            early.cancel()
            late = asyncio.create_task(reader.read(heavy(), PLAIN))
            await asyncio.sleep(2)
            late.cancel()
            await asyncio.gather(early, late, return_exceptions=True)
            return await reader.read(page(), PLAIN)

    assert asyncio.run(run()).extraction.document is not None


def test_nothing_is_left_running_when_the_reader_is_closed() -> None:
    async def run() -> None:
        with ProcessReader(workers=2) as reader:
            await asyncio.gather(reader.read(page(), PLAIN), reader.read(page(), PLAIN))
            assert len(workers()) == 3

    asyncio.run(run())
    deadline = time.monotonic() + 5
    while workers() and time.monotonic() < deadline:
        time.sleep(0.02)
    assert not workers()


def test_workers_do_not_outlive_a_reader_that_was_killed() -> None:
    code = (
        "import asyncio\n"
        "from tests.unit.crawl.test_process_reader import PLAIN, ProcessReader, heavy\n"
        "async def run():\n"
        "    with ProcessReader(workers=2) as reader:\n"
        "        await reader.read(heavy(), PLAIN)\n"
        "        print('ready', flush=True)\n"
        "        await asyncio.gather(*(reader.read(heavy(), PLAIN) for _ in range(50)))\n"
        "asyncio.run(run())\n"
    )
    with subprocess.Popen(
        [sys.executable, "-c", code], stdout=subprocess.PIPE, encoding="utf-8"
    ) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "ready\n"
        running = workers(process.pid)
        assert len(running) >= 2
        for worker in forked(process.pid):
            worker.suspend()  # so hangs that it neither sees the end nor hears its alarm
        process.kill()
        process.wait()
    gone, alive = psutil.wait_procs(running, timeout=5)
    assert not alive
    assert gone


def test_workers_know_nothing_of_the_secrets_in_the_environment(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("SAMSOK_SECRET", "hemligt")

    async def run() -> list[dict[str, str]]:
        with ProcessReader(workers=1) as reader:
            await reader.read(page(), PLAIN)
            return [worker.environ() for worker in workers()]

    environments = asyncio.run(run())
    assert environments
    assert not any("SAMSOK_SECRET" in environment for environment in environments)


def test_rules_are_sent_once_and_named_after_that() -> None:
    rules: dict[int, ReadingRules] = {}
    first = Job(page=page(), key=1, rules=PLAIN, is_stored=False, links_only=False)
    later = Job(page=page(), key=1, rules=None, is_stored=True, links_only=False)
    assert isinstance(answer_to(first, rules), Reading)
    assert not isinstance(answer_to(later, rules), GivenUp)
