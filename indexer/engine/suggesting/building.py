"""Builds what the search box completes to, while documents are read once from first to last."""

from __future__ import annotations

from array import array
from collections import Counter, defaultdict
from functools import cache
from typing import TYPE_CHECKING, Self

import numpy as np

from indexer.analysis.folding import fold
from indexer.analysis.wordlists import university_names
from indexer.engine.suggesting import files
from indexer.engine.suggesting.kinds import AREA, PARTNER, PERSON, PHRASE, TITLE
from indexer.engine.suggesting.phrases import PhraseFinder
from indexer.engine.suggesting.rows import Numbers, Rows, first_of_each
from indexer.engine.suggesting.wording import Words, key, shown, tokens
from indexer.model import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping
    from pathlib import Path

    from indexer.engine.suggesting.files import Array
    from indexer.model import Document

LONGEST_OPENING = 128
"""Characters of a text that can be typed from its beginning."""

# A use is an entry, a document and a kind in one number, so that sorting numbers sorts uses.
_KIND_BITS = 3
_DOCUMENT_BITS = 32
_LOW_BITS = _KIND_BITS + _DOCUMENT_BITS
_KIND = (1 << _KIND_BITS) - 1
_DOCUMENT = (1 << _DOCUMENT_BITS) - 1
_LOW = (1 << _LOW_BITS) - 1


def _unseen(_what: str, _done: int) -> None:
    """Take a step that nobody watches."""


def write_suggestions(
    directory: Path,
    documents: Iterable[Document],
    *,
    vocabulary: Vocabulary | None = None,
    step: Callable[[str, int], None] = _unseen,
) -> None:
    """Write the completions of `documents` into `directory`; see `SuggestionBuilder`.

    `step` is called with what is being done and how many documents it has done.
    """
    with SuggestionBuilder(vocabulary=vocabulary) as builder:
        for number, document in enumerate(documents):
            step("reading suggestions", number)
            builder.add(document)
        step("writing suggestions", 0)
        builder.write(directory)


