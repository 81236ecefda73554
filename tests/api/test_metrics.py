"""The metrics of a running server: real processes, read as Prometheus reads them."""

from __future__ import annotations

import datetime as dt
import socket
import time
from collections.abc import Iterator

import httpx
import psutil
import pytest
from prometheus_client.parser import text_string_to_metric_families

from indexer.engine import STATUS_NOTE, SourceUpkeep, Upkeep
from indexer.engine.whoosh_backend import WhooshIndex
from tests.support.command import Samsok
from tests.support.serving import free_port, publish, serving

NIGHT = dt.datetime(2026, 3, 1, 2, tzinfo=dt.UTC)

Metrics = dict[tuple[str, tuple[tuple[str, str], ...]], float]


def read(port: int) -> Metrics:
    text = httpx.get(f"http://127.0.0.1:{port}/metrics", trust_env=False).text
    return {
        (sample.name, tuple(sorted(sample.labels.items()))): sample.value
        for family in text_string_to_metric_families(text)
        for sample in family.samples
    }


def answered(metrics: Metrics, route: str, *, method: str = "GET", status: int = 200) -> float:
    labels = (("method", method), ("route", route), ("status", str(status)))
    return metrics.get(("samsok_requests_total", labels), 0)


@pytest.fixture
def samsok(samsok: Samsok) -> Samsok:
    config = samsok.directory / "crawl_config.yaml"
    with config.open("a", encoding="utf-8") as file:
        file.write(f"api: {{metrics_port: {free_port()}}}\n")
    return samsok


@pytest.fixture
def port(samsok: Samsok) -> int:
    text = (samsok.directory / "crawl_config.yaml").read_text(encoding="utf-8")
    return int(text.rpartition("metrics_port: ")[2].strip("}\n"))


@pytest.fixture
def server(samsok: Samsok) -> Iterator[str]:
    with serving(samsok, workers=2) as (url, _):
        yield url


def test_requests_of_all_workers_are_counted_together(
    server: str, samsok: Samsok, port: int
) -> None:
    publish(samsok.directory, 2)
    told = Upkeep(
        written=NIGHT,
        succeeded=NIGHT,
        sources=(SourceUpkeep(name="diva", documents=9, reached=NIGHT, problem="timeout"),),
    )
    WhooshIndex(samsok.directory / "var" / "index").put_note(STATUS_NOTE, told.to_bytes())
    time.sleep(0.5)
    for _ in range(20):  # a connection each, so that both workers get some
        httpx.get(f"{server}/api/v1/search?q=samverkan", trust_env=False)
    httpx.head(f"{server}/api/v1/search", trust_env=False)
    httpx.get(f"{server}/api/v1/search?nonsense=1", trust_env=False)
    httpx.get(f"{server}/secret-path", trust_env=False)
    httpx.request("BREW", f"{server}/api/v1/search", trust_env=False)

    metrics = read(port)

    search = "/api/v1/search"
    assert answered(metrics, search) == 20
    assert answered(metrics, search, method="HEAD") == 1
    assert answered(metrics, search, status=400) >= 1
    assert answered(metrics, "-", status=404) == 1
    assert metrics["samsok_request_seconds_count", (("route", search),)] >= 22
    assert metrics["samsok_index_documents", ()] == 2
    age = time.time() - metrics["samsok_index_created_timestamp_seconds", ()]
    assert 0 <= age < 60
    assert metrics["samsok_last_success_timestamp_seconds", ()] == NIGHT.timestamp()
    assert metrics["samsok_source_documents", (("source", "diva"),)] == 9
    assert metrics["samsok_source_failing", (("source", "diva"),)] == 1
    said = str(metrics)
    assert not any(word in said for word in ("secret-path", "samverkan", "BREW", "127.0.0.1"))


def test_before_anything_is_published_nothing_is_said_of_the_index(server: str, port: int) -> None:
    httpx.get(f"{server}/healthz", trust_env=False)

    names = {name for name, _ in read(port)}

    assert "samsok_requests_total" in names
    assert not any(name.startswith("samsok_index") for name in names)


def test_the_port_of_metrics_is_of_loopback_alone(server: str, port: int) -> None:
    assert server
    listening = {
        tuple(it.laddr) for it in psutil.net_connections("tcp") if it.status == psutil.CONN_LISTEN
    }

    assert [address for address, open_port in listening if open_port == port] == ["127.0.0.1"]


def test_a_taken_port_for_metrics_is_said_before_anything_is_served(
    samsok: Samsok, port: int
) -> None:
    with socket.socket() as taken:
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        taken.bind(("127.0.0.1", port))
        taken.listen()
        told = samsok("serve", "--port", str(free_port()))

    assert told.code == 1
    assert f"cannot serve metrics on 127.0.0.1:{port}" in told.err
    assert "api.metrics_port" in told.err
    assert "Traceback" not in told.err
