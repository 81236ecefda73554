"""Writes an archive: the old one is there, or the new one."""

from __future__ import annotations

import io
import os
import tarfile
from typing import TYPE_CHECKING

from indexer.engine.durable import checksum, fsync_path, rename
from indexer.jobs.archive.contents import MANIFEST, Contents, Member, Told

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path


def described(files: Mapping[str, Path], *, told: Told) -> dict[str, Member]:
    """Return the size and the checksum of files, by the names that they have in an archive."""
    found: dict[str, Member] = {}
    sizes = {name: path.stat().st_size for name, path in files.items()}
    for name, path in files.items():
        told("reading", sum(member.size for member in found.values()), sum(sizes.values()))
        found[name] = Member(size=sizes[name], checksum=checksum(path))
    return found


def write_archive(
    target: Path, contents: Contents, files: Mapping[str, Path], *, draft: Path, told: Told
) -> None:
    """Write an archive to `target` by way of the file `draft`: the old one or the new one is there.

    Only its owner may read it.
    """
    with (
        open(os.open(draft, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file,  # noqa: PTH123 - with these permissions from the first moment
        tarfile.open(fileobj=file, mode="w", format=tarfile.GNU_FORMAT) as tar,
    ):
        manifest = contents.to_json()
        tar.addfile(_header(MANIFEST, len(manifest), contents), io.BytesIO(manifest))
        done = 0
        for name, member in contents.members.items():
            told("writing", done, contents.size)
            with files[name].open("rb") as source:
                tar.addfile(_header(name, member.size, contents), source)
            done += member.size
    fsync_path(draft)
    rename(draft, target)


def _header(name: str, size: int, contents: Contents) -> tarfile.TarInfo:
    header = tarfile.TarInfo(name)
    header.size, header.mode = size, 0o600
    header.mtime = int(contents.created.timestamp())
    return header
