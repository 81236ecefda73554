"""The lines of a document that show why it was found.

A text is cut at sentence borders; the stretch that says most of the query's words wins, then
the one that adds most.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import partial
from typing import TYPE_CHECKING
from urllib.parse import quote

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indexer.engine.marks import Mark, Marker
    from indexer.model import Document

FRAGMENT_CHARACTERS = 180
"""A fragment is at most about this long."""

MOST_CHARACTERS = 40_000
"""Of a document, this much is looked at."""

_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+(?=[\wÅÄÖ\"”])|\n+")
_FRAGMENTS = 2
_HEADING = 0.5


@dataclass(frozen=True, slots=True)
class Piece:
    """A run of plain text, marked when it is what the query asked for. Never markup."""

    text: str
    marked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Snippet:
    """Up to two fragments of a document, with " … " between them.

    `section` is the heading of the first fragment's section; `url` leads to it, with a text
    fragment where there is one (WICG, Scroll To Text Fragment).
    """

    pieces: tuple[Piece, ...] = ()
    section: str = ""
    url: str = ""


@dataclass(frozen=True, slots=True)
class _Stretch:
    """A sentence or a part of one, with its marks."""

    text: str
    marks: tuple[Mark, ...]
    heading: str
    anchor: str
    order: int

    def clauses(self) -> dict[int, float]:
        """Return how well each word of the query is said here."""
        said: dict[int, float] = {}
        for mark in self.marks:
            said[mark.clause] = max(said.get(mark.clause, 0.0), mark.strength)
        return said


def snippet(document: Document, marker: Marker) -> Snippet:
    """Return the snippet of a document: its best stretches, or its beginning."""
    stretches = list(_stretches(document, marker))
    chosen = _choose(stretches)
    if not chosen:
        return _beginning(document, marker)
    pieces: list[Piece] = []
    for stretch in sorted(chosen, key=lambda stretch: stretch.order):
        fragment = _pieces(stretch.text, stretch.marks)
        if pieces:
            # A sentence that was cut has its own "…" there; one is enough.
            pieces[-1] = replace(pieces[-1], text=pieces[-1].text.removesuffix(" …"))
            fragment[0] = replace(fragment[0], text=fragment[0].text.removeprefix("… "))
            pieces.append(Piece(" … "))
        pieces += fragment
    best = chosen[0]
    return Snippet(
        pieces=tuple(piece for piece in pieces if piece.text),
        section=best.heading,
        url=_link(document.url, best.anchor, best.text),
    )


def _beginning(document: Document, marker: Marker) -> Snippet:
    texts = (document.summary, *(section.text for section in document.sections))
    text = next((text for text in texts if text.strip()), "").replace("\n", " ")
    shown = _shorten(text)
    return Snippet(
        pieces=tuple(_pieces(shown, tuple(marker.marks(shown, document.language)))),
        url=document.url,
    )


def _shorten(text: str) -> str:
    if len(text) <= FRAGMENT_CHARACTERS:
        return text
    return text[: FRAGMENT_CHARACTERS + 1].rsplit(" ", 1)[0].rstrip(" ,;:") + " …"


def _stretches(document: Document, marker: Marker) -> Iterator[_Stretch]:
    seen = 0
    order = 0
    for section in document.sections:
        for sentence in (section.heading, *_SENTENCE_END.split(section.text)):
            seen += len(sentence)
            if seen > MOST_CHARACTERS:
                return
            marks = marker.marks(sentence, document.language)
            if sentence == section.heading:
                # A sentence says more than the heading above it that holds the same words.
                marks = [mark._replace(strength=mark.strength * _HEADING) for mark in marks]
            if marks:
                order += 1
                yield _window(sentence, marks, section.heading, section.anchor, order)


def _window(sentence: str, marks: list[Mark], heading: str, anchor: str, order: int) -> _Stretch:
    """Cut a long sentence to the words around its densest marks."""
    if len(sentence) <= FRAGMENT_CHARACTERS:
        return _Stretch(sentence, tuple(marks), heading, anchor, order)
    first = max(
        marks,
        key=lambda mark: len(
            {
                other.clause
                for other in marks
                if mark.start <= other.start and other.end <= mark.start + FRAGMENT_CHARACTERS
            }
        ),
    )
    start = max(0, first.start - FRAGMENT_CHARACTERS // 4)
    start = sentence.rfind(" ", 0, start + 1) + 1 if start else 0
    end = min(len(sentence), max(start + FRAGMENT_CHARACTERS, first.end))
    if end < len(sentence):
        end = max(sentence.rfind(" ", start, end), first.end)
    lead, tail = "… " if start else "", " …" if end < len(sentence) else ""
    kept = tuple(
        mark._replace(start=mark.start - start + len(lead), end=mark.end - start + len(lead))
        for mark in marks
        if start <= mark.start and mark.end <= end
    )
    return _Stretch(f"{lead}{sentence[start:end]}{tail}", kept, heading, anchor, order)


def _choose(stretches: list[_Stretch]) -> list[_Stretch]:
    """Return the best stretch, then the one that adds most to it."""
    chosen: list[_Stretch] = []
    said: dict[int, float] = {}
    left = list(stretches)
    while left and len(chosen) < _FRAGMENTS:
        best = max(left, key=partial(_gain, said=said))
        chosen.append(best)
        said = {**best.clauses(), **said}
        left = [
            stretch
            for stretch in left
            if stretch.text not in {best.text, stretch.heading} or _gain(stretch, said=said)[0]
        ]
    return chosen


def _gain(stretch: _Stretch, *, said: Mapping[int, float]) -> tuple[float, float, int]:
    """Return what a stretch adds to what is said, then all that it says, then how early it is."""
    here = stretch.clauses()
    new = sum(max(0.0, strength - said.get(clause, 0.0)) for clause, strength in here.items())
    return new, sum(here.values()), -stretch.order


def _pieces(text: str, marks: tuple[Mark, ...]) -> list[Piece]:
    pieces = []
    place = 0
    for mark in marks:
        if mark.start > place:
            pieces.append(Piece(text[place : mark.start]))
        pieces.append(Piece(text[mark.start : mark.end], marked=True))
        place = mark.end
    if place < len(text):
        pieces.append(Piece(text[place:]))
    return pieces


def _link(url: str, anchor: str, text: str) -> str:
    """Return a link that scrolls to `text`: the anchor serves browsers without text fragments."""
    words = text.strip("… ").split()[:8]
    # RFC 3986 allows "-", "," and "&" in a fragment; the directive gives them a meaning.
    wanted = quote(" ".join(words), safe="").replace("-", "%2D")
    base = url.split("#", 1)[0]
    return f"{base}#{quote(anchor, safe='')}:~:text={wanted}"
