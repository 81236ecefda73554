"""A server as it runs: a process of its own, that searches what is published beside it."""

from __future__ import annotations

import signal
import socket
import subprocess
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import httpx

from indexer.analysis import build_bundle
from indexer.engine import open_index
from indexer.model import Vocabulary
from tests.support.command import Samsok
from tests.support.documents import document

Server = tuple[str, subprocess.Popen[str]]


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


@contextmanager
def serving(samsok: Samsok, *, workers: int = 1) -> Iterator[Server]:
    """Run `samsok serve`, and tell its address and its process."""
    port = free_port()
    process = samsok.start("serve", "--port", str(port), "--workers", str(workers))
    url = f"http://127.0.0.1:{port}"
    deadline = time.monotonic() + 30
    while not _answers(f"{url}/healthz"):
        assert time.monotonic() < deadline, "the server did not come up"
        time.sleep(0.1)
    yield url, process
    if process.poll() is None:
        process.send_signal(signal.SIGTERM)
    process.communicate(timeout=20)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).status_code == 200
    except httpx.TransportError:
        return False
