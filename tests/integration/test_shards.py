"""Several crawls that share the hosts of one source, read as one store."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer import config
from indexer.config import Config, WebsiteSource
from indexer.crawl import (
    DIRECTORY,
    Crawler,
    CrawlReport,
    Handing,
    Shard,
    Share,
    StoreSet,
    ThreadReader,
    learn_repeated,
    reextract,
)
from indexer.errors import ConfigError, JobLocked, StoreError
from indexer.jobs import job_lock, opened_shard, opened_stores, refuse_shards
from indexer.model import Document
from indexer.store import DocumentStore
from tests.support.faux_site import FauxSite
from tests.support.region import prepared, region

SHARDS = 4


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[str, FauxSite]]:
    with region() as served:
        yield served


@pytest.fixture
def settings(tmp_path: Path, sites: dict[str, FauxSite]) -> Config:
    for site in sites.values():
        site.requests.clear()
    return config.load(prepared(tmp_path, sites).config)


def crawl(settings: Config, store: DocumentStore, handing: Handing | None = None) -> CrawlReport:
    with ThreadReader() as reader:
        crawler = Crawler(settings, store, handing=handing, reader=reader)
        return asyncio.run(crawler.run())


def crawl_shard(settings: Config, number: int) -> CrawlReport:
    with opened_shard(settings, Shard(number=number, total=SHARDS)) as (store, handing):
        return crawl(settings, store, handing)


def crawl_shards(settings: Config) -> None:
    """Crawl one after the other, round after round, until nothing is found for another."""
    for _ in range(20):
        reports = [crawl_shard(settings, number) for number in range(1, SHARDS + 1)]
        assert not [report.failed_sources for report in reports if report.failed_sources]
        if not sum(report.total("taken_in") for report in reports):
            return
    pytest.fail("it has no end")


def read_again(settings: Config, held: DocumentStore | StoreSet) -> None:
    learn_repeated(held, settings)
    asyncio.run(reextract(held, settings))


def plain(documents: Iterator[Document]) -> list[tuple[str, str, str, str]]:
    return sorted((it.id, it.url, it.title, str(it.sections)) for it in documents)


@contextlib.contextmanager
def shards(settings: Config) -> Iterator[StoreSet]:
    with (
        DocumentStore.open(settings.data_dir / "crawl.db") as book,
        opened_stores(settings, book, ()) as held,
    ):
        assert isinstance(held, StoreSet)
        yield held


def asked(sites: dict[str, FauxSite]) -> Counter[str]:
    return Counter(site.url(path) for site in sites.values() for path in site.pages_requested)


def test_the_stores_of_four_shards_read_as_that_of_one_crawl(
    tmp_path: Path, settings: Config, sites: dict[str, FauxSite]
) -> None:
    with DocumentStore.open(tmp_path / "whole.db") as store:
        crawl(settings, store)
        read_again(settings, store)
        expected = plain(store.documents())
    pages = asked(sites)
    assert len(expected) > 90
    for site in sites.values():
        site.requests.clear()

    crawl_shards(settings)
    with shards(settings) as held:
        assert all(one.count() > 5 for one in held.stores)
        assert sum(one.count() for one in held.stores) > len(expected)
        read_again(settings, held)
        assert plain(held.documents()) == expected
        assert held.count() == len(expected)
    # The redirects and the starts are looked at each time; every page is asked for once.
    start = settings.sources[0].entrance
    again = {url for url, times in asked(sites).items() if times > 1}
    assert again <= {start, next(u for u in pages if u.endswith("/karta.xml"))}
    assert set(asked(sites)) == set(pages)


def test_no_shard_asks_a_host_of_another(settings: Config, sites: dict[str, FauxSite]) -> None:
    share = Share(Shard(number=2, total=SHARDS), settings)
    crawl_shards(settings)
    for site in sites.values():
        site.requests.clear()
    crawl_shard(settings, 2)

    strange = [site.host for site in sites.values() if not share.owns(site.url("/"))]
    assert 0 < len(strange) < len(sites)
    assert [site.requested for site in sites.values() if site.host in strange] == [[]] * len(
        strange
    )


def test_every_host_falls_to_one_shard_under_all_its_names(settings: Config) -> None:
    source = settings.sources[0]
    assert isinstance(source, WebsiteSource)
    source = dataclasses.replace(
        source, aliases={"admin.hv.se": "www.hv.se", "a.example.org": "b.example.org"}
    )
    named = dataclasses.replace(settings, sources=(source,))
    shares = [Share(Shard(number=number, total=5), named) for number in range(1, 6)]

    def owner(url: str) -> int:
        (share,) = [one for one in shares if one.owns(url)]
        return share.shard.number

    for urls in (
        ("https://www.hv.se/", "http://hv.se:8080/a?b=c", "https://admin.hv.se/x"),
        ("https://a.example.org/", "https://b.example.org/"),
    ):
        assert len({owner(url) for url in urls}) == 1
    assert {owner(f"https://{number}.example.org/") for number in range(60)} == {1, 2, 3, 4, 5}
    # The same on every machine, for ever: stores are divided by it.
    assert [owner(f"https://www.{name}.se/") for name in ("hv", "chalmers", "gu")] == [4, 1, 3]


def test_a_shard_that_lost_its_store_is_told_everything_again(settings: Config) -> None:
    crawl_shards(settings)
    lost = Shard(number=3, total=SHARDS).store(settings.data_dir)
    with DocumentStore.open(lost) as store:
        before = store.count()
    lost.unlink()

    crawl_shards(settings)
    with DocumentStore.open(lost) as store:
        assert store.count() == before > 0


def test_a_damaged_file_of_another_shard_holds_up_nobody(
    settings: Config, caplog: pytest.LogCaptureFixture
) -> None:
    folder = settings.data_dir / DIRECTORY
    folder.mkdir(parents=True)
    (folder / f"found-by-1-of-{SHARDS}.jsonl").write_bytes(b'{"format": "samsok-handover-1"\n')
    (folder / f"found-by-3-of-{SHARDS}.jsonl").write_bytes(b"")
    report = crawl_shard(settings, 2)
    assert not report.failed_sources
    assert "found-by-1-of-4.jsonl cannot be read" in caplog.text


def test_whole_and_sharded_crawls_do_not_mix(settings: Config) -> None:
    crawl_shard(settings, 1)
    with pytest.raises(ConfigError, match="samsok crawl --shard i/n"):
        refuse_shards(settings)
    with (
        pytest.raises(ConfigError, match="is divided otherwise"),
        opened_shard(settings, Shard(number=1, total=3)),
    ):
        pass
    with (
        DocumentStore.open(settings.data_dir / "crawl.db") as book,
        pytest.raises(StoreError, match=r"samsok crawl --shard 2/4"),
        opened_stores(settings, book, ()),
    ):
        pass


def test_shards_go_on_beside_each_other_and_beside_no_other_job(settings: Config) -> None:
    with opened_shard(settings, Shard(number=1, total=2)):
        with opened_shard(settings, Shard(number=2, total=2)):
            pass
        with pytest.raises(JobLocked), opened_shard(settings, Shard(number=1, total=2)):
            pass
        with pytest.raises(JobLocked), job_lock(settings.data_dir):
            pass
    with (
        job_lock(settings.data_dir),
        pytest.raises(JobLocked),
        opened_shard(settings, Shard(number=1, total=2)),
    ):
        pass


def test_a_store_under_a_wrong_name_is_refused(settings: Config) -> None:
    crawl_shard(settings, 1)
    Shard(number=1, total=4).store(settings.data_dir).rename(
        Shard(number=2, total=4).store(settings.data_dir)
    )
    with (
        pytest.raises(StoreError, match=r"call the file crawl-1-of-4\.db again"),
        opened_shard(settings, Shard(number=2, total=4)),
    ):
        pass


@pytest.mark.parametrize("text", ["", "4", "0/4", "5/4", "1/0", "a/b", "1/4/2", "-1/4"])
def test_what_is_no_shard_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="write 1/4 for the first of four"):
        Shard.parse(text)
