"""What the vocabulary, the sites' own names and the pages' persons make no news."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from indexer.jobs.vocabulary.wording import Key, key, variant_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.model import Concept, Vocabulary


class Known:
    """The names of a vocabulary, in any inflection."""

    def __init__(self, vocabulary: Vocabulary) -> None:
        self._abbreviations = {short.casefold() for short in vocabulary.abbreviations}
        self._starts: dict[str, set[Key]] = defaultdict(set)
        self._variants: dict[Key, Concept] = {}
        for concept in (*vocabulary.partners, *vocabulary.areas):
            for name in (concept.name, *concept.aliases):
                self._note(name)
        for concept in vocabulary.partners:
            for name in (concept.name, *concept.aliases):
                self._variants.setdefault(variant_key(name), concept)
        for long_forms in vocabulary.abbreviations.values():
            for name in long_forms:
                self._note(name)

    def has(self, name: str) -> bool:
        """Tell whether a name is known, or begins with one that is: extraction finds it so."""
        words = key(name)
        starts = self._starts.get(words[0], ()) if words else ()
        return any(words[: len(start)] == start for start in starts)

    def has_abbreviation(self, short: str) -> bool:
        """Tell whether a short form is known."""
        return short.casefold() in self._abbreviations or key(short) in self._starts.get(
            (key(short) or ("",))[0], ()
        )

    def partner(self, name: str) -> Concept | None:
        """Return the known partner that a name is another name of: "City of Trollhättan"."""
        return self._variants.get(variant_key(name))

    def _note(self, name: str) -> None:
        if words := key(name):
            self._starts[words[0]].add(words)


class Names:
    """Names that are left out whatever says them, such as those of persons."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._keys: set[Key] = set()
        self.add(names)

    def add(self, names: Iterable[str]) -> None:
        """Take further names in; "Åkerö, Signe" is "Signe Åkerö"."""
        self._keys.update(tuple(sorted(key(name))) for name in names)

    def __contains__(self, name: str) -> bool:
        return tuple(sorted(key(name))) in self._keys
