"""Which of many names a text has, whatever their inflection, in one pass over its words."""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING, Generic, TypeVar

from indexer.jobs.vocabulary.wording import Key, key

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.model import Document

Named = TypeVar("Named")

_IN_CAPITALS = re.compile(r"(?<![\w-])[A-ZÅÄÖ\d]{2,}(?!\w)")


class TextNames(Generic[Named]):
    """Names, and whose they are. One in capitals is found in capitals: NU is not "nu"."""

    def __init__(self, names: Mapping[str, Named]) -> None:
        self._in_capitals = {name: whose for name, whose in names.items() if name.isupper()}
        self._names: dict[Key, Named] = {
            key(name): whose for name, whose in names.items() if not name.isupper() and key(name)
        }
        self._lengths: dict[str, set[int]] = defaultdict(set)
        for words in self._names:
            self._lengths[words[0]].add(len(words))

    def in_text(self, document: Document) -> set[Named]:
        """Return whose names the headings and the text of a document have."""
        found: set[Named] = set()
        for section in document.sections:
            for line in (section.heading, *section.text.split("\n")):
                self._in_line(key(line), found)
                capitals = set(_IN_CAPITALS.findall(line)) & self._in_capitals.keys()
                found.update(self._in_capitals[name] for name in capitals)
        return found

    def _in_line(self, words: Key, found: set[Named]) -> None:
        for at, word in enumerate(words):
            for length in self._lengths.get(word, ()):
                whose = self._names.get(words[at : at + length])
                if whose is not None:
                    found.add(whose)
