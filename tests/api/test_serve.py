"""The server as it runs: a process of its own, real sockets."""

from __future__ import annotations

import signal
import socket
import threading
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor

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


def test_a_server_that_is_stopped_answers_first_what_it_was_asked(samsok: Samsok) -> None:
    publish(samsok.directory, 1000)
    query = {"format": "jsonl", "limit": "1000"}
    with serving(samsok, workers=1) as (url, process):
        asked = threading.Semaphore(0)

        def export(_: int) -> int:
            with httpx.Client(trust_env=False, timeout=30) as client:
                with client.stream("GET", f"{url}/healthz"):
                    asked.release()  # connected, and the next thing it does is to ask
                return len(client.get(f"{url}/api/v1/export", params=query).text.splitlines())

        with ThreadPoolExecutor(8) as clients:
            answers = clients.map(export, range(8))
            for _ in range(8):
                asked.acquire()
            time.sleep(0.05)
            started = time.perf_counter()
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=20) == 0
            took = time.perf_counter() - started
            assert list(answers) == [1000] * 8

    assert took < 5
