"""Documents in, a generation out that nobody sees yet."""

from __future__ import annotations

import tempfile
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.analysis import build_bundle, word_forms
from indexer.engine.schema import FIELDS

if TYPE_CHECKING:
    from indexer.engine import Document, Generation, SearchIndex
    from indexer.model import Vocabulary

Step = Callable[[str, int], None]
"""Called with what is being done and how many documents it has done."""


def build_generation(
    documents: Callable[[], Iterable[Document]],
    *,
    index: SearchIndex,
    vocabulary: Vocabulary,
    step: Step,
) -> Generation:
    """Build a generation of all that `documents()` yields, and commit it.

    The documents are read twice: first for their words, which the analysis learns its lexicon
    from, then for their terms.
    """
    with tempfile.TemporaryDirectory(prefix="samsok-bundle-") as directory:
        bundle = Path(directory)
        words = count_words(_counted(documents(), "reading words", step))
        build_bundle(bundle, words=words, vocabulary=vocabulary)
        writer = index.writer(bundle=bundle)
        try:
            for document in _counted(documents(), "indexing", step):
                writer.put(document)
            step("writing the index", 0)
            return writer.commit()
        except BaseException:
            writer.rollback()
            raise


def count_words(documents: Iterable[Document]) -> Counter[str]:
    """Return every word form with the number of documents that hold it."""
    words: Counter[str] = Counter()
    for document in documents:
        words.update({form for read in FIELDS.values() for form in word_forms(read(document))})
    return words


def _counted(documents: Iterable[Document], what: str, step: Step) -> Iterable[Document]:
    for number, document in enumerate(documents):
        step(what, number)
        yield document
