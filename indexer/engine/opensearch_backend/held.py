"""What the mapping of an index says of the generation that lies in it."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Literal, Self

from indexer.engine.results import Generation
from indexer.errors import IndexDamaged

if TYPE_CHECKING:
    from collections.abc import Mapping

State = Literal["building", "whole", "doomed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class HeldGeneration:
    """A generation, the index it lies in, and what its mapping says of it.

    `bundle` are the files that were given to the writer: size and checksum by path; `files` is
    the index in which they are. `common_grams` are too common to be looked up.
    """

    name: str
    index: str
    state: State
    documents: int = 0
    created: dt.datetime
    version: str = ""
    analysis: str = ""
    files: str
    bundle: Mapping[str, tuple[int, str]]
    common_grams: frozenset[str] = frozenset()
    doomed: dt.datetime | None = None

    @property
    def generation(self) -> Generation:
        """What those see who search."""
        return Generation(
            name=self.name,
            documents=self.documents,
            created=self.created,
            version=self.version,
            analysis=self.analysis,
        )

    def meta(self) -> dict[str, Any]:
        """Return it as it stands in the mapping; the inverse of `read`."""
        return {
            "name": self.name,
            "state": self.state,
            "documents": self.documents,
            "created": self.created.isoformat(),
            "version": self.version,
            "analysis": self.analysis,
            "files": self.files,
            "bundle": {path: list(entry) for path, entry in self.bundle.items()},
            "common_grams": sorted(self.common_grams),
            "doomed": self.doomed.isoformat() if self.doomed else None,
        }

    @classmethod
    def read(cls, name: str, index: str, meta: Mapping[str, Any]) -> Self:
        """Return the generation that a mapping speaks of.

        Raises:
            IndexDamaged: If that is not what `meta` made.
        """
        try:
            return cls(
                name=name,
                index=index,
                # A clone says what its model is until it is told what it is itself.
                state=meta["state"] if meta["name"] == name else "building",
                documents=meta["documents"],
                created=dt.datetime.fromisoformat(meta["created"]),
                version=meta["version"],
                analysis=meta["analysis"],
                files=meta["files"],
                bundle={path: (size, sum_) for path, (size, sum_) in meta["bundle"].items()},
                common_grams=frozenset(meta["common_grams"]),
                doomed=dt.datetime.fromisoformat(meta["doomed"]) if meta["doomed"] else None,
            )
        except (KeyError, TypeError, ValueError, AttributeError) as error:
            raise IndexDamaged(
                f"the mapping of {index} does not say what the index is ({error!r}); delete it, "
                "or run `samsok reindex --from-store` to build a new generation"
            ) from error


def number(name: str) -> int:
    """Return the number of a generation; 0 where a name has none."""
    digits = name.rpartition("-")[2]
    return int(digits) if digits.isdecimal() else 0
