"""The same page under several addresses: which of them it goes by, and where that has no end."""

from __future__ import annotations

import re
from collections import Counter
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from indexer.crawl.traps import is_variable, url_pattern
from indexer.extract import distance

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.model import Document
    from indexer.store import DocumentStore

MIN_WORDS = 40
"""Two pages with fewer words may say the same by chance: a title and a list of nothing."""

NEAR = 3
"""Bits of 64 in which the fingerprints of nearly the same text differ at most."""

_NUMBER = re.compile(r"\d+")
_ENOUGH = 50
_SHARE = 0.9


def twin(store: DocumentStore, document: Document, fingerprint: int | None) -> Document | None:
    """Return the live document of the same source that says the same, if there is one.

    Its content is the same, or so nearly that only a few words differ, under the same title and
    with the same numbers: two years' reports are no twins. It must still be found at its own
    address; one that merely lives on because others stand for it is nobody's twin.
    """
    return next(iter(twins(store, document, fingerprint)), None)


def twins(store: DocumentStore, document: Document, fingerprint: int | None) -> Iterator[Document]:
    """Yield all of them; see `twin`. The store need not be the one that holds the document."""
    if not says_enough(document):
        return
    same = (stored.id for stored in store.with_content(document.content_hash))
    near = (
        identity
        for identity, other in (store.similar.candidates(fingerprint) if fingerprint else ())
        if fingerprint is not None and distance(fingerprint, other) <= NEAR
    )
    for identity in dict.fromkeys((*same, *near)):
        stored = store.get(identity)
        other = stored.document if stored is not None else None
        if other is None or other.source != document.source or other.id == document.id:
            continue
        if is_at_home(store, other) and _says_the_same(document, other):
            yield other


def is_at_home(store: DocumentStore, document: Document) -> bool:
    """Whether a stored document is found at its own address."""
    own = store.frontier.find(document.source, document.url)
    return own is not None and own.document_id == document.id


def says_enough(document: Document) -> bool:
    """Tell whether another page with the same content is the same page."""
    return _words(document) >= MIN_WORDS


def _says_the_same(one: Document, other: Document) -> bool:
    if one.content_hash == other.content_hash:
        return True
    return (
        one.title.casefold() == other.title.casefold()
        and one.language == other.language
        and _numbers(one) == _numbers(other)
    )


def _numbers(document: Document) -> list[str]:
    return [found for section in document.sections for found in _NUMBER.findall(section.text)]


def goes_before(one: Document, other: Document) -> bool:
    """Whether twins go by the address of `one`: the shorter, and of two as long the first."""
    return (len(one.url), one.url) < (len(other.url), other.url)


def _words(document: Document) -> int:
    return sum(section.text.count(" ") + 1 for section in document.sections)


class DuplicateWatch:
    """Notices where a site gives out the same pages again and again under new addresses.

    It counts by URL pattern, and by folder at the root for a mirror. Where fifty pages were found
    elsewhere already, and nine in ten of all that were read, nothing more is asked for.
    """

    def __init__(self) -> None:
        self._read: Counter[str] = Counter()
        self._twins: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()

    def read(self, url: str, *, is_twin: bool) -> None:
        """Count a page that was read."""
        for place in _places(url):
            self._read[place] += 1
            self._twins[place] += is_twin

    def refuses(self, url: str) -> str:
        """Return the pattern or folder that only repeats other pages, if the URL is in one."""
        for place in _places(url):
            twins = self._twins[place]
            if twins >= _ENOUGH and twins >= _SHARE * self._read[place]:
                self._refused[place] += 1
                return place
        return ""

    @property
    def refused(self) -> dict[str, int]:
        """The patterns and folders that were cut, with the number of URLs left out."""
        return dict(self._refused.most_common(20))


def _places(url: str) -> list[str]:
    parts = urlsplit(url)
    pattern = url_pattern(url)
    folder, slash, _ = parts.path.lstrip("/").partition("/")
    places = [pattern] if is_variable(pattern) else []
    return [*places, f"{parts.netloc}/{folder}/**"] if slash else places
