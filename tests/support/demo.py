"""The demo, crawled, indexed and served as `samsok demo` does it."""

from __future__ import annotations

import contextlib
import signal
import threading
import time
from collections.abc import Iterator
from pathlib import Path

import httpx

from tests.support.command import Samsok
from tests.support.serving import free_port


@contextlib.contextmanager
def demo_served(directory: Path) -> Iterator[str]:
    """Serve the demo, and tell its address."""
    port = free_port()
    process = Samsok(directory).start("demo", "--port", str(port), "--keep", "kept")
    assert process.stdout
    assert process.stderr
    # Its log is a line for each request: nobody who reads it means that it stands still some day.
    reading = threading.Thread(target=process.stderr.read, daemon=True)
    reading.start()
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
    process.wait(timeout=30)
    reading.join(timeout=30)
    process.stdout.close()
    process.stderr.close()
