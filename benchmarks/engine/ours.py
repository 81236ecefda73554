"""Samsök as the benchmarks use it: through the doors that the product uses."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.engine import SearchIndex, open_index
from indexer.jobs.indexing import GenerationBuilder
from indexer.model import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence
    from pathlib import Path

    from indexer.engine import Document


def built(directory: Path, documents: Sequence[Document]) -> SearchIndex:
    """Return an index with one generation of `documents`, in service."""
    index = open_index("whoosh", directory)
    generation = GenerationBuilder(index, vocabulary=Vocabulary()).build(lambda: documents)
    index.publish(generation.name)
    return index
