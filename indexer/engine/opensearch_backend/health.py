"""How the cluster is: its state, its nodes, its version and its disks."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.engine.opensearch_backend.generations import QUICK_S
from indexer.engine.results import ClusterHealth

if TYPE_CHECKING:
    from indexer.engine.opensearch_backend.cluster import Cluster

_WATERMARK = "cluster.routing.allocation.disk.watermark."
_STAGES = ("low", "high", "flood_stage")


def health(cluster: Cluster) -> ClusterHealth:
    """Ask the cluster how it is."""
    told = cluster.ask("GET", "/_cluster/health", timeout_s=QUICK_S)
    disks = cluster.ask("GET", "/_cat/allocation", timeout_s=QUICK_S, format="json")
    settings = cluster.ask(
        "GET",
        "/_cluster/settings",
        timeout_s=QUICK_S,
        include_defaults=True,
        flat_settings=True,
    )
    said = settings["defaults"] | settings["persistent"] | settings["transient"]
    low, high, flood = (str(said.get(f"{_WATERMARK}{stage}", "?")) for stage in _STAGES)
    shares = [float(disk["disk.percent"]) for disk in disks if disk.get("disk.percent")]
    return ClusterHealth(
        state=told["status"],
        nodes=told["number_of_nodes"],
        version=cluster.ask("GET", "/", timeout_s=QUICK_S)["version"]["number"],
        fullest_disk=max(shares, default=None),
        watermarks=(low, high, flood),
    )
