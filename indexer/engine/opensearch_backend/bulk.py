"""Writes documents in bounded batches, as fast as the cluster takes them and no faster."""

from __future__ import annotations

import random
import time
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TYPE_CHECKING, Any

import orjson

from indexer.engine.opensearch_backend.cluster import (
    BUSY,
    READ_ONLY,
    SHUT_OUT,
    Refused,
)
from indexer.errors import IndexUnwritable

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping, Sequence

    from indexer.engine.opensearch_backend.cluster import Cluster

MOST_BYTES = 5_000_000
MOST_ACTIONS = 500
"""A batch is sent when it has grown to one of these."""

ATTEMPTS = 10
_FIRST_PAUSE_S, _LONGEST_PAUSE_S = 0.25, 30.0
_TIMEOUT_S = 120.0

Action = tuple[bytes, ...]


class BulkWriter:
    """Sends batches one after another, in order, while the next one is made.

    Whoever adds waits while two batches are under way: that is the back-pressure. What the cluster
    is too busy for is sent again, after a pause that doubles.
    """

    def __init__(
        self, cluster: Cluster, index: str, *, sleep: Callable[[float], None] = time.sleep
    ) -> None:
        self._cluster = cluster
        self._index = index
        self._sleep = sleep
        self._batch: list[Action] = []
        self._bytes = 0
        self._sender = ThreadPoolExecutor(max_workers=1, thread_name_prefix="bulk")
        self._sending: Future[None] | None = None

    def put(self, document_id: str, body: Mapping[str, Any]) -> None:
        """Add a document, in place of any with its id.

        Raises:
            IndexUnwritable: If an earlier batch was not taken.
        """
        action = orjson.dumps({"index": {"_id": document_id}})
        self._add((action, orjson.dumps(body)))

    def delete(self, document_id: str) -> None:
        """Delete a document; one that is not there is no error."""
        self._add((orjson.dumps({"delete": {"_id": document_id}}),))

    def flush(self) -> None:
        """Send what is left, and wait until everything is acknowledged."""
        self._send()
        self._wait()

    def close(self) -> None:
        """Send nothing more; what is under way is waited for."""
        self._batch = []
        self._sender.shutdown(wait=True, cancel_futures=True)

    def _add(self, action: Action) -> None:
        self._batch.append(action)
        self._bytes += sum(map(len, action))
        if self._bytes >= MOST_BYTES or len(self._batch) >= MOST_ACTIONS:
            self._send()

    def _send(self) -> None:
        batch, self._batch, self._bytes = self._batch, [], 0
        self._wait()
        if batch:
            self._sending = self._sender.submit(self._deliver, batch)

    def _wait(self) -> None:
        sending, self._sending = self._sending, None
        if sending is not None:
            sending.result()

    def _deliver(self, batch: list[Action]) -> None:
        pause, why = _FIRST_PAUSE_S, ""
        for _ in range(ATTEMPTS):
            batch, why = self._try(batch)
            if not batch:
                return
            self._sleep(pause * random.uniform(0.5, 1.0))  # noqa: S311 - so that writers part ways
            pause = min(2 * pause, _LONGEST_PAUSE_S)
        raise IndexUnwritable(
            f"the cluster did not take {len(batch)} documents in {ATTEMPTS} attempts ({why}); "
            "it has too much to do or a node is gone: look at its health (`samsok doctor`), then "
            "run again. What is in service goes on serving."
        )

    def _try(self, batch: list[Action]) -> tuple[list[Action], str]:
        """Send a batch; return what of it is to be sent again, and why."""
        lines = b"\n".join(line for action in batch for line in action) + b"\n"
        try:
            answer = self._cluster.ask(
                "POST",
                f"/{self._index}/_bulk",
                lines.decode(),
                timeout_s=_TIMEOUT_S,
                # For a shard whose node has just gone: we come again by ourselves.
                timeout="5s",
            )
        except Refused as error:
            if error.is_busy:
                return batch, str(error)
            raise
        if not answer["errors"]:
            return [], ""
        return self._left(batch, answer["items"])

    def _left(
        self, batch: Sequence[Action], items: Sequence[Mapping[str, Any]]
    ) -> tuple[list[Action], str]:
        again: list[Action] = []
        why = ""
        for action, item in zip(batch, items, strict=True):
            (result,) = item.values()
            error = result.get("error")
            if not error:
                continue
            why = f"{result['status']} {error.get('type')}: {str(error.get('reason'))[:300]}"
            if error.get("type") == "cluster_block_exception":
                raise IndexUnwritable(READ_ONLY)
            if result["status"] in SHUT_OUT:
                raise self._cluster.shut_out(result["status"])
            if result["status"] not in BUSY:
                raise IndexUnwritable(
                    f"the cluster refuses the document {result.get('_id')}: {why}. "
                    "What is in service goes on serving."
                )
            again.append(action)
        return again, why
