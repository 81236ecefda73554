"""What a generation consists of: its counts, and the size and checksum of every file."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

import orjson

from indexer.engine.durable import checksum, digest, write_file
from indexer.engine.results import Generation
from indexer.errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from pathlib import Path

LAYOUT = 2
"""Changes when the manifest, or where things lie in a generation, does."""

FILE_NAME = "manifest.json"

WAYS_OUT = (
    "`samsok rollback` puts an older generation into service, `samsok reindex --from-store` "
    "builds a new one, `samsok doctor` looks at all of them"
)
"""What whoever cannot open a generation should be told."""


@dataclass(frozen=True, slots=True, kw_only=True)
class FileEntry:
    """A file as it was written: its size in bytes and its checksum (`durable.checksum`)."""

    size: int
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Manifest:
    """A generation as it was built. `files` are named by their path inside the generation."""

    documents: int
    created: dt.datetime
    version: str
    analysis: str = ""
    files: Mapping[str, FileEntry]

    @classmethod
    def read(cls, generation: Path) -> Self:
        """Return the manifest of the generation in a directory.

        Raises:
            IndexDamaged: If it is not there, not whole, or of another layout.
        """
        path = generation / FILE_NAME
        try:
            held = orjson.loads(path.read_bytes())
            of_this_layout = held.get("layout") == LAYOUT
            whole = held.pop("checksum", None) == digest(orjson.dumps(held))
        except (OSError, ValueError, AttributeError) as error:
            raise IndexDamaged(f"{path} cannot be read ({error}); {WAYS_OUT}") from error
        if not of_this_layout:
            raise IndexDamaged(
                f"{generation} was built by another version of Samsök; "
                "run `samsok reindex --from-store` to build a new one"
            )
        if not whole:
            raise IndexDamaged(f"{path} is not what was written; {WAYS_OUT}")
        return cls._from_json(held)

    def write(self, generation: Path) -> None:
        """Write it into the directory of its generation and sync it, but not the directory."""
        held = {
            "layout": LAYOUT,
            "documents": self.documents,
            "created": self.created,
            "version": self.version,
            "analysis": self.analysis,
            "bytes": sum(entry.size for entry in self.files.values()),
            "files": {
                name: {"bytes": entry.size, "blake2b": entry.checksum}
                for name, entry in sorted(self.files.items())
            },
        }
        held["checksum"] = digest(orjson.dumps(held))
        write_file(generation / FILE_NAME, orjson.dumps(held))

    def incomplete(self, generation: Path) -> dict[str, str]:
        """Return what is wrong with which file, by a look at their sizes; quick."""
        found = {name: _resized(generation / name, entry) for name, entry in self.files.items()}
        return {name: problem for name, problem in found.items() if problem}

    def problems(self, generation: Path) -> tuple[str, ...]:
        """Return what is wrong with the files, having read all of them."""
        found = self.incomplete(generation)
        for name, entry in self.files.items():
            if name not in found and (problem := _changed(generation / name, entry)):
                found[name] = problem
        told = (f"{name} {problem}" for name, problem in found.items())
        return (*told, *self._unexpected(generation))

    def generation(self, name: str) -> Generation:
        """Return the generation of this name as those see it who search it."""
        return Generation(
            name=name,
            documents=self.documents,
            created=self.created,
            version=self.version,
            analysis=self.analysis,
        )

    def _unexpected(self, generation: Path) -> Iterator[str]:
        expected = {*self.files, FILE_NAME}
        for path in sorted(generation.rglob("*")):
            name = str(path.relative_to(generation))
            if name not in expected and not path.is_dir():
                yield f"{name} does not belong here"

    @classmethod
    def _from_json(cls, held: dict[str, Any]) -> Self:
        return cls(
            documents=held["documents"],
            created=dt.datetime.fromisoformat(held["created"]),
            version=held["version"],
            # It was not told before it was.
            analysis=held.get("analysis", ""),
            files={
                name: FileEntry(size=entry["bytes"], checksum=entry["blake2b"])
                for name, entry in held["files"].items()
            },
        )


def _resized(path: Path, entry: FileEntry) -> str:
    try:
        size = path.stat().st_size
    except FileNotFoundError:
        return "is missing"
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if size == entry.size else f"is {size} bytes long and not {entry.size}"


def _changed(path: Path, entry: FileEntry) -> str:
    try:
        found = checksum(path)
    except OSError as error:
        return f"cannot be read: {error.strerror}"
    return "" if found == entry.checksum else "is not what was written: its checksum differs"
