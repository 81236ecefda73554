"""The index beyond one machine: generations as indices of an OpenSearch cluster.

`opensearch-py` is an extra (``pip install 'samsok[opensearch]'``) and is loaded only when a
cluster is talked to.
"""

from indexer.engine.opensearch_backend.index import OpenSearchIndex
from indexer.engine.opensearch_backend.settings import ClusterSettings

__all__ = ["ClusterSettings", "OpenSearchIndex"]
