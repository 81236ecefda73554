"""Four crawls share twelve hosts, side by side, and the index is that of one crawl."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import orjson
import psutil
import pytest

from indexer.crawl import Shard
from indexer.engine import open_index
from indexer.store import DocumentStore
from tests.support.command import Samsok
from tests.support.faux_site import FauxSite
from tests.support.region import prepared, region

pytestmark = [pytest.mark.fault, pytest.mark.timeout(900)]

SHARDS = 4
CONCURRENCY = 8
Found = set[tuple[str, str, str, str]]


@pytest.fixture
def sites() -> Iterator[dict[str, FauxSite]]:
    with region() as served:
        yield served


def asked(sites: dict[str, FauxSite]) -> list[str]:
    """The pages that were asked for, of all hosts."""
    return [site.url(path) for site in sites.values() for path in site.pages_requested]


def crawl_beside_each_other(samsok: Samsok) -> int:
    """Run the four shards at a time; return how many URLs they took in from each other."""
    running = [
        samsok.start("crawl", "--json", "--shard", f"{number}/{SHARDS}")
        for number in range(1, SHARDS + 1)
    ]
    taken = 0
    for process in running:
        out, err = process.communicate(timeout=300)
        assert process.returncode == 0, err
        taken += sum(source["taken_in"] for source in orjson.loads(out)["sources"])
    return taken


def crawl_until_nothing_is_new(samsok: Samsok) -> int:
    """Run round after round; only the second can tell, for all of the first may have ended early.

    A round begins with what the one before it found.
    """
    crawl_beside_each_other(samsok)
    rounds = 2
    while crawl_beside_each_other(samsok):
        rounds += 1
        assert rounds < 15
    return rounds


def index(samsok: Samsok) -> Found:
    """The documents of the index in service: id, URL, title, text."""
    outcome = samsok("reindex", "--from-store", timeout=300)
    assert outcome.code == 0, outcome.err
    with open_index("whoosh", samsok.directory / "var" / "index").searcher() as searcher:
        return {
            (one.id, one.url, one.title, "\n".join(it.text for it in one.sections))
            for one in searcher.scan()
        }


def nothing_waits(samsok: Samsok) -> None:
    for path in Shard.stores(samsok.directory / "var"):
        with DocumentStore.open(path) as store:
            assert store.frontier.queued("regionen") == 0, path


def test_four_shards_visit_each_page_once_and_make_the_index_of_one_crawl(
    tmp_path: Path, sites: dict[str, FauxSite]
) -> None:
    whole = prepared(tmp_path / "whole", sites)
    outcome = whole("crawl", timeout=300)
    assert outcome.code == 0, outcome.err
    expected, pages = index(whole), sorted(asked(sites))
    assert len(expected) > 12 * 8, sorted(url for _, url, *_ in expected)
    assert len([url for _, url, title, _ in expected if title == "Regler för samverkan"]) == 1
    for site in sites.values():
        site.requests.clear()

    samsok = prepared(tmp_path / "shards", sites)
    rounds = crawl_until_nothing_is_new(samsok)

    # Each round begins with the start page and the sitemap; everything else is asked for once.
    times = Counter(asked(sites))
    for path in ("/sida-0/", "/karta.xml"):
        assert times.pop(sites["127.0.0.2"].url(path)) <= rounds
        pages.remove(sites["127.0.0.2"].url(path))
    assert times == Counter(pages)
    assert {request.beside for site in sites.values() for request in site.requests} == {0}
    assert all(site.asked("/robots.txt") for site in sites.values())
    nothing_waits(samsok)
    assert index(samsok) == expected


def test_a_shard_that_is_killed_goes_on_and_nothing_is_lost(
    tmp_path: Path, sites: dict[str, FauxSite]
) -> None:
    whole = prepared(tmp_path / "whole", sites)
    assert whole("crawl", timeout=300).code == 0
    expected, pages = index(whole), set(asked(sites))
    for site in sites.values():
        site.requests.clear()

    samsok = prepared(tmp_path / "shards", sites, delay_s=0.05)
    first = next(
        number
        for number in range(1, SHARDS + 1)
        if samsok("crawl", "--shard", f"{number}/{SHARDS}", timeout=300).code == 0 and asked(sites)
    )
    killed = samsok.start("crawl", "--full", "--shard", f"{first}/{SHARDS}")
    before = len(asked(sites))
    while len(asked(sites)) < before + 3:
        assert killed.poll() is None, killed.communicate()
    below = psutil.Process(killed.pid).children(recursive=True)
    killed.kill()
    killed.communicate()
    _, alive = psutil.wait_procs(below, timeout=10)
    assert alive == []

    crawl_until_nothing_is_new(samsok)
    times = Counter(asked(sites))
    assert set(times) == pages
    for path in ("/sida-0/", "/karta.xml"):
        del times[sites["127.0.0.2"].url(path)]
    # Once when it was found, once more for `--full`, and again if it was in flight.
    again = [url for url, count in times.items() if count > 2]
    assert len(again) <= CONCURRENCY
    assert max(times.values()) <= 3
    assert {request.beside for site in sites.values() for request in site.requests} == {0}
    nothing_waits(samsok)
    assert index(samsok) == expected
