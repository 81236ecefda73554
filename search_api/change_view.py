"""A change as pages tell it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Self

from search_api.serialize import safe_url

if TYPE_CHECKING:
    from indexer.engine import Change, Difference
    from search_api.texts import Texts


@dataclass(frozen=True, slots=True, kw_only=True)
class FactLine:
    """A fact that changed: its label, the values that are gone, and those that are new."""

    label: str
    removed: str
    added: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ChangeView:
    """A change: what happened, on which day, to which page, and what is other since.

    `url` leads to our page of the document while there is one, and else nowhere.
    """

    event: str
    label: str
    day: str
    title: str
    url: str | None
    kind: str
    facts: tuple[FactLine, ...]
    added: tuple[str, ...]

    @classmethod
    def of(cls, change: Change, texts: Texts, *, url: str) -> Self:
        """Return what a page shows of a change; `url` is that of our page of the document."""
        told = change.difference
        # Of what has been removed, only that it was there is known.
        is_here = change.kind is not None and safe_url(change.url)
        return cls(
            event=change.event,
            label=texts[f"event_{change.event}"],
            day=texts.date(change.at.date()),
            title=change.title or change.url,
            url=url if is_here else None,
            kind=texts.value("kind", change.kind) if change.kind else "",
            facts=tuple(_facts(told, texts)) if told else (),
            added=told.added if told else (),
        )


def _facts(told: Difference, texts: Texts) -> list[FactLine]:
    return [
        FactLine(
            label=texts[f"fact_{fact.fact}"],
            removed=", ".join(texts.value(fact.fact, value) for value in fact.removed),
            added=", ".join(texts.value(fact.fact, value) for value in fact.added),
        )
        for fact in told.facts
    ]
