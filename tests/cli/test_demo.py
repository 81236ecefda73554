"""The first thing that anybody tries, from its start to its end."""

from __future__ import annotations

import time
from pathlib import Path

import httpx
import pytest

from tests.support.command import Samsok
from tests.support.serving import free_port

pytestmark = pytest.mark.jobs


def answers(url: str) -> bool:
    try:
        return httpx.get(f"{url}/healthz").status_code == 200
    except httpx.TransportError:
        return False


def test_the_demo_takes_its_server_along_when_it_is_ended(tmp_path: Path) -> None:
    url = f"http://127.0.0.1:{(port := free_port())}"
    demo = Samsok(tmp_path).start("demo", "--keep", str(tmp_path / "kept"), "--port", str(port))
    until = time.monotonic() + 60
    while not answers(url):
        assert demo.poll() is None
        assert time.monotonic() < until
        time.sleep(0.1)

    demo.terminate()
    out, err = demo.communicate(timeout=30)

    assert demo.returncode == 0
    assert "all of it in" in out
    assert "Traceback" not in out + err
    assert not answers(url)
