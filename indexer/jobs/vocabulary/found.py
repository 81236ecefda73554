"""All that the documents say of one name."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexer.jobs.vocabulary.proposal import Evidence
from indexer.jobs.vocabulary.statements import MENTIONED

if TYPE_CHECKING:
    from indexer.model import Document

_MAX_EVIDENCE = 3
_MOST_FOR_MENTIONS, _FOR_A_SOURCE = 5, 2


@dataclass(slots=True)
class Found:
    """A name in all its spellings, the pages that have it, and the best places among them.

    `pages` maps the id of each document to the weight of its best place.
    """

    spellings: Counter[str] = field(default_factory=Counter)
    long_forms: Counter[str] = field(default_factory=Counter)
    pages: dict[str, int] = field(default_factory=dict)
    sources: Counter[str] = field(default_factory=Counter)
    _places: dict[str, tuple[int, Evidence]] = field(default_factory=dict)

    def note(self, document: Document, *, place: str, weight: int) -> None:
        """Count a page; of several places on it, the best."""
        before = self.pages.get(document.id, 0)
        if not before:
            self.sources[document.source] += 1
        if weight <= before:
            return
        self.pages[document.id] = weight
        self._places[document.id] = (weight, Evidence(url=document.url, place=place))
        if len(self._places) > _MAX_EVIDENCE:
            del self._places[min(self._places, key=lambda one: self._places[one][0])]

    def take_in(self, other: Found) -> None:
        """Count what was found of a name that is another form of this one."""
        for document_id, weight in other.pages.items():
            self.pages[document_id] = max(weight, self.pages.get(document_id, 0))
        self.sources += other.sources
        self._places = dict(
            sorted({**other._places, **self._places}.items(), key=lambda one: -one[1][0])[
                :_MAX_EVIDENCE
            ]
        )

    @property
    def name(self) -> str:
        """The spelling that stands in the best places, without a genitive."""
        best = self.spellings.most_common(1)[0][0]
        basic = best.removesuffix("s")
        return basic if basic in self.spellings else best

    @property
    def structural(self) -> int:
        """What the structure of pages says, without what their texts mention."""
        return sum(weight for weight in self.pages.values() if weight > MENTIONED)

    @property
    def weight(self) -> int:
        """How well founded it is: structure, some mentions, and the spread over sources."""
        mentions = sum(weight == MENTIONED for weight in self.pages.values())
        spread = _FOR_A_SOURCE * (len(self.sources) - 1)
        return self.structural + min(mentions, _MOST_FOR_MENTIONS) + spread

    @property
    def evidence(self) -> tuple[Evidence, ...]:
        """The best places, the best first."""
        best = sorted(self._places.values(), key=lambda one: (-one[0], one[1].url))
        return tuple(evidence for _, evidence in best)
