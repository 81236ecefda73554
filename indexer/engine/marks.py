"""Which characters of a text say a word of the query.

Marks come from the terms of word forms, and the analysis knows which forms hold a term: no text
is analysed again. A part of a compound is marked within it.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from indexer.analysis import Alternative

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.analysis import Analyzer, Chain, Clause, WordTerms


class Mark(NamedTuple):
    """Characters that say a word of the query: which word, and how well."""

    start: int
    end: int
    clause: int
    strength: float


class Want(NamedTuple):
    """What a term stands for; `together` are the terms that must stand in the same stretch."""

    clause: int
    strength: float
    together: tuple[tuple[Chain, str], ...]


class Marker:
    """Knows which words of a text say a word of the query."""

    def __init__(
        self, clauses: Iterable[Clause], phrases: Iterable[tuple[str, ...]], analyzer: Analyzer
    ) -> None:
        self._analyzer = analyzer
        self._wanted: dict[tuple[Chain, str], Want] = {}
        self._known: dict[str, dict[str, tuple[tuple[Mark, Want], ...]]] = {}
        asked = list(clauses)
        for number, clause in enumerate(asked):
            for way in _ways(clause):
                self._want(way, number)
        for number, phrase in enumerate(phrases, start=len(asked)):
            self._want(Alternative(chain="exact", terms=phrase, phrase=True), number)
        self._forms = analyzer.forms_holding(text for _, text in self._wanted)

    def _want(self, way: Alternative, clause: int) -> None:
        keys = tuple((way.chain, term) for term in way.terms)
        together = keys if len(keys) > 1 else ()
        for key in keys:
            want = Want(clause, way.weight / len(keys), together)
            known = self._wanted.get(key)
            if known is None or want.strength > known.strength:
                self._wanted[key] = want

    def marks(self, text: str, language: str) -> list[Mark]:
        """Return the marks of `text`, in order and apart."""
        if not self._wanted:
            return []
        known = self._known.setdefault(language, {})
        surfaces = self._analyzer.surfaces(text)
        for surface in set(surfaces).difference(known):
            may_be = self._forms.may_include(surface)
            known[surface] = tuple(self._word(surface, language)) if may_be else ()
        if not any(map(known.__getitem__, surfaces)):
            return []
        found: list[tuple[Mark, Want]] = []
        said: set[tuple[Chain, str]] = set()
        end = 0
        for surface in surfaces:
            # Words stand in the order of the text, and nothing between two of them is one.
            start = text.index(surface, end)
            end = start + len(surface)
            for mark, want in known[surface]:
                found.append((mark._replace(start=start + mark.start, end=start + mark.end), want))
                if want.together:
                    said.update(self._terms(surface, language))
        return [mark for mark, want in found if said.issuperset(want.together)]

    def _word(self, surface: str, language: str) -> Iterator[tuple[Mark, Want]]:
        """Yield the marks within one word form: the whole of it, or parts that do not overlap."""
        terms = self._analyzer.word(surface, language=language)
        if "-" in surface and (parts := list(self._parts(terms))):
            # A hyphenated word holds the terms of its parts: mark the part that was asked for.
            yield from parts
            return
        whole = [want for key in _whole_terms(terms) if (want := self._wanted.get(key))]
        if whole:
            best = max(whole, key=lambda want: want.strength)
            yield Mark(0, len(surface), best.clause, best.strength), best
            return
        yield from self._parts(terms)

    def _parts(self, terms: WordTerms) -> Iterator[tuple[Mark, Want]]:
        end = 0
        for part in sorted(terms.parts, key=lambda part: (part.start, -part.end)):
            want = self._wanted.get(("parts", part.term))
            if want is not None and part.start >= end:
                yield Mark(part.start, part.end, want.clause, want.strength), want
                end = part.end

    def _terms(self, surface: str, language: str) -> Iterator[tuple[Chain, str]]:
        terms = self._analyzer.word(surface, language=language)
        yield from _whole_terms(terms)
        yield from (("parts", part.term) for part in terms.parts)


def _ways(clause: Clause) -> Iterator[Alternative]:
    for word in clause.words:
        if not word.stop:
            yield from word.alternatives
    yield from clause.instead


def _whole_terms(terms: WordTerms) -> Iterator[tuple[Chain, str]]:
    yield from (("exact", term) for term in terms.exact)
    yield from (("lemma", term) for term in terms.lemma)
    yield from (("stem", term) for term in terms.stem)
