"""At the end of a run its report is kept, and nobody comes in between."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from indexer.cli import main
from indexer.config import Config
from indexer.errors import JobLocked, StoreError
from indexer.jobs.conclusion import accounted, conclude
from indexer.jobs.lock import job_lock
from indexer.store import DocumentStore


@pytest.mark.parametrize("verb", ["crawl", "import"])
def test_no_other_job_begins_before_the_report_is_kept(
    config_file: Path, settings: Config, verb: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Such as a restore: the report would be in a store that is no more."""
    told = []

    def watched(config: Config, report: Mapping[str, Any]) -> tuple[str, ...]:
        with pytest.raises(JobLocked), job_lock(config.data_dir):
            pass
        told.append(report["job"])
        return conclude(config, report)

    monkeypatch.setattr(f"indexer.cli.{verb.replace('import', 'import_')}.conclude", watched)
    monkeypatch.chdir(config_file.parent)
    pages = config_file.with_name("pages.warc")
    pages.touch()

    main([verb, *([str(pages)] if verb == "import" else [])])

    assert told == [verb]
    assert [run["job"] for run in reports(settings)] == [verb]


@pytest.mark.parametrize(
    ("job", "then"),
    [
        ("crawl", "the next run goes on"),
        ("import", "import the same files again; what was done is not done twice"),
    ],
)
def test_the_report_of_a_run_that_was_told_to_stop_says_how_it_goes_on(
    settings: Config, job: str, then: str
) -> None:
    with pytest.raises(KeyboardInterrupt), accounted(settings, {"job": job}):
        raise KeyboardInterrupt

    assert [run["problem"] for run in reports(settings)] == [f"it was told to stop; {then}"]


@pytest.mark.parametrize("shard", [[], ["--shard", "1/2"]], ids=["whole", "shard"])
@pytest.mark.parametrize("verb", ["crawl", "import"])
@pytest.mark.parametrize(
    ("error", "code", "outcome"),
    [(StoreError("it broke"), 1, "failed"), (KeyboardInterrupt(), 130, "stopped")],
    ids=["failed", "stopped"],
)
def test_no_other_job_begins_before_the_report_of_one_that_failed_is_kept(
    config_file: Path,
    settings: Config,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    *,
    verb: str,
    shard: list[str],
    error: BaseException,
    code: int,
    outcome: str,
) -> None:
    """And whoever stopped it hears how it goes on: an import does not do so by itself."""
    told = []

    def watched(config: Config, report: Mapping[str, Any], **more: Any) -> tuple[str, ...]:
        with pytest.raises(JobLocked), job_lock(config.data_dir):
            pass
        told.append(report["outcome"])
        return conclude(config, report, **more)

    async def broken(*_: object, **__: object) -> None:
        raise error

    monkeypatch.setattr("indexer.jobs.conclusion.conclude", watched)
    monkeypatch.setattr("indexer.crawl.Crawler.run", broken)
    monkeypatch.setattr("indexer.crawl.ArchiveImport.run", broken)
    monkeypatch.chdir(config_file.parent)
    pages = config_file.with_name("pages.warc")
    pages.touch()

    assert main([verb, *([str(pages)] if verb == "import" else []), *shard]) == code

    assert told == [outcome]
    assert [run["outcome"] for run in reports(settings)] == [outcome]
    said = capsys.readouterr().err
    assert ("goes on from here" in said) == (outcome == "stopped" and verb == "crawl")
    assert ("import the same files again" in said) == (outcome == "stopped" and verb == "import")


def test_what_does_not_go_on_does_not_say_so(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    def interrupted(*_: object) -> None:
        raise KeyboardInterrupt

    monkeypatch.setattr("indexer.cli.status.run", interrupted)

    assert main(["status"]) == 130
    assert capsys.readouterr().err == "interrupted\n"


def reports(settings: Config) -> list[Mapping[str, Any]]:
    with DocumentStore.open(settings.data_dir / "crawl.db") as store:
        return [run.report for run in store.runs(10)]
