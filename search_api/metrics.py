"""What Prometheus may read: counted by each worker, summed up on a port of loopback alone.

The workers count into files that they share with the process that started them (the
multi-process mode of prometheus_client). No label holds anything that a client sent but the
method, and of that only GET and HEAD.
"""

from __future__ import annotations

import os
import shutil
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import falcon
from prometheus_client import CollectorRegistry, Counter, Histogram, start_http_server
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from indexer.engine import STATUS_NOTE, EngineError, SearchIndex, Upkeep

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from prometheus_client.metrics_core import Metric

FOLDER = "PROMETHEUS_MULTIPROC_DIR"
"""The environment variable in which prometheus_client finds the files that it counts into."""

HOST = "127.0.0.1"

_BUCKETS_S = (0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0)
_METHODS = frozenset({"GET", "HEAD"})


class RequestMetrics:
    """Counts requests and how long they take, by route."""

    def __init__(self) -> None:
        registry = CollectorRegistry()
        self._answered = Counter(
            "samsok_requests_total",
            "Requests answered.",
            ("route", "method", "status"),
            registry=registry,
        )
        self._seconds = Histogram(
            "samsok_request_seconds",
            "Seconds from the first line of a request to its answer.",
            ("route",),
            buckets=_BUCKETS_S,
            registry=registry,
        )

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, *_: Any
    ) -> None:
        route = req.uri_template or "-"
        method = "HEAD" if req.context.is_head else req.method
        status = falcon.http_status_to_code(resp.status)
        self._answered.labels(route, method if method in _METHODS else "-", str(status)).inc()
        self._seconds.labels(route).observe(time.perf_counter() - req.context.started)


class IndexMetrics(Collector):
    """What is in service, and how the job fares that builds it; asked for when it is read."""

    def __init__(self, index: SearchIndex) -> None:
        self._index = index

    def collect(self) -> Iterable[Metric]:
        """Yield the size and the time of the generation in service, and how it is kept.

        Nothing of the one or the other where there is none.
        """
        try:
            current = self._index.current()
            held = next((it for it in self._index.generations() if it.name == current), None)
        except EngineError:
            held = None
        if held:
            told = "Documents in the generation in service."
            yield GaugeMetricFamily("samsok_index_documents", told, held.documents)
            told = "When the generation in service was built."
            created = held.created.timestamp()
            yield GaugeMetricFamily("samsok_index_created_timestamp_seconds", told, created)
        try:
            upkeep = Upkeep.read(self._index.note(STATUS_NOTE))
        except EngineError:
            return
        for name, told, samples in upkeep.gauges() if upkeep else ():
            family = GaugeMetricFamily(name, told, labels=[*samples[0][0]] if samples else [])
            for labels, value in samples:
                family.add_metric([*labels.values()], value)
            yield family


@contextmanager
def metrics_served(port: int, index: SearchIndex) -> Iterator[None]:
    """Serve the metrics of all processes that are started inside.

    Raises:
        OSError: If the port cannot be listened on.
    """
    folder = Path(tempfile.mkdtemp(prefix="samsok-metrics-"))
    os.environ[FOLDER] = str(folder)
    registry = CollectorRegistry()
    MultiProcessCollector(registry, path=str(folder))  # type: ignore[no-untyped-call]
    registry.register(IndexMetrics(index))
    try:
        server, thread = start_http_server(port, addr=HOST, registry=registry)
        try:
            yield
        finally:
            server.shutdown()
            server.server_close()
            thread.join()
    finally:
        del os.environ[FOLDER]
        shutil.rmtree(folder, ignore_errors=True)
