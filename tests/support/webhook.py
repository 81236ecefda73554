"""A chat's incoming webhook on loopback: keeps what it is told, and can be rude."""

from __future__ import annotations

import threading
import time
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any, Self

import orjson


class Webhook:
    """Takes POST requests; `status` is what it answers, after `stall_s` seconds."""

    def __init__(self, *, status: int = 204, stall_s: float = 0.0) -> None:
        self.status = status
        self.stall_s = stall_s
        self.told: list[dict[str, Any]] = []
        self.headers: list[dict[str, str]] = []
        self._server = ThreadingHTTPServer(("127.0.0.1", 0), self._handler())
        self._thread = threading.Thread(target=self._server.serve_forever, daemon=True)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}/hooks/s3cret-t0ken?key=als0-secret"

    @property
    def events(self) -> list[str]:
        return [body["event"] for body in self.told]

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    def _handler(self) -> type[BaseHTTPRequestHandler]:
        webhook = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["Content-Length"]))
                webhook.told.append(orjson.loads(body))
                webhook.headers.append({k.lower(): v for k, v in self.headers.items()})
                time.sleep(webhook.stall_s)
                self.send_response(webhook.status)
                if 300 <= webhook.status < 400:
                    self.send_header("Location", "/elsewhere")
                self.send_header("Content-Length", "0")
                self.end_headers()

            def log_message(self, *_: object) -> None:
                """Say nothing."""

        return Handler
