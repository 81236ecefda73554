"""Why a text has the terms that it has, for people who tune."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.analysis.tokenizer import normalize

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.analysis.morphology import Morphology
    from indexer.analysis.types import Alternative, Clause, Token, WordTerms


@dataclass(frozen=True, slots=True, kw_only=True)
class WordExplanation:
    """A word of a text, its terms, and what they rest on. `parts` are (term, as written)."""

    surface: str
    start: int
    end: int
    position: int
    why: str
    exact: list[str]
    lemma: list[str]
    stem: list[str]
    parts: list[list[str]]


@dataclass(frozen=True, slots=True, kw_only=True)
class WayExplanation:
    """One way to say a stretch of a query."""

    chain: str
    terms: list[str]
    phrase: bool
    weight: float
    origin: str
    shown: str

    def __str__(self) -> str:
        terms = (" " if self.phrase else " + ").join(self.terms)
        quoted = f'"{terms}"' if self.phrase else terms
        shown = f", shown as “{self.shown}”" if self.shown else ""
        return f"{self.chain} {quoted} × {self.weight:g} ({self.origin}{shown})"


@dataclass(frozen=True, slots=True, kw_only=True)
class ClauseExplanation:
    """A stretch of a query: its words with their ways, and what stands instead of all."""

    words: dict[str, list[WayExplanation]]
    instead: list[WayExplanation]


@dataclass(frozen=True, slots=True, kw_only=True)
class Explanation:
    """What becomes of a text as a page, and as a query."""

    words: list[WordExplanation]
    query: list[ClauseExplanation]

    def lines(self) -> list[str]:
        """Return the explanation for a terminal."""
        return ["As a page:", *self._page_lines(), "As a query:", *self._query_lines()]

    def _page_lines(self) -> Iterator[str]:
        for word in self.words:
            yield f"  {word.position}  {word.surface}  [{word.start}:{word.end}]  {word.why}"
            for chain, terms in (("exact", word.exact), ("lemma", word.lemma), ("stem", word.stem)):
                if terms:
                    yield f"       {chain:6} {', '.join(terms)}"
            if word.parts:
                parts = (f"{term} ({written})" for term, written in word.parts)
                yield f"       parts  {', '.join(parts)}"

    def _query_lines(self) -> Iterator[str]:
        for clause in self.query:
            for surface, ways in clause.words.items():
                yield f"  {surface}"
                yield from (f"       {way}" for way in ways)
            if clause.instead:
                yield f"  instead of {' '.join(clause.words)}"
                yield from (f"       {way}" for way in clause.instead)


def explain(
    words: Sequence[tuple[Token, WordTerms]], query: Sequence[Clause], morphology: Morphology
) -> Explanation:
    """Return the explanation of an analysed text."""
    return Explanation(
        words=[_word(token, terms, morphology) for token, terms in words],
        query=[
            ClauseExplanation(
                words={word.surface: _ways(word.alternatives) for word in clause.words},
                instead=_ways(clause.instead),
            )
            for clause in query
        ],
    )


def _word(token: Token, terms: WordTerms, morphology: Morphology) -> WordExplanation:
    return WordExplanation(
        surface=token.surface,
        start=token.start,
        end=token.end,
        position=token.position,
        why=_why(normalize(token.surface), terms, morphology),
        exact=list(terms.exact),
        lemma=list(terms.lemma),
        stem=list(terms.stem),
        parts=[[part.term, token.surface[part.start : part.end]] for part in terms.parts],
    )


def _ways(alternatives: Sequence[Alternative]) -> list[WayExplanation]:
    return [
        WayExplanation(
            chain=way.chain,
            terms=list(way.terms),
            phrase=way.phrase,
            weight=way.weight,
            origin=way.origin,
            shown=way.shown,
        )
        for way in alternatives
    ]


def _why(word: str, terms: WordTerms, morphology: Morphology) -> str:
    if not terms.lemma:
        return "too long for grammar" if len(terms.exact[0]) < len(word) else "stop word"
    if not word.isalpha():
        return "hyphenated, number or identifier"
    reasons = [
        reason
        for holds, reason in (
            (morphology.is_swedish(word), "Swedish word or name"),
            (morphology.is_english(word), "English word"),
            (morphology.is_compound(word), "compound"),
        )
        if holds
    ]
    return ", ".join(reasons) or "unknown word"
