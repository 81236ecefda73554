"""What the operator of four shards sees: all of them, wherever he looks."""

from __future__ import annotations

import os
import shutil
import tarfile
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import orjson
import pytest
from prometheus_client.parser import text_string_to_metric_families

from indexer.engine import Upkeep
from indexer.jobs.lock import store_lock
from indexer.store import DocumentStore
from tests.support.command import Samsok
from tests.support.faux_site import FauxSite
from tests.support.four_shards import four_hosts, write_config
from tests.support.webhook import Webhook

pytestmark = [pytest.mark.jobs, pytest.mark.timeout(180)]


@pytest.fixture(scope="module")
def sites() -> Iterator[dict[int, FauxSite]]:
    with four_hosts() as served:
        yield served


@pytest.fixture(scope="module")
def samsok(sites: dict[int, FauxSite], tmp_path_factory: pytest.TempPathFactory) -> Samsok:
    """All four have run and are indexed. The tests that share it leave it as it was."""
    found = Samsok(tmp_path_factory.mktemp("shards"))
    write_config(found, sites)
    for number in (2, 1, 3, 4):
        assert samsok_crawl(found, number) == 0
    indexed = found("reindex", "--from-store")
    assert "published gen-000001: 5 documents" in indexed.out, indexed.err
    return found


@pytest.fixture
def own(samsok: Samsok, tmp_path: Path) -> Samsok:
    """The same to do harm to."""
    shutil.copytree(samsok.directory, tmp_path / "own")
    return Samsok(tmp_path / "own")


def samsok_crawl(samsok: Samsok, number: int) -> int:
    outcome = samsok("crawl", "--shard", f"{number}/4")
    assert "Traceback" not in outcome.err
    return outcome.code


def note(samsok: Samsok) -> Upkeep:
    found = Upkeep.read((samsok.directory / "var" / "index" / "status.json").read_bytes())
    assert found is not None
    return found


def metrics(samsok: Samsok) -> bytes:
    assert samsok("status", "--prometheus", "samsok.prom").code == 0
    return (samsok.directory / "samsok.prom").read_bytes()


def test_the_status_sums_the_sources_and_has_a_line_for_each_shard(
    samsok: Samsok, sites: dict[int, FauxSite]
) -> None:
    status = samsok("status").out

    assert "regionen  8  documents  reached" in status
    for number in (1, 2, 3, 4):
        assert f"  {number}/4  2  documents  crawled " in status
    assert f"1  http_404  such as {sites[4].url('/borta/')}" in status
    assert "the last run that ended well:" in status
    plain: Any = samsok("status", "--json").json
    assert [(it["number"], it["total"], it["is_there"]) for it in plain["shards"]] == [
        (number, 4, True) for number in (1, 2, 3, 4)
    ]
    assert samsok("status", "--check").out == "fresh\n"


def test_the_note_and_the_metrics_tell_of_all(samsok: Samsok) -> None:
    told = note(samsok)
    assert [(it.name, it.documents) for it in told.sources] == [("regionen", 8)]
    assert [(it.name, it.documents, it.outcome) for it in told.shards] == [
        (f"{number}/4", 2, "crawled") for number in (1, 2, 3, 4)
    ]
    assert dict(told.failures) == {"http_404": 1}

    text = metrics(samsok).decode()
    values = {
        (sample.name, sample.labels.get("shard", "")): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }
    assert values["samsok_shard_documents", "3/4"] == 2
    assert values["samsok_shard_failing", "3/4"] == 0
    assert values["samsok_source_documents", ""] == 8
    assert ("samsok_shard_last_run_timestamp_seconds", "3/4") in values


def test_the_run_of_a_shard_is_a_run_like_others(samsok: Samsok) -> None:
    listed = samsok("report", "--list").out.splitlines()
    assert [line.split()[0] for line in listed] == ["#5", "#4", "#3", "#2", "#1"]
    assert "crawl 3/4  crawled" in listed[2]
    shown = samsok("report", "3").out
    assert "run 3: crawl 3/4, crawled, " in shown
    assert "shard 3/4:\nregionen: 2 documents" in shown


