"""A real OpenSearch cluster, where one is running; `scripts/opensearch-cluster start` starts it."""

from __future__ import annotations

import os
import uuid
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from indexer.engine.opensearch_backend import ClusterSettings, OpenSearchIndex

VARIABLE = "SAMSOK_OPENSEARCH"
"""The environment variable that names the nodes, separated by commas."""


def urls() -> tuple[str, ...]:
    """Return the nodes of the cluster; without one the test is skipped."""
    named = os.environ.get(VARIABLE)
    if not named:
        pytest.skip(f"{VARIABLE} names no cluster (scripts/opensearch-cluster start)")
    return tuple(named.split(","))


@contextmanager
def opened(
    cache: Path, *, shards: int = 1, replicas: int = 0, timeout_s: float = 30.0
) -> Iterator[OpenSearchIndex]:
    """Open an index of its own in the cluster, and delete all of it afterwards."""
    settings = ClusterSettings(
        urls=urls(),
        prefix=f"test-{uuid.uuid4().hex[:12]}",
        shards=shards,
        replicas=replicas,
        timeout_s=timeout_s,
    )
    index = OpenSearchIndex(settings, cache=cache)
    with deleted(index):
        yield index


@contextmanager
def deleted(index: OpenSearchIndex) -> Iterator[None]:
    """Delete an index after the block, with all that lies under its prefix."""
    try:
        yield
    finally:
        index.cluster.ask("DELETE", f"/{index.cluster.settings.prefix}-*")
        index.cluster.close()
