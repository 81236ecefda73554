"""The demo, served as `samsok demo` serves it, and a real Chromium."""

from __future__ import annotations

import contextlib
import signal
import time
from collections.abc import Iterator

import httpx
import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.serving import CHROMIUM
from tests.support.command import Samsok
from tests.support.serving import free_port


@pytest.fixture(scope="session")
def url(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Serve the demo, as `samsok demo` does."""
    samsok = Samsok(tmp_path_factory.mktemp("demo"))
    port = free_port()
    process = samsok.start("demo", "--port", str(port), "--keep", "kept")
    assert process.stdout
    for line in process.stdout:
        if "search page" in line:
            break
    address = f"http://127.0.0.1:{port}"
    for _ in range(100):
        with contextlib.suppress(httpx.TransportError):
            if httpx.get(f"{address}/readyz", trust_env=False).is_success:
                break
        time.sleep(0.1)
    yield address
    process.send_signal(signal.SIGINT)
    process.communicate(timeout=30)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    with sync_playwright() as playwright:
        launched = playwright.chromium.launch(
            executable_path=CHROMIUM,
            args=["--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu"],
        )
        yield launched
        launched.close()
