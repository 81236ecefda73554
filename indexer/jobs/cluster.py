"""What is to be said of the cluster that keeps the index, where one does."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from indexer.engine import ClusterHealth


def told(health: ClusterHealth) -> str:
    """Return how a cluster is, in a line."""
    disk = "" if health.fullest_disk is None else f", fullest disk {health.fullest_disk:g} %"
    nodes = "1 node" if health.nodes == 1 else f"{health.nodes} nodes"
    return f"{health.state}, {nodes}, OpenSearch {health.version}{disk}"


def is_nearly_full(health: ClusterHealth) -> bool:
    """Tell whether a disk is so full that the cluster puts nothing more on its node."""
    low = health.watermarks[0]
    if health.fullest_disk is None or not low.endswith("%"):
        return False
    return health.fullest_disk >= float(low[:-1])
