"""Generations on disk: whole directories, and one small file that names the one in service.

    index/gen-000041/  gen-000042/  CURRENT  suppressed.json  status.json  building/

A generation is built in ``building/``, made durable, and renamed: a directory called ``gen-…``
is complete. `CURRENT` is replaced in one step (POSIX rename), so a reader sees the old name or
the new one, never half of it, whatever is killed when. Nothing gets a name that counts before
all that it stands for has reached the disk, so the same holds for a power cut.

Two locks, both let go of by the system when their holder dies: ``writer.lock`` for as long as a
generation is built, ``change.lock`` for the moment in which a name is replaced.
"""

from __future__ import annotations

import fcntl
import os
import re
import shutil
import stat
from contextlib import contextmanager, suppress
from typing import TYPE_CHECKING

import orjson

from indexer.engine.durable import disk_errors, fsync_path, make_folder, rename, replace_file
from indexer.engine.manifest import WAYS_OUT, Manifest
from indexer.errors import GenerationUnknown, IndexDamaged, IndexMissing

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path

    from indexer.engine.results import Generation

_PREFIX = "gen-"
_HIDES = "suppressed.json"
# Six digits, and more only where six are not enough: a name is written in one way.
_NAME = re.compile(_PREFIX + r"(?:[0-9]{6}|[1-9][0-9]{6,})")


