"""Documents in, a generation out that nobody sees yet."""

from __future__ import annotations

import shutil
import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.analysis import build_bundle, word_forms
from indexer.engine.durable import disk_errors
from indexer.engine.schema import FIELDS
from indexer.engine.suggesting import SUGGESTIONS, SuggestionBuilder

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.engine import Document, Generation, SearchIndex
    from indexer.model import Vocabulary

Step = Callable[[str, int], None]
"""Called with what is being done and how many documents it has done."""

BUNDLE_PREFIX = "samsok-bundle-"
"""What the folder is called in which a bundle is prepared."""


def build_generation(
    documents: Callable[[], Iterable[Document]],
    *,
    index: SearchIndex,
    vocabulary: Vocabulary,
    step: Step,
    workspace: Path | None = None,
) -> Generation:
    """Build a generation of all that `documents()` yields, and commit it.

    The documents are read twice: first for their words, which the analysis learns its lexicon
    from, then for their terms. The analysis bundle is prepared in `workspace`, a directory that
    only one build at a time may have, or in the one that the system has for such things.

    Raises:
        IndexLocked: If another process is building.
        IndexUnwritable: If the disk does not take it.
    """
    with disk_errors(workspace or Path(tempfile.gettempdir())), _folder(workspace) as bundle:
        _prepare(bundle, _counted(documents(), "reading words", step), vocabulary)
        writer = index.writer(bundle=bundle)
        try:
            for document in _counted(documents(), "indexing", step):
                writer.put(document)
            step("writing the index", 0)
            return writer.commit()
        except BaseException:
            writer.rollback()
            raise


@contextmanager
def _folder(workspace: Path | None) -> Iterator[Path]:
    """Make a folder for the length of a build, and sweep those of builds that were killed."""
    for rest in workspace.glob(f"{BUNDLE_PREFIX}*") if workspace else ():
        shutil.rmtree(rest, ignore_errors=True)
    with tempfile.TemporaryDirectory(prefix=BUNDLE_PREFIX, dir=workspace) as folder:
        yield Path(folder)


def _prepare(bundle: Path, documents: Iterable[Document], vocabulary: Vocabulary) -> None:
    """Write what is made of all documents together: the analysis and the suggestions."""
    words: Counter[str] = Counter()
    with SuggestionBuilder(vocabulary=vocabulary) as suggestions:
        for document in documents:
            words.update(words_of(document))
            suggestions.add(document)
        build_bundle(bundle, words=words, vocabulary=vocabulary)
        suggestions.write(bundle / SUGGESTIONS)


def words_of(document: Document) -> set[str]:
    """Return the word forms that a document holds."""
    return {form for read in FIELDS.values() for form in word_forms(read(document))}


def _counted(documents: Iterable[Document], what: str, step: Step) -> Iterable[Document]:
    for number, document in enumerate(documents):
        step(what, number)
        yield document
