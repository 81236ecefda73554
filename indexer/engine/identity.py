"""Which of the names on many pages are the same person.

To take two people for one is the worse mistake: it shows the address of one beside the work of
the other. What is not clear stays apart.
"""

from __future__ import annotations

import re
from collections import defaultdict
from itertools import combinations
from typing import TYPE_CHECKING, NamedTuple

from indexer.analysis.folding import fold

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

_LISTED = re.compile(r"\s*[;,]\s*")
_LOCAL_PART = re.compile(r"[^\W_]+")

_MOST_SHARING = 20
"""An address with more names than this is a mailbox, whatever the names."""


class Mention(NamedTuple):
    """Somebody on a page.

    `name` is a `person_names.name_key`, `email` an `email_key`, `organisations` are
    `organisation_keys`, and `page` is what the page has for itself.
    """

    name: str
    email: str = ""
    organisations: frozenset[str] = frozenset()
    page: str = ""


def email_key(email: str) -> str:
    """Return what two ways to write an e-mail address have in common."""
    return email.strip().casefold().removeprefix("mailto:")


def organisation_keys(organisation: str) -> frozenset[str]:
    """Return the parts of "Högskolan, Institutionen för vård; Sjukhuset", for comparison."""
    if not organisation:
        return frozenset()
    parts = (" ".join(part.split()) for part in _LISTED.split(organisation.casefold()))
    return frozenset(part for part in parts if part)


def same_people(mentions: Sequence[Mention]) -> list[tuple[int, ...]]:
    """Return the mentions person by person, each as its places in `mentions`.

    1. An e-mail address is one person. Only where names have nothing in common that the address
       bears out is it a mailbox, and each name a person.
    2. The same name with two addresses is two people.
    3. A name without an address is one person for each organisation: the one with an address
       who shares the organisation, or the only one there is when theirs is not known.
    4. A bare name is the only person who has it, else the one who has it on the same page. Where
       there are several it is none of them, and all its bare mentions are one.
    """
    people = _Groups(len(mentions))
    _by_address(mentions, people)
    names: dict[str, list[int]] = defaultdict(list)
    for place, mention in enumerate(mentions):
        names[mention.name].append(place)
    for places in names.values():
        if len(places) > 1:
            _by_organisation(mentions, places, people)
            _bare(mentions, places, people)
    return people.groups()


class _Groups:
    """Disjoint sets of the numbers below `size` (Tarjan 1975); the lowest stands for its set."""

    def __init__(self, size: int) -> None:
        self._parent = list(range(size))

    def find(self, number: int) -> int:
        while self._parent[number] != number:
            self._parent[number] = self._parent[self._parent[number]]
            number = self._parent[number]
        return number

    def join(self, one: int, other: int) -> None:
        low, high = sorted((self.find(one), self.find(other)))
        self._parent[high] = low

    def of(self, numbers: Iterable[int]) -> list[int]:
        """Return the sets that these numbers are in, each once."""
        return list(dict.fromkeys(map(self.find, numbers)))

    def groups(self) -> list[tuple[int, ...]]:
        found: dict[int, list[int]] = defaultdict(list)
        for number in range(len(self._parent)):
            found[self.find(number)].append(number)
        return [tuple(numbers) for numbers in found.values()]


def _by_address(mentions: Sequence[Mention], people: _Groups) -> None:
    owners: dict[str, dict[str, int]] = defaultdict(dict)
    for place, mention in enumerate(mentions):
        if mention.email:
            people.join(owners[mention.email].setdefault(mention.name, place), place)
    for email, names in owners.items():
        if len(names) <= _MOST_SHARING:
            for one, other in combinations(names, 2):
                if _is_one(one, other, email):
                    people.join(names[one], names[other])


def _is_one(one: str, other: str, email: str) -> bool:
    """Tell whether two names at one address are one person: Eva Ek, and Eva Berg or Eva M Ek."""
    mine, theirs = set(one.split()), set(other.split())
    if mine <= theirs or theirs <= mine:
        return True
    local = set(_LOCAL_PART.findall(fold(email.partition("@")[0])))
    return any(fold(word) in local for word in mine & theirs)


def _by_organisation(mentions: Sequence[Mention], places: Sequence[int], people: _Groups) -> None:
    """Join the mentions of a name that have no address, but an organisation."""
    employed = [it for it in places if mentions[it].organisations and not mentions[it].email]
    holders: dict[str, int] = {}
    for place in employed:
        for organisation in mentions[place].organisations:
            people.join(holders.setdefault(organisation, place), place)
    addressed = people.of(place for place in places if mentions[place].email)
    where: dict[int, set[str]] = defaultdict(set)
    for place in places:
        where[people.find(place)] |= mentions[place].organisations
    strangers = []
    for person in people.of(employed):
        colleagues = [other for other in addressed if where[other] & where[person]]
        if not colleagues:
            strangers.append(person)
        elif len(colleagues) == 1:
            people.join(colleagues[0], person)
    if len(strangers) == len(addressed) == 1 and not where[addressed[0]]:
        people.join(addressed[0], strangers[0])


def _bare(mentions: Sequence[Mention], places: Sequence[int], people: _Groups) -> None:
    """Join the mentions of a name that have neither address nor organisation."""
    on_page: dict[str, list[int]] = defaultdict(list)
    bare = []
    for place in places:
        if mentions[place].email or mentions[place].organisations:
            on_page[mentions[place].page].append(place)
        else:
            bare.append(place)
    namesakes = people.of(place for known in on_page.values() for place in known)
    unclear = []
    for place in bare:
        here = people.of(on_page.get(mentions[place].page, ()))
        wanted = namesakes if len(namesakes) == 1 else here
        if len(wanted) == 1:
            people.join(wanted[0], place)
        else:
            unclear.append(place)
    for place in unclear:
        people.join(unclear[0], place)
