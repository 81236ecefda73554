"""Which documents are copies of others: known only when all are there.

As `indexer.engine.preference`: of copies, the one changed last is preferred, then the one with
the lowest id. A document says when it is put what it has in common with its copies (`same`), and
whether it is one (`copy`); those for which that is wrong are put again.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, NamedTuple

from indexer.engine import schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.engine.opensearch_backend.cluster import Cluster
    from indexer.model import Document

_ROWS = 10_000
_DOCUMENTS = 500
_LONG_S = 300.0


class _Row(NamedTuple):
    id: str
    same: str
    latest: int
    copy: bool


def misjudged(cluster: Cluster, index: str) -> Iterator[tuple[Document, bool]]:
    """Yield each document that is wrongly said to be a copy or not to be, and whether it is."""
    wrong = {row.id: is_copy for row, is_copy in _judged(cluster, index) if row.copy != is_copy}
    ids = sorted(wrong)
    for begin in range(0, len(ids), _DOCUMENTS):
        some = ids[begin : begin + _DOCUMENTS]
        body = {"query": {"terms": {"id": some}}, "size": len(some), "_source": ["document"]}
        answer = cluster.ask("POST", f"/{index}/_search", body, timeout_s=_LONG_S)
        for hit in answer["hits"]["hits"]:
            yield schema.load(hit["_source"]["document"].encode()), wrong[hit["_id"]]


def _judged(cluster: Cluster, index: str) -> Iterator[tuple[_Row, bool]]:
    """Yield every document that has copies, or is said to be one, and whether it is."""
    group: list[_Row] = []
    for row in _rows(cluster, index):
        if group and group[0].same != row.same:
            yield from _judge(group)
            group = []
        group.append(row)
    yield from _judge(group)


def _judge(group: Sequence[_Row]) -> Iterator[tuple[_Row, bool]]:
    best = min(group, key=lambda row: (-row.latest, row.id), default=None)
    for row in group:
        yield row, row is not best


def _rows(cluster: Cluster, index: str) -> Iterator[_Row]:
    """Yield the rows of documents that can have copies, those in common together."""
    after: list[Any] | None = None
    while True:
        body: dict[str, Any] = {
            "query": {"exists": {"field": "same"}},
            "sort": [{"same": "asc"}, {"id": "asc"}],
            "size": _ROWS,
            "_source": False,
            "docvalue_fields": ["latest", "copy"],
        }
        if after:
            body["search_after"] = after
        answer = cluster.ask(
            "POST",
            f"/{index}/_search",
            body,
            timeout_s=_LONG_S,
            allow_partial_search_results=False,
        )
        hits = answer["hits"]["hits"]
        for hit in hits:
            held = hit.get("fields", {})
            same, document_id = hit["sort"]
            yield _Row(document_id, same, held.get("latest", [0])[0], bool(held.get("copy")))
        if len(hits) < _ROWS:
            return
        after = hits[-1]["sort"]
