"""Writing so that a power cut leaves the old or the new, and never a mixture.

A file's content, its name in a folder, and a renamed name reach the disk in any order unless
they are told to (Pillai et al., "All File Systems Are Not Created Equal", OSDI 2014). So: the
content first, then the folder that names it, then the rename, then the folder of the rename.
"""

from __future__ import annotations

import errno
import hashlib
import os
import shutil
from contextlib import contextmanager
from typing import TYPE_CHECKING

from indexer.errors import IndexUnwritable

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

# What a file system says that has no hard links, or none to there.
_NO_LINKS = {errno.EXDEV, errno.EPERM, errno.EOPNOTSUPP, errno.ENOSYS, errno.EMLINK}

_FULL = "the disk is full; free some space and run again"
_OWNER = "check its owner and permissions"
_WHY = {
    errno.ENOSPC: _FULL,
    errno.EDQUOT: _FULL,
    errno.EFBIG: "a file may not grow that large here; raise the limit (`ulimit -f`) and run again",
    errno.EACCES: _OWNER,
    errno.EPERM: _OWNER,
    errno.EROFS: "the file system is read-only; look at the system's log",
    errno.EIO: "the disk does not take it; look at the system's log",
}


def fsync_path(path: Path) -> None:
    """Make a file's content, or a directory's list of names, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def write_file(path: Path, content: bytes) -> None:
    """Write a file whose content survives a power cut once its folder is synced."""
    path.write_bytes(content)
    fsync_path(path)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, and nothing between.

    One writer at a time: both would draft it under the same name.
    """
    draft = path.with_name(f".{path.name}.new")
    write_file(draft, content)
    rename(draft, path)


def rename(old: Path, new: Path) -> None:
    """Rename within a folder; what is renamed must have been synced."""
    old.replace(new)
    fsync_path(new.parent)


def make_folder(path: Path) -> None:
    """Make a folder, and those above it, so that a power cut leaves it there."""
    missing = [folder for folder in (path, *path.parents) if not folder.exists()]
    path.mkdir(parents=True, exist_ok=True)
    for folder in missing:
        fsync_path(folder.parent)


def link_or_copy(source: str, target: str) -> None:
    """Give a file that never changes a second name, or where that cannot be, a copy.

    For `shutil.copytree(..., copy_function=link_or_copy)`.
    """
    try:
        os.link(source, target)
    except OSError as error:
        if error.errno not in _NO_LINKS:
            raise
        shutil.copy2(source, target)


def checksum(path: Path) -> str:
    """Return the BLAKE2b-128 (RFC 7693) of a file's content, in hexadecimal.

    Read in pieces rather than through a mapping: a sector that cannot be read is then an
    OSError and not the signal SIGBUS, which would end the process that looks for damage.
    """
    with path.open("rb") as file:
        return hashlib.file_digest(file, _hash).hexdigest()


def digest(content: bytes) -> str:
    """Return what `checksum` would of a file with this content."""
    return _hash(content).hexdigest()


@contextmanager
def disk_errors(place: Path) -> Iterator[None]:
    """Say what can be done when a disk refuses to take something into `place`.

    Raises:
        IndexUnwritable: Instead of any OSError.
    """
    try:
        yield
    except OSError as error:
        why = _WHY.get(error.errno or 0, "perhaps the disk is full (`samsok doctor` looks)")
        raise IndexUnwritable(
            f"{place} cannot be written: {why} ({error.strerror or error}). "
            "What is in service goes on serving."
        ) from error


def _hash(content: bytes = b"") -> hashlib.blake2b:
    return hashlib.blake2b(content, digest_size=16)
