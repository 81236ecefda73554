"""One word form to its terms: what every chain says of it, before any text or query."""

from __future__ import annotations

import threading
from dataclasses import dataclass
from typing import TYPE_CHECKING

import Stemmer

from indexer.analysis.grams import grams
from indexer.analysis.tokenizer import (
    MAX_WORD,
    is_identifier,
    normalize,
    offsets,
    segments,
    without_suffix,
)
from indexer.analysis.types import Part, WordTerms
from indexer.analysis.wordlists import word_list

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.analysis.morphology import Morphology


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """A word without hyphens: a whole token, or what stands between the hyphens of one.

    `other_lemma` is what the form is a form of besides: tåg is tåg, and of tåga.
    """

    exact: str
    lemma: str = ""
    other_lemma: str = ""
    stem: str = ""
    parts: tuple[Part, ...] = ()

    @property
    def grams(self) -> tuple[str, ...]:
        """The character grams of the word; none where it is too long for grammar."""
        return grams(self.exact) if self.lemma else ()


@dataclass(frozen=True, slots=True, kw_only=True)
class AnalysedWord:
    """A token, analysed. `joined` is the hyphenated word written as one; None without hyphens.

    `starts` says where each segment begins in `normalized`.
    """

    normalized: str
    segments: tuple[Segment, ...]
    starts: tuple[int, ...]
    joined: Segment | None = None
    stop: bool = False

    @property
    def whole(self) -> Segment:
        """The token as one word."""
        return self.joined or self.segments[0]

    @property
    def grams(self) -> tuple[str, ...]:
        """The distinct grams of the segments; stop words and what has no grammar have none."""
        found = (gram for segment in self.segments if segment.lemma for gram in segment.grams)
        return tuple(dict.fromkeys(found))


class WordAnalyzer:
    """Analyses word forms with one lexicon. Safe to use from several threads."""

    def __init__(self, morphology: Morphology) -> None:
        self._morphology = morphology
        self._stemmers = {
            "sv": Stemmer.Stemmer("swedish"),
            "en": Stemmer.Stemmer("english"),
        }
        # A stemmer is not reentrant. Word forms are remembered, so nobody waits here for long.
        self._lock = threading.Lock()
        self._stop_words = {"sv": word_list("stopwords_sv"), "en": word_list("stopwords_en")}

    def is_stop_word(self, word: str, language: str) -> bool:
        """Tell whether a normalized word only carries grammar."""
        return word in self._stop_words[language]

    def analyse(self, surface: str, language: str) -> AnalysedWord:
        """Return what is known of a token; `language` is "sv" or "en"."""
        word = normalize(surface)
        pieces = segments(word)
        if is_identifier(word):
            whole = Segment(exact=word, lemma=word, stem=word)
            return AnalysedWord(normalized=word, segments=(whole,), starts=(0,))
        if self.is_stop_word(word, language):
            return AnalysedWord(
                normalized=word, segments=(Segment(exact=word),), starts=(0,), stop=True
            )
        analysed = tuple(self.segment(piece, language) for piece in pieces)
        starts: list[int] = []
        at = 0
        for piece in pieces:
            starts.append(word.index(piece, at))
            at = starts[-1] + len(piece)
        return AnalysedWord(
            normalized=word,
            segments=analysed,
            starts=tuple(starts),
            joined=self._join(word, pieces, analysed, language) if len(pieces) > 1 else None,
        )

    def segment(self, piece: str, language: str) -> Segment:
        """Return the terms of a normalized word without hyphens."""
        if len(piece) > MAX_WORD:
            return Segment(exact=piece[:MAX_WORD])
        bare = without_suffix(piece)
        spoken = self._language_of(bare, language)
        lemma = self._morphology.lemma(bare, language=spoken)
        parts = () if spoken == "en" else self._morphology.parts(bare)
        return Segment(
            exact=piece,
            lemma=lemma,
            other_lemma="" if spoken == "en" else self._morphology.other_lemma(bare),
            stem=self.stem(lemma, spoken),
            parts=parts,
        )

    def stem(self, lemma: str, language: str) -> str:
        """Return the Snowball stem of a lemma, or the lemma if the stem is another word.

        So fysiker is not fysik, and viktig not vikt, while skriva and skrivning meet in skriv.
        """
        with self._lock:
            stem: str = self._stemmers[language].stemWord(lemma)
        return lemma if self._morphology.is_other_word(stem, lemma, language) else stem

    def _language_of(self, word: str, language: str) -> str:
        """Return the language whose word this is: English in Swedish texts, and the reverse."""
        if not self._morphology.is_english(word):
            swedish = self._morphology.is_swedish(word) or self._morphology.is_compound(word)
            return "sv" if swedish else language
        if language == "sv" and not self._morphology.is_swedish(word):
            return "sv" if self._morphology.is_compound(word) else "en"
        return language

    def _join(
        self, word: str, pieces: list[str], analysed: tuple[Segment, ...], language: str
    ) -> Segment:
        """Return a hyphenated word written as one: e-hälsan is ehälsan, its lemma ehälsa.

        What holds no letters (a date, an ISBN) keeps its hyphens.
        """
        if len(word) > MAX_WORD:
            return Segment(exact=word[:MAX_WORD])
        if not any(piece.isalpha() for piece in pieces):
            return Segment(exact=word, lemma=word, stem=word)
        lemma = "".join((*pieces[:-1], analysed[-1].lemma))
        return Segment(exact="".join(pieces), lemma=lemma, stem=self.stem(lemma, language))


def word_terms(surface: str, word: AnalysedWord) -> WordTerms:
    """Return the terms of an analysed token, with the offsets of its parts in `surface`."""
    if word.stop:
        return WordTerms(exact=(word.whole.exact,))
    every = [word.joined, *word.segments] if word.joined else list(word.segments)
    places = offsets(surface, word.normalized)
    return WordTerms(
        exact=_distinct(segment.exact for segment in every),
        lemma=_distinct(
            lemma for segment in every for lemma in (segment.lemma, segment.other_lemma)
        ),
        stem=_distinct(segment.stem for segment in every),
        parts=tuple(_parts(word, places)) if places else (),
    )


def _parts(word: AnalysedWord, places: list[int]) -> Iterator[Part]:
    """Yield the word as its own part, then its segments and the parts of each."""
    if word.joined:
        yield Part(word.joined.lemma, places[0], places[-1])
    last = len(places) - 1
    for start, segment in zip(word.starts, word.segments, strict=True):
        end = min(start + len(segment.exact), last)
        for lemma in (segment.lemma, segment.other_lemma):
            if lemma:
                yield Part(lemma, places[start], places[end])
        for part in segment.parts:
            yield Part(part.term, places[start + part.start], places[start + part.end])


def _distinct(terms: Iterable[str]) -> tuple[str, ...]:
    return tuple(dict.fromkeys(term for term in terms if term))
