"""A generation while it is built: a folder that becomes whole, durable and named, in that order."""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import shutil
import stat
from typing import TYPE_CHECKING

from indexer.engine.durable import checksum, disk_errors, fsync_path, make_folder, rename
from indexer.engine.manifest import FileEntry, Manifest
from indexer.errors import IndexDamaged, IndexLocked

if TYPE_CHECKING:
    from indexer.engine.generations import GenerationDirectory
    from indexer.engine.results import Generation


class GenerationDraft:
    """The next generation while it is built, by one writer at a time, in the folder `path`."""

    def __init__(self, directory: GenerationDirectory) -> None:
        self._directory = directory
        root = directory.root
        self.path = root / "building"
        with disk_errors(root):
            make_folder(root)
            self._lock = os.open(root / "writer.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise IndexLocked(f"another process is writing the index in {root}") from error
        try:
            with disk_errors(root):
                for rest in (self.path, *root.glob("deleted-gen-*")):
                    # Whoever was killed before us left this behind.
                    shutil.rmtree(rest, ignore_errors=True)
                self.path.mkdir()
        except BaseException:
            self._release()
            raise

    def finish(self, *, documents: int, version: str, analysis: str = "") -> Generation:
        """Make the draft durable and give it its name.

        What it costs grows with what is new: a file that another generation has too (a hard
        link) was synced and summed when that one was built.

        Raises:
            IndexUnwritable: If the disk does not take it; the draft can still be discarded.
        """
        with disk_errors(self._directory.root):
            name = self._directory.next_name()
            manifest = Manifest(
                documents=documents,
                created=dt.datetime.now(dt.UTC),
                version=version,
                analysis=analysis,
                files=self._sealed_files(),
            )
            manifest.write(self.path)
            self._seal_folders()
            rename(self.path, self._directory.root / name)
        self._release()
        return manifest.generation(name)

    def discard(self) -> None:
        """Delete the draft; discarding twice, or after `finish`, is no error."""
        if self._lock >= 0:
            shutil.rmtree(self.path, ignore_errors=True)
            self._release()

    def _sealed_files(self) -> dict[str, FileEntry]:
        """Sync the files, and return them with their sizes and checksums."""
        shared = self._files_of_others()
        entries = {}
        for path in sorted(self.path.rglob("*")):
            status = path.stat()
            if not stat.S_ISREG(status.st_mode):
                continue
            entry = shared.get((status.st_dev, status.st_ino))
            if entry is None:
                path.chmod(self._mode & 0o666)
                fsync_path(path)
                entry = FileEntry(size=status.st_size, checksum=checksum(path))
            entries[str(path.relative_to(self.path))] = entry
        return entries

    def _seal_folders(self) -> None:
        for folder in (self.path, *self.path.rglob("*")):
            if folder.is_dir():
                folder.chmod(self._mode)
                fsync_path(folder)

    @property
    def _mode(self) -> int:
        """The permissions that the operator's umask gives; what came here by copy has others.

        Who searches may be another user than who indexes.
        """
        return stat.S_IMODE(self.path.stat().st_mode)

    def _files_of_others(self) -> dict[tuple[int, int], FileEntry]:
        """Return the files of the other generations, by device and inode."""
        found = {}
        for name in self._directory.names():
            generation = self._directory.root / name
            try:
                for file, entry in Manifest.read(generation).files.items():
                    status = (generation / file).stat()
                    found[status.st_dev, status.st_ino] = entry
            except (IndexDamaged, OSError):
                continue
        return found

    def _release(self) -> None:
        os.close(self._lock)
        self._lock = -1
