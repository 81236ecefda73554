"""A crawl that is killed without warning, again and again, ends as one that nobody disturbed."""

from __future__ import annotations

import random
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import psutil
import pytest

from indexer.store import DocumentStore
from tests.support.command import Samsok
from tests.support.faux_site import FauxSite

pytestmark = pytest.mark.fault

PAGES = 500
KILLS = 50
CONCURRENCY = 4

CONFIG = """\
version: 1
user_agent: "Samsok/1.0 (+https://www.example.org/samsok; samsok@example.org)"
data_dir: var
http: {{delay_s: 0, per_host: {concurrency}, concurrency: {concurrency}}}
network: {{allow_private: ["127.0.0.1:{port}"]}}
sources:
  - {{name: exempel, type: website, start: ["{url}"], sitemaps: none, max_depth: 100}}
"""


def path_of(number: int) -> str:
    return f"/sida-{number}/" if number else "/"


@pytest.fixture
def site() -> Iterator[FauxSite]:
    """A site of 500 pages in a tree; every fifth leads back, and says who it is."""
    with FauxSite() as served:
        for number in range(PAGES):
            children = [child for child in (2 * number + 1, 2 * number + 2) if child < PAGES]
            links = [path_of(child) for child in (*children, number // 2)]
            canonical = f'<link rel="canonical" href="{path_of(number)}">' if number % 5 else ""
            html = (
                f"<h1>Avtal {number}</h1><p>Avtal {number} handlar om vad högskolan och kommunen"
                f" gör tillsammans under år {number}, och om vem som gör det.</p>"
            )
            served.page(
                path_of(number), html=html, title=f"Avtal {number}", links=links, head=canonical
            )
        yield served


def prepared(directory: Path, site: FauxSite) -> Samsok:
    directory.mkdir()
    samsok = Samsok(directory)
    written = CONFIG.format(port=site.port, url=site.url("/"), concurrency=CONCURRENCY)
    samsok.config.write_text(written, encoding="utf-8")
    return samsok


def documents(samsok: Samsok) -> list[tuple[str, str, str, str]]:
    with DocumentStore.open(samsok.directory / "var" / "crawl.db") as store:
        return sorted(
            (found.id, found.url, found.title, found.content_hash) for found in store.documents()
        )


def events(samsok: Samsok) -> list[str]:
    with DocumentStore.open(samsok.directory / "var" / "crawl.db") as store:
        return [event.event for event in store.history()]


def kill_at(site: FauxSite, process: subprocess.Popen[str], pages: int, pause_s: float) -> None:
    """Kill the crawl a moment after so many different pages have been asked for."""
    while len(set(site.pages_requested)) < pages:
        assert process.poll() is None, process.communicate()
        time.sleep(0.001)
    time.sleep(pause_s)
    below = psutil.Process(process.pid).children(recursive=True)
    process.kill()
    process.communicate()
    # Nothing goes on behind its back: what it had started ends with it.
    _, alive = psutil.wait_procs(below, timeout=10)
    assert alive == []


@pytest.mark.timeout(600)
def test_a_crawl_killed_fifty_times_ends_with_the_documents_of_an_undisturbed_one(
    tmp_path: Path, site: FauxSite
) -> None:
    undisturbed = prepared(tmp_path / "undisturbed", site)
    assert undisturbed("crawl").code == 0
    expected = documents(undisturbed)
    assert len(expected) == PAGES
    assert sorted(site.pages_requested) == sorted(map(path_of, range(PAGES)))
    site.requests.clear()

    samsok = prepared(tmp_path / "killed", site)
    chance = random.Random(4)
    begun_at: list[int] = []
    for pages in sorted(chance.sample(range(1, PAGES - 20), KILLS)):
        begun_at.append(len(site.pages_requested))
        kill_at(site, samsok.start("crawl"), pages, chance.uniform(0, 0.02))
        assert set(documents(samsok)) <= set(expected)
    begun_at.append(len(site.pages_requested))
    ended = samsok("crawl", "--json")
    assert ended.code == 0, ended.err

    assert documents(samsok) == expected
    assert events(samsok) == ["added"] * PAGES
    asked = site.pages_requested
    assert len(asked) <= PAGES + KILLS * CONCURRENCY
    for start, end in zip(begun_at[1:], [*begun_at[2:], len(asked)], strict=True):
        again = set(asked[:start]) & set(asked[start:end])
        # A kill costs the pages that were in flight, and each of them once.
        assert len(again) <= CONCURRENCY
        assert len(asked[start:end]) == len(set(asked[start:end]))
