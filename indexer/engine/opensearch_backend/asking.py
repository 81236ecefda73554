"""Asks all shards of a generation, and once more where a node dies while it answers."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING, Any

from indexer.engine.opensearch_backend.cluster import Refused

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.engine.opensearch_backend.cluster import Cluster

SHARD_FAILED = "search_phase_execution_exception"
"""What a cluster calls it when a shard did not answer."""

_NODE_FAILED = 500
"""Its status when a node died. With 503 the client asks again by itself; with 429 nobody should."""

_PAUSE_S = 0.2


def ask_every_shard(cluster: Cluster, index: str, body: Mapping[str, Any]) -> Any:
    """Return the answer of every shard to a search; an answer of some is none.

    A shard whose node has just died is asked once more: by itself the cluster turns to another
    copy only in the first phase of a search, and this kind has three.

    Raises:
        IndexUnreachable: If no node answers in time.
        Refused: If a shard fails twice, or the search is wrong.
    """
    try:
        return _ask(cluster, index, body)
    except Refused as error:
        if error.kind != SHARD_FAILED or error.status != _NODE_FAILED:
            raise
    time.sleep(_PAUSE_S)
    return _ask(cluster, index, body)


def _ask(cluster: Cluster, index: str, body: Mapping[str, Any]) -> Any:
    return cluster.ask(
        "POST",
        f"/{index}/_search",
        body,
        # Scores as if the index were one: the shards first tell how common terms are.
        search_type="dfs_query_then_fetch",
        allow_partial_search_results=False,
    )
