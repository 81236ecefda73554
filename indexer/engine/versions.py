"""Whether a generation is one that would be built now."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.analysis import bundle
from indexer.engine import schema

if TYPE_CHECKING:
    from indexer.engine.results import Generation

RENEWED = "built by an older version; still served; the next `samsok reindex` renews it"
"""What is said of a generation that is not."""


def recipe() -> str:
    """Name the versions that generations are built by."""
    return f"{schema.VERSION}.{bundle.VERSION}"


def is_older(generation: Generation) -> bool:
    """Tell whether a generation was built by other versions than one that would be built now."""
    analysis = generation.analysis or bundle.VERSION
    return f"{generation.version}.{analysis}" != recipe()
