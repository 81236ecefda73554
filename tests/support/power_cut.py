"""What a disk may hold after a power cut, for every moment of some work.

POSIX promises nothing about what was not synced: a file that was written may be empty, a name
that was given may be missing, and both independently of each other. `Recorder` notes what was
synced when; `Recorder.cuts` makes directories as a cut could have left them.
"""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from itertools import combinations
from pathlib import Path
from typing import Any

import pytest

Entries = dict[str, int]


@dataclass(frozen=True)
class Moment:
    """The disk between two calls: what is named now, and what was synced up to now."""

    call: str
    now: dict[int, Entries]
    synced_names: dict[int, Entries]
    synced_content: dict[int, Path]


@dataclass(frozen=True)
class Cut:
    """A directory as a power cut may have left it."""

    moment: int
    call: str
    survived: str
    root: Path


class Recorder:
    """Watches the system calls of this process that matter for `root`, while `recording`."""

    def __init__(self, root: Path, scratch: Path) -> None:
        self.root = root
        self.moments: list[Moment] = []
        self.too_early: list[str] = []
        self.synced: list[Path] = []
        self._scratch = scratch
        self._contents: dict[int, Path] = {}
        self._names: dict[int, Entries] = {}
        self._held: dict[int, int] = {}
        scratch.mkdir()

    @contextmanager
    def recording(self, monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
        """Note every call until the end; what is there at the beginning has been synced."""
        self._begin()
        fsync, replace, unlink = os.fsync, os.replace, os.unlink

        def note_fsync(descriptor: int) -> None:
            path = Path(f"/proc/self/fd/{descriptor}").readlink()
            self._note(f"before fsync {path.name}")
            fsync(descriptor)
            self.synced.append(path)
            if path.is_dir():
                self._names[path.stat().st_ino] = self._entries(path)
            else:
                self._sync_file(path)
            self._note(f"fsync {path.name}")

        def note_replace(old: Any, new: Any, **more: Any) -> None:
            self._note(f"before rename to {Path(new).name}")
            if Path(new).parent == self.root:
                self._check_synced(Path(old))
            replace(old, new, **more)
            self._note(f"rename to {Path(new).name}")

        def note_unlink(path: Any, **more: Any) -> None:
            unlink(path, **more)
            self._note(f"unlink {Path(path).name}")

        with monkeypatch.context() as patched:
            patched.setattr(os, "unlink", note_unlink)
            patched.setattr(os, "fsync", note_fsync)
            patched.setattr(os, "replace", note_replace)
            patched.setattr(os, "rename", note_replace)
            yield
        self._note("the end")

    def cuts(self) -> Iterator[Cut]:
        """Make every directory that a cut may have left, each only once."""
        seen = set()
        for number, moment in enumerate(self.moments):
            for top, below in self._choices(moment):
                tree = dict(self._survivors(moment, top, below=below))
                # Nobody but the next writer looks into what is being built.
                key = frozenset(item for item in tree.items() if not item[0].startswith("build"))
                if key not in seen:
                    seen.add(key)
                    root = self._scratch / f"cut-{len(seen)}"
                    _write(root, tree)
                    survived = f"{', '.join(top) or 'no name'}{' and all below' if below else ''}"
                    yield Cut(number, moment.call, survived, root)

    def _choices(self, moment: Moment) -> Iterator[tuple[tuple[str, ...], bool]]:
        """Yield which unsynced names at the top survive, and whether all names below them do."""
        folder = self.root.stat().st_ino
        now, synced = moment.now.get(folder, {}), moment.synced_names.get(folder, {})
        unsynced = [name for name in {**now, **synced} if now.get(name) != synced.get(name)]
        for count in range(len(unsynced) + 1):
            for top in combinations(sorted(unsynced), count):
                yield top, False
                yield top, True

    def close(self) -> None:
        for descriptor in self._held.values():
            os.close(descriptor)
        self._held.clear()

    def _survivors(
        self, moment: Moment, top: tuple[str, ...], *, below: bool
    ) -> Iterator[tuple[str, Path | None]]:
        folder = self.root.stat().st_ino
        now, named = moment.now.get(folder, {}), dict(moment.synced_names.get(folder, {}))
        for name in top:
            named.pop(name, None)
            if name in now:
                named[name] = now[name]

        def walk(named: Entries, prefix: str) -> Iterator[tuple[str, Path | None]]:
            for name, child in named.items():
                if child in moment.now or child in moment.synced_names:
                    yield f"{prefix}{name}/", None
                    names = moment.now if below and child in moment.now else moment.synced_names
                    yield from walk(names.get(child, {}), f"{prefix}{name}/")
                else:
                    yield f"{prefix}{name}", moment.synced_content.get(child)

        yield from walk(named, "")

    def _note(self, call: str) -> None:
        self.moments.append(Moment(call, self._walk(), dict(self._names), dict(self._contents)))

    def _walk(self) -> dict[int, Entries]:
        found = {}
        for folder, _, _ in os.walk(self.root):
            found[Path(folder).stat().st_ino] = self._entries(Path(folder))
        return found

    def _entries(self, folder: Path) -> Entries:
        entries = {entry.name: entry.inode() for entry in os.scandir(folder)}
        for name, number in entries.items():
            if number not in self._held:
                # Held open, so that no other file gets its number.
                self._held[number] = os.open(folder / name, os.O_RDONLY)
        return entries

    def _begin(self) -> None:
        self._names = self._walk()
        for path in self.root.rglob("*"):
            if path.is_file():
                self._sync_file(path)

    def _sync_file(self, path: Path) -> None:
        number = path.stat().st_ino
        copy = self._scratch / f"content-{number}-{len(self.moments)}"
        shutil.copyfile(path, copy)
        self._contents[number] = copy

    def _check_synced(self, renamed: Path) -> None:
        for path in (renamed, *(renamed.rglob("*") if renamed.is_dir() else ())):
            number = path.stat().st_ino
            if path.is_dir():
                synced = self._names.get(number) == self._entries(path)
            else:
                copy = self._contents.get(number)
                synced = copy is not None and copy.read_bytes() == path.read_bytes()
            if not synced:
                self.too_early.append(f"{path} was renamed, or something above it, unsynced")


def _write(root: Path, tree: dict[str, Path | None]) -> None:
    root.mkdir()
    for name, content in tree.items():
        if name.endswith("/"):
            (root / name).mkdir()
        elif content is None:
            (root / name).touch()
        else:
            os.link(content, root / name)
