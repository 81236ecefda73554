"""What a backend must do, and all it must do.

`tests/conformance` holds every backend to these promises. Suggestions, similar documents,
people and changes are written once over them, not once per backend. A backend gets terms,
never text to analyse, and a tree, never a query string.
"""

from __future__ import annotations

import abc
import re
from functools import cached_property
from typing import TYPE_CHECKING, Self

from indexer.engine.suggesting import SUGGESTIONS, Suggester

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence
    from pathlib import Path
    from types import TracebackType

    from indexer.analysis import Analyzer
    from indexer.engine.query import Query
    from indexer.engine.results import ClusterHealth, Generation, SearchResults
    from indexer.engine.suggesting import Completion
    from indexer.model import Document


_NOTE = re.compile("[a-z]{1,64}")


def checked_note(name: str) -> str:
    """Return the name of a note as it is, or raise ValueError where it cannot be one."""
    if not _NOTE.fullmatch(name):
        raise ValueError(f"{name!r} is no name of a note: a-z alone")
    return name


class Searcher(abc.ABC):
    """One generation, opened for reading: nothing written later changes its answers.

    Safe to use from several threads. `analyzer` is the analysis that the generation was built
    with; queries must be analysed with it. `bundle` is the directory of the files that were given
    to the writer, on this machine, and `hidden` are the ids of the documents that are suppressed.
    """

    generation: Generation
    analyzer: Analyzer
    bundle: Path
    hidden: frozenset[str]

    @abc.abstractmethod
    def search(self, query: Query) -> SearchResults:
        """Return the documents that match `query`, best first.

        Documents that rank alike are ordered by id, so that pages never overlap. Sorting by
        date puts documents without one last.
        """

    @abc.abstractmethod
    def get(self, document_id: str) -> Document | None:
        """Return a document, or None when it is not here or suppressed."""

    @abc.abstractmethod
    def scan(self) -> Iterator[Document]:
        """Yield every document that is not suppressed, ordered by id."""

    @abc.abstractmethod
    def close(self) -> None:
        """Let go of files and connections. Closing twice is no error."""

    def suggest(self, text: str, *, limit: int = 8) -> tuple[Completion, ...]:
        """Return what `text`, as far as it is typed, may become; see `Suggester.suggest`.

        Nothing where the generation was built without suggestions.

        Raises:
            IndexDamaged: If the suggestions are not those that were written.
        """
        suggester = self._suggester
        return suggester.suggest(text, limit=limit, hidden=self.hidden) if suggester else ()

    def names_somebody(self, words: Sequence[str]) -> bool:
        """Tell whether lower-case, folded `words` name a person; see `Suggester.names_somebody`.

        They may where the generation was built without suggestions: then nobody can tell.

        Raises:
            IndexDamaged: If the suggestions are not those that were written.
        """
        suggester = self._suggester
        return suggester is None or suggester.names_somebody(words)

    @cached_property
    def _suggester(self) -> Suggester | None:
        directory = self.bundle / SUGGESTIONS
        return Suggester(directory) if directory.is_dir() else None

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()


class IndexWriter(abc.ABC):
    """The one writer of an index: it builds a generation that nobody sees until it is published.

    Leaving the ``with`` block commits; leaving it by an exception rolls back.
    """

    @abc.abstractmethod
    def put(self, document: Document) -> None:
        """Add `document`, replacing any with the same id."""

    @abc.abstractmethod
    def delete(self, document_id: str) -> None:
        """Remove a document; one that is not there is no error."""

    @abc.abstractmethod
    def commit(self) -> Generation:
        """Make the generation durable and return it; the writer is then closed.

        Everything is on disk (or acknowledged by the cluster) when this returns.
        """

    @abc.abstractmethod
    def rollback(self) -> None:
        """Forget everything; the writer is then closed. Rolling back twice is no error."""

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        exc_type: type[BaseException] | None,
        exc: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        if exc_type is None:
            self.commit()
        else:
            self.rollback()


class SearchIndex(abc.ABC):
    """A search index: generations, of which one is in service."""

    @abc.abstractmethod
    def searcher(self, generation: str | None = None) -> Searcher:
        """Open the generation in service, or the one named.

        Raises:
            IndexMissing: If nothing has been published.
            GenerationUnknown: If no generation has that name.
            IndexDamaged: If its files are incomplete or of another version.
        """

    @abc.abstractmethod
    def writer(self, *, bundle: Path, base: str | None = None) -> IndexWriter:
        """Start a generation, empty or with the documents of `base`.

        `bundle` is the directory of an analysis bundle (`indexer.analysis.build_bundle`) and of
        whatever else belongs to the generation, such as its suggestions: these files become part
        of it, and terms are made with the analysis. With `base` that must be the same analysis.

        Raises:
            IndexLocked: If another writer is open.
            GenerationUnknown: If there is no generation `base`.
        """

    @abc.abstractmethod
    def generations(self) -> tuple[Generation, ...]:
        """Return the committed generations, oldest first.

        One that is damaged is left out; opening it says what is wrong.
        """

    @abc.abstractmethod
    def verify(self, generation: str) -> tuple[str, ...]:
        """Read all of a generation; return what is wrong with it, and nothing when it is whole.

        Takes as long as reading its files does; opening one looks at much less.

        Raises:
            GenerationUnknown: If no generation has that name.
        """

    @abc.abstractmethod
    def current(self) -> str | None:
        """Return the name of the generation in service; cheap enough to ask every second."""

    @abc.abstractmethod
    def publish(self, generation: str) -> None:
        """Put a generation into service, atomically; an older one again is a rollback.

        Raises:
            GenerationUnknown: If no generation has that name.
        """

    @abc.abstractmethod
    def prune(self, *, keep: int) -> tuple[str, ...]:
        """Delete generations that nobody will go back to; name the deleted.

        Kept are the one in service and those before it, `keep` in all, and the newest that is
        newer: it waits to be published, and takes the place of none that served. A searcher
        that is open on a deleted one goes on answering.
        """

    def erase(self, *, keep: int) -> tuple[str, ...]:
        """Prune what holds something that was forgotten: when this returns, nothing is left of it.

        Nor of what was pruned before. A search that still runs on one may end with
        `GenerationUnknown`.
        """
        return self.prune(keep=keep)

    @abc.abstractmethod
    def suppress(self, document_ids: frozenset[str]) -> None:
        """Hide exactly these documents from searchers opened from now on."""

    @abc.abstractmethod
    def suppressed(self) -> frozenset[str]:
        """Return the ids of the hidden documents; cheap enough to ask every second."""

    @abc.abstractmethod
    def put_note(self, name: str, data: bytes) -> None:
        """Keep a small note beside the generations, in place of any of that name, at once.

        `name` is of a-z alone. Notes belong to no generation: no publish, rollback or prune
        touches them. A reader sees the old one or the new, never a mixture.

        Raises:
            ValueError: If that is no name of a note.
        """

    @abc.abstractmethod
    def note(self, name: str) -> bytes | None:
        """Return a note as it was put, or None where there is none of that name.

        Raises:
            ValueError: If that is no name of a note.
            IndexDamaged: If it cannot be read.
        """

    def health(self) -> ClusterHealth | None:
        """Return how the cluster is that keeps the index; None where this machine does.

        Raises:
            IndexUnreachable: If it does not answer.
        """
        return None
