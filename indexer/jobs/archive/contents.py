"""What an archive holds, and the versions and checksums that say so: its manifest."""

from __future__ import annotations

import datetime as dt
import re
from collections.abc import Callable
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any, Self

import orjson

from indexer.crawl import Shard
from indexer.engine.durable import digest
from indexer.errors import ArchiveError
from indexer.jobs.switch import WHOLE

if TYPE_CHECKING:
    from collections.abc import Mapping

FORMAT = 2
"""Changes when an older Samsök can no longer read what is written here: 1 knew of one store."""

MANIFEST, CONFIG, VOCABULARY = "manifest.json", "crawl_config.yaml", "vocabulary.yaml"
SUPPRESSED = "index/suppressed.json"
_INDEX = re.compile(r"index/gen-[0-9]{6,}(?:/[A-Za-z0-9_][A-Za-z0-9._-]*){1,6}")

Told = Callable[[str, int, int], None]
"""Called with what is being done, and how many bytes of how many are."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """A file of the archive: its size in bytes and its checksum (`durable.checksum`)."""

    size: int
    checksum: str


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldGeneration:
    """The generation that an archive holds, and the versions that tell whether it can be read."""

    name: str
    version: str
    layout: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Contents:
    """What an archive says of itself. `vocabulary` is where the configuration looks for it."""

    software: str
    created: dt.datetime
    store_version: int
    documents: int
    vocabulary: str | None
    generation: HeldGeneration | None
    members: Mapping[str, Member]

    @property
    def stores(self) -> tuple[str, ...]:
        """The names of the stores."""
        return tuple(name for name in self.members if is_store(name))

    @property
    def size(self) -> int:
        """The bytes of all members."""
        return sum(member.size for member in self.members.values())

    def to_json(self) -> bytes:
        """Return the manifest, sealed by a checksum of its own."""
        held = {"format": 1 if self.stores == (WHOLE,) else FORMAT, **asdict(self)}
        held["checksum"] = digest(orjson.dumps(held))
        return orjson.dumps(held)

    @classmethod
    def from_json(cls, text: bytes) -> Self:
        """Return what `to_json` wrote.

        Raises:
            ArchiveError: If it is of a newer format, or not what was written.
        """
        try:
            held = orjson.loads(text)
            newer = held["format"] > FORMAT
            sealed = held.pop("checksum", None) == digest(orjson.dumps(held))
            contents = None if newer or not sealed else cls._from_plain(held)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise ArchiveError(f"{MANIFEST} is not that of a backup ({error})") from error
        if newer:
            raise ArchiveError(
                f"it was made by a newer Samsök (format {held['format']}, this one reads up to "
                f"{FORMAT}); install that version, or a later one, and restore with it"
            )
        if contents is None:
            raise ArchiveError(f"{MANIFEST} is not what was written: its checksum differs")
        return contents

    @classmethod
    def _from_plain(cls, held: dict[str, Any]) -> Self:
        del held["format"]
        generation = held.pop("generation")
        members = {name: Member(**entry) for name, entry in held.pop("members").items()}
        if unexpected := [name for name in members if not _is_expected(name)]:
            raise ValueError(f"it lists {unexpected[0]!r}")
        return cls(
            created=dt.datetime.fromisoformat(held.pop("created")),
            generation=HeldGeneration(**generation) if generation else None,
            members=members,
            **held,
        )


def is_store(name: str) -> bool:
    """Tell whether a member of an archive is a store: the book, or that of a shard."""
    path = Path(name)
    return path.name == name and (name == WHOLE or Shard.of_file(path) is not None)


def _is_expected(name: str) -> bool:
    named = name in {CONFIG, VOCABULARY, SUPPRESSED}
    return named or is_store(name) or bool(_INDEX.fullmatch(name))
