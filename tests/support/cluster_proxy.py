"""Stands in front of a cluster, or in place of one, and misbehaves as told: real sockets."""

from __future__ import annotations

import base64
import http.client
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from urllib.parse import urlsplit

import orjson
import trustme

Answer = tuple[int, object]
Rule = Callable[[str, str], Answer | None]
"""From method and path to the answer, or None where the cluster is to answer."""

NOTHING: Answer = (404, {"error": {"type": "index_not_found_exception", "reason": "none"}})


def welcome(number: str = "2.19.1", distribution: str = "opensearch") -> Answer:
    """What a cluster says first."""
    return 200, {"version": {"number": number, "distribution": distribution}}


class Proxy(ThreadingHTTPServer):
    """Asks `rule` first, then the cluster at `upstream`, if there is one.

    With a certificate it speaks TLS; with `credentials`, such as ``user:password``, it lets nobody
    else in, as the security plugin of a cluster does.
    """

    daemon_threads = True

    def __init__(
        self,
        rule: Rule,
        upstream: str = "",
        *,
        certificate: trustme.LeafCert | None = None,
        credentials: str = "",
    ) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.rule = rule
        self.upstream = upstream
        self.credentials = credentials
        self.asked: list[str] = []
        self._scheme = "https" if certificate else "http"
        if certificate:
            context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            certificate.configure_cert(context)
            self.socket = context.wrap_socket(self.socket, server_side=True)

    @property
    def url(self) -> str:
        return f"{self._scheme}://127.0.0.1:{self.server_port}"

    def lets_in(self, authorization: str) -> bool:
        """Tell whether a request comes from who is known here."""
        given = base64.b64encode(self.credentials.encode()).decode()
        return not self.credentials or authorization == f"Basic {given}"


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Proxy

    def _answer(self) -> None:
        body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
        if not self.server.lets_in(self.headers.get("Authorization", "")):
            self._send(401, b"Unauthorized", "text/plain")
            return
        self.server.asked.append(f"{self.command} {self.path}")
        told = self.server.rule(self.command, urlsplit(self.path).path)
        if told is None and self.server.upstream:
            status, data = self._forward(body)
        else:
            status, answer = told or NOTHING
            data = orjson.dumps(answer)
        self._send(status, data, "application/json")

    def _send(self, status: int, data: bytes, kind: str) -> None:
        self.send_response(status)
        self.send_header("Content-Type", kind)
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
def standing_in(
    rule: Rule,
    upstream: str = "",
    *,
    certificate: trustme.LeafCert | None = None,
    credentials: str = "",
) -> Iterator[Proxy]:
    """Serve for the length of the block."""
    proxy = Proxy(rule, upstream, certificate=certificate, credentials=credentials)
    thread = threading.Thread(target=proxy.serve_forever, kwargs={"poll_interval": 0.05})
    thread.start()
    try:
        yield proxy
    finally:
        proxy.shutdown()
        thread.join()
        proxy.server_close()
