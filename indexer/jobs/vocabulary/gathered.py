"""What the first reading of the documents finds: a `Found` for each name that is news."""

from __future__ import annotations

from collections import Counter, defaultdict
from functools import cached_property
from typing import TYPE_CHECKING

from indexer.jobs.vocabulary.areas import join_areas
from indexer.jobs.vocabulary.found import Found
from indexer.jobs.vocabulary.known import Known, Names
from indexer.jobs.vocabulary.statements import ABOUT, Statement, said
from indexer.jobs.vocabulary.wording import Key, key, variant_key
from indexer.model import Concept, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Collection

    from indexer.jobs.vocabulary.proposal import ProposalKind
    from indexer.model import Document

_OWN_SHARE, _ENOUGH_TO_TELL = 0.5, 20
_SHORTEST_PART = 2


class Gathered:
    """The names that documents have and `vocabulary` has not, by kind and key."""

    def __init__(self, vocabulary: Vocabulary, site_names: Collection[str]) -> None:
        self._known = Known(vocabulary)
        self._own = Known(Vocabulary(partners=tuple(Concept(name=name) for name in site_names)))
        self._persons = Names()
        self._documents: Counter[str] = Counter()
        self.found: dict[ProposalKind, dict[Key, Found]] = {
            "partner": defaultdict(Found),
            "area": defaultdict(Found),
            "abbreviation": defaultdict(Found),
        }

    def read(self, document: Document) -> None:
        """Take in what one document says."""
        self._documents[document.source] += 1
        self._persons.add(person.name for person in document.persons)
        self._persons.add(document.authors)
        for one in said(document):
            if self._is_news(one):
                found = self.found[one.kind][_key_of(one)]
                found.spellings[one.name] += one.weight
                if one.long_form:
                    found.long_forms[one.long_form] += 1
                found.note(document, place=one.place, weight=one.weight)

    def settle(self) -> None:
        """Leave out what turned out to be something else, and join areas that begin alike."""
        partners, areas = self.found["partner"], self.found["area"]
        for of_kind in self.found.values():
            _drop(of_kind, [name for name, one in of_kind.items() if self._is_person(one)])
        _drop(partners, [name for name, one in partners.items() if self._is_everywhere(one)])
        _drop(partners, list(_longer(partners)))
        _drop(
            areas,
            [
                name
                for name, one in areas.items()
                if any(variant_key(spelling) in partners for spelling in one.spellings)
            ],
        )
        join_areas(areas)

    def to_count(self) -> dict[str, tuple[ProposalKind, Key]]:
        """Return the names to look for in texts: those that more than running text has."""
        return {
            name: (kind, name_key)
            for kind, of_kind in self.found.items()
            for name_key, one in of_kind.items()
            if one.structural
            for name in one.spellings
        }

    def partner(self, one: Found) -> Concept | None:
        """Return the partner of the vocabulary that a name is another name of."""
        return self._known.partner(one.name)

    def short_forms(self, one: Found) -> list[str]:
        """Return the abbreviations that pages explain by a name."""
        keys = {key(name) for name in one.spellings}
        return [short for name in keys for short in self._short_forms.get(name, ())]

    @cached_property
    def _short_forms(self) -> dict[Key, list[str]]:
        forms: dict[Key, list[str]] = defaultdict(list)
        for one in self.found["abbreviation"].values():
            for long_form in {key(long_form) for long_form in one.long_forms}:
                forms[long_form].append(one.name)
        return forms

    def _is_news(self, one: Statement) -> bool:
        if one.kind == "abbreviation":
            return not self._known.has_abbreviation(one.name)
        # Only a page about a partner speaks against its being the site itself.
        is_own = one.kind == "partner" and one.weight < ABOUT and self._own.has(one.name)
        return not is_own and not self._known.has(one.name)

    def _is_person(self, one: Found) -> bool:
        return any(name in self._persons for name in (*one.spellings, *one.long_forms))

    def _is_everywhere(self, one: Found) -> bool:
        """Tell whether every other page of a source mentions a name: it is the source's own."""
        return not one.structural and any(
            self._documents[source] >= _ENOUGH_TO_TELL
            and pages > _OWN_SHARE * self._documents[source]
            for source, pages in one.sources.items()
        )


def _key_of(one: Statement) -> Key:
    if one.kind == "partner":
        return variant_key(one.name)
    return (one.name,) if one.kind == "abbreviation" else key(one.name)


def _longer(partners: dict[Key, Found]) -> set[Key]:
    """Return the names only mentioned that have another, as well founded, in them.

    "University of Chicago Press" is found by "University of Chicago", and in "Heja Norrtuna kommun"
    another word only begins the sentence.
    """
    pages = {key(name): len(one.pages) for one in partners.values() for name in one.spellings}
    return {
        name_key
        for name_key, one in partners.items()
        if not one.structural
        and any(
            max(pages.get(words[:length], 0), pages.get(words[-length:], 0)) >= len(one.pages)
            for words in map(key, one.spellings)
            for length in range(_SHORTEST_PART, len(words))
        )
    }


def _drop(of_kind: dict[Key, Found], names: list[Key]) -> None:
    for name in names:
        del of_kind[name]
