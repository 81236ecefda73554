"""Which word forms of the index hold a term: what lets a text be searched without analysing it.

    terms.marisa  term_starts.u32  term_forms.u32

The forms of a term are ``term_forms[term_starts[term]:term_starts[term + 1]]``, by their number in
the vocabulary of the index. Chains are not told apart, and forms hold the terms of both languages:
who finds a form here must still look what it is.
"""

from __future__ import annotations

from array import array
from collections import defaultdict
from typing import TYPE_CHECKING

import marisa_trie

from indexer.analysis.mapping import mapped, write_trie

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping
    from pathlib import Path

    from indexer.analysis.frequencies import WordFrequencies

_TERMS = "terms.marisa"
_STARTS = "term_starts.u32"
_FORMS = "term_forms.u32"


class TermForms:
    """The forms of every term, mapped from the files of a bundle."""

    def __init__(self, directory: Path, frequencies: WordFrequencies) -> None:
        self._frequencies = frequencies
        self._terms = marisa_trie.Trie().mmap(str(directory / _TERMS))
        self._starts = memoryview(mapped(directory / _STARTS)).cast("I")
        self._forms = memoryview(mapped(directory / _FORMS)).cast("I")

    @classmethod
    def write(
        cls, directory: Path, terms: Mapping[str, Iterable[str]], frequencies: WordFrequencies
    ) -> None:
        """Write the table into `directory`; `terms` are those of each form of the vocabulary."""
        forms: defaultdict[str, list[int]] = defaultdict(list)
        for form in sorted(terms):
            number = frequencies.number(form)
            if number is not None:
                for term in terms[form]:
                    forms[term].append(number)
        trie = marisa_trie.Trie(sorted(forms))
        starts, flat = array("I", [0]), array("I")
        for number in range(len(trie)):
            flat.extend(forms[trie.restore_key(number)])
            starts.append(len(flat))
        write_trie(directory / _TERMS, trie)
        (directory / _STARTS).write_bytes(starts.tobytes())
        (directory / _FORMS).write_bytes(flat.tobytes())

    def holding(self, terms: Iterable[str]) -> HoldingForms:
        """Return the forms that hold one of `terms`."""
        wanted = tuple(terms)
        numbers: set[int] = set()
        for term in wanted:
            at = self._terms.get(term)
            if at is not None:
                numbers.update(self._forms[self._starts[at] : self._starts[at + 1]])
        return HoldingForms(frozenset(wanted), frozenset(numbers), self._frequencies)


class HoldingForms:
    """Word forms that hold one of some terms, and those of which it is not known."""

    def __init__(
        self, terms: frozenset[str], numbers: frozenset[int], frequencies: WordFrequencies
    ) -> None:
        self._terms = terms
        self._numbers = numbers
        self._frequencies = frequencies

    def may_include(self, surface: str) -> bool:
        """Tell whether a word of a text may hold one of the terms; cheap, and never wrongly no.

        Of words with hyphens, digits or colons, and of those that came after the last full build,
        nothing is known.
        """
        word = surface.lower()
        if not word.isalpha() or word in self._terms:
            return True
        number = self._frequencies.number(word)
        return number is None or number in self._numbers
