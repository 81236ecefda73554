"""Which of two documents that say the same of a query comes first: a factor for each document.

Mild by design: together the factors move a document past another that scores at most a tenth
more, except copies, of which one is enough.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple, Self

from indexer.engine import schema

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Mapping

    from indexer.model import Document, Kind

ABOUT: Mapping[Kind, float] = {
    "partner": 1.04,
    "project": 1.04,
    "research": 1.02,
    "person": 1.02,
    "publication": 1.0,
    "page": 1.0,
    "news": 0.98,
}
"""A page about a thing comes before one that mentions it."""

FRESH = 0.04
"""What a document of today has over one that is old or has no date."""

HALF_LIFE_YEARS = 3.0
COPY = 0.5
"""The factor of every document but one of those with the same title and content."""

_DAYS = 365.25


class Standing(NamedTuple):
    """What of a document decides over its factor."""

    id: str
    kind: Kind
    latest: dt.date | None
    same: tuple[str, str] | None

    @classmethod
    def of(cls, document: Document) -> Self:
        """Return the standing of a document; copies are the `same`."""
        title = schema.title_key(document.title)
        return cls(
            id=document.id,
            kind=document.kind,
            latest=schema.latest(document),
            same=(title, document.content_hash) if document.content_hash else None,
        )


def preferences(standings: Iterable[Standing | None], *, today: dt.date) -> list[float]:
    """Return the factor of each document; 0 where there is None.

    Of copies, the one changed last is preferred, then the one with the lowest id.
    """
    held = list(standings)
    best: dict[tuple[str, str], Standing] = {}
    for standing in held:
        if standing is not None and standing.same:
            other = best.get(standing.same)
            if other is None or _order(standing) < _order(other):
                best[standing.same] = standing
    return [
        _factor(standing, today) * (COPY if _is_copy(standing, best) else 1.0) if standing else 0.0
        for standing in held
    ]


def _is_copy(standing: Standing, best: Mapping[tuple[str, str], Standing]) -> bool:
    return standing.same is not None and best[standing.same].id != standing.id


def _factor(standing: Standing, today: dt.date) -> float:
    if not standing.latest:
        return ABOUT[standing.kind]
    years = max(0, (today - standing.latest).days) / _DAYS
    fresh: float = 0.5 ** (years / HALF_LIFE_YEARS)
    return ABOUT[standing.kind] * (1 + FRESH * fresh)


def _order(standing: Standing) -> tuple[int, str]:
    return -standing.latest.toordinal() if standing.latest else 0, standing.id
