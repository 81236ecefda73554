"""What a generation was made of, kept with it: the next build takes up from there."""

from __future__ import annotations

import hashlib
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Self

import orjson

from indexer.engine.versions import recipe

if TYPE_CHECKING:
    from pathlib import Path

    from indexer.model import Vocabulary

_FILE = "origin.json"

MOST_CHANGED = 0.1
"""The share of documents that may change, night by night, before everything is built anew.

The lexicon and the frequencies of words, which every document's terms are made with, are those
of the last full build until then.
"""

MOST_UPDATES = 30
"""Updates on one full build: each adds a Whoosh segment, and deleted text stays in the old ones."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Origin:
    """The recipe and the state of the store that a generation was built from.

    `recipe` names what makes two indexes of the same documents differ, and the store that they
    are of: revisions of another store mean something else. `revision` is that of the store. Since
    the last full build there were `updates`, with `changed` documents in all.
    `erasures` are the ids of those that had been carried out: it holds nothing of them.
    """

    recipe: str
    revision: int
    updates: int = 0
    changed: int = 0
    erasures: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        vocabulary: Vocabulary,
        *,
        revision: int,
        stores: str,
        erasures: tuple[str, ...] = (),
    ) -> Self:
        """Return the origin of a full build now, of the store, or the stores, of this name."""
        held = orjson.dumps(vocabulary, option=orjson.OPT_SORT_KEYS)
        digest = hashlib.sha256(held).hexdigest()[:12]
        name = f"{recipe()}-{digest}-{stores}"
        return cls(recipe=name, revision=revision, erasures=erasures)

    @classmethod
    def read(cls, bundle: Path) -> Self | None:
        """Return what is written in a bundle, or None where it says nothing that can be used."""
        try:
            held = orjson.loads((bundle / _FILE).read_bytes())
            return cls(**{**held, "erasures": tuple(held.get("erasures", ()))})
        except (OSError, ValueError, TypeError, AttributeError):
            return None

    def write(self, bundle: Path) -> None:
        """Write it into a bundle."""
        (bundle / _FILE).write_bytes(orjson.dumps(asdict(self)))

    @property
    def name(self) -> str:
        """What it was built from: of two generations with the same name, one is enough."""
        name = f"{self.recipe}-{self.revision}"
        if not self.erasures:
            return name
        digest = hashlib.sha256(" ".join(sorted(self.erasures)).encode()).hexdigest()[:8]
        return f"{name}-{digest}"

    def updated(self, base: Origin, *, changed: int, documents: int) -> Origin | None:
        """Return the origin of this state built as an update of `base`; None if it should not be.

        `changed` documents are new, other or gone since; `base` has `documents`.
        """
        updates, in_all = base.updates + 1, base.changed + changed
        too_much = in_all > MOST_CHANGED * documents or updates > MOST_UPDATES
        if too_much or base.recipe != self.recipe or base.revision > self.revision:
            return None
        if not set(self.erasures) <= set(base.erasures):
            # What was erased lives on in the segments that an update would take over.
            return None
        return replace(self, updates=updates, changed=in_all)
