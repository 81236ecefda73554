"""What the status says of each store of a data directory, all of it read in one look.

One that cannot be read does not hide the others: of shards each stands for itself.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexer.crawl import CUT_SHORT, Shard
from indexer.engine import ShardUpkeep
from indexer.engine.upkeep import BUSY, UNREADABLE
from indexer.errors import StoreBusy, StoreError
from indexer.jobs.reports import outcome_of
from indexer.jobs.shards import shards_of
from indexer.jobs.stores import catch_up, store_files
from indexer.store import DocumentStore

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping, Sequence
    from pathlib import Path

    from indexer.config import Config
    from indexer.store import FailingUrls, LastCrawls, StoredRun


@dataclass(frozen=True, slots=True, kw_only=True)
class StoreLook:
    """What was found in a store, by the names of the sources; `shard` is None for a whole crawl.

    `problem` is `UNREADABLE` or `BUSY` where nothing was found, else "".
    """

    shard: Shard | None
    documents: int = 0
    documents_of: Mapping[str, int] = field(default_factory=dict)
    crawls: Mapping[str, LastCrawls] = field(default_factory=dict)
    failing: tuple[FailingUrls, ...] = ()
    problem: str = ""

    @property
    def tried(self) -> dt.datetime | None:
        """When a source was last asked."""
        return max((last.tried for last in self.crawls.values() if last.tried), default=None)


def looks(config: Config) -> tuple[StoreLook, ...]:
    """Look at each store that is there; a job may be at work.

    Raises:
        StoreError: If that of a whole crawl cannot be read: then there is no other.
    """
    catch_up(config)
    return tuple(_look(config, path) for path in store_files(config) if path.exists())


def shards(
    data_dir: Path, found: Sequence[StoreLook], runs: Sequence[StoredRun]
) -> tuple[ShardUpkeep, ...]:
    """Return how each shard of the crawl stands; `runs` come the newest first."""
    newest: dict[str, StoredRun] = {}
    for run in runs:
        if shard := run.report.get("shard"):
            newest.setdefault(shard, run)
    of_shard = {look.shard: look for look in found}
    return tuple(_shard(it, of_shard.get(it), newest.get(str(it))) for it in shards_of(data_dir))


def _look(config: Config, path: Path) -> StoreLook:
    shard, names = Shard.of_file(path), [source.name for source in config.sources]
    try:
        with DocumentStore.open(path) as store:
            return StoreLook(
                shard=shard,
                documents=store.count(),
                documents_of={name: store.count(name) for name in names},
                crawls={name: store.crawls.last(name, despite=CUT_SHORT) for name in names},
                failing=tuple(store.crawls.failing()),
            )
    except StoreError as error:
        if shard is None:
            raise
        busy = isinstance(error, StoreBusy)
        return StoreLook(shard=shard, problem=BUSY if busy else UNREADABLE)


def _shard(shard: Shard, look: StoreLook | None, last: StoredRun | None) -> ShardUpkeep:
    ran, outcome = (last.at, outcome_of(last.report)) if last else (None, "")
    if look and look.tried and (ran is None or look.tried > ran):
        # Its runs are kept on the machine where it crawls.
        ran, outcome = look.tried, "crawled"
    return ShardUpkeep(
        number=shard.number,
        total=shard.total,
        is_there=look is not None,
        documents=look.documents if look else 0,
        ran=ran,
        outcome=(look.problem if look else "") or outcome,
    )