class GenerationDirectory:
    """The generations under one directory, which is made when first written to."""

    def __init__(self, root: Path) -> None:
        self.root = root

    # --- reading --------------------------------------------------------------------------------

    def names(self) -> tuple[str, ...]:
        """Return the names of the complete generations, oldest first."""
        if not self.root.is_dir():
            return ()
        found = (path.name for path in self.root.iterdir() if _NAME.fullmatch(path.name))
        return tuple(sorted(found, key=_number))

    def next_name(self) -> str:
        """Return the name of the generation after all that there are, and were, if it is known."""
        names = [*self.names()]
        with suppress(IndexDamaged):
            # What is in service may be newer than all: readers must see a name that is new.
            names += filter(None, [self.current()])
        return f"{_PREFIX}{max(map(_number, names), default=0) + 1:06d}"

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
            IndexDamaged: If CURRENT cannot be read or does not name a generation.
        """
        path = self.root / "CURRENT"
        try:
            name = path.read_text(encoding="utf-8", errors="replace").strip()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise IndexDamaged(f"{path} cannot be read: {error.strerror}") from error
        if not _NAME.fullmatch(name):
            raise IndexDamaged(f"{path} does not name a generation; {WAYS_OUT}")
        return name

    def in_service(self) -> str:
        """Return the name of the generation in service.

        Raises:
            IndexMissing: If nothing has been published.
            IndexDamaged: If CURRENT is, or names a generation that is not there.
        """
        name = self.current()
        if name is None:
            raise IndexMissing(f"no index in {self.root}: run `samsok reindex` first")
        if not (self.root / name).is_dir():
            raise IndexDamaged(
                f"{self.root / 'CURRENT'} names {name}, which is not there; {WAYS_OUT}"
            )
        return name

    def read(self, name: str) -> Generation:
        """Return what the manifest says of a generation, after a look at the sizes of its files.

        Raises:
            GenerationUnknown: If there is none of that name.
            IndexDamaged: If a file is missing or of another size than when it was built.
        """
        path = self.path(name)
        manifest = Manifest.read(path)
        for file, problem in manifest.incomplete(path).items():
            raise IndexDamaged(f"{path / file} {problem}; {WAYS_OUT}")
        return manifest.generation(name)

    def verify(self, name: str) -> tuple[str, ...]:
        """Read every file of a generation; return what is wrong, and nothing when it is whole.

        Raises:
            GenerationUnknown: If there is none of that name, or no longer.
        """
        path = self.path(name)
        try:
            problems = Manifest.read(path).problems(path)
        except IndexDamaged as error:
            problems = (str(error),)
        if problems:
            self.path(name)  # a generation that was pruned meanwhile is not a damaged one
        return problems

    def suppressed(self) -> frozenset[str]:
        """Return the ids of the documents that readers hide.

        Raises:
            IndexDamaged: If they cannot be read: to show what must be hidden would be worse
                than to show nothing.
        """
        path = self.root / _HIDES
        try:
            ids = orjson.loads(path.read_bytes())
        except FileNotFoundError:
            return frozenset()
        except (OSError, orjson.JSONDecodeError) as error:
            raise _unknown_suppressions(path, str(error)) from error
        if not isinstance(ids, list) or not all(isinstance(id_, str) for id_ in ids):
            raise _unknown_suppressions(path, "it is not a list of ids")
        return frozenset(ids)

    def note(self, name: str) -> bytes | None:
        """Return a note, or None where there is none of that name.

        Raises:
            IndexDamaged: If it cannot be read.
        """
        path = self._note(name)
        try:
            return path.read_bytes()
        except FileNotFoundError:
            return None
        except OSError as error:
            raise IndexDamaged(f"{path} cannot be read: {error.strerror}") from error

    def leftovers(self) -> tuple[Path, ...]:
        """Return what a killed process left, or a running one is working on."""
        return tuple(
            path
            for pattern in ("building", "deleted-gen-*", ".*.new")
            for path in sorted(self.root.glob(pattern))
        )

    # --- writing --------------------------------------------------------------------------------

    def publish(self, name: str) -> None:
        """Put a generation into service.

        Raises:
            GenerationUnknown, IndexDamaged: If there is none of that name, or it is not whole.
            IndexUnwritable: If the disk does not take it.
        """
        self.path(name)
        with self._changing():
            self.read(name)
            # A process may have been killed between the rename of the generation and this.
            fsync_path(self.root)
            replace_file(self.root / "CURRENT", name.encode() + b"\n")

    def adopt(self, folder: Path) -> str:
        """Take a whole generation that was built elsewhere, and return the name it has here.

        `folder` is on the same file system, and gone afterwards. It is not put into service.

        Raises:
            IndexDamaged: If it is not whole.
            IndexUnwritable: If the disk does not take it.
        """
        for problem in Manifest.read(folder).problems(folder):
            raise IndexDamaged(f"{folder.name} is damaged: {problem}")
        with self._changing():
            mode = stat.S_IMODE(self.root.stat().st_mode)
            for part in (folder, *folder.rglob("*")):
                # Who searches may be another user than who brings it here.
                part.chmod(mode if part.is_dir() else mode & 0o666)
                fsync_path(part)
            # Readers notice a generation by its name: it must be one that they have not seen.
            name = max(self.next_name(), folder.name, key=_number)
            rename(folder, self.root / name)
        return name

    def suppress(self, document_ids: frozenset[str]) -> None:
        """Hide exactly these documents.

        Raises:
            IndexUnwritable: If the disk does not take it.
        """
        with self._changing():
            replace_file(self.root / _HIDES, orjson.dumps(sorted(document_ids)))

    def put_note(self, name: str, data: bytes) -> None:
        """Keep a note, in place of any of that name.

        Raises:
            IndexUnwritable: If the disk does not take it.
        """
        path = self._note(name)
        with self._changing():
            replace_file(path, data)

    def prune(self, *, keep: int) -> tuple[str, ...]:
        """Delete what `spared` does not name.

        Deletes nothing when it cannot be told which one is in service.
        """
        if not self.names():
            return ()
        with self._changing():
            try:
                current = self.current()
            except IndexDamaged:
                return ()
            names = self.names()
            kept = spared(names, current=current, keep=keep)
            doomed = tuple(name for name in names if name not in kept)
            graves = [self._bury(name) for name in doomed]
        for grave in graves:
            # What cannot be deleted now, the next writer sweeps.
            shutil.rmtree(grave, ignore_errors=True)
        return doomed

    def _note(self, name: str) -> Path:
        if name == _HIDES.removesuffix(".json"):
            raise ValueError(f"{_HIDES} is no note: readers hide what stands in it")
        return self.root / f"{name}.json"

    def _bury(self, name: str) -> Path:
        # Renamed first, durably: what is half deleted no longer looks like a generation.
        grave = self.root / f"deleted-{name}"
        shutil.rmtree(grave, ignore_errors=True)
        rename(self.root / name, grave)
        return grave

    @contextmanager
    def _changing(self) -> Iterator[None]:
        """Let one process at a time replace a name, for as long as that takes."""
        with disk_errors(self.root):
            make_folder(self.root)
            lock = os.open(self.root / "change.lock", os.O_RDWR | os.O_CREAT, 0o644)
            try:
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
            finally:
                os.close(lock)


def spared(names: Sequence[str], *, current: str | None, keep: int) -> frozenset[str]:
    """Return the generations that pruning keeps; `names` are all there are, oldest first.

    What is newer than the one in service waits to be published: of that the newest.
    """
    served = [name for name in names if current and _number(name) <= _number(current)]
    waiting = names[len(served) :]
    return frozenset((*served[max(0, len(served) - keep) :], *waiting[-1:]))


def _number(name: str) -> int:
    return int(name.removeprefix(_PREFIX))


def _unknown_suppressions(path: Path, why: str) -> IndexDamaged:
    return IndexDamaged(
        f"{path} does not say what must be hidden ({why}), so nothing is shown; put a copy of it "
        "back, or delete it if nothing was ever hidden"
    )
