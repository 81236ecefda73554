"""Documents, texts, URLs and bodies without what was erased."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple

from indexer.erasure.bodies import is_text, links, readable, without_tags
from indexer.erasure.matching import Match, Matcher, with_and_without_query
from indexer.erasure.recording import erasure_of_person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.erasure.ledger import Erasure
    from indexer.model import Document, Page, Person, Section

MARK = "[…]"
"""What stands where something was. No word: a search for it would list who asked."""

_BETWEEN = "\n\0\n"
"""Stands between two texts: no name and no number goes across it."""

_LISTS = ("partners", "areas", "organisations", "subjects")


class Redacted(NamedTuple):
    """A document without what was erased, or None if it must be forgotten altogether.

    `owners` are the erasures that had a part in it; without any it is the document that was given.
    """

    document: Document | None
    owners: frozenset[str] = frozenset()


class Redactor:
    """Takes out what a ledger of erasures says. Pure.

    Where there is no erasure, nothing is looked at.
    """

    def __init__(self, erasures: Iterable[Erasure] = ()) -> None:
        standing = [one for one in erasures if one.undone_at is None]
        by_key: defaultdict[bytes, list[Erasure]] = defaultdict(list)
        for one in standing:
            by_key[one.key].append(one)
        self._matchers = [Matcher(key, held) for key, held in by_key.items()]
        self._certain = frozenset(one.id for one in standing if not one.needs_evidence)

    @property
    def is_idle(self) -> bool:
        """Tell whether nothing was erased."""
        return not self._matchers

    def forbids(self, url: str) -> bool:
        """Tell whether a URL, or the identifier of a record, must not be kept or asked for.

        It was forgotten, or the name of somebody stands in it who was.
        """
        for matcher in self._matchers:
            own, named = matcher.url(url)
            if own or named & self._certain:
                return True
        return False

    def document(self, document: Document) -> Redacted:
        """Return a document without what was erased."""
        if not self._matchers:
            return Redacted(document)
        if owners := self._owners_of_page(document):
            return Redacted(None, owners)
        # All at once first: hardly any document holds anything.
        if not self.matches(_BETWEEN.join(_texts(document))):
            return Redacted(document)
        return _Reading(self, document).redacted()

    def text(self, text: str, *, owners: frozenset[str] = frozenset()) -> str:
        """Return a text without what was erased, also of `owners` whose name others have too."""
        if not self._matchers or not text:
            return text
        active = self._certain | owners
        return cut(text, [match for match in self.matches(text) if match.owners & active])

    def plain(self, value: object, *, owners: frozenset[str] = frozenset()) -> object:
        """Return plain JSON values without what was erased in any of their texts."""
        if isinstance(value, str):
            return self.text(value, owners=owners)
        if isinstance(value, list):
            return [self.plain(item, owners=owners) for item in value]
        if isinstance(value, dict):
            return {
                self.text(str(key), owners=owners): self.plain(item, owners=owners)
                for key, item in value.items()
            }
        return value

    def may_keep(self, page: Page, document: Document | None) -> bool:
        """Tell whether the body of a page may be stored; `document` is what was read from it.

        What is no text, such as a PDF, is judged by its document; where none was read, it is not
        kept once a person was erased.
        """
        if not self._matchers:
            return True
        if not is_text(page.media_type):
            return document is not None and not self.document(document).owners
        return not self._holds(page)

    def matches(self, text: str) -> list[Match]:
        """Return all that was erased in a text, of all keys."""
        return [match for matcher in self._matchers for match in matcher.matches(text)]

    def certain(self, matches: Iterable[Match], url: str) -> frozenset[str]:
        """Return whose names count on the page at `url`, on which these matches stand."""
        proven = {owner for match in matches if match.proves for owner in match.owners}
        chosen = {owner for matcher in self._matchers for owner in matcher.page(url)}
        return self._certain | proven | chosen

    def _owners_of_page(self, document: Document) -> frozenset[str]:
        found: frozenset[str] = frozenset()
        for matcher in self._matchers:
            own, named = matcher.url(document.url)
            found |= own | (named & self._certain)
            if document.content_hash:
                found |= matcher.has("content", document.content_hash)
        return found

    def _holds(self, page: Page) -> bool:
        raw = readable(page.body)
        if any(
            self.forbids(url)
            for link in links(raw, base=page.url)
            for url in with_and_without_query(link)
        ):
            return True
        # As it is for what attributes say, and without the tags, between which a name may stand.
        matches = self.matches(raw) + self.matches(without_tags(raw))
        active = self.certain(matches, page.url)
        return any(match.owners & active for match in matches)


class _Reading:
    """One document while it is redacted."""

    def __init__(self, redactor: Redactor, document: Document) -> None:
        self._document = document
        self._matches = {text: redactor.matches(text) for text in {*_texts(document)} if text}
        everywhere = [match for found in self._matches.values() for match in found]
        self._active = redactor.certain(everywhere, document.url)
        self._redactor = redactor
        self._touched: set[str] = set()
        self._own: frozenset[str] = frozenset()
        self._persons = [one for one in document.persons if self._stays(one)]
        self._find_what_else_reaches([one for one in document.persons if one not in self._persons])

    def redacted(self) -> Redacted:
        document = self._document
        if document.kind == "person" and self._found(document.title):
            return Redacted(None, frozenset(self._touched) - self._own)
        cleaned = dataclasses.replace(
            document,
            title=self._cut(document.title),
            summary=self._cut(document.summary),
            sections=tuple(map(self._section, document.sections)),
            persons=tuple(map(self._person, self._persons)),
            authors=tuple(one for one in document.authors if not self._found(one)),
            identifiers={
                name: value
                for name, value in document.identifiers.items()
                if not self._found(value)
            },
            funder=self._cut(document.funder),
            partners=self._each(document.partners),
            areas=self._each(document.areas),
            organisations=self._each(document.organisations),
            subjects=self._each(document.subjects),
        )
        # Other than what touched it: an address of the day is not in the ledger.
        owners = frozenset(self._touched) - self._own
        return Redacted(cleaned if owners else document, owners)

    def _find_what_else_reaches(self, gone: list[Person]) -> None:
        """Find the addresses and numbers of those who go that nobody knew when they were erased."""
        emails = {one.email for one in gone if one.email} - {one.email for one in self._persons}
        phones = {one.phone for one in gone if one.phone} - {one.phone for one in self._persons}
        if not emails and not phones:
            return
        here = erasure_of_person(
            "",
            names=(),
            emails=emails,
            phones=phones,
            own_pages=(),
            evidence=None,
            key=b"here",
            at=dt.datetime.now(dt.UTC),
        )
        matcher = Matcher(here.key, [here])
        for text, known in self._matches.items():
            self._matches[text] = [*known, *matcher.matches(text)]
        self._active |= {here.id}
        self._own = frozenset({here.id})

    def _found(self, text: str) -> list[Match]:
        """Return what must go from a text, and note whose it is."""
        found = [match for match in self._matches.get(text, ()) if match.owners & self._active]
        for match in found:
            self._touched |= match.owners & self._active
        return found

    def _cut(self, text: str) -> str:
        found = self._found(text)
        return cut(text, found) if found else text

    def _each(self, texts: tuple[str, ...]) -> tuple[str, ...]:
        return tuple(text for text in texts if not self._found(text))

    def _section(self, section: Section) -> Section:
        cleaned = dataclasses.replace(
            section, heading=self._cut(section.heading), text=self._cut(section.text)
        )
        if section.anchor and self._redactor.forbids(f"/{section.anchor}"):
            return dataclasses.replace(cleaned, anchor="")
        return cleaned

    def _person(self, person: Person) -> Person:
        return dataclasses.replace(
            person,
            role=self._cut(person.role),
            title=self._cut(person.title),
            organisation=self._cut(person.organisation),
            email=self._cut(person.email),
            phone=self._cut(person.phone),
        )

    def _stays(self, person: Person) -> bool:
        """Tell whether somebody is not who was erased; a namesake has another address."""
        said = self._matches.get(person.name, [])
        named = {owner for match in said for owner in match.owners}
        reached = [*self._matches.get(person.email, ()), *self._matches.get(person.phone, ())]
        proven = {owner for match in reached for owner in match.owners}
        gone = named & self._active
        if person.email and not proven:
            gone -= named - self._redactor.certain((), "")
        if self._matches.get(person.email):
            gone |= proven
        self._touched |= gone
        return not gone


def cut(text: str, matches: Iterable[Match]) -> str:
    """Return a text with the mark where the matches are."""
    pieces, behind = [], 0
    for match in sorted(matches):
        if match.end <= behind:
            continue
        if match.start >= behind:
            pieces += [text[behind : match.start], MARK]
        behind = match.end
    return "".join((*pieces, text[behind:]))


def _texts(document: Document) -> Iterator[str]:
    yield from (document.title, document.summary, document.funder)
    for section in document.sections:
        yield from (section.heading, section.text)
    for person in document.persons:
        yield from (person.name, person.role, person.title, person.organisation)
        yield from (person.email, person.phone)
    for name in (*_LISTS, "authors"):
        yield from getattr(document, name)
    yield from document.identifiers.values()
