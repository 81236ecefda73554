"""The analysis of one generation: its bundle, opened, and the chain that reads it."""

from __future__ import annotations

from functools import lru_cache
from itertools import starmap
from operator import itemgetter
from typing import TYPE_CHECKING, NamedTuple, Self, TypeVar

from indexer.analysis.bundle import Bundle, open_bundle
from indexer.analysis.expansion import QueryExpander
from indexer.analysis.explanation import Explanation, explain
from indexer.analysis.morphology import Morphology
from indexer.analysis.suspended import complete, has_suspended_hyphens
from indexer.analysis.tokenizer import find_tokens, normalize, tokenize, without_suffix
from indexer.analysis.types import Clause, Posting, Standing, Terms, Token, WordTerms
from indexer.analysis.words import AnalysedWord, Segment, WordAnalyzer, word_terms

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Sequence
    from pathlib import Path

    from indexer.analysis.term_forms import HoldingForms

# How many word forms are remembered. A search marks words in texts, an index run makes postings
# of them; both ask for the analysis of a form once, and then only queries do.
_ANALYSED = 4_096
_WORDS = 16_384
_POSTINGS = 65_536

_LONGEST_REMEMBERED = 256
"""Characters; a page of letters without a space shall not fill the memory."""

_T = TypeVar("_T")

_Shifted = tuple[tuple[str, int], ...]


class _WordPostings(NamedTuple):
    """What a token adds to a field: terms with their distance from the token's position.

    `width` is how many positions it takes, and `stems` how many in the chain of stems.
    """

    width: int
    stems: int
    exact: _Shifted
    lemma: _Shifted
    stem: _Shifted
    parts: _Shifted
    gram: _Shifted


class Analyzer:
    """Turns texts and queries into terms. Safe to use from several threads.

    A text and a query pass the same chain:

    1. tokens; a hyphenated word is one token that counts as many positions as it has segments;
    2. `exact`: the segments in lower case, each at its position, so that a phrase finds
       "work-integrated learning" however it is hyphenated; at the first position also the word
       written as one;
    3. `lemma` of the same, at the same positions; stop words leave a gap; `stem` likewise, but
       without the gaps;
    4. `parts`: the lemmas once more, and those of the parts of compounds at the position of the
       compound: the chain that most documents match by;
    5. `gram`: the character grams of the segments, except stop words.
    """

    def __init__(self, bundle: Bundle) -> None:
        self._morphology = Morphology(bundle.lexicon)
        self._word_analyzer = WordAnalyzer(self._morphology)
        self._analysed = _remembered(self._word_analyzer.analyse, _ANALYSED)
        self._words = _remembered(self._word_terms, _WORDS)
        self._postings = _remembered(self._word_postings, _POSTINGS)
        self._frequencies = bundle.frequencies
        self._forms = bundle.forms
        self._lexicon = bundle.lexicon
        phrases = (phrase for phrases in bundle.synonyms for phrase in phrases)
        self._vocabulary = frozenset(word for phrase in phrases for word in self.phrase(phrase))
        self._expander = QueryExpander(
            bundle, self._morphology, self._word_analyzer, self._analysed
        )

    @classmethod
    def open(cls, directory: Path) -> Self:
        """Open the analysis bundle in `directory`.

        Raises:
            IndexDamaged: If the bundle is incomplete or of another version.
        """
        return cls(open_bundle(directory))

    def tokens(self, text: str) -> list[Token]:
        """Return the words of `text` with their offsets."""
        return tokenize(text)

    def surfaces(self, text: str) -> list[str]:
        """Return the words of `text` alone, which is several times quicker than `tokens`."""
        return find_tokens(text)

    def word(self, surface: str, *, language: str = "sv") -> WordTerms:
        """Return the terms of one word form; known forms are remembered."""
        return self._words(surface, _chain_language(language))

    def terms(self, text: str, *, language: str = "sv") -> Terms:
        """Return the terms of a text of a document, chain by chain."""
        spoken = _chain_language(language)
        postings = [self._postings(surface, spoken) for surface in find_tokens(text)]
        postings = self._with_completed_compounds(text, postings, spoken)
        return Terms(
            exact=_collect(postings, lambda word: word.exact),
            lemma=_collect(postings, lambda word: word.lemma),
            stem=_collect(postings, lambda word: word.stem, lambda word: word.stems),
            parts=_collect(postings, lambda word: word.parts),
            gram=_collect(postings, lambda word: word.gram),
        )

    def analysed(self, surface: str, *, language: str = "sv") -> AnalysedWord:
        """Return what is known of one token of a text, for those who make their own postings."""
        return self._analysed(surface, _chain_language(language))

    def completed(self, text: str, *, language: str = "sv") -> list[Segment]:
        """Return the compounds that suspended hyphens of `text` stand for.

        They have no position of their own: each adds its lemma, stem and parts to the text.
        """
        return list(self._completed(text, _chain_language(language)).values())

    def phrase(self, text: str) -> tuple[str, ...]:
        """Return the terms of the `exact` chain that a document with this very phrase holds."""
        return tuple(
            segment.exact
            for surface in find_tokens(text)
            for segment in self._analysed(surface, "sv").segments
        )

    def compound(self, word: str) -> tuple[str, ...]:
        """Return the parts of a Swedish word as they are written, or the word alone."""
        return self._morphology.split(normalize(word))

    def standing(self, word: str) -> Standing:
        """Return how a segment of a word, in lower case, is known without asking any document."""
        bare = without_suffix(word)
        if bare in self._vocabulary or self._lexicon.name(bare):
            return "name"
        if bare.isdecimal() or self._word_analyzer.is_stop_word(bare, "sv"):
            return "word"
        if self._morphology.is_swedish(bare) or self._morphology.is_english(bare):
            return "word"
        return "compound" if self._morphology.is_compound(bare) else ""

    def query(self, text: str, *, expand: bool = True) -> tuple[Clause, ...]:
        """Return the words of a query and the ways in which documents may say them."""
        return self._expander.query(text, expand=expand)

    def correct(self, text: str) -> str | None:
        """Return `text` with its misspelled words replaced, or None when there is none to replace.

        Only a word that neither the index nor a dictionary knows is replaced, and never one with
        a digit. For searches that found nothing.
        """
        return self._expander.correct(text)

    def forms_holding(self, terms: Iterable[str]) -> HoldingForms:
        """Return which word forms may hold one of `terms`, of whatever chain but grams."""
        return self._forms.holding(terms)

    def uses(self, term: str) -> int:
        """Return how often the documents of a full build used a term of the `parts` chain.

        Documents, counted once for every form of the word and every compound with it: so at least
        as many as hold the term, and 0 for one that came with a later increment.
        """
        return self._frequencies.uses(term)

    def explain(self, text: str, *, language: str = "sv") -> Explanation:
        """Return what becomes of `text` as a page and as a query, and why, in plain values."""
        return explain(
            [(token, self.word(token.surface, language=language)) for token in self.tokens(text)],
            self.query(text),
            self._morphology,
        )

    def _word_terms(self, surface: str, language: str) -> WordTerms:
        return word_terms(surface, self._analysed(surface, language))

    def _word_postings(self, surface: str, language: str) -> _WordPostings:
        return _postings_of(self._analysed(surface, language))

    def _with_completed_compounds(
        self, text: str, postings: list[_WordPostings], language: str
    ) -> list[_WordPostings]:
        for index, segment in self._completed(text, language).items():
            own = postings[index]
            lemmas = [(lemma, 0) for lemma in (segment.lemma, segment.other_lemma) if lemma]
            postings[index] = own._replace(
                lemma=(*own.lemma, *lemmas),
                stem=(*own.stem, (segment.stem, 0)),
                parts=(*own.parts, *lemmas, *((part.term, 0) for part in segment.parts)),
            )
        return postings

    def _completed(self, text: str, language: str) -> dict[int, Segment]:
        """Return the compounds that suspended parts stand for, by the place of their token."""
        if not has_suspended_hyphens(text):
            return {}
        found = complete(text, tokenize(text), self._morphology.split)
        return {
            index: self._word_analyzer.segment(compound, language)
            for index, compound in found.items()
        }


