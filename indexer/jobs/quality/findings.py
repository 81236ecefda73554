"""What is found, as values: a report of sources, each with its findings by check."""

from __future__ import annotations

from dataclasses import asdict, dataclass, field
from typing import TYPE_CHECKING, Any, Literal, get_args

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

Check = Literal[
    "broken",
    "soft_404",
    "unreachable",
    "redirected",
    "empty",
    "no_contact",
    "undated",
    "stale",
    "duplicate",
    "same_title",
    "no_description",
    "no_heading",
    "no_language",
    "large",
    "noindex",
    "robots",
    "rule_missed",
]
CHECKS: tuple[Check, ...] = get_args(Check)
"""In the order in which they are shown: what a visitor is hurt by first."""

LINKED = 50
"""Pages that link to a faulty one and are named; the others are counted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """A fault of the page at `url`.

    `detail` says more, in the terms of the check: a reason, a day, bytes, a rule. `target` is
    another address that has to do with it. `links` counts the pages that link to `url`, of which
    `linked_from` are the first.
    """

    url: str
    title: str = ""
    detail: str = ""
    target: str = ""
    linked_from: tuple[str, ...] = ()
    links: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceQuality:
    """A source: how many of its documents are found, and what was found wrong."""

    name: str
    documents: int
    findings: Mapping[Check, tuple[Finding, ...]] = field(default_factory=dict)

    @property
    def total(self) -> int:
        """How much was found."""
        return sum(map(len, self.findings.values()))


@dataclass(frozen=True, slots=True, kw_only=True)
class QualityReport:
    """All sources that were looked at; `years` is after how long a page counts as old."""

    made: dt.datetime
    years: int
    sources: tuple[SourceQuality, ...]

    def plain(self) -> dict[str, Any]:
        """Return the report as plain JSON values."""
        return {
            "made": self.made.isoformat(),
            "years": self.years,
            "sources": [
                {
                    "name": source.name,
                    "documents": source.documents,
                    "findings": {
                        check: [asdict(finding) for finding in found]
                        for check, found in source.findings.items()
                    },
                }
                for source in self.sources
            ],
        }
