"""How each shard of a crawl stands: whether its store is there, and how its last run went."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.crawl import Shard
from indexer.engine import ShardUpkeep
from indexer.engine.upkeep import UNREADABLE
from indexer.errors import StoreError
from indexer.jobs.reports import outcome_of
from indexer.store import DocumentStore

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Sequence
    from pathlib import Path

    from indexer.config import Config
    from indexer.store import StoredRun


def divisions_of(data_dir: Path) -> tuple[int, ...]:
    """Return into how many shards the stores of a directory are divided: one number, if any."""
    totals = {shard.total for path in Shard.stores(data_dir) if (shard := Shard.of_file(path))}
    return tuple(sorted(totals))


def shards_of(data_dir: Path) -> tuple[Shard, ...]:
    """Return all shards of the crawl in a directory, also those whose store is not there.

    Nothing where the crawl is not shared.
    """
    total = max(divisions_of(data_dir), default=0)
    return tuple(Shard(number=number, total=total) for number in range(1, total + 1))


def missing_of(data_dir: Path) -> tuple[Shard, ...]:
    """Return the shards of the crawl in a directory whose store is not there."""
    return tuple(one for one in shards_of(data_dir) if not one.store(data_dir).is_file())


def shards(config: Config, runs: Sequence[StoredRun]) -> tuple[ShardUpkeep, ...]:
    """Return how each shard stands; `runs` come the newest first."""
    newest: dict[str, StoredRun] = {}
    for run in runs:
        if shard := run.report.get("shard"):
            newest.setdefault(shard, run)
    return tuple(_shard(config, one, newest.get(str(one))) for one in shards_of(config.data_dir))


def _shard(config: Config, shard: Shard, last: StoredRun | None) -> ShardUpkeep:
    path = shard.store(config.data_dir)
    ran, outcome = (last.at, outcome_of(last.report)) if last else (None, "")
    documents, is_there = 0, path.is_file()
    if is_there:
        try:
            with DocumentStore.open(path) as store:
                documents, tried = store.count(), _last_tried(store, config)
        except StoreError:
            outcome = UNREADABLE
        else:
            if tried and (ran is None or tried > ran):
                # Its runs are kept on the machine where it crawls.
                ran, outcome = tried, "crawled"
    return ShardUpkeep(
        number=shard.number,
        total=shard.total,
        is_there=is_there,
        documents=documents,
        ran=ran,
        outcome=outcome,
    )


def _last_tried(store: DocumentStore, config: Config) -> dt.datetime | None:
    tried = (store.crawls.last(source.name).tried for source in config.sources)
    return max((at for at in tried if at), default=None)
