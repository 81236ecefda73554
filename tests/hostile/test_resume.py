"""Resume: a crawl that is cut off, by whatever, goes on where it was.

Real processes of `samsok crawl`, with a configuration file.
"""

from __future__ import annotations

import dataclasses
import signal
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.store import DocumentStore
from tests.hostile.cases import case
from tests.hostile.crawling import text
from tests.support.command import Samsok
from tests.support.faux_site import FauxSite, page_reply

PAGES = 60
CONCURRENCY = 4

CONFIG = """\
version: 1
user_agent: "Samsok/1.0 (+https://www.example.org/samsok; samsok@example.org)"
data_dir: var
http: {{delay_s: 0, per_host: 4, concurrency: 4, timeout_s: 2, deadline_s: 4, max_body_mb: 1}}
network: {{allow_private: ["127.0.0.1:{port}"]}}
sources:
  - {{name: exempel, type: website, start: ["{url}"], sitemaps: none, max_depth: 100}}
"""


@pytest.fixture
def slow() -> Iterator[FauxSite]:
    """A site of 60 pages in a tree, each of which takes a twentieth of a second."""
    with FauxSite() as site:
        for number in range(PAGES):
            children = [f"/{child}/" for child in (2 * number + 1, 2 * number + 2) if child < PAGES]
            path = f"/{number}/" if number else "/"
            reply = page_reply(html=text(path), title=path, links=children)
            site.reply(path, dataclasses.replace(reply, stall_s=0.05))
        yield site


@pytest.fixture
def samsok(tmp_path: Path, slow: FauxSite) -> Samsok:
    command = Samsok(tmp_path)
    written = CONFIG.format(port=slow.port, url=slow.url("/"))
    command.config.write_text(written, encoding="utf-8")
    return command


def stop(site: FauxSite, process: subprocess.Popen[str], how: signal.Signals, after: int) -> None:
    """Send a signal when so many requests have come in."""
    with process:
        while len(site.requests) < after:
            assert process.poll() is None, process.communicate()
            time.sleep(0.005)
        process.send_signal(how)
        process.communicate(timeout=20)


def documents(samsok: Samsok) -> dict[str, str]:
    """Return the ids of the documents with the hashes of their content."""
    with DocumentStore.open(samsok.directory / "var" / "crawl.db") as store:
        return {found.id: found.content_hash for found in store.documents()}


@pytest.mark.parametrize(
    "how",
    [
        signal.SIGKILL,
        pytest.param(signal.SIGTERM, marks=pytest.mark.fault),
        pytest.param(signal.SIGINT, marks=pytest.mark.fault),
    ],
)
@case(
    "{how.name} at the thirtieth request of `samsok crawl`; then it is run again",
    "the second run goes on: all pages are documents; only what was in flight is asked for again",
)
def test_a_crawl_that_is_cut_off_goes_on(
    slow: FauxSite, samsok: Samsok, how: signal.Signals
) -> None:
    stop(slow, samsok.start("crawl"), how, after=30)
    before = len(documents(samsok))
    ended = samsok("crawl", "--json")
    assert ended.code == 0, ended.err
    assert ended.json["sources"][0]["resumed"]  # type: ignore[index]  # JSON
    assert 0 < before < PAGES
    assert len(documents(samsok)) == PAGES
    assert PAGES <= len(slow.pages_requested) <= PAGES + CONCURRENCY
    assert "Traceback" not in ended.err


@pytest.mark.fault
@case(
    "a crawl of a known site is killed on its second night, when a page is 410 and one is new",
    "the rest of the night finds both, and no document is lost",
)
def test_a_second_night_that_is_cut_off_loses_nothing(slow: FauxSite, samsok: Samsok) -> None:
    assert samsok("crawl").code == 0
    known = documents(samsok)
    assert len(known) == PAGES
    with DocumentStore.open(samsok.directory / "var" / "crawl.db") as store:
        store._database.execute("UPDATE frontier SET due_at = NULL")
    slow.page("/59/", html=text("/59/"), title="/59/", links=["/ny/"])
    slow.page("/ny/", html=text("/ny/"), title="/ny/")
    slow.reply("/58/", dataclasses.replace(page_reply(), status=410))
    slow.requests.clear()
    stop(slow, samsok.start("crawl"), signal.SIGKILL, after=20)
    assert documents(samsok).items() <= known.items()
    assert samsok("crawl").code == 0
    assert len(documents(samsok)) == PAGES
    assert len(slow.pages_requested) <= PAGES + 1 + CONCURRENCY


@pytest.mark.fault
@case(
    "two crawls of one directory at the same time",
    "the second says so and exits with 75, without a request",
)
def test_a_second_crawl_stays_away(slow: FauxSite, samsok: Samsok) -> None:
    with samsok.start("crawl") as first:
        while len(slow.requests) < 5:
            assert first.poll() is None
            time.sleep(0.005)
        first.send_signal(signal.SIGSTOP)  # or it may end before the second one looks
        second = samsok("crawl")
        first.send_signal(signal.SIGCONT)
        first.communicate(timeout=30)
    assert second.code == 75
    assert first.returncode == 0
    assert len(slow.pages_requested) == PAGES


@pytest.mark.fault
@case(
    "the site is down when `samsok crawl` runs",
    "exit 1, the reason on the terminal, no traceback; then 0",
)
def test_the_exit_code_tells_whether_the_site_was_there(slow: FauxSite, samsok: Samsok) -> None:
    slow.reply("/robots.txt", dataclasses.replace(page_reply(), status=500))
    ended = samsok("crawl")
    assert ended.code == 1
    assert "robots" in ended.out
    assert "Traceback" not in ended.out + ended.err
    slow.remove("/robots.txt")
    assert samsok("crawl").code == 0
    assert len(documents(samsok)) == PAGES
