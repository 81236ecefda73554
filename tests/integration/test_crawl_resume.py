"""A crawl that is cut off, by whatever, goes on where it was and ends with the same documents."""

from __future__ import annotations

import asyncio
import dataclasses
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import orjson
import pytest

from indexer.config import Config, WebsiteSource
from indexer.crawl import Crawler
from indexer.model import Document, HttpSettings
from indexer.store import DocumentStore
from tests.support.faux_site import HTML, FauxSite, Reply

pytestmark = pytest.mark.jobs

PAGES = 120
CONCURRENCY = 4

CRAWL = """
import asyncio, sys
from pathlib import Path
import orjson
from tests.integration.test_crawl_resume import config
from indexer.crawl import Crawler
from indexer.store import DocumentStore

directory = Path(sys.argv[1])
with DocumentStore.open(directory / "crawl.db") as store:
    report = asyncio.run(Crawler(config(directory, sys.argv[2]), store).run())
sys.stdout.buffer.write(orjson.dumps(report.to_json()))
"""


def config(directory: Path, start: str) -> Config:
    """What every crawl here runs with; the killed processes call this too."""
    source = WebsiteSource(
        name="samverkan",
        start=(start,),
        sitemaps="none",
        allow=("/**",),
        http=HttpSettings(delay_s=0, per_host=CONCURRENCY, concurrency=CONCURRENCY),
    )
    return Config(
        path=directory / "crawl_config.yaml",
        user_agent="Samsok/1.0 (+https://www.example.org/; samsok@example.org)",
        data_dir=directory,
        sources=(source,),
        allow_private=("127.0.0.1",),
    )


@pytest.fixture
def site() -> Iterator[FauxSite]:
    with FauxSite() as site:
        for number in range(PAGES):
            links = [f"/sida-{child}/" for child in (2 * number + 1, 2 * number + 2)]
            # Some pages are under two addresses, so that it matters who supplies the content.
            canonical = f'<link rel="canonical" href="/sida-{number}/">'
            write(site, f"/sida-{number}/", links=[*links, f"/sida-{number}/?kopia={number % 5}"])
            write(site, f"/sida-{number}/?kopia={number % 5}", links=links, head=canonical)
        yield site


def write(site: FauxSite, path: str, *, links: list[str], head: str = "") -> None:
    anchors = "".join(f'<p><a href="{link}">{link}</a></p>' for link in links)
    html = (
        f'<!doctype html><html lang="sv"><head><title>{path}</title>{head}</head><body><main>'
        f"<h1>{path}</h1><p>Här står vad högskolan och kommunen gör: {path}.</p>{anchors}"
        "</main></body></html>"
    )
    site.reply(path, Reply(body=html.encode(), headers={"Content-Type": HTML}, stall_s=0.01))


def start_crawl(site: FauxSite, directory: Path) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-c", CRAWL, str(directory), site.url("/sida-0/")],
        stdout=subprocess.PIPE,
    )


def kill_after(site: FauxSite, process: subprocess.Popen[bytes], requests: int) -> None:
    """Let the crawl send so many more requests, then kill it in the midst of its work."""
    target = len(site.requests) + requests
    while len(site.requests) < target:
        assert process.poll() is None, "the crawl ended before it could be killed"
        time.sleep(0.002)
    process.send_signal(signal.SIGKILL)
    process.communicate()


def documents(directory: Path) -> list[Document]:
    with DocumentStore.open(directory / "crawl.db") as store:
        return [dataclasses.replace(found, harvested=None) for found in store.documents()]


def page_requests(site: FauxSite) -> int:
    return sum(path != "/robots.txt" for path in site.requested)


def undisturbed(site: FauxSite, directory: Path) -> tuple[list[Document], int]:
    """Crawl in peace; return the documents and how many pages were asked for."""
    directory.mkdir()
    with DocumentStore.open(directory / "crawl.db") as store:
        asyncio.run(Crawler(config(directory, site.url("/sida-0/")), store).run())
    asked = page_requests(site)
    site.requests.clear()
    return documents(directory), asked


def kill_and_finish(site: FauxSite, directory: Path, kills: list[int]) -> None:
    """Crawl with one kill after each number of requests, finish, and compare."""
    expected, asked = undisturbed(site, directory / "undisturbed")
    assert len(expected) > PAGES / 2
    for requests in kills:
        kill_after(site, start_crawl(site, directory), requests)
    output, _ = start_crawl(site, directory).communicate(timeout=60)
    (report,) = orjson.loads(output)["sources"]
    assert report["resumed"]
    assert documents(directory) == expected
    # A kill costs what was in flight and nothing else.
    assert asked <= page_requests(site) <= asked + len(kills) * CONCURRENCY


def test_a_killed_crawl_ends_with_the_documents_of_an_undisturbed_one(
    site: FauxSite, tmp_path: Path
) -> None:
    kill_and_finish(site, tmp_path, [60])


@pytest.mark.fault
def test_a_crawl_that_is_killed_again_and_again_ends_with_the_same_documents(
    site: FauxSite, tmp_path: Path
) -> None:
    kill_and_finish(site, tmp_path, [1, 2, 13, 29, 7, 41, 23, 37])


def test_a_crawl_that_is_cancelled_leaves_a_store_that_goes_on(
    site: FauxSite, tmp_path: Path
) -> None:
    expected, asked = undisturbed(site, tmp_path / "undisturbed")

    async def cut_off(crawler: Crawler) -> None:
        crawl = asyncio.create_task(crawler.run())
        while page_requests(site) < 50 and not crawl.done():
            await asyncio.sleep(0.005)
        crawl.cancel()
        with pytest.raises(asyncio.CancelledError):
            await crawl

    with DocumentStore.open(tmp_path / "crawl.db") as store:
        crawler = Crawler(config(tmp_path, site.url("/sida-0/")), store)
        asyncio.run(cut_off(crawler))
        assert 20 < store.count() < len(expected)
        report = asyncio.run(crawler.run())
    assert report.sources[0].resumed
    assert documents(tmp_path) == expected
    assert asked <= page_requests(site) <= asked + CONCURRENCY
