"""Finding what was erased in a text, by hashing what a name, an address or a number could be.

A name is looked for where its first word stands: each word is hashed once and remembered, and
only behind a first word are the two to N words hashed together.
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, NamedTuple, TypeVar

from indexer.erasure.ledger import Erasure, hashed
from indexer.erasure.phrases import (
    PHONE,
    URL,
    WORD,
    emails,
    phone_phrase,
    url_phrase,
    url_words,
    word,
    words,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Owners = frozenset[str]
"""The ids of the erasures that something belongs to."""

_NOBODY: Owners = frozenset()
_APART = re.compile(r"[\s,.;\u2010\u2011-]{1,3}")
_REMEMBERED = 50_000
_DIGITS = re.compile(r"\+?\d+")
_HYPHENS = "-\u2010\u2011"
_SHORTEST_GENITIVE = 3
_SHORTEST_NUMBER = 7

T = TypeVar("T")


class Match(NamedTuple):
    """A stretch of a text that was erased; `proves` who is meant, as an address does."""

    start: int
    end: int
    owners: Owners
    proves: bool


class Matcher:
    """Finds what the erasures of one key are about."""

    def __init__(self, key: bytes, erasures: Sequence[Erasure]) -> None:
        self._key = key
        self._owners: dict[str, dict[bytes, Owners]] = defaultdict(dict)
        self._longest = max((one.longest for one in erasures), default=0)
        for erasure in erasures:
            for kind, hashes in erasure.hashes.items():
                for one in hashes:
                    held = self._owners[kind].get(one, _NOBODY)
                    self._owners[kind][one] = held | {erasure.id}
        self._firsts = self._owners.get("first", {})
        # Most words and most links have been seen on the page before.
        self._words: dict[str, bool] = {}
        self._slugs: dict[str, Owners] = {}
        self._known_urls: dict[str, tuple[Owners, Owners]] = {}

    def has(self, kind: str, phrase: str) -> Owners:
        """Return whose phrase of this kind it is."""
        known = self._owners.get(kind)
        return known.get(hashed(self._key, kind, phrase), _NOBODY) if known else _NOBODY

    def url(self, url: str) -> tuple[Owners, Owners]:
        """Return whose page a URL is, and whose name stands in it."""
        if (known := self._known_urls.get(url)) is None:
            named = self._in_slug(url) if "slug" in self._owners else _NOBODY
            known = self.has("url", url_phrase(url)), named
            _remember(self._known_urls, url, known)
        return known

    def page(self, url: str) -> Owners:
        """Return who is meant on a page because it was chosen."""
        return self.has("page", url_phrase(url))

    def matches(self, text: str) -> Iterator[Match]:
        """Yield all that was erased in a text, in no order."""
        if self._firsts:
            yield from self._names(text)
        if "email" in self._owners:
            for start, end, phrase in emails(text):
                if owners := self.has("email", phrase):
                    yield Match(start, end, owners, proves=True)
        if "phone" in self._owners:
            yield from self._phones(text)
        if "url" in self._owners or "slug" in self._owners:
            yield from self._urls(text)

    # --- names ----------------------------------------------------------------------------------

    def _names(self, text: str) -> Iterator[Match]:
        begins = {one for one in words(text) if self._may_begin(one)}
        if not begins:
            return
        found = [*WORD.finditer(text)]
        for place, first in enumerate(found):
            if word(first[0]) in begins:
                yield from self._name_at(text, found, place)

    def _may_begin(self, plain: str) -> bool:
        """Tell whether a name may begin with a word."""
        known = self._words.get(plain)
        if known is None:
            known = hashed(self._key, "first", plain) in self._firsts
            _remember(self._words, plain, known)
        return known

    def _name_at(self, text: str, found: list[re.Match[str]], place: int) -> Iterator[Match]:
        start = found[place].start()
        if start and text[start - 1] in _HYPHENS and text[start - 2 : start - 1].isalnum():
            return  # "Ann-Eva Ek" is not Eva Ek
        said = word(found[place][0])
        for last in range(place + 1, min(place + self._longest, len(found))):
            between = text[found[last - 1].end() : found[last].start()]
            if not _APART.fullmatch(between):
                return
            said = f"{said} {word(found[last][0])}"
            end = found[last].end()
            if text[end : end + 1] in _HYPHENS and text[end + 1 : end + 2].isalnum():
                continue  # "Eva Ek-Berg" is not Eva Ek
            if owners := self._name(said):
                yield Match(start, end, owners, proves=False)

    def _name(self, said: str) -> Owners:
        owners = self.has("name", said)
        if not owners and said.endswith("s") and len(said) >= _SHORTEST_GENITIVE:
            owners = self.has("name", said[:-1])
        return owners

    def _in_slug(self, url: str) -> Owners:
        said = url_words(url)
        found = _NOBODY
        for first in range(len(said)):
            for behind in range(first + 1, min(first + self._longest, len(said)) + 1):
                found |= self._slug("".join(said[first:behind]))
        return found

    def _slug(self, said: str) -> Owners:
        known = self._slugs.get(said)
        if known is None:
            known = self.has("slug", said)
            _remember(self._slugs, said, known)
        return known

    # --- numbers and addresses ------------------------------------------------------------------

    def _phones(self, text: str) -> Iterator[Match]:
        for found in PHONE.finditer(text):
            if found.end() - found.start() < _SHORTEST_NUMBER:
                continue
            groups = [*_DIGITS.finditer(found[0])]
            for first in range(len(groups)):
                for last in range(first, len(groups)):
                    start, end = groups[first].start(), groups[last].end()
                    phrase = phone_phrase(found[0][start:end])
                    if phrase and (owners := self.has("phone", phrase)):
                        bracketed = found[0][start - 1 : start] == "("
                        begun = found.start() + start - bracketed
                        yield Match(begun, found.start() + end, owners, proves=True)

    def _urls(self, text: str) -> Iterator[Match]:
        for found in URL.finditer(text):
            owners = frozenset().union(
                *(part for url in with_and_without_query(found[0]) for part in self.url(url))
            )
            if owners:
                yield Match(found.start(), found.end(), owners, proves=False)


def _remember(memory: dict[str, T], key: str, value: T) -> None:
    if len(memory) >= _REMEMBERED:
        memory.clear()
    memory[key] = value


def with_and_without_query(url: str) -> tuple[str, ...]:
    """Return a URL as it is mentioned, and without what may only follow a visitor around."""
    plain = url.partition("?")[0]
    return (url,) if plain == url else (url, plain)
