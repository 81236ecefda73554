"""Keeps what cannot be made again: the stores, the configuration, and what must stay hidden.

The index is left out unless it is wanted. It can be built again from the store, takes as much
space again, and is pickles: an index is to be trusted as a program is.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import shutil
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import orjson

from indexer import __version__
from indexer.engine import open_index
from indexer.engine.durable import disk_errors, link_or_copy
from indexer.engine.generations import GenerationDirectory
from indexer.engine.manifest import LAYOUT, Manifest
from indexer.errors import ArchiveError, GenerationUnknown, IndexDamaged, IndexMissing, JobLocked
from indexer.jobs.archive import (
    CONFIG,
    SUPPRESSED,
    VOCABULARY,
    Archive,
    Contents,
    HeldGeneration,
    Told,
    described,
    write_archive,
)
from indexer.jobs.stores import catch_up
from indexer.jobs.switch import WHOLE, stores_in
from indexer.store import copy_store, inspect_store, store_facts

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.config import Config

_TRIES = 5
_WORKSHOP = ".samsok-backup"


@dataclass(frozen=True, slots=True, kw_only=True)
class Backup:
    """A backup that was made."""

    path: Path
    size: int
    contents: Contents

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {"path": str(self.path), "bytes": self.size, **plain_contents(self.contents)}


def plain_contents(contents: Contents) -> dict[str, Any]:
    """Return what an archive holds as plain JSON values."""
    return {
        "software": contents.software,
        "created": contents.created.isoformat(),
        "store_version": contents.store_version,
        "documents": contents.documents,
        "stores": list(contents.stores),
        "generation": contents.generation.name if contents.generation else None,
        "members": len(contents.members),
    }


def backup(config: Config, target: Path, *, with_index: bool, told: Told) -> Backup:
    """Write a backup of `config` and its data to the file `target`, while jobs may run.

    Raises:
        ArchiveError: If there is nothing to keep, `target` is a file of another kind, or an index
            is wanted that lies in a cluster.
        StoreError, EngineError: If the store or the index cannot be read, or the disk is full.
    """
    target = target.absolute()
    _refuse_what_is_no_backup(target)
    catch_up(config)
    if not stores_in(config.data_dir):
        raise ArchiveError(
            f"{config.data_dir / WHOLE} is not there: there is nothing to back up yet"
        )
    if with_index and config.index.backend != "whoosh":
        raise ArchiveError(
            f"the index lies in a cluster (index.backend: {config.index.backend}), and no file "
            "holds it: back up without --with-index, for `samsok reindex --from-store` builds it "
            "again. The cluster can keep its indices itself, as snapshots (docs/OPENSEARCH.md)"
        )
    with disk_errors(target.parent), _workshop(target) as place:
        files = _gathered(config, place, with_index=with_index, told=told)
        facts = [store_facts(path) for path in stores_in(place)]
        contents = Contents(
            software=__version__,
            created=dt.datetime.now(dt.UTC),
            store_version=max(version for version, _ in facts),
            documents=sum(documents for _, documents in facts),
            vocabulary=_beside(config),
            generation=_held(place),
            members=described(files, told=told),
        )
        write_archive(target, contents, files, draft=place / "draft.tar", told=told)
    return Backup(path=target, size=target.stat().st_size, contents=contents)


def _refuse_what_is_no_backup(target: Path) -> None:
    """Let an older backup be replaced, and nothing else."""
    if target.is_dir():
        raise ArchiveError(f"{target} is a directory; name a file in it, such as samsok.tar")
    if not target.parent.is_dir():
        raise ArchiveError(f"{target.parent} is not there; make it, or name another place")
    if target.exists() and target.stat().st_size:
        try:
            Archive(target)
        except ArchiveError as error:
            raise ArchiveError(
                f"{target} is there and is not a backup; name another file, or delete it"
            ) from error


@contextmanager
def _workshop(target: Path) -> Iterator[Path]:
    """Make a folder beside `target` for the length of a backup.

    Those of backups that were killed are swept, whatever they were to be called: they hold a copy
    of the store.
    """
    place = target.with_name(f".{target.name}{_WORKSHOP}")
    for rest in target.parent.glob(f".*{_WORKSHOP}"):
        # Another user's is that user's to sweep.
        with suppress(PermissionError), _locked(rest) as free:
            if free:
                shutil.rmtree(rest, ignore_errors=True)
    place.mkdir(mode=0o700, exist_ok=True)
    with _locked(place) as free:
        if not free:
            raise JobLocked(f"another backup is writing {target}; wait for it")
        try:
            yield place
        finally:
            shutil.rmtree(place, ignore_errors=True)


@contextmanager
def _locked(folder: Path) -> Iterator[bool]:
    """Lock a folder and tell whether that could be; a process that dies lets go of it."""
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        try:
            fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            yield False
        else:
            yield True
    finally:
        os.close(descriptor)


def _gathered(config: Config, place: Path, *, with_index: bool, told: Told) -> dict[str, Path]:
    """Copy all that is kept into `place`; return the copies by their names in the archive."""
    stores = {
        path.name: _copied_store(path, place, told=told) for path in stores_in(config.data_dir)
    }
    # After the stores: what has been hidden meanwhile is hidden from them too.
    suppressed = open_index(config.index.plain(), config.data_dir / "index").suppressed()
    (place / "index").mkdir()
    (place / SUPPRESSED).write_bytes(orjson.dumps(sorted(suppressed)))
    files = {CONFIG: _copied(config.path, place / CONFIG)}
    if config.vocabulary_path:
        files[VOCABULARY] = _copied(config.vocabulary_path, place / VOCABULARY)
    files |= {**stores, SUPPRESSED: place / SUPPRESSED}
    if with_index:
        told("copying the index", 0, 0)
        folder = _copied_generation(config, place)
        files |= {
            str(path.relative_to(place)): path
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
    return files


def _copied_store(path: Path, place: Path, *, told: Told) -> Path:
    copy = place / path.name
    copy_store(path, copy, told=lambda done, of: told(f"copying {path.name}", done, of))
    told(f"looking over {path.name}", 0, 0)
    if problems := inspect_store(copy):
        raise ArchiveError(
            f"{path} is damaged, and a copy of it would be: {problems[0]}; keep the backups you "
            "have, and restore the newest"
        )
    return copy


def _copied(path: Path, target: Path) -> Path:
    shutil.copyfile(path, target)
    return target


def _copied_generation(config: Config, place: Path) -> Path:
    """Copy, or link, the generation in service; a job may prune it meanwhile."""
    directory = GenerationDirectory(config.data_dir / "index")
    for _ in range(_TRIES):
        try:
            name = directory.in_service()
            folder = place / "index" / name
            shutil.copytree(directory.path(name), folder, copy_function=link_or_copy)
        except (shutil.Error, FileNotFoundError, GenerationUnknown):
            continue  # there is a newer one
        except (IndexMissing, IndexDamaged) as error:
            raise ArchiveError(f"{error}; or back up without --with-index") from error
        if problems := Manifest.read(folder).problems(folder):
            raise ArchiveError(
                f"{name} is damaged ({problems[0]}); `samsok doctor` looks, and a backup without "
                "--with-index needs no index"
            )
        return folder
    raise ArchiveError(f"{directory.root} changes all the time; try again when no job is running")


def _held(place: Path) -> HeldGeneration | None:
    for folder in (place / "index").glob("gen-*"):
        manifest = Manifest.read(folder)
        return HeldGeneration(name=folder.name, version=manifest.version, layout=LAYOUT)
    return None


def _beside(config: Config) -> str | None:
    """Return where the configuration has its vocabulary, as seen from its own folder."""
    path = config.vocabulary_path
    return os.path.relpath(path, config.path.parent) if path else None
