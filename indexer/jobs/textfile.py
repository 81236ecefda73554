"""The status for Prometheus, as a file that the textfile collector of node_exporter reads."""

from __future__ import annotations

import os
from typing import TYPE_CHECKING

from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector

from indexer.errors import StoreError

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from prometheus_client.metrics_core import Metric

    from indexer.jobs.status import Status


def write_textfile(path: Path, status: Status) -> None:
    """Write the status to `path`, so that who reads it meanwhile sees all of the old or the new.

    Raises:
        StoreError: If it cannot be written.
    """
    registry = CollectorRegistry()
    registry.register(_Gauges(status))
    draft = path.with_name(f".{path.name}.{os.getpid()}.new")
    try:
        try:
            draft.write_bytes(generate_latest(registry))
            draft.chmod(0o644)  # the exporter runs as somebody else
            draft.replace(path)
        finally:
            draft.unlink(missing_ok=True)
    except OSError as error:
        raise StoreError(
            f"{path} cannot be written: {error.strerror}; name a file in a directory that this "
            "user may write"
        ) from error


class _Gauges(Collector):
    def __init__(self, status: Status) -> None:
        self._status = status

    def collect(self) -> Iterator[Metric]:
        """Yield what there is to tell."""
        if held := self._status.in_service:
            told = "Documents in the generation in service."
            yield GaugeMetricFamily("samsok_index_documents", told, held.documents)
            told = "When the generation in service was built."
            created = held.created.timestamp()
            yield GaugeMetricFamily("samsok_index_created_timestamp_seconds", told, created)
        for name, told, samples in self._status.upkeep.gauges() if self._status.upkeep else ():
            family = GaugeMetricFamily(name, told, labels=[*samples[0][0]] if samples else [])
            for labels, value in samples:
                family.add_metric([*labels.values()], value)
            yield family