class SuggestionBuilder:
    """Takes each document of an index once, then writes what the search box completes to.

    Holds a temporary file of four bytes a word: use it in a ``with`` block.
    """

    def __init__(self, *, vocabulary: Vocabulary | None = None) -> None:
        self._vocabulary = vocabulary or Vocabulary()
        self._words = Words()
        self._phrases = PhraseFinder()
        self._ids: list[str] = []
        self._urls: list[str] = []
        self._entries: dict[str, int] = {}
        self._uses = array("q")
        self._forms: Counter[tuple[int, int, str]] = Counter()
        self._canonical = {
            kind: {
                key(self._words.of(name)): concept.name
                for concept in concepts
                for name in (*concept.aliases, concept.name)
            }
            for kind, concepts in (
                (PARTNER, self._vocabulary.partners),
                (AREA, self._vocabulary.areas),
            )
        }

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()

    def close(self) -> None:
        """Give the temporary file up. Closing twice is no error."""
        self._phrases.close()

    def add(self, document: Document) -> None:
        """Take a document; no other may have its id."""
        number = len(self._ids)
        self._ids.append(document.id)
        self._urls.append(document.url)
        for kind, texts in _named(document):
            for text in texts:
                self._use(text, kind, number)
        self._phrases.add(_texts(document))

    def write(self, directory: Path) -> None:
        """Write into `directory`, which is made if need be. The same documents, the same bytes."""
        documents = sorted(range(len(self._ids)), key=lambda number: self._ids[number].encode())
        uses = self._all_uses(documents)
        counts = uses.counts
        texts = self._texts()
        # From here on an entry's number is its rank: what comes first is better.
        sized = sorted(range(len(texts)), key=lambda entry: (len(texts[entry]), texts[entry]))
        size = np.empty(len(texts), np.int64)
        size[sized] = np.arange(len(texts))
        order = np.lexsort((size, -counts))
        uses = uses.take(order)
        ranked = [texts[entry] for entry in order.tolist()]
        files.write(
            directory,
            {
                **files.text_arrays("text", ranked),
                "count": counts[order].astype(np.uint32),
                "kind": _lowest_kinds(uses).astype(np.uint8),
                "size": size[order].astype(np.uint32),
                "use_starts": uses.starts,
                "use_document": (uses.values >> _KIND_BITS).astype(np.uint32),
                "use_kind": (uses.values & _KIND).astype(np.uint8),
                **self._lookups(ranked),
                **files.text_arrays("id", (self._ids[number] for number in documents)),
                **files.text_arrays("url", (self._urls[number] for number in documents)),
            },
        )

    def _use(self, text: str, kind: int, document: int) -> None:
        known = key(self._words.of(text))
        canonical = self._canonical.get(kind, {}).get(known)
        if canonical:
            text, known = canonical, key(self._words.of(canonical))
        if known:
            entry = self._entries.setdefault(known, len(self._entries))
            self._uses.append((entry << _DOCUMENT_BITS | document) << _KIND_BITS | kind)
            self._forms[entry, kind, shown(text)] += 1

    def _all_uses(self, order: list[int]) -> Rows:
        """Return for each entry its documents in order, each with the entry's first kind in it.

        `order` are the documents in the order of their ids, which is how they are numbered.
        """
        phrases = self._phrases.phrases()
        entries = np.zeros(len(phrases.texts), np.int64)
        for number, text in enumerate(phrases.texts):
            known = key(self._words.of(text))
            entry = self._entries.setdefault(known, len(self._entries))
            entries[number] = entry
            self._forms[entry, PHRASE, text] += 1
        named = np.array(self._uses, np.int64)
        owner, document, kind = (
            np.concatenate(pair)
            for pair in (
                (named >> _LOW_BITS, entries[phrases.documents.owners]),
                (named >> _KIND_BITS & _DOCUMENT, phrases.documents.values),
                (named & _KIND, np.full(len(phrases.documents.values), PHRASE)),
            )
        )
        place = np.empty(len(order), np.int64)
        place[order] = np.arange(len(order))
        uses = np.sort(owner << _LOW_BITS | place[document] << _KIND_BITS | kind)
        uses = uses[first_of_each(uses >> _KIND_BITS)]
        return Rows.of(uses >> _LOW_BITS, uses & _LOW, rows=len(self._entries))

    def _texts(self) -> list[str]:
        """Return the text of each entry: of its first kind, the one that most documents write."""
        best: dict[int, tuple[int, int, str]] = {}
        for (entry, kind, text), count in self._forms.items():
            candidate = (kind, -count, text)
            if entry not in best or candidate < best[entry]:
                best[entry] = candidate
        return [best[entry][2] for entry in range(len(self._entries))]

    def _lookups(self, texts: list[str]) -> dict[str, Array]:
        """Return what finds entries: by any of their words, and by how they or an alias begin."""
        aliases, fold_once = self._aliases(), cache(fold)
        folded: defaultdict[str, list[int]] = defaultdict(list)
        spelt: defaultdict[str, list[int]] = defaultdict(list)
        openings: list[tuple[bytes, int]] = []
        for entry, text in enumerate(texts):
            own = self._words.of(text)
            ways = [own, *map(self._words.of, aliases.get(key(own), ()))]
            words = set().union(*map(tokens, ways))
            for word in {fold_once(word) for word in words}:
                folded[word].append(entry)
            for word in words:
                if word != fold_once(word):
                    spelt[word].append(entry)
            begun = {fold(key(way))[:LONGEST_OPENING] for way in ways}
            openings += [(opening.encode(), entry) for opening in begun]
        openings.sort()
        return {
            **_word_arrays("word", folded),
            **_word_arrays("spelt", spelt),
            **files.text_arrays("opening", (opening.decode() for opening, _ in openings)),
            "opening_entry": np.asarray([entry for _, entry in openings], np.uint32),
        }

    def _aliases(self) -> dict[str, list[str]]:
        """Return the other names of the vocabulary, by the key of the one that is shown."""
        aliases: dict[str, list[str]] = {}
        for concept in (*self._vocabulary.partners, *self._vocabulary.areas):
            aliases.setdefault(key(self._words.of(concept.name)), []).extend(concept.aliases)
        for abbreviation, expansions in self._vocabulary.abbreviations.items():
            for expansion in expansions:
                aliases.setdefault(key(self._words.of(expansion)), []).append(abbreviation)
        return aliases


def _named(document: Document) -> Iterator[tuple[int, Iterable[str]]]:
    yield TITLE, (document.title,)
    yield PARTNER, document.partners
    yield AREA, document.areas
    yield PERSON, (person.name for person in document.persons)
    # A work may be written by an organisation; a name of one word is no person's.
    organisations = {*document.organisations, *university_names()}
    yield (
        PERSON,
        (name for name in document.authors if name not in organisations and len(name.split()) > 1),
    )


def _texts(document: Document) -> Iterator[str]:
    yield document.title
    yield from (section.heading for section in document.sections)
    yield from (section.text for section in document.sections)


def _word_arrays(name: str, entries: Mapping[str, list[int]]) -> dict[str, Array]:
    words = sorted(entries, key=str.encode)
    return {
        **files.text_arrays(name, words),
        f"{name}_entry_starts": np.cumsum([0, *(len(entries[word]) for word in words)]),
        f"{name}_entry": np.asarray(
            [entry for word in words for entry in entries[word]], np.uint32
        ),
    }


def _lowest_kinds(uses: Rows) -> Numbers:
    if not len(uses.values):
        return np.zeros(0, np.int64)
    return np.minimum.reduceat(uses.values & _KIND, uses.starts[:-1])
