"""Which stores a data directory has: one, or one for each shard of the crawl."""

from __future__ import annotations

from contextlib import AbstractContextManager, ExitStack, contextmanager, nullcontext, suppress
from typing import TYPE_CHECKING

from indexer.crawl import DIRECTORY, Handing, Shard, Share, StoreSet
from indexer.errors import ConfigError, ConfigProblem, JobLocked, StoreError
from indexer.jobs.lock import job_lock, store_lock
from indexer.jobs.shards import divisions_of, missing_of
from indexer.jobs.switch import DECIDED, WHOLE
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.config import Config


@contextmanager
def opened_shard(
    config: Config,
    shard: Shard,
    *,
    handover: Path | None = None,
    within: AbstractContextManager[None] | None = None,
) -> Iterator[tuple[DocumentStore, Handing]]:
    """Open the store of a shard for a crawl, with its lock, and the exchange with the others.

    Shards go on beside each other, but not beside a job on the whole directory. `within` is left
    when the store is closed, and before another job can begin.

    Raises:
        ConfigError: If the directory has the store of a whole crawl, or of other shards.
        JobLocked: If another job is running.
        StoreError: If the store cannot be used.
    """
    path = shard.store(config.data_dir)
    with job_lock(config.data_dir, shared=True), within or nullcontext():
        _refuse_a_mixture(config, shard)
        with store_lock(path), DocumentStore.open(path) as store:
            store.handover.belong(shard.number, shard.total)
            directory = handover or config.data_dir / DIRECTORY
            yield store, Handing(store, Share(shard, config), directory)


def refuse_shards(config: Config) -> None:
    """Refuse to crawl all hosts where shards have been crawling them.

    Raises:
        ConfigError: If the data directory has stores of shards.
    """
    if stores := Shard.stores(config.data_dir):
        raise _refusal(
            config,
            f"{config.data_dir} holds the stores of shards ({stores[0].name} …): crawl with "
            "`samsok crawl --shard i/n`, then index with `samsok reindex --from-store`",
        )


def store_files(config: Config) -> tuple[Path, ...]:
    """Return the stores of the data directory: the shards, or the one of a whole crawl."""
    return Shard.stores(config.data_dir) or (config.data_dir / WHOLE,)


def catch_up(config: Config) -> None:
    """Complete a restore that was cut off, unless a job is at work, which has done so.

    Raises:
        StoreError: If another process has an old store open.
    """
    if (config.data_dir / DECIDED).exists():
        with suppress(JobLocked), job_lock(config.data_dir):
            pass


@contextmanager
def harvested(
    config: Config, *, despite_damage: bool = False
) -> Iterator[DocumentStore | StoreSet | None]:
    """Open what was harvested, however many stores hold it, to look at it; None where nothing was.

    A job may be at work. Who reads `stores` of what is given takes each in turn; a shard that has
    not run yet is left out, and so is one that cannot be read, `despite_damage`.

    Raises:
        StoreError: If one cannot be read.
    """
    catch_up(config)
    paths = [path for path in store_files(config) if path.exists()]
    with ExitStack() as stack:
        if not paths or not Shard.of_file(paths[0]):
            yield stack.enter_context(DocumentStore.open(paths[0])) if paths else None
            return
        stores = []
        for path in paths:
            with suppress(StoreError) if despite_damage else nullcontext():
                stores.append(stack.enter_context(DocumentStore.open(path)))
        yield StoreSet(stores)


def store_of(config: Config, url: str) -> Path:
    """Return the store that knows of a URL, or would."""
    for path in Shard.stores(config.data_dir):
        shard = Shard.of_file(path)
        if shard is not None and Share(shard, config).owns(url):
            return path
    return config.data_dir / WHOLE


@contextmanager
def opened_stores(
    config: Config, book: DocumentStore, files: tuple[Path, ...]
) -> Iterator[DocumentStore | StoreSet]:
    """Open the stores to index: `files`, or else the shards of the data directory, or the whole.

    `book` is the store of the data directory, open already. The others are locked, because pages
    whose reading is out of date are read again.

    Raises:
        ConfigError: If a file is not there, or a shard is missing.
        JobLocked: If a job is working on one of them.
        StoreError: If one cannot be used.
    """
    paths = files or Shard.stores(config.data_dir)
    if not paths:
        yield book
        return
    _refuse_what_is_missing(config, paths, named=bool(files))
    with ExitStack() as stack:
        stores = []
        for path in dict.fromkeys(path.resolve() for path in paths):
            if path == (config.data_dir / WHOLE).resolve():
                stores.append(book)
                continue
            stack.enter_context(store_lock(path))
            stores.append(stack.enter_context(DocumentStore.open(path)))
        yield StoreSet(stores)


def _refuse_a_mixture(config: Config, shard: Shard) -> None:
    others = [
        path
        for path in Shard.stores(config.data_dir)
        if (held := Shard.of_file(path)) and held.total != shard.total
    ]
    if others:
        raise _refusal(
            config,
            f"{config.data_dir} is divided otherwise: it holds {others[0].name}. To change the "
            "number of shards, `samsok export --warc` each store, move the stores away, and "
            "`samsok import --shard i/n` the files for each new shard",
        )
    whole = config.data_dir / WHOLE
    if whole.exists():
        with DocumentStore.open(whole) as store:
            if store.frontier.sources():
                raise _refusal(
                    config,
                    f"{whole} holds a crawl of all hosts. `samsok export --warc` it, move it away, "
                    "and `samsok import --shard i/n` the file for each shard; or set data_dir to "
                    "another place",
                )


def _refuse_what_is_missing(config: Config, paths: tuple[Path, ...], *, named: bool) -> None:
    if gone := [path for path in paths if not path.is_file()]:
        raise _refusal(config, f"there is no store {gone[0]}", key="--store")
    if named:
        return
    if len(divided := divisions_of(config.data_dir)) > 1:
        raise StoreError(
            f"{config.data_dir} holds the stores of crawls that were divided otherwise, into "
            f"{' and '.join(map(str, divided))}: move those of the old division away, or name the "
            "stores to index with --store"
        )
    if missing := missing_of(config.data_dir):
        raise StoreError(
            f"{missing[0].store(config.data_dir)} is missing, and an index without it would lose "
            f"its hosts: crawl it with `samsok crawl --shard {missing[0]}`, or name the stores to "
            "index with --store"
        )


def _refusal(config: Config, message: str, *, key: str = "--shard") -> ConfigError:
    return ConfigError(str(config.path), (ConfigProblem(key=key, message=message),))