def _remembered(function: Callable[[str, str], _T], most: int) -> Callable[[str, str], _T]:
    """Return `function` with the answers for its last `most` word forms at hand."""
    cached = lru_cache(most)(function)

    def answer(surface: str, language: str) -> _T:
        if len(surface) > _LONGEST_REMEMBERED:
            return function(surface, language)
        return cached(surface, language)

    return answer


def _chain_language(language: str) -> str:
    """Return the chain for a document's language: English has its own, all else is Swedish's."""
    return "en" if language == "en" else "sv"


def _postings_of(word: AnalysedWord) -> _WordPostings:
    placed: list[tuple[Segment, int]] = [(word.joined, 0)] if word.joined else []
    placed.extend((segment, shift) for shift, segment in enumerate(word.segments))
    lemmas = [
        (lemma, shift)
        for segment, shift in placed
        for lemma in (segment.lemma, segment.other_lemma)
        if lemma
    ]
    parts = [(part.term, shift) for segment, shift in placed for part in segment.parts]
    stems = [segment.stem for segment in word.segments if segment.stem]
    return _WordPostings(
        width=len(word.segments),
        stems=len(stems),
        exact=tuple((segment.exact, shift) for segment, shift in placed),
        lemma=tuple(lemmas),
        stem=(
            *(((word.joined.stem, 0),) if word.joined and word.joined.stem else ()),
            *((stem, shift) for shift, stem in enumerate(stems)),
        ),
        parts=tuple(sorted(dict.fromkeys((*lemmas, *parts)), key=itemgetter(1))),
        gram=tuple(
            (gram, shift) for shift, segment in enumerate(word.segments) for gram in segment.grams
        ),
    )


def _collect(
    postings: Sequence[_WordPostings],
    chain: Callable[[_WordPostings], _Shifted],
    width: Callable[[_WordPostings], int] = lambda word: word.width,
) -> tuple[Posting, ...]:
    terms: list[tuple[str, int]] = []
    position = 0
    for word in postings:
        for term, shift in chain(word):
            terms.append((term, position + shift))
        position += width(word)
    return tuple(starmap(Posting, terms))
