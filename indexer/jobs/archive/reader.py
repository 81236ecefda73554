"""Reads an archive, and believes nothing that it has not looked at."""

from __future__ import annotations

import hashlib
import os
import tarfile
from typing import IO, TYPE_CHECKING, Final

from indexer.errors import ArchiveError
from indexer.jobs.archive.contents import MANIFEST, Contents, Told

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

_BLOCK: Final = tarfile.BLOCKSIZE
_PIECE: Final = 1_000_000
_LARGEST_MANIFEST: Final = 20_000_000
_CHANGED: Final = "is not what was written"
_COMPRESSED: Final = (b"\x1f\x8b", b"\xfd7zX", b"BZh", b"(\xb5/\xfd")


class Archive:
    """An archive in the file `path`; its manifest is read when it is opened.

    All methods raise `ArchiveError`, which names the file and the member, when it is not what
    was written.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        with self._opened() as file:
            self.contents = self._manifest(file)

    def verify(self, *, told: Told) -> None:
        """Read all of it, and compare every member with its checksum."""
        for _name, pieces in self._members(told):
            for _piece in pieces:
                pass

    def extract(self, targets: Mapping[str, Path], *, told: Told) -> None:
        """Write the members named in `targets` to new files, whose folders there are or will be.

        All members are compared with their checksums, those that are not wanted too. Only their
        owner may read the files. They are synced, their folders are not.
        """
        for name, pieces in self._members(told):
            if name not in targets:
                for _piece in pieces:
                    pass
                continue
            target = targets[name]
            target.parent.mkdir(parents=True, exist_ok=True)
            descriptor = os.open(target, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
            with os.fdopen(descriptor, "wb") as file:
                for piece in pieces:
                    file.write(piece)
                file.flush()
                os.fsync(file.fileno())

    def read(self, name: str) -> bytes:
        """Return a small member, after a look at its checksum."""
        found = b""
        for held, pieces in self._members(lambda *_: None):
            content = b"".join(piece for piece in pieces if held == name)
            if held == name:
                found = content
        return found

    # --- member by member -----------------------------------------------------------------------

    def _members(self, told: Told) -> Iterator[tuple[str, Iterator[bytes]]]:
        """Yield each member with its content, which must be read to its end."""
        expected = dict(self.contents.members)
        done = 0
        with self._opened() as file:
            self._manifest(file)
            before = MANIFEST
            while header := self._header(file, after=before):
                before = header.name
                told("checking", done, self.contents.size)
                member = expected.pop(header.name, None)
                if member is None:
                    raise self._wrong(header.name, "does not belong there, or is there twice")
                if header.size != member.size:
                    said = f"is {header.size} bytes long and not {member.size}"
                    raise self._wrong(header.name, said)
                yield header.name, self._content(file, header, member.checksum)
                done += member.size
        if expected:
            raise self._wrong(next(iter(expected)), "is missing")

    def _manifest(self, file: IO[bytes]) -> Contents:
        header = self._header(file, after="")
        if header is None or header.name != MANIFEST or header.size > _LARGEST_MANIFEST:
            raise self._foreign()
        try:
            return Contents.from_json(b"".join(self._pieces(file, header)))
        except ArchiveError as error:
            raise ArchiveError(f"{self.path}: {error}") from error

    def _content(self, file: IO[bytes], header: tarfile.TarInfo, checksum: str) -> Iterator[bytes]:
        found = hashlib.blake2b(digest_size=16)
        for piece in self._pieces(file, header):
            found.update(piece)
            yield piece
        if found.hexdigest() != checksum:
            raise self._wrong(header.name, f"{_CHANGED}: its checksum differs")

    def _pieces(self, file: IO[bytes], header: tarfile.TarInfo) -> Iterator[bytes]:
        left = header.size
        while left:
            piece = file.read(min(left, _PIECE))
            if not piece:
                raise self._wrong(header.name, "is cut off")
            left -= len(piece)
            yield piece
        padding = -header.size % _BLOCK
        if len(file.read(padding)) < padding:
            raise self._wrong(header.name, "is cut off")

    def _header(self, file: IO[bytes], *, after: str) -> tarfile.TarInfo | None:
        """Return the header that comes after a member, or None at the end of the archive."""
        block = file.read(_BLOCK)
        if after and len(block) < _BLOCK:
            raise self._wrong(f"what comes after {after}", "is cut off")
        if len(block) == _BLOCK and not any(block):
            return None
        if block.startswith(_COMPRESSED):
            raise ArchiveError(f"{self.path} is compressed; unpack it first (`gunzip`, `unxz` …)")
        try:
            header = tarfile.TarInfo.frombuf(block, "utf-8", "strict")
        except (tarfile.HeaderError, UnicodeDecodeError) as error:
            if after:
                raise self._wrong(f"what comes after {after}", _CHANGED) from error
            raise self._foreign() from error
        if header.type not in {tarfile.REGTYPE, tarfile.AREGTYPE} or header.size < 0:
            raise self._wrong(header.name, "is not a plain file")
        return header

    def _opened(self) -> IO[bytes]:
        try:
            return self.path.open("rb")
        except OSError as error:
            raise ArchiveError(f"{self.path} cannot be read: {error.strerror}") from error

    def _wrong(self, name: str, what: str) -> ArchiveError:
        return ArchiveError(
            f"{self.path}: {name} {what}; take another backup, or copy this one again"
        )

    def _foreign(self) -> ArchiveError:
        return ArchiveError(
            f"{self.path} is not a backup of Samsök, or it is damaged; `samsok backup` makes one"
        )
