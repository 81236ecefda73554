"""After an upgrade the old index serves until the first run has built the new one."""

from __future__ import annotations

import datetime as dt
import logging
from pathlib import Path

import pytest

from indexer import config
from indexer.analysis import bundle
from indexer.cli.progress import JobProgress
from indexer.config import Config
from indexer.engine import LiveIndex, schema
from indexer.engine.manifest import Manifest
from indexer.engine.versions import RENEWED
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.errors import IndexDamaged
from indexer.jobs.doctor import doctor
from indexer.jobs.origin import Origin
from indexer.jobs.reindex import Reindex, ReindexReport
from indexer.jobs.status import status
from indexer.store import DocumentStore
from tests.support.command import CONFIG
from tests.support.documents import document

COUNT = 30


@pytest.fixture
def settings(tmp_path: Path) -> Config:
    path = tmp_path / "crawl_config.yaml"
    path.write_text(CONFIG.format(url="http://127.0.0.1:9/", canaries=""), encoding="utf-8")
    loaded = config.load(path)
    with DocumentStore.open(loaded.data_dir / "crawl.db") as store:
        for number in range(COUNT):
            store.put(document(number), fingerprint="1")
    return loaded


@pytest.fixture(params=["of the schema", "of the analysis"])
def older(request: pytest.FixtureRequest, settings: Config) -> Config:
    """An installation whose index an older version built; this one can still read it."""
    module = schema if request.param == "of the schema" else bundle
    with pytest.MonkeyPatch.context() as then:
        then.setattr(module, "VERSION", "2")
        then.setattr(module, "READABLE", ("2",))
        assert run(settings).outcome == "published"
    return settings


@pytest.fixture
def _reads_older(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (schema, bundle):
        monkeypatch.setattr(module, "READABLE", (module.VERSION, "2"))


def run(settings: Config) -> ReindexReport:
    """Let a night pass in which no source is asked."""
    with JobProgress() as progress:
        return Reindex(settings, watcher=progress).run(sources=())


def index_of(settings: Config) -> WhooshIndex:
    return WhooshIndex(settings.data_dir / "index")


@pytest.mark.usefixtures("_reads_older")
def test_an_older_index_serves_until_the_next_run_renews_it(older: Config) -> None:
    with index_of(older).searcher() as searcher:
        assert searcher.generation.documents == COUNT
    (before,) = status(older).plain()["generations"]
    assert before["older_version"]
    found = doctor(older.path, now=dt.datetime.now(dt.UTC))
    assert found.is_well
    assert [it.advice for it in found.findings if it.state == "warning"] == [RENEWED]
    with DocumentStore.open(older.data_dir / "crawl.db") as store:
        store.put(document(1, "Ett annat namn"), fingerprint="1")

    report = run(older)

    assert report.outcome == "published"
    assert report.generation
    # Built anew, although so little changed that it would have been an update.
    with index_of(older).searcher() as searcher:
        origin = Origin.read(searcher.bundle)
        assert origin
        assert origin.updates == 0
    now = Manifest.read(older.data_dir / "index" / report.generation.name)
    assert (now.version, now.analysis) == (schema.VERSION, bundle.VERSION)
    assert not status(older).plain()["generations"][-1]["older_version"]
    assert run(older).outcome == "unchanged"


@pytest.mark.usefixtures("_reads_older")
def test_a_night_in_which_nothing_changed_renews_it_too(older: Config) -> None:
    assert run(older).outcome == "published"


def test_an_index_that_cannot_be_read_any_more_is_told_and_built_anew(older: Config) -> None:
    with pytest.raises(IndexDamaged, match=r"version '2'|index '2'"):
        index_of(older).searcher()
    found = doctor(older.path, now=dt.datetime.now(dt.UTC))
    assert not found.is_well
    assert any("samsok reindex --from-store" in it.advice for it in found.findings)

    assert run(older).outcome == "published"

    with index_of(older).searcher() as searcher:
        assert searcher.generation.documents == COUNT


def test_a_search_process_of_the_old_version_goes_on_with_the_old_index(
    settings: Config, caplog: pytest.LogCaptureFixture
) -> None:
    """It has not been started anew yet when the first run of the new version publishes."""
    run(settings)
    live = LiveIndex(index_of(settings), check_every_s=0.0, silence_s=0.0)
    with live.searcher() as searcher:
        assert searcher.generation.name == "gen-000001"

    with pytest.MonkeyPatch.context() as later:
        later.setattr(schema, "VERSION", "next")
        later.setattr(schema, "READABLE", ("next", schema.VERSION))
        assert run(settings).generation

    with caplog.at_level(logging.ERROR):
        for _ in range(3):
            with live.searcher() as searcher:
                assert searcher.generation.name == "gen-000001"
                assert len(list(searcher.scan())) == COUNT
    assert caplog.text.count("the old generation goes on serving") == 1
    # The same process started anew, with the new version.
    with pytest.MonkeyPatch.context() as later:
        later.setattr(schema, "READABLE", ("next", schema.VERSION))
        with index_of(settings).searcher() as searcher:
            assert searcher.generation.name == "gen-000002"
    live.close()
