"""The server as it runs: a process of its own, real sockets."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from indexer.analysis import build_bundle
from indexer.engine import open_index
from indexer.model import Vocabulary
from tests.support.command import Samsok
from tests.support.documents import document


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port: int = probe.getsockname()[1]
        return port


def publish(directory: Path, count: int) -> None:
    bundle = directory / f"bundle-{count}"
    bundle.mkdir()
    build_bundle(bundle, words={}, vocabulary=Vocabulary())
    index = open_index("whoosh", directory / "var" / "index")
    with index.writer(bundle=bundle) as writer:
        for number in range(count):
            writer.put(document(number, text="samverkan"))
    index.publish(index.generations()[-1].name)


@pytest.fixture
def samsok(tmp_path: Path) -> Samsok:
    command = Samsok(tmp_path)
    command.write_config("https://www.example.org/")
    return command


@pytest.fixture
def server(samsok: Samsok) -> Iterator[tuple[str, subprocess.Popen[str]]]:
    port = free_port()
    process = samsok.start("serve", "--port", str(port), "--workers", "1")
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 30
    while True:
        try:
            assert httpx.get(f"{url}/healthz", trust_env=False).status_code == 200
            break
        except httpx.TransportError:
            assert time.monotonic() < deadline, "the server did not come up"
            time.sleep(0.1)
    yield url, process
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)


def total(url: str) -> int:
    answer = httpx.get(f"{url}/api/v1/search", params={"q": "samverkan"}, trust_env=False)
    found: int = answer.json()["meta"]["total"]
    return found


def test_a_server_follows_what_is_published(
    server: tuple[str, subprocess.Popen[str]], samsok: Samsok
) -> None:
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
    server: tuple[str, subprocess.Popen[str]],
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
