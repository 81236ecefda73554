"""The backend that the configuration names."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from indexer.engine.opensearch_backend import ClusterSettings, OpenSearchIndex
from indexer.engine.whoosh_backend import WhooshIndex

if TYPE_CHECKING:
    from collections.abc import Mapping
    from pathlib import Path

    from indexer.engine.ports import SearchIndex


def open_index(settings: Mapping[str, Any] | str, directory: Path) -> SearchIndex:
    """Return the index that `settings` describe; it need not exist yet.

    They are the block `index` of the configuration as plain values; a name alone is that of the
    backend. Whoosh keeps its generations in `directory`; with OpenSearch they are in the cluster,
    and what this machine fetches of them is kept in a folder of it.

    Raises:
        ValueError: If there is no backend of that name, or a setting that it needs is missing.
    """
    values = {"backend": settings} if isinstance(settings, str) else settings
    match values["backend"]:
        case "whoosh":
            return WhooshIndex(directory)
        case "opensearch":
            return OpenSearchIndex(ClusterSettings.of(values), cache=directory / "bundles")
        case unknown:
            raise ValueError(f"no backend {unknown!r}; there is: whoosh, opensearch")