def test_quality_and_vocabulary_look_at_all_documents_once(
    samsok: Samsok,
) -> None:
    quality = samsok("quality").out
    assert "regionen: 5 documents" in quality
    assert "1  links to pages that are not there" in quality

    proposed = samsok("vocabulary", "suggest", "--json").out
    (abbreviation,) = [one for one in orjson.loads(proposed) if one["name"] == "AIL"]
    assert abbreviation["aliases"] == ["arbetsintegrerat lärande"]
    assert abbreviation["pages"] == 1


def test_what_is_due_is_listed_over_all_shards_or_for_one(
    samsok: Samsok, sites: dict[int, FauxSite]
) -> None:
    whole = samsok("crawl", "--dry-run").out
    assert "regionen: URLs due 9" in whole
    assert all(site.url("/") in whole for site in sites.values())
    one = samsok("crawl", "--dry-run", "--shard", "3/4").out
    assert "regionen: URLs due 2" in one


def test_a_shard_that_never_ran_here_is_said_and_is_nothing_amiss(
    sites: dict[int, FauxSite], tmp_path: Path
) -> None:
    samsok = Samsok(tmp_path)
    write_config(samsok, sites)
    assert samsok_crawl(samsok, 2) == 0

    status = samsok("status").out
    assert "3/4  0  documents  has not run here, and its store is not here" in status
    assert "nothing is indexed here until each is there" in status
    assert "nothing is published yet; run `samsok reindex --from-store`" in status
    assert "2/4  2  documents  crawled" in status
    assert [it.is_failing for it in note(samsok).shards] == [False] * 4
    found = samsok("doctor", "--offline")
    assert found.code == 0, found.out
    assert "3 of 4 shards never ran here and have no store here: 1/4, 3/4, 4/4" in found.out
    assert "if they are crawled on another machine, that is as it should be; copy" in found.out


def test_doctor_looks_at_every_store_and_its_lock(samsok: Samsok) -> None:
    found = samsok("doctor", "--offline")
    assert found.code == 0, found.out
    for name in ("crawl.db", *(f"crawl-{number}-of-4.db" for number in (1, 2, 3, 4))):
        assert f"{name} is whole" in found.out
    assert "all 4 are there" in found.out

    var = samsok.directory / "var"
    with store_lock(var / "crawl-3-of-4.db"), store_lock(var / "crawl-1-of-4.db"):
        assert f"process {os.getpid()} has been working" in samsok("doctor", "--offline").out


def test_a_damaged_store_is_named_and_the_status_tells_of_the_others(own: Samsok) -> None:
    store = own.directory / "var" / "crawl-3-of-4.db"
    store.write_bytes(store.read_bytes()[:4096] + b"\xff" * 40_960)

    damaged = own("doctor", "--offline")
    assert damaged.code == 1
    assert f"{store}: " in damaged.out
    assert "move the file away and run `samsok crawl --shard 3/4`" in damaged.out
    status = own("status")
    assert status.code == 0, status.err
    assert "3/4  0  documents  CANNOT BE READ: `samsok doctor` says why" in status.out
    assert "regionen  6  documents" in status.out
    # What would be incomplete without a word is not told at all.
    assert own("quality").code == 1


def test_stores_that_are_missing_or_of_another_division_are_said_and_not_indexed(
    own: Samsok,
) -> None:
    var = own.directory / "var"
    store, kept = var / "crawl-3-of-4.db", (var / "crawl-3-of-4.db").read_bytes()
    store.unlink()
    missing = own("doctor", "--offline")
    assert missing.code == 1
    assert "the stores of 1 of 4 shards, which ran here, are not there: 3/4" in missing.out
    assert "run `samsok crawl --shard 3/4`, copy the store here, or restore" in missing.out
    assert "last crawled" in own("status").out
    assert b'samsok_shard_failing{shard="3/4"} 1' in metrics(own)

    store.write_bytes((var / "crawl-2-of-4.db").read_bytes())
    assert "call the file crawl-2-of-4.db again" in own("doctor", "--offline").out

    store.write_bytes(kept)
    store.rename(var / "crawl-2-of-3.db")
    mixed = own("reindex", "--from-store")
    assert mixed.code == 1
    assert "were divided otherwise, into 3 and 4: move those of the old" in mixed.err
    assert "divided otherwise: into 3 and 4" in own("doctor", "--offline").out


