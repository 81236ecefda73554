"""How often one client may ask."""

from __future__ import annotations

from concurrent.futures import ThreadPoolExecutor
from typing import Any

import falcon.testing
import pytest

from indexer.engine.memory_backend import MemoryIndex
from search_api import rate_limit
from search_api.app import create_app
from search_api.rate_limit import RateLimit
from search_api.settings import Settings
from tests.api.conftest import Publish
from tests.support.documents import document

SEARCH = "/api/v1/search"


class Clock:
    now = 0.0

    def __call__(self) -> float:
        return self.now


class Limited:
    """The limit alone, asked by whoever a test names."""

    def __init__(self, per_minute: int, *trusted: str) -> None:
        self.clock = Clock()
        settings = Settings(
            data_dir="unused", rate_limit_per_minute=per_minute, trusted_proxies=trusted
        )
        self._limit = RateLimit(settings, clock=self.clock)

    def wait(self, client: str, *, forwarded: str = "", path: str = SEARCH) -> int:
        """Return after how many seconds the client may ask; 0 at once, and it has then asked."""
        headers = {"X-Forwarded-For": forwarded} if forwarded else {}
        req = falcon.testing.create_req(path=path, remote_addr=client, headers=headers)
        try:
            self._limit.process_request(req, falcon.Response())
        except falcon.HTTPTooManyRequests as error:
            return int(dict(error.headers or {})["Retry-After"])
        return 0


def test_who_asks_too_often_is_told_when_to_come_back(index: MemoryIndex, publish: Publish) -> None:
    publish([document(1)])
    settings = Settings(data_dir="unused", rate_limit_per_minute=3)
    client = falcon.testing.TestClient(create_app(index, settings))
    codes = [client.simulate_get(SEARCH).status_code for _ in range(4)]
    refused = client.simulate_get(SEARCH, query_string="lang=en")
    page = client.simulate_get("/sok", headers={"Accept": "text/html"})

    assert codes == [200, 200, 200, 429]
    body: Any = refused.json
    assert (body["code"], body["status"]) == ("too_many_requests", 429)
    assert 1 <= int(refused.headers["retry-after"]) <= 20
    assert "Retry-After" in refused.headers["access-control-expose-headers"].split(", ")
    assert page.status_code == 429
    assert 'class="error"' in page.text
    assert client.simulate_get("/readyz").status_code == 200


def test_tokens_come_back_with_time_and_no_more_than_a_minute_of_them() -> None:
    limited = Limited(60)
    assert [limited.wait("192.0.2.1") for _ in range(61)] == [*[0] * 60, 1]
    limited.clock.now += 1.5
    assert [limited.wait("192.0.2.1") for _ in range(2)] == [0, 1]
    limited.clock.now += 3600
    assert [limited.wait("192.0.2.1") for _ in range(61)] == [*[0] * 60, 1]


def test_each_client_counts_alone() -> None:
    limited = Limited(1)
    assert limited.wait("192.0.2.1") == 0
    assert limited.wait("192.0.2.2") == 0
    assert limited.wait("192.0.2.1") == 60


def test_a_network_of_ipv6_is_one_client() -> None:
    limited = Limited(1)
    assert limited.wait("2001:db8:1:2::1") == 0
    assert limited.wait("2001:db8:1:2:ffff::9") == 60
    assert limited.wait("2001:db8:1:3::1") == 0
    assert limited.wait("::ffff:192.0.2.1") == 0
    assert limited.wait("192.0.2.1") == 60


def test_only_a_trusted_proxy_is_believed() -> None:
    limited = Limited(1, "10.0.0.0/8")
    assert limited.wait("10.0.0.1", forwarded="192.0.2.1") == 0
    assert limited.wait("10.0.0.1", forwarded="192.0.2.2, 10.2.2.2") == 0
    # What the client itself wrote in front does not count.
    assert limited.wait("10.0.0.1", forwarded="203.0.113.9, 192.0.2.1") == 60
    assert limited.wait("192.0.2.7", forwarded="192.0.2.8") == 0
    assert limited.wait("192.0.2.7", forwarded="192.0.2.9") == 60


def test_whoever_invents_addresses_shares_one_bucket() -> None:
    limited = Limited(1, "10.0.0.1")
    assert limited.wait("10.0.0.1", forwarded="unknown") == 0
    assert limited.wait("10.0.0.1", forwarded="<script>") == 60


@pytest.mark.parametrize("path", ["/healthz", "/readyz", "/static/samsok.css", "/robots.txt"])
def test_what_costs_nothing_is_free(path: str) -> None:
    limited = Limited(1)
    assert [limited.wait("192.0.2.1", path=path) for _ in range(5)] == [0] * 5


def test_without_a_limit_nobody_is_counted() -> None:
    limited = Limited(0)
    assert [limited.wait("192.0.2.1") for _ in range(500)] == [0] * 500


def test_the_addresses_remembered_are_bounded(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(rate_limit, "MOST_CLIENTS", 3)
    limited = Limited(1)
    for number in range(10):
        assert limited.wait(f"192.0.2.{number}") == 0
    assert limited.wait("192.0.2.9") == 60
    assert limited.wait("192.0.2.0") == 0


def test_ten_suggestions_cost_what_a_search_does() -> None:
    limited = Limited(2)
    for _ in range(10):
        assert limited.wait("192.0.2.1", path="/api/v1/suggest") == 0
    assert limited.wait("192.0.2.1") == 0
    assert limited.wait("192.0.2.1") == 30
    assert limited.wait("192.0.2.1", path="/suggest.json") == 3


def test_threads_that_ask_at_once_take_no_more_than_there_is() -> None:
    limited = Limited(50)
    with ThreadPoolExecutor(8) as pool:
        waits = list(pool.map(lambda _: limited.wait("192.0.2.1"), range(400)))

    assert waits.count(0) == 50
