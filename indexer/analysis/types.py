"""What analysis hands out: tokens, terms, and the words of a query with their other forms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

Chain = Literal["exact", "lemma", "stem", "parts", "gram"]
CHAINS: tuple[Chain, ...] = ("exact", "lemma", "stem", "parts", "gram")

Origin = Literal[
    "word", "hyphen", "compound", "joined", "diacritics", "synonym", "translation", "spelling"
]

Standing = Literal["name", "word", "compound", ""]
"""How a word is known: a name of the vocabulary or of a place, a word of a dictionary, a number or
a stop word, a compound that no dictionary has; or not at all."""


class Token(NamedTuple):
    """A word of a text: ``text[start:end] == surface``; `position` counts words from 0.

    A hyphenated word is one token and counts as many words as it has segments.
    """

    surface: str
    start: int
    end: int
    position: int


class Part(NamedTuple):
    """A word or a part of one: its lemma, and where it stands in the surface form."""

    term: str
    start: int
    end: int


@dataclass(frozen=True, slots=True)
class WordTerms:
    """The terms of one word form. `lemma` and `stem` are empty for a stop word.

    `exact` and `lemma` may hold several terms: a hyphenated word yields its joined form and then
    its segments, a word that two languages share yields a lemma of each. `parts` are the
    lemmas again, the segments of a hyphenated word, and the parts of compounds, nested ones
    too, each with its place: what a highlighter needs to mark less than the whole word.
    """

    exact: tuple[str, ...]
    lemma: tuple[str, ...] = ()
    stem: tuple[str, ...] = ()
    parts: tuple[Part, ...] = ()


class Posting(NamedTuple):
    """A term at a position of a field; several may share a position."""

    term: str
    position: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Terms:
    """The terms of a text, chain by chain, each in order of position.

    Stop words leave a gap in `lemma` and `parts`; in `stem` they take no position, so that two
    words with "och" between them are neighbours.
    """

    exact: tuple[Posting, ...] = ()
    lemma: tuple[Posting, ...] = ()
    stem: tuple[Posting, ...] = ()
    parts: tuple[Posting, ...] = ()
    gram: tuple[Posting, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Alternative:
    """One way in which a document may say a word of the query.

    A document matches when it holds all of `terms` in `chain` of one field; with `phrase`,
    next to each other and in order. `weight` multiplies the score; 1 is the word itself.
    `shown` is what the reader is told was searched too, or "" when it goes without saying.
    """

    chain: Chain
    terms: tuple[str, ...]
    weight: float = 1.0
    phrase: bool = False
    origin: Origin = "word"
    shown: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryWord:
    """A word of the query and every way to say it; `start` and `end` are offsets in the query.

    `stem` is empty for a stop word and for one with hyphens; `grams` are those of its segments.
    """

    surface: str
    start: int
    end: int
    alternatives: tuple[Alternative, ...]
    stop: bool = False
    stem: str = ""
    grams: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A stretch of the query that stands for one thing.

    It matches when all of `words` match, or when any of `instead` does: the query
    "arbetsintegrerat lärande" is one clause of two words, and "AIL" stands instead of both.
    """

    words: tuple[QueryWord, ...]
    instead: tuple[Alternative, ...] = ()