def test_a_backup_holds_every_store_and_comes_back_as_the_same_set(
    samsok: Samsok, sites: dict[int, FauxSite], tmp_path: Path
) -> None:
    archive = tmp_path / "samsok.tar"
    done = samsok("backup", str(archive))
    assert "backed up 8 documents in the stores of 4 shards, no index" in done.out, done.err
    with tarfile.open(archive) as tar:
        names = [name for name in tar.getnames() if name.endswith(".db")]
    assert names == ["crawl.db", *(f"crawl-{number}-of-4.db" for number in (1, 2, 3, 4))]
    assert "is whole: 8 documents" in samsok("restore", str(archive), "--verify").out

    there = Samsok(tmp_path / "there")
    there.directory.mkdir()
    shutil.copy(samsok.config, there.config)
    var = there.directory / "var"
    # What is forgotten there comes back in none of the stores, and the old set goes as a whole.
    with DocumentStore.open(var / "crawl-1-of-2.db"):
        pass
    forgotten = sites[3].url("/")
    assert there("forget", forgotten, "--yes").code == 0
    restored = there("restore", str(archive), "--replace")
    assert restored.code == 0, restored.err
    assert {path.name for path in var.glob("*.db")} == set(names)
    assert not (var / "restored").exists()
    assert "published gen-000001: 4 documents" in there("reindex", "--from-store").out
    assert "shards of the crawl" in there("status").out
    with DocumentStore.open(var / "crawl-3-of-4.db") as store:
        assert forgotten not in [one.url for one in store.documents()]


def test_somebody_is_told_of_a_shard_and_of_an_import_that_fail_and_that_all_is_well_again(
    sites: dict[int, FauxSite], tmp_path: Path
) -> None:
    samsok = Samsok(tmp_path)
    with Webhook() as webhook:
        write_config(samsok, sites, webhook=webhook.url)
        assert samsok_crawl(samsok, 2) == 0
        assert webhook.events == []

        (tmp_path / "var" / "crawl-1-of-4.db").write_bytes(b"this is not a database" * 1000)
        assert samsok_crawl(samsok, 1) == 1
        (failed,) = webhook.told
        assert (failed["event"], failed["report"]["shard"]) == ("failed", "1/4")
        assert "shard 1/4:\nFAILED after" in failed["text"]
        assert "`samsok report 2` shows this again" in failed["text"]
        assert [run.outcome for run in note(samsok).runs] == ["failed", "crawled"]
        assert [it.is_failing for it in note(samsok).shards] == [True, False, False, False]
        assert "run 2: crawl 1/4, failed" in samsok("report").out

        samsok("export", "--warc", "some.warc.gz", "--store", "var/crawl-2-of-4.db")
        assert samsok("import", "--shard", "1/4", "some.warc.gz").code == 1
        assert webhook.events == ["failed", "failed"]
        assert webhook.told[1]["report"]["job"] == "import"

        (tmp_path / "var" / "crawl-1-of-4.db").unlink()
        assert samsok_crawl(samsok, 3) == 0
        assert len(webhook.events) == 2
        assert samsok_crawl(samsok, 1) == 0
        assert webhook.events[2:] == ["runs_again"]
        assert "crawl 1/4 runs well again" in webhook.told[2]["text"]
        samsok("export", "--warc", "own.warc.gz", "--store", "var/crawl-1-of-4.db")
        taken = samsok("import", "--shard", "1/4", "own.warc.gz")
        assert "shard 1/4:\n2 records of 1 file: 2 pages" in taken.out, taken.err
        assert webhook.events[3:] == ["recovered"]
        assert "import 1/4, imported" in samsok("report").out
        assert note(samsok).runs[0].job == "import"
