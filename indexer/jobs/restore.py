"""Puts a backup in the place of the data: all of it is read and looked at first.

    verify -> stage -> carry over -> decide -> put into place -> hide what must be -> serve

One rename decides, however many stores there are (`switch`). Killed before it, a restore has
changed nothing, neither here nor in a cluster; killed after it, the next job or look completes it,
and the next `samsok reindex` hides what must be and builds its index. What serves goes on serving
until then: the data directory itself stays where it is, for it may be a mount, or in a folder that
its owner may not write.
"""

from __future__ import annotations

import shutil
import stat
from collections.abc import Callable
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from indexer.engine import SearchIndex, open_index, schema
from indexer.engine.durable import disk_errors, replace_file
from indexer.engine.generations import GenerationDirectory
from indexer.engine.manifest import LAYOUT
from indexer.errors import ArchiveError, ConfigError, ConfigProblem, EngineError, StoreError
from indexer.jobs.archive import CONFIG, SUPPRESSED, VOCABULARY, Archive, Contents, Told, is_store
from indexer.jobs.backup import plain_contents
from indexer.jobs.lock import LOCK, job_lock
from indexer.jobs.switch import DECIDED, complete, decide, put_decided, stores_in
from indexer.store import STORE_VERSION, DocumentStore, inspect_store

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.config import Config

STAGED = "restoring"
"""The folder of the data directory in which a restore prepares what it is about to switch to."""

_SPARE = 50_000_000
_STORE_ALONE = "restore the store alone (`--store-only`), then run `samsok reindex --from-store`"

