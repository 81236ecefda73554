"""What the pages of a ranking say for the people whom they name.

Each page votes for its people by as much as it is about the topic, and the votes are summed:
Macdonald and Ounis (2006), "Voting for candidates: adapting data fusion techniques for an expert
search task".
"""

from __future__ import annotations

import datetime as dt
import math
from dataclasses import dataclass, replace
from itertools import groupby, repeat
from typing import TYPE_CHECKING, Literal, NamedTuple

from indexer.engine.identity import Mention, email_key, organisation_keys, same_people
from indexer.engine.person_names import name_key, shown_name
from indexer.model import Person

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from indexer.engine.results import Hit
    from indexer.model import Document

Relation = Literal["contact", "author"]
Fact = Literal["role", "title", "phone", "email", "organisation"]

VOTES: Mapping[Relation, float] = {"contact": 1.0, "author": 0.8}
"""What the best page is worth for the only person it names so; n people get 1/√n of it each."""

HALVED = 6
"""A page this many ranks below the best is worth half of it, at the same score."""

_MOST_ON_PAGE = 100
"""Of the contacts and of the authors of a page, this many are looked at."""


class Appearance(NamedTuple):
    """Somebody on a page, as written there and as compared, and what the page says for them."""

    document: Document
    person: Person
    mention: Mention
    relation: Relation
    vote: float

    @property
    def changed(self) -> dt.date:
        """When the page was changed last."""
        return self.document.modified or self.document.published or dt.date.min


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """A person: all `appearances`, and the best one on each of the `pages`, best first.

    `elsewhere` are appearances on pages outside the topic; they say how to reach the person.
    """

    appearances: tuple[Appearance, ...]
    pages: tuple[Appearance, ...]
    elsewhere: tuple[Appearance, ...] = ()

    @classmethod
    def of(cls, appearances: Sequence[Appearance]) -> Candidate:
        """Return the person of these appearances, which are in order of their pages' rank."""
        if len(appearances) == 1:
            return cls(appearances=tuple(appearances), pages=tuple(appearances))
        best: dict[str, Appearance] = {}
        for appearance in appearances:
            known = best.setdefault(appearance.document.id, appearance)
            if appearance.vote > known.vote:
                best[appearance.document.id] = appearance
        return cls(
            appearances=_newest_first(appearances),
            pages=tuple(sorted(best.values(), key=lambda it: -it.vote)),
        )

    @property
    def votes(self) -> float:
        """The sum over pages."""
        return math.fsum(appearance.vote for appearance in self.pages)

    @property
    def keys(self) -> frozenset[str]:
        """The names, as `person_names.name_key`."""
        return frozenset(appearance.mention.name for appearance in self.appearances)

    @property
    def written(self) -> frozenset[str]:
        """The names, as the pages have them."""
        return frozenset(appearance.person.name for appearance in self.appearances)

    @property
    def best_known(self) -> Appearance:
        """The newest page that has the person as a contact; else the newest."""
        return min(self.appearances, key=lambda it: it.relation != "contact")

    @property
    def name(self) -> str:
        """The name to show."""
        return shown_name(self.best_known.person.name)

    def said(self, fact: Fact, language: str = "") -> str:
        """Return what the newest page says of the person, one in `language` if any does.

        Roles are roles in something: only the pages of the topic say them.
        """
        found = ""
        for appearance in (*self.appearances, *(() if fact == "role" else self.elsewhere)):
            value: str = getattr(appearance.person, fact).strip()
            if value and language in {"", appearance.document.language}:
                return value
            found = found or value
        return found

    def found_at(self, others: Sequence[Appearance]) -> Candidate:
        """Return the person with those of `others` that are theirs."""
        every = (*self.appearances, *(it for it in others if it.mention.name in self.keys))
        (mine,) = [places for places in same_people([it.mention for it in every]) if 0 in places]
        return replace(
            self,
            elsewhere=_newest_first(
                [every[place] for place in mine if place >= len(self.appearances)]
            ),
        )


def candidates(hits: Sequence[Hit]) -> list[Candidate]:
    """Return the people whom these pages name."""
    every = appearances(hits)
    return [
        Candidate.of([every[place] for place in places])
        for places in same_people([appearance.mention for appearance in every])
    ]


def appearances(hits: Sequence[Hit]) -> list[Appearance]:
    """Return everybody on these pages, page by page."""
    found: list[Appearance] = []
    keys = _Keys()
    for hit, worth in zip(hits, _worths(hits), strict=True):
        named = list(_named(hit.document, keys))
        contacts = sum(relation == "contact" for _, _, relation in named)
        sizes = {"contact": contacts, "author": len(named) - contacts}
        for key, person, relation in named:
            mention = Mention(
                name=key,
                email=email_key(person.email),
                organisations=organisation_keys(person.organisation),
                page=hit.document.id,
            )
            found.append(
                Appearance(
                    document=hit.document,
                    person=person,
                    mention=mention,
                    relation=relation,
                    vote=worth * VOTES[relation] / math.sqrt(sizes[relation]),
                )
            )
    return found


def _newest_first(found: Sequence[Appearance]) -> tuple[Appearance, ...]:
    return tuple(sorted(found, key=lambda it: it.changed, reverse=True))


class _Keys(dict[str, str]):
    """The key of each name, for as long as one question lasts."""

    def __missing__(self, name: str) -> str:
        return self.setdefault(name, name_key(name))


def _worths(hits: Sequence[Hit]) -> Iterator[float]:
    """Yield how much each page is about the topic: 1 for a page that is the best alone.

    The share of the best score, discounted by rank: scores alone fall so slowly that a hundred
    pages that mention a topic would say more than those that are about it. Pages that score
    alike have their mean rank.
    """
    best = lowest = hits[0].score if hits else 0.0
    rank = 1
    for score, alike in groupby(hit.score for hit in hits):
        size = len(list(alike))
        mean = rank + (size - 1) / 2
        # Pages with only some of the words follow the others, whatever they score.
        lowest = max(min(lowest, score), 0.0)
        worth = lowest / best / (1 + (mean - 1) / HALVED) if best > 0 else 1.0
        yield from repeat(worth, size)
        rank += size


def _named(document: Document, keys: _Keys) -> Iterator[tuple[str, Person, Relation]]:
    """Yield the people of a page: the key of the name, the person, and what they are to it."""
    nobody = {name.casefold() for name in (*document.partners, *document.organisations)}
    authors = {keys[name]: name for name in document.authors[:_MOST_ON_PAGE]}
    seen = set()
    for person in document.persons[:_MOST_ON_PAGE]:
        key = keys[person.name]
        if not key or (key, person.email) in seen:
            continue
        seen.add((key, person.email))
        # A record has its authors once more, with where they work and not how to reach them.
        silent = key in authors and not (person.email or person.phone or person.role)
        if silent:
            del authors[key]
        yield key, person, "author" if silent else "contact"
    for key, name in authors.items():
        # An author of one word, or one that is the university, is nobody to talk to.
        if " " in key and key not in nobody:
            yield key, Person(name=name), "author"
