"""What somebody reads who shares a crawl between several."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.support.command import Samsok
from tests.support.faux_site import FauxSite
from tests.support.operator import write_small_site

pytestmark = pytest.mark.jobs


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["crawl", "--shard", "5/4"], "'5/4' is no shard: write 1/4 for the first of four"),
        (["crawl", "--handover", "x"], "--handover: is between shards; add --shard i/n"),
        (
            ["reindex", "--store", "x.db"],
            "--store: is read only; add --from-store, or leave it out",
        ),
        (["reindex", "--update"], "--update: is what a crawl does anyway; add --from-store"),
        (["reindex", "--from-store", "--store", "x.db"], "--store: there is no store x.db"),
        (["export", "--warc", "x.warc.gz"], "crawl.db; `samsok crawl` makes one"),
    ],
)
def test_wrong_use_is_answered_with_what_to_write(
    tmp_path: Path, arguments: list[str], said: str
) -> None:
    samsok = Samsok(tmp_path)
    samsok.write_config("http://127.0.0.1:1/")
    outcome = samsok(*arguments)
    assert outcome.code == 2
    assert said in outcome.err
    assert not (tmp_path / "x.warc.gz").exists()


def test_one_shard_of_two_is_planned_crawled_indexed_and_explained(tmp_path: Path) -> None:
    with FauxSite() as site:
        write_small_site(site)
        samsok = Samsok(tmp_path)
        samsok.write_config(site.url("/"))
        plans = [samsok("crawl", "--dry-run", "--shard", f"{number}/2") for number in (1, 2)]
        assert sorted(site.url("/") in plan.out for plan in plans) == [False, True]
        assert not site.requests

        for number in (1, 2):
            outcome = samsok("crawl", "--shard", f"{number}/2")
            assert outcome.code == 0, outcome.err
        whole = samsok("crawl")
        assert whole.code == 2
        assert "`samsok crawl --shard i/n`" in whole.err
        assert samsok("reindex").code == 2

        indexed = samsok("reindex", "--from-store")
        assert indexed.code == 0, indexed.err
        assert "published gen-000001: 4 documents" in indexed.out
        explained = samsok("explain", site.url("/partner/"))
        assert "Not in the index" not in explained.out
