"""Night after night, the stores of four shards are indexed by what changed."""

from __future__ import annotations

import asyncio
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import config
from indexer.cli.progress import JobProgress
from indexer.config import Config
from indexer.crawl import Crawler, Shard, ThreadReader
from indexer.engine import open_index
from indexer.jobs import opened_shard, opened_stores
from indexer.jobs.origin import Origin
from indexer.jobs.reindex import Reindex, ReindexReport
from indexer.jobs.renewal import differing
from indexer.model import Document
from indexer.store import DocumentStore
from tests.support.documents import document
from tests.support.faux_site import FauxSite, Reply
from tests.support.region import HOSTS, prepared, region

SHARDS = 4


@pytest.fixture
def sites() -> Iterator[dict[str, FauxSite]]:
    with region() as served:
        yield served


@pytest.fixture
def settings(tmp_path: Path, sites: dict[str, FauxSite]) -> Config:
    samsok = prepared(tmp_path, sites)
    with samsok.config.open("a", encoding="utf-8") as file:
        file.write("recrawl: {min_hours: 0}\n")
    return config.load(samsok.config)


def crawl(settings: Config) -> None:
    """Crawl shard after shard, until nothing is found for another."""
    for _ in range(20):
        taken_in = 0
        for number in range(1, SHARDS + 1):
            shard = Shard(number=number, total=SHARDS)
            with opened_shard(settings, shard) as (store, handing), ThreadReader() as reader:
                crawler = Crawler(settings, store, handing=handing, reader=reader)
                taken_in += asyncio.run(crawler.run()).total("taken_in")
        if not taken_in:
            return
    pytest.fail("it has no end")


def reindex(settings: Config, *, update: bool = True) -> ReindexReport:
    job = Reindex(settings, watcher=JobProgress(), reader=ThreadReader)
    return job.run(from_store=True, update=update)


def indexed(settings: Config) -> tuple[int, list[Document]]:
    """Return on how many updates the generation in service stands, and all that it holds."""
    with open_index("whoosh", settings.data_dir / "index").searcher() as searcher:
        origin = Origin.read(searcher.bundle)
        assert origin is not None
        return origin.updates, list(searcher.scan())


def stored(settings: Config) -> list[Document]:
    book = DocumentStore.open(settings.data_dir / "crawl.db")
    with book, opened_stores(settings, book, ()) as held:
        return list(held.documents())


def test_a_night_of_few_changes_costs_what_changed(
    settings: Config, sites: dict[str, FauxSite]
) -> None:
    crawl(settings)
    assert reindex(settings).outcome == "published"
    updates, before = indexed(settings)
    assert updates == 0
    assert before == stored(settings)
    assert reindex(settings).outcome == "unchanged"

    first, *_, last = (sites[host] for host in HOSTS)
    first.page("/sida-5/", title="Ny", html="<h1>Ny</h1><p>Havsörnar.</p>", links=["/till/"])
    first.page("/till/", title="Till", html="<h1>Till</h1><p>En sida till.</p>")
    last.reply("/sida-5/", Reply(status=410))
    crawl(settings)
    assert reindex(settings).outcome == "published"

    updates, after = indexed(settings)
    assert updates == 1
    assert after == stored(settings)
    changed = dict(differing(before, after))
    assert sorted(changed.values()) == [False, True, True]


def test_a_twin_that_goes_lets_the_other_come_back(
    settings: Config, sites: dict[str, FauxSite]
) -> None:
    crawl(settings)
    reindex(settings)
    (rules,) = (it for it in indexed(settings)[1] if it.title == "Regler för samverkan")
    host = rules.url.split("/")[2].split(":")[0]

    sites[host].reply("/gemensam/", Reply(status=410))
    crawl(settings)
    reindex(settings)

    updates, documents = indexed(settings)
    (other,) = (it for it in documents if it.title == "Regler för samverkan")
    assert updates == 1
    assert other.url != rules.url
    assert documents == stored(settings)


def test_what_is_built_by_updates_holds_what_a_full_build_holds(
    settings: Config, sites: dict[str, FauxSite]
) -> None:
    crawl(settings)
    reindex(settings)
    for night in range(3):
        site = sites[HOSTS[night]]
        site.page(f"/sida-{night}/", title=f"Natt {night}", html=f"<h1>Natt {night}</h1>Ny.")
        crawl(settings)
        reindex(settings)
    updates, updated = indexed(settings)
    assert updates == 3

    assert reindex(settings, update=False).outcome == "published"

    assert indexed(settings) == (0, updated)


def test_much_that_changed_is_built_anew(settings: Config, sites: dict[str, FauxSite]) -> None:
    crawl(settings)
    reindex(settings)
    for host in HOSTS:
        sites[host].page("/mottagen/", title="Annan", html=f"<h1>Annan</h1><p>Ny {host}.</p>")
    crawl(settings)
    reindex(settings)

    updates, documents = indexed(settings)
    assert updates == 0
    assert documents == stored(settings)


def test_two_orders_of_documents_are_compared_one_by_one() -> None:
    same, other, gone, new = (document(number) for number in range(4))
    changed = document(1, text="annat")
    before = sorted([same, other, gone], key=lambda one: one.id)
    now = sorted([same, changed, new], key=lambda one: one.id)

    found = list(differing(before, now))

    assert found == sorted([(other.id, True), (gone.id, False), (new.id, True)])
    assert list(differing(now, now)) == []
    assert dict(differing([], now)) == dict.fromkeys([one.id for one in now], True)
    assert dict(differing(before, [])) == dict.fromkeys([one.id for one in before], False)
