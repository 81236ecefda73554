"""Where Swedish compounds divide.

The rule: as few parts as possible; every part but the last is a known modifier with its linking
element, the last is a known head; among equals, the head that ends most compounds wins. What is
divided is the lemma where there is one, so that an inflected head needs no rule of its own.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.analysis.wordlists import word_list

if TYPE_CHECKING:
    from indexer.analysis.lexicon import Entry, Lexicon

_REMEMBERED = 2_048

_SHORTEST_WORD = 6
_SHORTEST_HEAD = 3
_SHORT = 3
_LONG_PART = 10
"""A part of this length may be a compound itself: näringslivs -> närings+livs."""

_MOST_PARTS = 4
_FEWEST_PARTS = 2
_SHORTEST_BASE = 4
_LONGEST_CHANGED_ENDING = 3
_VOWELS = frozenset("aeiouyåäöéáü")

# Costs. A part costs 1; what is less certain costs more.
_PART = 1.0
_SHORT_MODIFIER = 0.5
_SHORT_HEAD = 0.3
_CHANGED_VOWEL = 0.4
_DROPPED_CONSONANT = 0.3
_EACH_FURTHER = 0.2

_Split = tuple[float, int, tuple[str, ...]]


class CompoundSplitter:
    """Divides the words of one lexicon."""

    def __init__(self, lexicon: Lexicon) -> None:
        self._lexicon = lexicon
        self._not_after_dropped_consonant = word_list("not_after_dropped_consonant_sv")
        # Lemma, parts and language of one word each ask for its division.
        self._divided = lru_cache(_REMEMBERED)(self._divide)

    def split(self, word: str) -> tuple[str, ...]:
        """Return the parts of a lower-case word as they are written, or the word alone.

        The parts add up to the word, but for a consonant that three made two: nattåg gives
        natt and tåg.
        """
        return self._divided(word)

    def _divide(self, word: str) -> tuple[str, ...]:
        if len(word) < _SHORTEST_WORD or not word.isalpha() or self._lexicon.name(word):
            return (word,)
        base = self._base(word)
        if len(base) < _SHORTEST_WORD or self._lexicon.name(base):
            return (word,)
        found = self._best(base, 0, _MOST_PARTS, {})
        if found is None:
            return (word,)
        *modifiers, head = found[2]
        head = word[len(base) - len(head) :]
        parts = [piece for modifier in modifiers for piece in self._divide_modifier(modifier)]
        return (*parts, *self._divide_head(head))

    def is_head(self, word: str) -> Entry | None:
        """Return the entry of a word that may end a compound."""
        if len(word) < _SHORTEST_HEAD:
            return None
        entry = self._lexicon.entry(word)
        if entry is None or not (entry.head or word in self._lexicon.index_heads):
            return None
        return entry

    def _base(self, word: str) -> str:
        """Return the lemma if it begins as the word does, so that offsets stay true."""
        entry = self._lexicon.entry(word)
        if entry is None:
            return word
        lemma = entry.lemma
        same = max(_SHORTEST_BASE, len(lemma) - _LONGEST_CHANGED_ENDING)
        begins_alike = len(lemma) >= _SHORTEST_BASE and lemma[:same] == word[:same]
        return lemma if begins_alike else word

    def _best(
        self, word: str, start: int, most: int, memo: dict[tuple[int, int], _Split | None]
    ) -> _Split | None:
        """Return the cheapest division of ``word[start:]`` into two to `most` parts."""
        if (start, most) in memo:
            return memo[start, most]
        best: _Split | None = None
        for modifier, cost in self._modifiers(word[start:]):
            for split in self._continuations(word, start + len(modifier), modifier, most, memo):
                candidate = (round(split[0] + cost, 3), split[1], (modifier, *split[2]))
                if best is None or candidate[:2] < best[:2]:
                    best = candidate
        memo[start, most] = best
        return best

    def _modifiers(self, rest: str) -> list[tuple[str, float]]:
        certain = [
            (found, _PART + (_SHORT_MODIFIER if len(found) <= _SHORT else 0))
            for found in self._lexicon.modifiers.prefixes(rest)
        ]
        loose = [
            (found, _PART + _CHANGED_VOWEL)
            for found in self._lexicon.loose_modifiers.prefixes(rest)
        ]
        return certain + loose

    def _continuations(
        self,
        word: str,
        at: int,
        modifier: str,
        most: int,
        memo: dict[tuple[int, int], _Split | None],
    ) -> list[_Split]:
        """Return the ways to go on after `modifier`: a head, or more parts."""
        rest = word[at:]
        found: list[_Split] = []
        entry = self.is_head(rest)
        if entry:
            cost = _PART + (_SHORT_HEAD if len(rest) <= _SHORT else 0)
            found.append((cost, -entry.seen, (rest,)))
        doubled = modifier[-1] + rest
        if (
            modifier[-2:-1] == modifier[-1]
            and modifier[-1] not in _VOWELS
            and len(modifier) > _SHORT
            and doubled not in self._not_after_dropped_consonant
            and (entry := self.is_head(doubled))
        ):
            found.append((_PART + _DROPPED_CONSONANT, -entry.seen, (doubled,)))
        if most > _FEWEST_PARTS and len(rest) >= _FEWEST_PARTS * _SHORTEST_HEAD:
            more = self._best(word, at, most - 1, memo)
            if more:
                found.append((more[0] + _EACH_FURTHER, more[1], more[2]))
        return found

    def _divide_modifier(self, modifier: str) -> tuple[str, ...]:
        if len(modifier) < _LONG_PART or modifier[-1] != "s" or not self.is_head(modifier[:-1]):
            return (modifier,)
        *parts, last = self.split(modifier[:-1])
        return (*parts, last + "s")

    def _divide_head(self, head: str) -> tuple[str, ...]:
        return self.split(head) if len(head) >= _LONG_PART else (head,)
