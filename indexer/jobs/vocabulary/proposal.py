"""What is proposed to an operator, and why."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

ProposalKind = Literal["partner", "area", "abbreviation"]
KINDS: tuple[ProposalKind, ...] = ("partner", "area", "abbreviation")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A page that says so, and where on it."""

    url: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A name that may belong into the vocabulary; `pages` counts the pages that have it.

    `aliases` are other names that pages have for the same; for an abbreviation, what it stands
    for. `extends` is the name of the concept that the vocabulary already has for it: then only
    the aliases are new.
    """

    kind: ProposalKind
    name: str
    aliases: tuple[str, ...] = ()
    pages: int
    weight: int
    evidence: tuple[Evidence, ...]
    extends: str = ""

    def plain(self) -> dict[str, Any]:
        """Return the proposal as plain JSON values."""
        return {
            "kind": self.kind,
            "name": self.name,
            "aliases": list(self.aliases),
            "extends": self.extends or None,
            "pages": self.pages,
            "weight": self.weight,
            "evidence": [{"url": one.url, "place": one.place} for one in self.evidence],
        }
