"""What the pages of the template families say, and how near a reading of them comes."""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import dataclass
from typing import TYPE_CHECKING, NamedTuple

from indexer.model import Concept, CrawlRequest, Kind, Page, Person, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.model import Document

VOCABULARY = Vocabulary(
    partners=(
        Concept(name="Norrtuna kommun", aliases=("Norrtuna stad", "Municipality of Norrtuna")),
        Concept(name="Region Sjövik", aliases=("Sjövik Region",)),
        Concept(name="Ekbacka sjukhus", aliases=("Ekbacka Hospital",)),
        Concept(name="Kvarnsele Teknik AB", aliases=("Kvarnsele Teknik",)),
        Concept(name="Granstads kommunalförbund", aliases=("GKF",)),
    ),
    areas=(
        Concept(name="Arbetsintegrerat lärande", aliases=("AIL", "work-integrated learning")),
        Concept(name="Breddad rekrytering", aliases=("widening participation",)),
        Concept(name="Livslångt lärande", aliases=("lifelong learning",)),
        Concept(name="Kompetensförsörjning", aliases=("skills supply",)),
        Concept(name="Digitalisering", aliases=("digitalisation", "digital omställning")),
        Concept(name="Hållbar utveckling", aliases=("sustainable development",)),
    ),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Truth:
    """What a reader takes from a page; `text` has a line for each paragraph, item and row."""

    text: str
    kind: Kind
    partners: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    persons: tuple[Person, ...] = ()
    published: str | None = None
    modified: str | None = None
    language: str = "sv"


class Case(NamedTuple):
    """A page, and the truth about it."""

    url: str
    markup: str
    truth: Truth

    def page(self) -> Page:
        """Return the page as it comes from the fetcher."""
        return Page(
            request=CrawlRequest(url=self.url, source="mall"),
            url=self.url,
            body=self.markup.encode(),
            media_type="text/html",
            charset="utf-8",
            fetched_at=dt.datetime(2026, 1, 2, tzinfo=dt.UTC),
        )


class Score(NamedTuple):
    """How much of the truth was found, and how much of what was found is true."""

    common: int
    found: int
    true: int

    @property
    def f1(self) -> float:
        """Return the harmonic mean of precision and recall; 1.0 where there is nothing to find."""
        return 2 * self.common / (self.found + self.true) if self.found + self.true else 1.0


def total(scores: Iterable[Score]) -> Score:
    """Return the score over all pages together."""
    common = found = true = 0
    for score in scores:
        common, found, true = common + score.common, found + score.found, true + score.true
    return Score(common, found, true)


def compare(found: Iterable[object], true: Iterable[object]) -> Score:
    """Count what two bags have in common."""
    got, wanted = Counter(found), Counter(true)
    return Score(sum((got & wanted).values()), sum(got.values()), sum(wanted.values()))


def text_score(document: Document, truth: Truth) -> Score:
    """Compare texts by their runs of four words."""
    text = "\n".join(f"{section.heading}\n{section.text}" for section in document.sections)
    return compare(_runs(text), _runs(truth.text))


def dates(document: Document) -> list[tuple[str, str]]:
    """Return the dates of a document by name."""
    named = (("published", document.published), ("modified", document.modified))
    return [(name, day.isoformat()) for name, day in named if day]


def true_dates(truth: Truth) -> list[tuple[str, str]]:
    """Return the true dates by name."""
    named = (("published", truth.published), ("modified", truth.modified))
    return [(name, day) for name, day in named if day]


def _runs(text: str) -> list[tuple[str, ...]]:
    words = re.findall(r"\w+", text.casefold())
    return [tuple(words[at : at + 4]) for at in range(max(1, len(words) - 3))] if words else []
