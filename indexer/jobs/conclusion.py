"""What is done at the end of a run, however it ended: its report is kept, and told of."""

from __future__ import annotations

import datetime as dt
import logging
from contextlib import suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from indexer.engine import Upkeep, open_index
from indexer.engine.upkeep import MAX_RUNS, STATUS_NOTE
from indexer.errors import EngineError, SamsokError, StoreError
from indexer.jobs.notify import event_of, tell
from indexer.jobs.reports import numbers
from indexer.jobs.status import LOOKED_AT, upkeep
from indexer.store import DocumentStore, StoredRun

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from indexer.config import Config
    from indexer.engine import SearchIndex

logger = logging.getLogger(__name__)


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def conclude(
    config: Config, report: Mapping[str, Any], *, clock: Callable[[], dt.datetime] = _utc_now
) -> tuple[str, ...]:
    """Keep the report of a run, tell of it, renew the status; return what of this did not work.

    Raises:
        StoreError: If the report cannot be kept; then nobody has been told.
    """
    index = open_index(config.index.plain(), config.data_dir / "index")
    with DocumentStore.open(config.data_dir / "crawl.db", clock=clock) as store:
        before = store.runs(LOOKED_AT)
        number = store.record_run(report)
        event = event_of(report, before)
        warnings = tell(config, report, event, run=number) if event else []
        if event == "failed":
            # The error itself is what must be heard, and may be why the status cannot be renewed.
            _renewed(index, upkeep(config, store, store.runs(LOOKED_AT)))
        else:
            warnings += _renewed(index, upkeep(config, store, store.runs(LOOKED_AT)))
        if warnings:
            store.amend_run(number, {**report, "warnings": warnings})
    return tuple(warnings)


def failure(error: BaseException, *, started: dt.datetime, finished: dt.datetime) -> dict[str, Any]:
    """Return the report of a run that something stopped, or somebody, as plain JSON values."""
    is_failure = isinstance(error, SamsokError)
    return {
        "job": "reindex",
        "outcome": "failed" if is_failure else "stopped",
        "started": started.isoformat(),
        "finished": finished.isoformat(),
        "problem": str(error) if is_failure else "it was told to stop; the next run goes on",
    }


def conclude_failed(
    config: Config, report: Mapping[str, Any], *, clock: Callable[[], dt.datetime] = _utc_now
) -> None:
    """Do the same for a run that an error stopped, which may stop this, too."""
    try:
        warnings = conclude(config, report, clock=clock)
    except StoreError:
        warnings = _without_store(config, report)
    for warning in warnings:
        logger.warning("%s", warning)


def record(config: Config, store: DocumentStore, report: Mapping[str, Any]) -> None:
    """Keep the report of a job that publishes nothing, and renew the status."""
    store.record_run(report)
    index = open_index(config.index.plain(), config.data_dir / "index")
    for warning in _renewed(index, upkeep(config, store, store.runs(LOOKED_AT))):
        logger.warning("%s", warning)


def _without_store(config: Config, report: Mapping[str, Any]) -> tuple[str, ...]:
    """Tell of a run, and note it, where the store cannot be used."""
    index = open_index(config.index.plain(), config.data_dir / "index")
    with suppress(EngineError):
        if old := Upkeep.read(index.note(STATUS_NOTE)):
            this = numbers(StoredRun(id=0, at=old.written, report=report))
            runs = (this, *old.runs)[:MAX_RUNS]
            _renewed(index, replace(old, written=this.finished, runs=runs))
    return tuple(tell(config, report, "failed", run=None))


def _renewed(index: SearchIndex, status: Upkeep) -> list[str]:
    try:
        index.put_note(STATUS_NOTE, status.to_bytes())
    except EngineError as error:
        return [f"the status page tells of an older run: {error}"]
    return []
