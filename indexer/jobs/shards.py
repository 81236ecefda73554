"""Which shards a crawl has: those whose stores are in a directory, and those that are missing."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.crawl import Shard

if TYPE_CHECKING:
    from pathlib import Path


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
