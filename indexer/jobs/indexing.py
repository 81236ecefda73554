"""Documents in, a generation out that nobody sees yet."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.analysis import build_bundle, copy_bundle, word_forms
from indexer.engine.durable import disk_errors, link_or_copy
from indexer.engine.schema import FIELDS
from indexer.engine.suggesting import SUGGESTIONS, SuggestionBuilder, write_suggestions

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.engine import Document, Generation, IndexWriter, Searcher, SearchIndex
    from indexer.model import Vocabulary

Step = Callable[[str, int], None]
"""Called with what is being done and how many documents it has done."""

BUNDLE_PREFIX = "samsok-bundle-"
"""What the folder is called in which a bundle is prepared."""


def _unseen(_what: str, _done: int) -> None:
    """Take a step that nobody watches."""


def _nothing(_bundle: Path) -> None:
    """Add nothing to what a generation takes along."""


class GenerationBuilder:
    """Builds generations of one index that nobody sees until they are published.

    What belongs to a generation beside its documents is prepared in `workspace`, a directory that
    only one build at a time may have, or in the one that the system has for such things.
    `accompany` is called with the folder in which everything that the generation takes along
    stands, and may add to it.
    """

    def __init__(
        self,
        index: SearchIndex,
        *,
        vocabulary: Vocabulary,
        step: Step = _unseen,
        workspace: Path | None = None,
        accompany: Callable[[Path], None] = _nothing,
    ) -> None:
        self._index = index
        self._vocabulary = vocabulary
        self._step = step
        self._workspace = workspace
        self._accompany = accompany

    def build(self, documents: Callable[[], Iterable[Document]]) -> Generation:
        """Build a generation of all that `documents()` yields, and commit it.

        The documents are read twice: first for their words, which the analysis learns its lexicon
        from, and what the search box completes to; then for their terms.

        Raises:
            IndexLocked: If another process is building.
            IndexUnwritable: If the disk does not take it.
        """
        with self._folder() as bundle, SuggestionBuilder(vocabulary=self._vocabulary) as suggest:
            words: Counter[str] = Counter()
            for document in self._counted(documents(), "reading words"):
                words.update(words_of(document))
                suggest.add(document)
            build_bundle(bundle, words=words, vocabulary=self._vocabulary)
            suggest.write(bundle / SUGGESTIONS)
            self._accompany(bundle)
            with _undone_by_errors(self._index.writer(bundle=bundle)) as writer:
                for document in self._counted(documents(), "indexing"):
                    writer.put(document)
                self._step("writing the index", 0)
                return writer.commit()

    def update(
        self,
        base: Searcher,
        changed: Iterable[tuple[str, Document | None]],
        *,
        documents: Iterable[Document],
    ) -> Generation:
        """Build a generation on another one, and commit it.

        `changed` are the ids of what became other than in `base`, with the document that it is
        now, or None where it is gone; `documents` is all there is now, for the completions.
        The analysis is that of `base`: it is renewed by `build` only.

        Raises:
            IndexLocked: If another process is building.
            IndexUnwritable: If the disk does not take it.
        """
        with self._folder() as bundle:
            copy_bundle(base.bundle, bundle, copy=link_or_copy)
            write_suggestions(
                bundle / SUGGESTIONS, documents, vocabulary=self._vocabulary, step=self._step
            )
            self._accompany(bundle)
            started = self._index.writer(bundle=bundle, base=base.generation.name)
            with _undone_by_errors(started) as writer:
                for number, (document_id, document) in enumerate(changed):
                    self._step("indexing", number)
                    if document:
                        writer.put(document)
                    else:
                        writer.delete(document_id)
                self._step("writing the index", 0)
                return writer.commit()

    @contextmanager
    def _folder(self) -> Iterator[Path]:
        """Make a folder for the length of a build, and sweep those of builds that were killed."""
        place = self._workspace
        with disk_errors(place or Path(tempfile.gettempdir())):
            for rest in place.glob(f"{BUNDLE_PREFIX}*") if place else ():
                shutil.rmtree(rest, ignore_errors=True)
            with tempfile.TemporaryDirectory(prefix=BUNDLE_PREFIX, dir=place) as folder:
                yield Path(folder)

    def _counted(self, documents: Iterable[Document], what: str) -> Iterator[Document]:
        for number, document in enumerate(documents):
            self._step(what, number)
            yield document


@contextmanager
def _undone_by_errors(writer: IndexWriter) -> Iterator[IndexWriter]:
    try:
        yield writer
    except BaseException:
        writer.rollback()
        raise


def words_of(document: Document) -> set[str]:
    """Return the word forms that a document holds."""
    return {form for read in FIELDS.values() for form in word_forms(read(document))}
