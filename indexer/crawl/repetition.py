"""Learning which blocks of text the pages of a source repeat."""

from __future__ import annotations

from collections import Counter
from typing import TYPE_CHECKING

from indexer.config import WebsiteSource
from indexer.extract import block_key

if TYPE_CHECKING:
    from collections.abc import Iterable

    from indexer.config import Config
    from indexer.crawl.store_set import StoreSet
    from indexer.model import Document
    from indexer.store import DocumentStore

_MIN_DOCUMENTS = 30
"""Fewer tell nothing: five projects of one kind may well share a sentence."""

_SHARE = 0.3
_MOST_BLOCKS = 200_000


def learn_repeated(store: DocumentStore | StoreSet, config: Config) -> dict[str, int]:
    """Look for blocks that many documents of a web site have; return how many are new, by source.

    They are left out when pages are read from then on, and stored pages are read again for it:
    the fingerprint of a source's extraction depends on them.

    Raises:
        StoreError: If the store cannot be read or written.
    """
    sites = {one.name for one in config.sources if isinstance(one, WebsiteSource)}
    by_source: dict[str, _Counts] = {name: _Counts() for name in sites}
    for document in store.documents():
        if document.source in by_source:
            by_source[document.source].add(document)
    learnt = {}
    for source, counts in by_source.items():
        known = store.repeated.of(source)
        if new := {key: text for key, text in counts.repeated().items() if key not in known}:
            store.repeated.add(source, new)
            learnt[source] = len(new)
    return learnt


class _Counts:
    """How many documents have each block. Bounded: what many have is seen early."""

    def __init__(self) -> None:
        self._documents = 0
        self._having: Counter[str] = Counter()
        self._texts: dict[str, str] = {}

    def add(self, document: Document) -> None:
        self._documents += 1
        for key, text in dict(_keyed(document)).items():
            if key in self._texts or len(self._texts) < _MOST_BLOCKS:
                self._texts.setdefault(key, text)
                self._having[key] += 1

    def repeated(self) -> dict[str, str]:
        if self._documents < _MIN_DOCUMENTS:
            return {}
        enough = max(_MIN_DOCUMENTS, _SHARE * self._documents)
        return {key: self._texts[key] for key, count in self._having.items() if count >= enough}


def _keyed(document: Document) -> Iterable[tuple[str, str]]:
    for section in document.sections:
        for line in section.text.split("\n"):
            if key := block_key(line):
                yield key, line
