"""The config's vocabulary as sets of phrases that mean the same.

AIL = arbetsintegrerat lärande = work-integrated learning = WIL: each finds the others.
"""

from __future__ import annotations

import json
from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.analysis.folding import fold
from indexer.analysis.tokenizer import tokenize, without_suffix
from indexer.analysis.types import Alternative, Chain, Token

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Sequence
    from pathlib import Path

    from indexer.analysis.morphology import Morphology
    from indexer.analysis.words import AnalysedWord, Segment
    from indexer.model import Vocabulary

_FILE = "vocabulary.json"

_SYNONYM = 1.0
_TRANSLATION = 0.5
_LONGEST_ABBREVIATION = 5

PhraseSet = tuple[str, ...]


def write_vocabulary(directory: Path, vocabulary: Vocabulary) -> None:
    """Write the phrase sets of `vocabulary`."""
    sets = list(phrase_sets(vocabulary))
    text = json.dumps(sets, ensure_ascii=False, indent=1)
    (directory / _FILE).write_text(text, encoding="utf-8")


def read_vocabulary(directory: Path) -> list[PhraseSet]:
    """Return the phrase sets of a bundle."""
    return [tuple(phrases) for phrases in json.loads((directory / _FILE).read_bytes())]


def phrase_sets(vocabulary: Vocabulary) -> Iterator[PhraseSet]:
    """Yield each set of phrases that mean the same, the preferred one first."""
    for concept in (*vocabulary.partners, *vocabulary.areas):
        if concept.aliases:
            yield (concept.name, *concept.aliases)
    for abbreviation, expansions in vocabulary.abbreviations.items():
        if expansions:
            yield (abbreviation, *expansions)


class SynonymIndex:
    """Finds the phrases of a vocabulary in queries, and the others of their sets."""

    def __init__(
        self,
        sets: Sequence[PhraseSet],
        analyse: Callable[[str, str], AnalysedWord],
        morphology: Morphology,
    ) -> None:
        self._analyse = analyse
        self._morphology = morphology
        self._by_words: dict[tuple[str, ...], dict[str, None]] = {}
        self._ways: dict[str, Alternative] = {}
        self._languages: dict[str, str] = {}
        self._longest = 0
        for phrases in sets:
            for phrase in phrases:
                self._add(phrase, [other for other in phrases if other != phrase])

    def match(self, tokens: Sequence[Token], at: int) -> tuple[int, list[Alternative]]:
        """Return how many tokens from `at` are the longest phrase, and what else says it."""
        segments = [self._segments_of(token) for token in tokens[at : at + self._longest]]
        for length in range(len(segments), 0, -1):
            words = [segment for token in segments[:length] for segment in token]
            phrases: dict[str, None] = {}
            for key in self._keys(words):
                phrases |= self._by_words.get(key, {})
            if phrases:
                language = self._language([segment.exact for segment in words])
                return length, [self._way(phrase, language) for phrase in phrases]
        return 0, []

    def _add(self, phrase: str, others: list[str]) -> None:
        words = [segment for token in tokenize(phrase) for segment in self._segments_of(token)]
        if not words:
            return
        self._longest = max(self._longest, len(words))
        self._languages[phrase] = self._language([word.exact for word in words])
        self._ways[phrase] = self._as_alternative(phrase, words)
        for key in self._keys(words):
            self._by_words.setdefault(key, {}).update(dict.fromkeys(others))

    def _segments_of(self, token: Token) -> tuple[Segment, ...]:
        return self._analyse(token.surface, "sv").segments

    def _keys(self, words: Sequence[Segment]) -> list[tuple[str, ...]]:
        """Return the ways to recognise a phrase: as written, inflected, and without diacritics.

        One word alone must be written as it is: `ail` is not every word that folds to it.
        """
        exact = tuple(without_suffix(word.exact) for word in words)
        if len(words) == 1:
            return [exact]
        lemmas = tuple(word.lemma or word.exact for word in words)
        return [exact, lemmas, tuple(map(fold, exact))]

    def _way(self, phrase: str, language: str) -> Alternative:
        way = self._ways[phrase]
        theirs = self._languages[phrase]
        if language and theirs and language != theirs:
            return replace(way, weight=_TRANSLATION, origin="translation")
        return way

    def _as_alternative(self, phrase: str, words: Sequence[Segment]) -> Alternative:
        """Return a phrase as a query: of lemmas if it may be inflected, else as it is written."""
        lemmas = tuple(word.lemma for word in words)
        inflected = all(lemmas) and all(
            self._morphology.is_swedish(word.exact) or word.parts for word in words
        )
        grammar = inflected or (len(words) == 1 and lemmas[0] != "")
        several = len(words) > 1
        by_grammar: Chain = "lemma" if several else "parts"
        return Alternative(
            chain=by_grammar if grammar else "exact",
            terms=lemmas if grammar else tuple(word.exact for word in words),
            weight=_SYNONYM,
            phrase=several,
            origin="synonym",
            shown=phrase,
        )

    def _language(self, words: Sequence[str]) -> str:
        """Return "sv" or "en" if a word of the phrase is only of that language, else "".

        An abbreviation is of no language, though `ail` is an English word.
        """
        if len(words) == 1 and len(words[0]) <= _LONGEST_ABBREVIATION:
            return ""
        readings = {
            (
                self._morphology.is_swedish(word) or self._morphology.is_compound(word),
                self._morphology.is_english(word),
            )
            for word in words
        }
        if (True, False) in readings:
            return "sv"
        return "en" if (False, True) in readings else ""
