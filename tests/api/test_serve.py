"""The server as it runs: a process of its own, real sockets."""

from __future__ import annotations

import signal
import socket
import time
from collections.abc import Iterator

import httpx
import pytest

from tests.support.command import Samsok
from tests.support.serving import Server, publish, serving


@pytest.fixture
def server(samsok: Samsok) -> Iterator[Server]:
    with serving(samsok) as served:
        yield served


def total(url: str) -> int:
    answer = httpx.get(f"{url}/api/v1/search", params={"q": "samverkan"}, trust_env=False)
    found: int = answer.json()["meta"]["total"]
    return found


def test_a_server_follows_what_is_published(server: Server, samsok: Samsok) -> None:
    url, _ = server
    assert httpx.get(f"{url}/readyz", trust_env=False).status_code == 503

    publish(samsok.directory, 1)
    time.sleep(0.5)
    assert total(url) == 1

    publish(samsok.directory, 3)
    time.sleep(0.5)
    assert total(url) == 3
    assert httpx.get(f"{url}/readyz", trust_env=False).json()["documents"] == 3
    head = httpx.head(f"{url}/sok", trust_env=False)
    assert head.status_code == 200
    assert head.content == b""


def test_a_server_ends_in_order_and_says_where_it_was(
    server: Server,
) -> None:
    url, process = server

    process.send_signal(signal.SIGTERM)
    out, err = process.communicate(timeout=20)

    assert process.returncode == 0
    assert f"search page   {url}/" in out
    assert "nothing is published yet" in out
    assert "Traceback" not in err


def test_a_taken_port_is_said_before_anything_starts(samsok: Samsok) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        told = samsok("serve", "--port", str(taken.getsockname()[1]))

    assert told.code == 1
    assert "--port" in told.err
    assert "Traceback" not in told.err


def test_an_impossible_port_is_said_too(samsok: Samsok) -> None:
    told = samsok("serve", "--port", "99999")

    assert told.code == 1
    assert "cannot listen" in told.err
