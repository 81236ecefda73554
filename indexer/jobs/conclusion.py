"""What is done at the end of a run, however it ended: its report is kept, and told of.

The book of the runs is the store of the data directory, also where each shard of the crawl has a
store of its own: so their runs have numbers of one row.
"""

from __future__ import annotations

import datetime as dt
import logging
from contextlib import contextmanager, suppress
from dataclasses import replace
from typing import TYPE_CHECKING, Any

from indexer.engine import Upkeep, open_index
from indexer.engine.upkeep import STATUS_NOTE, newest
from indexer.errors import ConfigError, EngineError, JobLocked, SamsokError, StoreError
from indexer.jobs.ledger import recall
from indexer.jobs.lock import in_turn
from indexer.jobs.looks import looks
from indexer.jobs.notify import event_of, tell
from indexer.jobs.reports import numbers
from indexer.jobs.status import LOOKED_AT, upkeep
from indexer.jobs.switch import WHOLE
from indexer.store import DocumentStore, StoredRun

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping

    from indexer.config import Config
    from indexer.engine import SearchIndex

logger = logging.getLogger(__name__)


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


@contextmanager
def accounted(
    config: Config, run: Mapping[str, Any], *, clock: Callable[[], dt.datetime] = _utc_now
) -> Iterator[None]:
    """Keep, and tell, why the block did not come to its end: that must not be lost.

    `run` says what the report of it begins with, its `job` at least. What was refused before
    anything was begun is no run.
    """
    started = clock()
    try:
        yield
    except (ConfigError, JobLocked):
        raise
    except (SamsokError, KeyboardInterrupt) as error:
        failed = {**run, **_failure(error, run), "started": started.isoformat()}
        _conclude_failed(config, {**failed, "finished": clock().isoformat()}, clock=clock)
        raise


def conclude(
    config: Config, report: Mapping[str, Any], *, clock: Callable[[], dt.datetime] = _utc_now
) -> tuple[str, ...]:
    """Keep the report of a run, tell of it, renew the status; return what of this did not work.

    Raises:
        StoreError: If the report cannot be kept; then nobody has been told.
    """
    with DocumentStore.open(config.data_dir / WHOLE, clock=clock) as book:
        # It may have been made by this run, and a report names pages.
        recall(book, config.data_dir)
        before = book.runs_of_each(LOOKED_AT)
        number = book.record_run(report)
        event = event_of(report, before)
        warnings = tell(config, report, event, run=number) if event else []
        renewed = _renewed(config, book)
        if event != "failed":
            # There the error itself is what must be heard, and may be why this did not work.
            warnings += renewed
        if warnings:
            book.amend_run(number, {**report, "warnings": warnings})
    return tuple(warnings)


def record(config: Config, book: DocumentStore, report: Mapping[str, Any]) -> None:
    """Keep the report of a job that somebody does by hand, and renew the status."""
    book.record_run(report)
    for warning in _renewed(config, book):
        logger.warning("%s", warning)


def _failure(error: BaseException, run: Mapping[str, Any]) -> dict[str, Any]:
    """Return how a run ended that something stopped, or somebody."""
    if isinstance(error, SamsokError):
        return {"outcome": "failed", "problem": str(error)}
    then = "the next run goes on"
    if run["job"] == "import":
        then = "import the same files again; what was done is not done twice"
    return {"outcome": "stopped", "problem": f"it was told to stop; {then}"}


def _conclude_failed(
    config: Config, report: Mapping[str, Any], *, clock: Callable[[], dt.datetime]
) -> None:
    """Conclude a run that an error stopped, which may stop this, too."""
    try:
        warnings = conclude(config, report, clock=clock)
    except StoreError:
        warnings = _without_store(config, report)
    for warning in warnings:
        logger.warning("%s", warning)


def _without_store(config: Config, report: Mapping[str, Any]) -> tuple[str, ...]:
    """Tell of a run, and note it, where the store cannot be used."""
    index = _index(config)
    with suppress(EngineError):
        if old := Upkeep.read(index.note(STATUS_NOTE)):
            this = numbers(StoredRun(id=0, at=old.written, report=report))
            runs = newest((this, *old.runs))
            new = replace(old, written=this.finished, runs=runs)
            index.put_note(STATUS_NOTE, new.to_bytes())
    return tuple(tell(config, report, "failed", run=None))


def _renewed(config: Config, book: DocumentStore) -> list[str]:
    try:
        # Shards end beside each other: the last to write must have seen what the others did.
        with in_turn(config.data_dir / "status.lock"):
            status = upkeep(config, looks(config), book.runs_of_each(LOOKED_AT), now=book.now())
            _index(config).put_note(STATUS_NOTE, status.to_bytes())
    except (EngineError, StoreError) as error:
        return [f"the status page tells of an older run: {error}"]
    return []


def _index(config: Config) -> SearchIndex:
    return open_index(config.index.plain(), config.data_dir / "index")
