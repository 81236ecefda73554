"""Completes what is typed into the search box from what an index holds.

The words of all entries stand in order, so that those which begin as a typed word does are a
range of a table, and so are the entries that have them. An entry's number is its rank: the best
are those with the lowest numbers.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from indexer.analysis.folding import fold
from indexer.engine.suggesting import files
from indexer.engine.suggesting.kinds import KINDS, PERSON, TITLE, CompletionKind
from indexer.engine.suggesting.mixing import GROUP_OF_KIND, GROUPS, Candidate, mixed
from indexer.engine.suggesting.visible import Visible
from indexer.engine.suggesting.wording import Words, joined, key

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence
    from pathlib import Path

    from indexer.engine.suggesting.rows import Mask, Numbers

MAX_TYPED = 100
"""Characters of what is typed that are looked at."""

MAX_COMPLETIONS = 100
"""The longest list that is given."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Completion:
    """What a typed beginning may become.

    `documents` is how many documents use the text, in whatever way. Of a title, `document_id`
    and `url` are those of its page; where several pages have it, of the first by id.
    """

    text: str
    kind: CompletionKind
    documents: int
    document_id: str | None = None
    url: str | None = None


class Suggester:
    """The completions of one generation; safe to use from several threads.

    Raises:
        IndexDamaged: If the files in `directory` are not those that were written, or of another
            version.
    """

    def __init__(self, directory: Path) -> None:
        self._arrays = files.read(directory)
        self._texts = files.TextTable("text", self._arrays)
        self._tables = {
            name: files.TextTable(name, self._arrays) for name in ("word", "spelt", "opening")
        }
        self._ids = files.TextTable("id", self._arrays)
        self._urls = files.TextTable("url", self._arrays)
        self._everything = Visible(self._arrays)
        self._last: tuple[frozenset[str], Visible] = (frozenset(), self._everything)

    def suggest(
        self, text: str, *, limit: int = 8, hidden: frozenset[str] = frozenset()
    ) -> tuple[Completion, ...]:
        """Return what `text` may become, best first; never raises, whatever was typed.

        Every word of `text` must begin a word of the completion or of an alias of it; order, case
        and diacritics do not matter. `hidden` are the ids of documents to leave out, as if they
        were not there.
        """
        words = Words().of(text[:MAX_TYPED])
        limit = min(limit, MAX_COMPLETIONS)
        if not words or limit < 1:
            return ()
        folded = [tuple(map(fold, word)) for word in words]
        found = self._having(folded)
        if not found.any():
            return ()
        begun = self._begun(folded)
        tiers = [found & begun, found & ~begun]
        if folded != words:
            # Typed with diacritics: what is spelt so comes before what only sounds alike.
            spelt = self._having(words)
            tiers = [*(tier & spelt for tier in tiers), *(tier & ~spelt for tier in tiers)]
        visible = self._visible(hidden)
        candidates = (
            candidate
            for late, mask in enumerate(tiers)
            for candidate in _best(visible, np.flatnonzero(mask), limit, late=late)
        )
        return tuple(
            self._completion(candidate.entry, visible) for candidate in mixed(candidates, limit)
        )

    def names_somebody(self, words: Sequence[str]) -> bool:
        """Tell whether lower-case, folded `words` name a person of the index, hidden or not.

        Two words of one name do, and so does a word of a name where it is all there is.
        """
        held = [self._people_with(word) for word in dict.fromkeys(words)]
        if len(held) == 1:
            return len(held[0]) > 0
        people = np.concatenate(held) if held else np.zeros(0, np.int64)
        return len(np.unique(people)) < len(people)

    def _people_with(self, word: str) -> Numbers:
        """Return the entries that are names of persons and have this very word."""
        words = self._tables["word"].equal_to(word)
        starts = self._arrays["word_entry_starts"]
        entries = self._arrays["word_entry"][starts[words.start] : starts[words.stop]]
        return np.unique(entries[self._is_person[entries]])

    @cached_property
    def _is_person(self) -> Mask:
        uses = np.diff(self._arrays["use_starts"])
        owners = np.repeat(np.arange(len(uses)), uses)
        mask: Mask = np.zeros(len(uses), bool)
        mask[owners[self._arrays["use_kind"] == PERSON]] = True
        return mask

    def _having(self, words: Sequence[tuple[str, ...]]) -> Mask:
        """Mark the entries that have all `words`, in one of the ways that each may be written."""
        plain = [segment for word in words if joined(word) is None for segment in word]
        found = self._with_all(plain)
        for word in words:
            if whole := joined(word):
                found &= self._with_all(word) | self._with_all([whole])
        return found

    def _with_all(self, prefixes: Iterable[str]) -> Mask:
        """Mark the entries that have words which begin with each of `prefixes`."""
        wanted = set(prefixes)
        telling = [
            prefix
            for prefix in wanted
            if not any(other != prefix and other.startswith(prefix) for other in wanted)
        ]
        found: Mask = np.ones(len(self._texts), bool)
        for entries in sorted(map(self._with, telling), key=len):
            found &= self._mask(entries)
            if not len(entries):
                break
        return found

    def _with(self, prefix: str) -> Numbers:
        table = "word" if fold(prefix) == prefix else "spelt"
        words = self._tables[table].beginning_with(prefix)
        starts = self._arrays[f"{table}_entry_starts"]
        return self._arrays[f"{table}_entry"][starts[words.start] : starts[words.stop]]

    def _begun(self, words: Sequence[tuple[str, ...]]) -> Mask:
        """Mark the entries that begin, or have an alias that begins, with all that was typed."""
        openings = self._tables["opening"].beginning_with(key(words))
        return self._mask(self._arrays["opening_entry"][openings.start : openings.stop])

    def _mask(self, entries: Numbers) -> Mask:
        mask: Mask = np.zeros(len(self._texts), bool)
        mask[entries] = True
        return mask

    def _visible(self, hidden: frozenset[str]) -> Visible:
        if not hidden:
            return self._everything
        known, visible = self._last
        if known != hidden:
            numbers = [number for id_ in hidden for number in self._ids.equal_to(id_)]
            visible = Visible(self._arrays, hidden=numbers)
            self._last = (hidden, visible)
        return visible

    def _completion(self, entry: int, visible: Visible) -> Completion:
        kind = int(visible.kinds[entry])
        document = self._page(entry, visible) if kind == TITLE else None
        return Completion(
            text=self._texts[entry],
            kind=KINDS[kind],
            documents=int(visible.counts[entry]),
            document_id=None if document is None else self._ids[document],
            url=None if document is None else self._urls[document],
        )

    def _page(self, entry: int, visible: Visible) -> int | None:
        """Return the first document whose title the entry is."""
        starts = self._arrays["use_starts"]
        uses = slice(int(starts[entry]), int(starts[entry + 1]))
        titled = self._arrays["use_document"][uses][self._arrays["use_kind"][uses] == TITLE]
        return next((number for number in titled.tolist() if visible.shows(number)), None)


def _best(visible: Visible, entries: Numbers, limit: int, *, late: int) -> Iterator[Candidate]:
    groups = GROUP_OF_KIND[visible.kinds[entries]]
    for group in GROUPS:
        for entry in visible.best(entries[groups == group], limit).tolist():
            yield Candidate(late, visible.place(entry), entry, group)