CarryOver = Callable[["Path", "Path"], None]
"""Called with the data directory as it is and one that is laid out alike and about to replace its
stores: what must outlive a restore, it takes from the one to the other."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Restored:
    """What was restored; `generation` is the one that was put into service, if any was."""

    contents: Contents
    generation: str | None

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {"outcome": "restored", **plain_contents(self.contents), "serving": self.generation}


def _nothing(_now: Path, _staged: Path) -> None:
    """Carry nothing over."""


def check_versions(contents: Contents, *, store_only: bool) -> None:
    """Refuse what this version cannot read.

    Raises:
        ArchiveError: With what to do instead.
    """
    if contents.store_version > STORE_VERSION:
        raise ArchiveError(
            f"the backup was made by a newer Samsök ({contents.software}; store version "
            f"{contents.store_version}, this one reads up to {STORE_VERSION}); install that "
            "version, or a later one, and restore with it"
        )
    held = contents.generation
    if held and not store_only and (held.version not in schema.READABLE or held.layout != LAYOUT):
        raise ArchiveError(
            f"the index in the backup is of another version (made by Samsök {contents.software}) "
            f"and cannot be read; {_STORE_ALONE}"
        )


def _refuse_for_a_cluster(config: Config, archive: Archive, *, store_only: bool) -> None:
    """An archive holds files of this machine; what serves in a cluster is none of them."""
    if config.index.backend != "whoosh" and archive.contents.generation and not store_only:
        raise ArchiveError(
            f"the archive holds an index of files, and {config.path} keeps the index in a cluster "
            f"(index.backend: {config.index.backend}); {_STORE_ALONE}"
        )


def restore(
    config: Config,
    archive: Archive,
    *,
    replace: bool,
    store_only: bool,
    told: Told,
    carry_over: CarryOver = _nothing,
) -> Restored:
    """Restore `archive` into the data directory of `config`; its configuration is left alone.

    Raises:
        ConfigError: If the data directory holds something and `replace` is not given.
        ArchiveError: If the archive is not what was written, of another version, or holds an
            index of files for a cluster.
        JobLocked: If a job is running.
        StoreError, EngineError: If the old store is open elsewhere, the disk is full, or the
            cluster does not answer; its text says so where the restore was decided by then.
    """
    contents = archive.contents
    check_versions(contents, store_only=store_only)
    if not contents.stores:
        raise ArchiveError(f"{archive.path} holds no store; take another backup")
    _refuse_for_a_cluster(config, archive, store_only=store_only)
    _refuse_to_overwrite(config, replace=replace)
    with job_lock(config.data_dir), disk_errors(config.data_dir), _staging(config, archive) as to:
        _refuse_to_overwrite(config, replace=replace)
        generation = () if store_only else ("index/gen-",)
        wanted = {
            name: to / name
            for name in contents.members
            if name == SUPPRESSED or is_store(name) or name.startswith(generation)
        }
        archive.extract(wanted, told=told)
        for path in stores_in(to):
            told(f"looking over {path.name}", 0, 0)
            _settle(path)
        carry_over(config.data_dir, to)
        return Restored(contents=contents, generation=_switch(config, to))


def place_configuration(archive: Archive, path: Path) -> tuple[Path, ...]:
    """Write the configuration of an archive to `path`, where there is none; return what was.

    Raises:
        ArchiveError: If the archive has its vocabulary elsewhere than below that folder.
    """
    targets = {CONFIG: path}
    if where := archive.contents.vocabulary:
        beside = (path.parent / where).resolve()
        if not beside.is_relative_to(path.parent.resolve()):
            raise ArchiveError(
                f"the vocabulary was in {where}, outside the folder of the configuration; take "
                f"both out of the archive by hand (`tar -xf {archive.path} {CONFIG} {VOCABULARY}`)"
            )
        targets[VOCABULARY] = beside
    missing = {name: target for name, target in targets.items() if not target.exists()}
    with disk_errors(path.parent):
        for name, target in missing.items():
            target.parent.mkdir(parents=True, exist_ok=True)
            replace_file(target, archive.read(name))
    return tuple(missing.values())


def _refuse_to_overwrite(config: Config, *, replace: bool) -> None:
    place = config.data_dir
    if replace or not place.is_dir():
        return
    ours = {LOCK, STAGED, "lost+found"}
    if there := sorted(path.name for path in place.iterdir() if path.name not in ours):
        message = (
            f"{place} is not empty (it holds {', '.join(there[:3])}); `samsok backup` keeps what "
            "is there, and --replace puts the archive in its place"
        )
        raise ConfigError(str(config.path), (ConfigProblem(key="data_dir", message=message),))


@contextmanager
def _staging(config: Config, archive: Archive) -> Iterator[Path]:
    """Make the folder of a restore, and sweep that of one that was killed."""
    place = config.data_dir / STAGED
    shutil.rmtree(place, ignore_errors=True)
    free, wanted = shutil.disk_usage(config.data_dir).free, archive.contents.size + _SPARE
    if free < wanted:
        raise ArchiveError(
            f"{config.data_dir} has {free // 1_000_000} MB free, and the restore takes "
            f"{wanted // 1_000_000} MB; free some space and run again"
        )
    place.mkdir(mode=0o700)
    try:
        yield place
    finally:
        shutil.rmtree(place, ignore_errors=True)


def _settle(database: Path) -> None:
    """Make a copy of a store one of this version that goes its own way."""
    if problems := inspect_store(database):
        raise ArchiveError(f"the store in the archive is damaged ({problems[0]}); take another")
    with DocumentStore.open(database) as store:
        # An index that was built from the store before must not be taken for one of this.
        store.rename()


def _switch(config: Config, staged: Path) -> str | None:
    """Put what is staged into service."""
    index = open_index(config.index.plain(), config.data_dir / "index")
    index.suppressed()  # an index that cannot be reached is told of before anything is replaced
    for path in stores_in(staged):
        # It was nobody else's to read while it was staged. Who reads a store may read the next one.
        old = config.data_dir / path.name
        like = old if old.exists() else config.data_dir / LOCK
        path.chmod(stat.S_IMODE(like.stat().st_mode))
    decide(staged, config.data_dir)
    with _after_the_decision(), disk_errors(config.data_dir):
        put_decided(config.data_dir)
        _hide(index, config.data_dir / DECIDED / SUPPRESSED)
        name = None
        for folder in (config.data_dir / DECIDED / "index").glob("gen-*"):
            name = GenerationDirectory(config.data_dir / "index").adopt(folder)
            index.publish(name)
            index.prune(keep=config.index.keep_generations)
        complete(config.data_dir)
        return name


@contextmanager
def _after_the_decision() -> Iterator[None]:
    """Say of what fails here that the restore happens all the same."""
    try:
        yield
    except (StoreError, EngineError) as error:
        raise StoreError(
            f"{error}. The restore is decided all the same: `samsok status`, or the next job, "
            "completes it, without the index of the archive; then run `samsok reindex --from-store`"
        ) from error


def _hide(index: SearchIndex, path: Path) -> None:
    """Hide what was hidden then, and what is hidden now: nothing is shown again by a restore."""
    hidden = index.suppressed()
    then = frozenset(orjson.loads(path.read_bytes())) if path.exists() else frozenset()
    if not then <= hidden:
        index.suppress(hidden | then)
