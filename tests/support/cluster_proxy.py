"""Stands in front of a cluster, or in place of one, and misbehaves as told: real sockets."""

from __future__ import annotations

import http.client
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import orjson

Answer = tuple[int, object]
Rule = Callable[[str, str], Answer | None]
"""From method and path to the answer, or None where the cluster is to answer."""

NOTHING: Answer = (404, {"error": {"type": "index_not_found_exception", "reason": "none"}})


def welcome(number: str = "2.19.1", distribution: str = "opensearch") -> Answer:
    """What a cluster says first."""
    return 200, {"version": {"number": number, "distribution": distribution}}


class Proxy(ThreadingHTTPServer):
    """Asks `rule` first, then the cluster at `upstream`, if there is one."""

    daemon_threads = True

    def __init__(self, rule: Rule, upstream: str = "") -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.rule = rule
        self.upstream = upstream
        self.asked: list[str] = []

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.server_port}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        self.server.asked.append(f"{self.command} {self.path}")
        told = self.server.rule(self.command, urlsplit(self.path).path)
        if told is None and self.server.upstream:
            status, data = self._forward(body)
        else:
            status, answer = told or NOTHING
            data = orjson.dumps(answer)
        self.send_response(status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(data)))
        self.end_headers()
        self.wfile.write(data)

    def _forward(self, body: bytes) -> tuple[int, bytes]:
        place = urlsplit(self.server.upstream)
        connection = http.client.HTTPConnection(place.hostname or "", place.port, timeout=60)
        try:
            wanted = ("content-type", "content-encoding")
            headers = {name: self.headers[name] for name in wanted if name in self.headers}
            connection.request(self.command, self.path, body, headers)
            answer = connection.getresponse()
            return answer.status, answer.read()
        finally:
            connection.close()

    do_GET = do_POST = do_PUT = do_DELETE = _answer  # noqa: N815 - as http.server calls them

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as above
        del format, args


@contextmanager
def standing_in(rule: Rule, upstream: str = "") -> Iterator[Proxy]:
    """Serve for the length of the block."""
    proxy = Proxy(rule, upstream)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
