"""The searches that the demo prints: each shows something that a plain word search would miss."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True, kw_only=True)
class DemoSearch:
    """What is typed, and why it is worth looking at the answer."""

    query: str
    why: str


SEARCHES: tuple[DemoSearch, ...] = (
    DemoSearch(
        query="trollhättan",
        why="in every footer and many texts, yet the page about the city itself comes first",
    ),
    DemoSearch(
        query="hur kan kommunanställda kompetensutvecklas",
        why="a question; the page says 'kompetensutveckling av kommunanställda'",
    ),
    DemoSearch(query="AIL", why="an abbreviation; the pages say 'arbetsintegrerat lärande'"),
    DemoSearch(
        query="simuleringsträning sjukhus",
        why="inflected (sjukhusets) and inside a compound (länssjukhus)",
    ),
    DemoSearch(query="studentbostader", why="typed without its dots: studentbostäder"),
    DemoSearch(
        query="Signhild Åkerbrand",
        why="a contact person: the page that she answers for, then the news that quotes her",
    ),
)
