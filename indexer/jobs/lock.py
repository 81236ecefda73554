"""One job at a time on a data directory, whether a timer or a hand started it."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.errors import JobLocked, StoreError
from indexer.jobs.switch import DECIDED, WHOLE, complete

if TYPE_CHECKING:
    from collections.abc import Iterator

LOCK = "job.lock"
"""The file of a data directory that a job locks, and writes its process into."""

_SLACK_S = 60.0


@contextmanager
def job_lock(data_dir: Path, *, shared: bool = False) -> Iterator[None]:
    """Hold the lock of `data_dir` for the length of a job.

    The system lets go of it when the process ends, however it ends. Jobs that have it `shared` go
    on beside each other, and beside no other job. A restore that was cut off is completed first.

    Raises:
        JobLocked: If another job holds it; at once, without waiting.
        StoreError: If the directory cannot be written.
    """
    if shared and (data_dir / DECIDED).exists():
        with job_lock(data_dir):
            pass
    with _locked(data_dir / LOCK, "in", data_dir, shared=shared):
        if not shared:
            complete(data_dir)
        yield


@contextmanager
def store_lock(store: Path) -> Iterator[None]:
    """Hold the lock of the store of a shard, or of a directory whose store is not sharded.

    Raises:
        JobLocked: If another job holds it; at once, without waiting.
        StoreError: If the directory cannot be written.
    """
    with _locked(lock_of(store), "on", store, shared=False):
        yield


def lock_of(store: Path) -> Path:
    """Return the file that a job on a store locks."""
    return store.with_name(LOCK) if store.name == WHOLE else store.with_suffix(".lock")


@contextmanager
def in_turn(path: Path) -> Iterator[None]:
    """Let one process at a time do what does not take long; the others wait for it.

    Raises:
        StoreError: If the directory cannot be written.
    """
    try:
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}") from error
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


@contextmanager
def _locked(path: Path, where: str, what: Path, *, shared: bool) -> Iterator[None]:
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        descriptor = os.open(path, os.O_RDWR | os.O_CREAT, 0o644)
    except OSError as error:
        raise StoreError(f"{path} cannot be written: {error.strerror}") from error
    ours = f"{os.getpid()}\n".encode()
    try:
        try:
            kind = fcntl.LOCK_SH if shared else fcntl.LOCK_EX
            fcntl.flock(descriptor, kind | fcntl.LOCK_NB)
        except OSError as error:
            holder = os.pread(descriptor, 32, 0).decode(errors="replace").strip()
            process = f" (process {holder})" if holder else ""
            raise JobLocked(
                f"another job{process} is working {where} {what}; try again when it is done"
            ) from error
        with suppress(OSError):
            # Who holds it is good to know, and no reason to fail on a full disk.
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, ours, 0)
        try:
            yield
        finally:
            _erase(descriptor, ours)
    finally:
        os.close(descriptor)


def _erase(descriptor: int, ours: bytes) -> None:
    # This process may live on, and is not to be taken for one that works.
    with suppress(OSError):
        if os.pread(descriptor, 32, 0) == ours:
            os.ftruncate(descriptor, 0)


def running_job(lock: Path) -> int | None:
    """Return the process that last held a lock, if there still is one of its number.

    To try the lock would be exact, and would turn away a job that begins just then.
    """
    try:
        holder = int(lock.read_text(encoding="ascii"))
    except (OSError, ValueError):
        return None
    if holder <= 0:
        return None
    try:
        os.kill(holder, 0)
    except PermissionError:
        return holder  # it is another user's
    except (OSError, OverflowError):
        return None
    return holder


def running_since(lock: Path) -> tuple[int, dt.datetime] | None:
    """Return the process that holds a lock, as far as can be told, and since when it does."""
    holder = running_job(lock)
    if holder is None:
        return None
    try:
        since = lock.stat().st_mtime
        # A process that began later only has the number of the one that wrote it.
        if Path(f"/proc/{holder}").stat().st_ctime > since + _SLACK_S:
            return None
    except OSError:
        return None
    return holder, dt.datetime.fromtimestamp(since, dt.UTC)
