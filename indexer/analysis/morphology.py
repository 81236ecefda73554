"""From a word form to its lemma and the lemmas of its parts; the word is in lower case."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.analysis.compounds import CompoundSplitter
from indexer.analysis.types import Part

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.analysis.lexicon import Lexicon

_SHORTEST_INFLECTED = 3
_SHORTEST_GENITIVE = 5
_SHORTEST_COMPOUND_PART = 7
_MOST_LEMMAS = 3
_DEEPEST = 3


class Morphology:
    """The grammar of one lexicon. Every word has a lemma: an unknown one is its own."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._splitter = CompoundSplitter(lexicon)

    def is_swedish(self, word: str) -> bool:
        """Tell whether the lexicon knows the form, or the form is a name."""
        return self._lexicon.entry(word) is not None or self._lexicon.name(word) is not None

    def is_english(self, word: str) -> bool:
        """Tell whether the English lexicon knows the form."""
        return self._lexicon.english_lemma(word) is not None

    def is_known(self, word: str) -> bool:
        """Tell whether the word is one of either language, a name, or made of known parts."""
        return self.is_swedish(word) or self.is_english(word) or self.is_compound(word)

    def is_compound(self, word: str) -> bool:
        """Tell whether the word has parts."""
        return len(self._splitter.split(word)) > 1

    def split(self, word: str) -> tuple[str, ...]:
        """Return the parts of a Swedish word as they are written."""
        return self._splitter.split(word)

    def lemma(self, word: str, *, language: str = "sv") -> str:
        """Return the lemma; a language that does not know the word leaves it to the other."""
        if len(word) < _SHORTEST_INFLECTED or not word.isalpha():
            return word
        english = self._lexicon.english_lemma(word)
        if language == "en" and english is not None:
            return english
        return self._swedish_lemma(word, otherwise=english)

    def other_lemma(self, word: str) -> str:
        """Return the second lemma of a Swedish form that has two, or ""."""
        entry = self._lexicon.entry(word)
        return entry.other if entry else ""

    def is_other_word(self, stem: str, lemma: str, language: str) -> bool:
        """Tell whether a stem is a word of its own, and not a form of `lemma`."""
        if stem == lemma:
            return False
        if language == "en":
            return self._lexicon.english_lemma(stem) not in {None, lemma}
        entry = self._lexicon.entry(stem)
        return entry is not None and lemma not in {entry.lemma, entry.other}

    def _swedish_lemma(self, word: str, *, otherwise: str | None = None) -> str:
        entry = self._lexicon.entry(word)
        if entry:
            return entry.lemma
        known = self._lexicon.name(word) or otherwise
        if known:
            return known
        parts = self._splitter.split(word)
        if len(parts) > 1:
            return word[: -len(parts[-1])] + self._swedish_lemma(parts[-1])
        if len(word) >= _SHORTEST_GENITIVE and word[-1] == "s" and word[-2] != "s":
            return word[:-1]
        return word

    def parts(self, word: str) -> tuple[Part, ...]:
        """Return the lemmas of the parts of a Swedish word, nested ones too.

        Offsets count characters of `word`. An ambiguous first part has several lemmas.
        """
        found: dict[Part, None] = {}
        self._collect(word, 0, len(word), found, _DEEPEST)
        return tuple(found)

    def part_lemmas(self, word: str) -> list[tuple[str, ...]]:
        """Return, part by part from left to right, the lemmas it may have; [] for a plain word."""
        parts = self._splitter.split(word)
        if len(parts) == 1:
            return []
        return [*map(self.modifier_lemmas, parts[:-1]), (self._swedish_lemma(parts[-1]),)]

    def modifier_lemmas(self, modifier: str) -> tuple[str, ...]:
        """Return the words that look like `modifier` as the first part of a compound.

        The likeliest first: arbets is arbete, hälso is hälsa, forskar is forskare or forska.
        """
        known = self._lexicon.entry
        candidates: list[str] = []
        if modifier[-1] == "s":
            for base in (modifier[:-1], modifier[:-1] + "e"):
                if not candidates and known(base):
                    candidates.append(self._swedish_lemma(base))
        if not candidates and known(modifier):
            candidates.append(self._swedish_lemma(modifier))
        if modifier.endswith("ar") and known(modifier + "e"):
            candidates.append(modifier + "e")
        if modifier[-1] in "oue" and known(modifier[:-1] + "a"):
            candidates.append(modifier[:-1] + "a")
        candidates.extend(self._with_dropped_vowel(modifier))
        if not candidates:
            candidates.append(self._unlinked(modifier))
        return tuple(dict.fromkeys(candidates))[:_MOST_LEMMAS]

    def _with_dropped_vowel(self, modifier: str) -> list[str]:
        if modifier[-1] == "s" or modifier in self._lexicon.modifiers:
            return []
        restored = (modifier + vowel for vowel in "ae")
        return [word for word in restored if word in self._lexicon.modifiers]

    def _unlinked(self, modifier: str) -> str:
        if modifier[-1] != "s":
            return self._swedish_lemma(modifier)
        bare = modifier[:-1]
        if bare in self._lexicon.modifiers or self._splitter.is_head(bare):
            return self._swedish_lemma(bare)
        return self._swedish_lemma(modifier)

    def _collect(
        self, word: str, start: int, end: int, found: dict[Part, None], depth: int
    ) -> None:
        """Add the parts of `word`, which stands at ``[start:end]`` of the whole word."""
        pieces = self._splitter.split(word)
        spans = _spans(word, pieces)
        for first, last in _runs(len(pieces)):
            at, until = spans[first][0], spans[last][1]
            # A lemma may be shorter or longer than what is written: stay inside the word.
            ends_the_word = last == len(pieces) - 1
            part_end = end if ends_the_word else min(start + until, end)
            part_start = min(start + at, part_end - 1)
            piece = word[at:until]
            lemmas = (self._swedish_lemma(piece),) if ends_the_word else self.modifier_lemmas(piece)
            found.update(dict.fromkeys(Part(lemma, part_start, part_end) for lemma in lemmas))
            if depth > 1 and len(lemmas[0]) >= _SHORTEST_COMPOUND_PART:
                self._collect(lemmas[0], part_start, part_end, found, depth - 1)


def _runs(count: int) -> Iterator[tuple[int, int]]:
    """Yield the first and last of every run of neighbours, but not of all together."""
    for first in range(count):
        for last in range(first, count):
            if last - first < count - 1:
                yield first, last


def _spans(word: str, pieces: tuple[str, ...]) -> list[tuple[int, int]]:
    """Return where each piece stands in `word`; the last one is aligned with its end."""
    spans = []
    at = 0
    for piece in pieces[:-1]:
        spans.append((at, at + len(piece)))
        at += len(piece)
    return [*spans, (len(word) - len(pieces[-1]), len(word))]
