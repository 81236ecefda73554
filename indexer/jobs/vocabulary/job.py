"""Proposals for the vocabulary of a configuration, from its store."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.jobs.stores import harvested
from indexer.jobs.vocabulary.site_names import site_names
from indexer.jobs.vocabulary.suggest import suggest

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator

    from indexer.config import Config
    from indexer.jobs.vocabulary.proposal import Proposal
    from indexer.model import Document


def suggestions(config: Config, sources: Collection[str] | None = None) -> list[Proposal] | None:
    """Return what the harvested pages have and the vocabulary has not, the best founded first.

    Of `sources`, or of all. No request is sent and nothing is written. None if nothing has been
    harvested yet.

    Raises:
        StoreError: If the store cannot be read.
    """
    with harvested(config) as store:
        if store is None:
            return None

        def harvest() -> Iterator[Document]:
            for document in store.documents():
                if sources is None or document.source in sources:
                    yield document

        own = set().union(*(site_names(store.stores, source.name) for source in config.sources))
        return suggest(harvest, config.vocabulary, site_names=own)
