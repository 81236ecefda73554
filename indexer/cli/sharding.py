"""The option `--shard I/N`, as every verb takes it that works on one shard of a crawl."""

from __future__ import annotations

import argparse
from contextlib import contextmanager
from typing import TYPE_CHECKING, Any

from indexer.crawl import Shard
from indexer.jobs import job_lock, opened_shard, refuse_shards
from indexer.jobs.switch import WHOLE
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from contextlib import AbstractContextManager
    from pathlib import Path

    from indexer.config import Config
    from indexer.crawl import Handing


def add_shard(parser: argparse.ArgumentParser, *, help: str) -> None:  # noqa: A002 - argparse's
    """Add the option; `args.shard` is a `Shard`, or None."""
    parser.add_argument("--shard", type=_shard, metavar="I/N", help=help)


def run_of(job: str, shard: Shard | None) -> dict[str, Any]:
    """Return what the report of a run begins with: what it was, and for which shard."""
    return {"job": job} | ({"shard": str(shard)} if shard is not None else {})


@contextmanager
def opened_store(
    config: Config,
    shard: Shard | None,
    *,
    within: AbstractContextManager[None],
    handover: Path | None = None,
) -> Iterator[tuple[DocumentStore, Handing | None]]:
    """Open the store of a shard, or of the whole crawl, with the lock of the job.

    `within` is left when the store is closed, and before another job can begin.

    Raises:
        ConfigError: If the data directory is crawled otherwise.
        JobLocked: If another job is running.
        StoreError: If the store cannot be used.
    """
    if shard is not None:
        with opened_shard(config, shard, handover=handover, within=within) as opened:
            yield opened
        return
    refuse_shards(config)
    path = config.data_dir / WHOLE
    with job_lock(config.data_dir), within, DocumentStore.open(path) as store:
        yield store, None


def _shard(text: str) -> Shard:
    try:
        return Shard.parse(text)
    except ValueError as error:
        raise argparse.ArgumentTypeError(str(error)) from error
