"""Where things stand when the shards of a crawl run many times for each time it is indexed."""

from __future__ import annotations

import datetime as dt
from typing import Any

from indexer.config import Config
from indexer.engine import STATUS_NOTE, Upkeep, open_index
from indexer.jobs.conclusion import conclude
from indexer.jobs.status import status
from indexer.store import DocumentStore

INDEXED: dict[str, Any] = {
    "job": "reindex",
    "outcome": "published",
    "started": "2026-03-01T02:00:00+00:00",
    "finished": "2026-03-01T02:05:00+00:00",
    "documents": 3,
}
FAILED = INDEXED | {"outcome": "failed", "problem": "the disk is full"}
SHARD: dict[str, Any] = {"job": "crawl", "shard": "1/2"}
RUNS = 250


def crawled_often(config: Config, *before: dict[str, Any]) -> Upkeep:
    """Keep these runs and then many of a shard; return the note that the last of them left."""
    with DocumentStore.open(config.data_dir / "crawl.db") as book, book.transaction():
        for report in (*before, *[SHARD] * RUNS):
            book.record_run(report)
    assert conclude(config, SHARD) == ()
    note = Upkeep.read(
        open_index(config.index.plain(), config.data_dir / "index").note(STATUS_NOTE)
    )
    assert note is not None
    return note


def test_the_runs_of_a_shard_hide_neither_the_last_success_nor_the_last_run(
    settings: Config,
) -> None:
    note = crawled_often(settings, INDEXED, FAILED)

    assert note.succeeded == dt.datetime(2026, 3, 1, 2, 5, tzinfo=dt.UTC)
    assert note.last is not None
    assert note.last.outcome == "failed"
    told = {name for name, _, _ in note.gauges()}
    assert {"samsok_last_success_timestamp_seconds", "samsok_last_run_outcome"} <= told
    found = status(settings, runs=3)
    assert [run.report["job"] for run in found.runs] == ["crawl"] * 3
    assert found.upkeep is not None
    assert found.upkeep.runs == note.runs


def test_a_note_does_not_grow_without_end(settings: Config) -> None:
    note = crawled_often(settings, *[INDEXED] * 100)

    assert [run.job for run in note.runs] == ["crawl"] * 60 + ["reindex"] * 60
