"""Generations on disk: whole directories, and one small file that names the one in service.

    index/gen-000041/  gen-000042/  CURRENT  suppressed.json  building/

A generation is built in ``building/``, made durable, and renamed: a directory called ``gen-…``
is complete. `CURRENT` is replaced in one step (POSIX rename), so a reader sees the old name or
the new one, never half of it, whatever is killed when.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
import shutil
from typing import TYPE_CHECKING

import orjson

from indexer.engine.results import Generation
from indexer.errors import GenerationUnknown, IndexDamaged, IndexLocked, IndexMissing

if TYPE_CHECKING:
    from pathlib import Path

_NAME = re.compile(r"gen-\d{6}")
_REBUILD = "run `samsok reindex --from-store` to build a new one"


def fsync_path(path: Path) -> None:
    """Make a file's content, or a directory's list of names, survive a power cut."""
    descriptor = os.open(path, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def replace_file(path: Path, content: bytes) -> None:
    """Write a file so that a reader sees the old content or the new, and nothing between."""
    draft = path.with_name(f".{path.name}.new")
    draft.write_bytes(content)
    fsync_path(draft)
    draft.replace(path)
    fsync_path(path.parent)


class GenerationDirectory:
    """The generations under one directory, which is made when first written to."""

    def __init__(self, root: Path) -> None:
        self.root = root

    # --- reading --------------------------------------------------------------------------------

    def names(self) -> tuple[str, ...]:
        """Return the names of the complete generations, oldest first."""
        if not self.root.is_dir():
            return ()
        return tuple(
            sorted(path.name for path in self.root.iterdir() if _NAME.fullmatch(path.name))
        )

    def path(self, name: str) -> Path:
        """Return the directory of a generation.

        Raises:
            GenerationUnknown: If there is none of that name.
        """
        if not _NAME.fullmatch(name) or not (self.root / name).is_dir():
            raise GenerationUnknown(f"there is no generation {name!r} in {self.root}")
        return self.root / name

    def current(self) -> str | None:
        """Return the name of the generation in service, or None before the first.

        Raises:
            IndexDamaged: If CURRENT does not name a generation.
        """
        try:
            name = (self.root / "CURRENT").read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            return None
        if not _NAME.fullmatch(name):
            raise IndexDamaged(f"{self.root / 'CURRENT'} does not name a generation; {_REBUILD}")
        return name

    def in_service(self) -> str:
        """Return the name of the generation in service.

        Raises:
            IndexMissing: If nothing has been published.
        """
        name = self.current()
        if name is None:
            raise IndexMissing(f"no index in {self.root}: run `samsok reindex` first")
        return name

    def read(self, name: str) -> Generation:
        """Return what the manifest says of a generation, after a look at its files.

        Raises:
            GenerationUnknown: If there is none of that name.
            IndexDamaged: If a file is missing or of another size than when it was built.
        """
        path = self.path(name)
        try:
            manifest = orjson.loads((path / "manifest.json").read_bytes())
            for file, size in manifest["files"].items():
                if (path / file).stat().st_size != size:
                    raise IndexDamaged(f"{path / file} is not complete; {_REBUILD}")
            return Generation(
                name=name,
                documents=manifest["documents"],
                created=dt.datetime.fromisoformat(manifest["created"]),
                version=manifest["version"],
            )
        except (OSError, ValueError, KeyError, TypeError) as error:
            raise IndexDamaged(
                f"generation {name} in {self.root} is damaged; {_REBUILD}"
            ) from error

    def suppressed(self) -> frozenset[str]:
        """Return the ids of the documents that readers hide."""
        try:
            return frozenset(orjson.loads((self.root / "suppressed.json").read_bytes()))
        except FileNotFoundError:
            return frozenset()
        except orjson.JSONDecodeError as error:
            # To show what must be hidden would be worse than to show nothing.
            raise IndexDamaged(f"{self.root / 'suppressed.json'} is not JSON") from error

    # --- writing --------------------------------------------------------------------------------

    def publish(self, name: str) -> None:
        """Put a generation into service."""
        self.read(name)
        replace_file(self.root / "CURRENT", name.encode() + b"\n")

    def suppress(self, document_ids: frozenset[str]) -> None:
        """Hide exactly these documents."""
        self.root.mkdir(parents=True, exist_ok=True)
        replace_file(self.root / "suppressed.json", orjson.dumps(sorted(document_ids)))

    def prune(self, *, keep: int) -> tuple[str, ...]:
        """Delete all but the newest `keep` and the one in service."""
        names = self.names()
        spared = {*names[max(0, len(names) - keep) :], self.current()}
        doomed = tuple(name for name in names if name not in spared)
        for name in doomed:
            # Renamed first: what is half deleted no longer looks like a generation.
            grave = self.root / f"deleted-{name}"
            (self.root / name).replace(grave)
            shutil.rmtree(grave)
        return doomed


class GenerationDraft:
    """The next generation while it is built, by one writer at a time."""

    def __init__(self, directory: GenerationDirectory) -> None:
        self._directory = directory
        root = directory.root
        root.mkdir(parents=True, exist_ok=True)
        self._lock = os.open(root / "writer.lock", os.O_RDWR | os.O_CREAT, 0o644)
        try:
            fcntl.flock(self._lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError as error:
            os.close(self._lock)
            raise IndexLocked(f"another process is writing the index in {root}") from error
        self.path = root / "building"
        for rest in (self.path, *root.glob("deleted-gen-*")):
            # Whoever was killed before us left this behind.
            shutil.rmtree(rest, ignore_errors=True)
        self.path.mkdir()

    def finish(self, *, documents: int, version: str) -> Generation:
        """Make the draft durable and give it its name."""
        names = self._directory.names()
        name = f"gen-{int(names[-1][4:]) + 1 if names else 1:06d}"
        created = dt.datetime.now(dt.UTC)
        files = [path for path in sorted(self.path.rglob("*")) if path.is_file()]
        manifest = {
            "documents": documents,
            "created": created,
            "version": version,
            "files": {str(path.relative_to(self.path)): path.stat().st_size for path in files},
        }
        for path in (*files, *(path for path in self.path.rglob("*") if path.is_dir())):
            fsync_path(path)
        replace_file(self.path / "manifest.json", orjson.dumps(manifest))
        self.path.replace(self._directory.root / name)
        fsync_path(self._directory.root)
        self._release()
        return Generation(name=name, documents=documents, created=created, version=version)

    def discard(self) -> None:
        """Delete the draft; discarding twice, or after `finish`, is no error."""
        if self._lock >= 0:
            shutil.rmtree(self.path, ignore_errors=True)
            self._release()

    def _release(self) -> None:
        os.close(self._lock)
        self._lock = -1
