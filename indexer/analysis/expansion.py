"""The words of a query and every way in which documents may say them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import lru_cache
from itertools import islice, product
from typing import TYPE_CHECKING

from indexer.analysis.diacritics import DiacriticsRestorer
from indexer.analysis.synonyms import SynonymIndex
from indexer.analysis.tokenizer import normalize, tokenize, without_suffix
from indexer.analysis.types import Alternative, Clause, Origin, QueryWord, Token
from indexer.analysis.words import AnalysedWord, WordAnalyzer

if TYPE_CHECKING:
    from indexer.analysis.bundle import Bundle
    from indexer.analysis.morphology import Morphology

# One table of weights: docs/RELEVANCE.md says where they come from.
_EXACT = 1.0
_PARTS = 2.0
"""The chain of parts holds the lemmas too."""

_OTHER_LEMMA = 0.5
_STEM = 0.2
_ALL_PARTS = 1.0
_HYPHEN = 1.0
_JOINED = 1.5
_MEANT = 0.8
"""What a word that was meant, by its diacritics or its spelling, is worth of one as typed."""

_MOST_READINGS = 4
_PAIR = 2
_SHORTEST_JOINED_HEAD = 3


_REMEMBERED = 4_096

Analyse = Callable[[str, str], AnalysedWord]
"""A word form and its language to the word, remembered."""


class QueryExpander:
    """Expands queries with one bundle."""

    def __init__(
        self, bundle: Bundle, morphology: Morphology, words: WordAnalyzer, analyse: Analyse
    ) -> None:
        self._frequencies = bundle.frequencies
        self._spelling = bundle.spelling
        self._morphology = morphology
        self._words = words
        self._analyse = analyse
        self._expanded = lru_cache(_REMEMBERED)(self._expand)
        self._corrected = lru_cache(_REMEMBERED)(self._correct_word)
        self._restorer = DiacriticsRestorer(bundle.lexicon, bundle.frequencies, morphology)
        self._synonyms = SynonymIndex(bundle.synonyms, analyse, morphology)

    def query(self, text: str, *, expand: bool) -> tuple[Clause, ...]:
        """Return the clauses of a query in the order of its words."""
        tokens = tokenize(text)
        english = self._is_english(tokens)
        words = [self._query_word(token, english=english, expand=expand) for token in tokens]
        if not expand:
            return tuple(Clause(words=(word,)) for word in words)
        clauses: list[Clause] = []
        at = 0
        while at < len(words):
            length, instead = self._instead(tokens, words, at)
            clauses.append(Clause(words=tuple(words[at : at + length]), instead=instead))
            at += length
        return tuple(clauses)

    def correct(self, text: str) -> str | None:
        """Return `text` with the words corrected that nothing knows, or None."""
        pieces: list[str] = []
        done = 0
        for token in tokenize(text):
            word = normalize(token.surface)
            better = self._corrected(word)
            if better and better != word:
                pieces += (text[done : token.start], better)
                done = token.end
        return "".join((*pieces, text[done:])) if pieces else None

    def _is_known(self, word: str) -> bool:
        return (
            not word.isalpha()
            or word in self._frequencies
            or self._morphology.lemma(word) in self._frequencies
            or self._morphology.is_known(word)
            or bool(self._restorer.restore(word))
        )

    def _is_english(self, tokens: Sequence[Token]) -> bool:
        """Tell whether a word of the query is only English and none is only Swedish."""
        words = [normalize(token.surface) for token in tokens]
        readings = {
            (self._morphology.is_swedish(word), self._morphology.is_english(word)) for word in words
        }
        return (False, True) in readings and (True, False) not in readings

    def _query_word(self, token: Token, *, english: bool, expand: bool) -> QueryWord:
        alternatives, stop = self._expanded(token.surface, english=english, expand=expand)
        word = self._analyse(token.surface, "sv")
        return QueryWord(
            surface=token.surface,
            start=token.start,
            end=token.end,
            alternatives=alternatives,
            stop=stop,
            stem="" if word.joined else word.whole.stem,
            grams=word.grams,
        )

    def _expand(
        self, surface: str, *, english: bool, expand: bool
    ) -> tuple[tuple[Alternative, ...], bool]:
        """Return the ways to say a word of a query, and whether it is a stop word."""
        swedish = self._analyse(surface, "sv")
        other = self._analyse(surface, "en")
        restored = self._restorer.restore(swedish.normalized) if expand else []
        alternatives = list(self._ways(swedish, other, expand=expand))
        for word in restored:
            alternatives.extend(self._instead_of(word, "diacritics"))
        if expand and (better := self._corrected(swedish.normalized)):
            alternatives.extend(self._instead_of(better, "spelling"))
        stop = swedish.stop or (english and other.stop)
        stop = stop or any(self._words.is_stop_word(word, "sv") for word in restored)
        return _distinct(alternatives), stop

    def _ways(
        self, swedish: AnalysedWord, english: AnalysedWord, *, expand: bool
    ) -> Iterator[Alternative]:
        """Yield the ways to say a word as it was typed."""
        yield Alternative(chain="exact", terms=(swedish.whole.exact,), weight=_EXACT)
        if swedish.joined:
            yield from self._segments(swedish, expand=expand)
        yield from self._grammar(swedish, english, expand=expand)
        if expand:
            yield from self._all_parts(swedish)

    def _grammar(
        self, swedish: AnalysedWord, english: AnalysedWord, *, expand: bool
    ) -> Iterator[Alternative]:
        lemma = swedish.whole.lemma
        if lemma:
            yield Alternative(chain="parts", terms=(lemma,), weight=_PARTS)
        # The other reading of an ambiguous form, and what the word is on an English page.
        for other in (swedish.whole.other_lemma, "" if swedish.stop else english.whole.lemma):
            if other and other != lemma:
                yield Alternative(chain="parts", terms=(other,), weight=_OTHER_LEMMA)
        if expand:
            stems = (swedish.whole.stem, "" if swedish.stop else english.whole.stem)
            for stem in dict.fromkeys(stem for stem in stems if stem):
                yield Alternative(chain="stem", terms=(stem,), weight=_STEM)

    def _segments(self, word: AnalysedWord, *, expand: bool) -> Iterator[Alternative]:
        """Yield a hyphenated word as its segments, next to each other."""
        exact = tuple(segment.exact for segment in word.segments)
        yield Alternative(chain="exact", terms=exact, weight=_HYPHEN, phrase=True, origin="hyphen")
        lemmas = tuple(segment.lemma for segment in word.segments)
        if expand and all(lemmas):
            yield Alternative(chain="parts", terms=lemmas, weight=_ALL_PARTS, origin="hyphen")

    def _all_parts(self, word: AnalysedWord) -> Iterator[Alternative]:
        """Yield a compound as its parts, all of them, anywhere in a field."""
        readings = self._morphology.part_lemmas(without_suffix(word.whole.exact))
        for terms in islice(product(*readings), _MOST_READINGS if readings else 0):
            distinct = tuple(dict.fromkeys(terms))
            yield Alternative(chain="parts", terms=distinct, weight=_ALL_PARTS, origin="compound")

    def _instead_of(self, word: str, origin: Origin) -> Iterator[Alternative]:
        """Yield the ways to say the word that was meant by what was typed."""
        analysed = self._analyse(word, "sv")
        for way in self._ways(analysed, analysed, expand=False):
            yield Alternative(
                chain=way.chain,
                terms=way.terms,
                weight=round(_MEANT * way.weight, 3),
                origin=origin,
                shown=word,
            )

    def _correct_word(self, word: str) -> str | None:
        """Return the word of the index that a word nobody knows is likely to be, or None."""
        return None if self._is_known(word) else self._spelling.correct(word)

    def _instead(
        self, tokens: Sequence[Token], words: Sequence[QueryWord], at: int
    ) -> tuple[int, tuple[Alternative, ...]]:
        """Return how many words from `at` stand for one thing, and what else says it."""
        length, phrases = self._synonyms.match(tokens, at)
        joined = self._joined(words[at : at + _PAIR])
        if joined and length in {0, _PAIR}:
            return _PAIR, (*phrases, *joined)
        return max(length, 1), tuple(phrases)

    def _joined(self, pair: Sequence[QueryWord]) -> list[Alternative]:
        """Return the compound that two words make, if the index knows it."""
        if len(pair) != _PAIR or any(word.stop for word in pair):
            return []
        first, second = (normalize(word.surface) for word in pair)
        if not (first.isalpha() and second.isalpha() and len(second) >= _SHORTEST_JOINED_HEAD):
            return []
        found: dict[str, str] = {}
        for compound in (first + second, f"{first}s{second}"):
            lemma = self._morphology.lemma(compound)
            if compound in self._frequencies or lemma in self._frequencies:
                found.setdefault(lemma, compound)
        return [
            Alternative(
                chain="parts", terms=(lemma,), weight=_JOINED, origin="joined", shown=compound
            )
            for lemma, compound in found.items()
        ]


def _distinct(alternatives: Sequence[Alternative]) -> tuple[Alternative, ...]:
    """Return the alternatives without those that ask for the same terms again."""
    seen: dict[tuple[str, tuple[str, ...], bool], Alternative] = {}
    for alternative in alternatives:
        seen.setdefault((alternative.chain, alternative.terms, alternative.phrase), alternative)
    return tuple(seen.values())
