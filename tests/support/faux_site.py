"""A web site on loopback, written page by page in the test that visits it.

with FauxSite() as site:
    site.page("/", links=["/projekt"])
    site.redirect("/gammal", to="/projekt")
    ...
    assert site.requested == ["/robots.txt", "/"]

The server is a real one: it keeps connections alive, answers conditional requests with 304
when a reply carries `ETag` or `Last-Modified`, and can be told to drip, stall or hang up.
"""

from __future__ import annotations

import contextlib
import socket
import ssl
import sys
import threading
import time
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, Self
from urllib.parse import urlsplit

HTML = "text/html; charset=utf-8"

Hangup = Literal["before_headers", "in_headers", "in_body"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the site answers for one path, and how badly.

    `stall_s` is a silence before the first byte. With `drip_s` the body leaves one byte at a
    time, that many seconds apart. `hangup` says where the line is dropped, if it is. `chunked`
    leaves out the length; a repeated header is one string with a line break between values.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stall_s: float = 0.0
    drip_s: float = 0.0
    hangup: Hangup | None = None
    chunked: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it came in; header names are lower-case, `at` is the monotonic clock."""

    method: str
    path: str
    headers: Mapping[str, str]
    at: float


class FauxSite:
    """A site that answers exactly what the test told it to, and remembers who asked."""

    def __init__(self, *, host: str = "127.0.0.1", tls: ssl.SSLContext | None = None) -> None:
        self.host = host
        self.requests: list[Request] = []
        self._scheme = "http" if tls is None else "https"
        self._replies: dict[str, list[Reply]] = {}
        self._stopping = threading.Event()
        self._server = _Server(self, tls)
        self._thread = threading.Thread(
            target=self._server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True
        )

    @property
    def port(self) -> int:
        return self._server.server_port

    @property
    def requested(self) -> list[str]:
        """The paths asked for, with their queries, in order."""
        return [request.path for request in self.requests]

    def asked(self, path: str) -> list[Request]:
        """Every request for `path`, in order."""
        return [request for request in self.requests if request.path == path]

    def url(self, path: str = "/", *, host: str | None = None) -> str:
        """The absolute URL of `path`; `host` is another name for this machine."""
        return f"{self._scheme}://{host or self.host}:{self.port}{path}"

    def page(
        self,
        path: str,
        *,
        html: str = "",
        links: Sequence[str] = (),
        title: str = "",
        head: str = "",
        lang: str = "sv",
        headers: Mapping[str, str] | None = None,
    ) -> None:
        """Serve a whole page whose main part is `html` and then a link to each of `links`."""
        anchors = "".join(f'<p><a href="{link}">{link}</a></p>' for link in links)
        heading = f"<title>{title}</title>{head}" if title else head
        body = (
            f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{heading}</head>'
            f"<body><main>{html}{anchors}</main></body></html>"
        )
        self.reply(
            path, Reply(body=body.encode(), headers={"Content-Type": HTML, **(headers or {})})
        )

    def text(self, path: str, text: str, *, media_type: str = "text/plain") -> None:
        """Serve `text` as UTF-8: robots.txt, a sitemap, anything that is not a page."""
        headers = {"Content-Type": f"{media_type}; charset=utf-8"}
        self.reply(path, Reply(body=text.encode(), headers=headers))

    def robots(self, *lines: str) -> None:
        """Serve these lines as /robots.txt; without them the site has none (404)."""
        self.text("/robots.txt", "\n".join(lines) + "\n")

    def redirect(self, path: str, *, to: str, status: int = 301) -> None:
        """Send whoever asks for `path` to `to`, which is written into Location as it stands."""
        self.reply(path, Reply(status=status, headers={"Location": to}))

    def reply(self, path: str, reply: Reply, *later: Reply) -> None:
        """Answer `path` with `reply`, then with each of `later` in turn; the last one stays."""
        self._replies[path] = [reply, *later]

    def remove(self, path: str) -> None:
        """Answer `path` with 404 from now on."""
        self._replies.pop(path, None)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._stopping.set()
        self._server.shutdown()
        self._server.hang_up()
        self._server.server_close()
        self._thread.join()

    def next_reply(self, path: str) -> Reply:
        """Take the reply that is due for `path`; an unknown path is a 404."""
        queue = self._replies.get(path)
        if not queue:
            body = b"<!doctype html><title>404</title><h1>Sidan finns inte</h1>"
            return Reply(status=404, body=body, headers={"Content-Type": HTML})
        return queue.pop(0) if len(queue) > 1 else queue[0]

    def pause(self, seconds: float) -> bool:
        """Wait, unless the site is taken down meanwhile; True when it still stands."""
        return not self._stopping.wait(seconds)


class _Server(ThreadingHTTPServer):
    """One thread a connection; all of them are cut when the test ends."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, site: FauxSite, tls: ssl.SSLContext | None) -> None:
        self.site = site
        self.tls = tls
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        super().__init__((site.host, 0), _Handler)

    def server_bind(self) -> None:
        # HTTPServer asks DNS for its own name here, which can take seconds; we know it.
        self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(self.server_address)
        self.server_address = self.socket.getsockname()
        self.server_name, self.server_port = self.site.host, self.server_address[1]

    def finish_request(self, request: object, client_address: object) -> None:
        assert isinstance(request, socket.socket)
        # The handshake runs in the connection's own thread, so a bad client blocks nobody.
        line = self.tls.wrap_socket(request, server_side=True) if self.tls else request
        with self._lock:
            self._open.add(line)
        try:
            _Handler(line, client_address, self)
        finally:
            with self._lock:
                self._open.discard(line)
            if line is not request:
                line.close()

    def handle_error(self, request: object, client_address: object) -> None:
        # Clients that give up are what many tests are about.
        if not isinstance(sys.exception(), OSError):
            super().handle_error(request, client_address)  # type: ignore[arg-type]  # typeshed

    def hang_up(self) -> None:
        with self._lock:
            for line in self._open:
                with contextlib.suppress(OSError):
                    line.shutdown(socket.SHUT_RDWR)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server_version, sys_version = "FauxSite", ""
    # Headers and body leave in one packet, or Nagle's algorithm costs 40 ms a page.
    wbufsize = -1
    disable_nagle_algorithm = True

    def do_GET(self) -> None:
        assert isinstance(self.server, _Server)
        site = self.server.site
        # A name that is not ASCII comes in as its percent-encoded form, as a client sends it.
        path = self.path if self.path.startswith("/") else urlsplit(self.path).path
        headers = {name.lower(): value for name, value in self.headers.items()}
        site.requests.append(
            Request(method=self.command, path=path, headers=headers, at=time.monotonic())
        )
        reply = site.next_reply(path)
        if reply.stall_s and not site.pause(reply.stall_s):
            return
        if reply.hangup == "before_headers":
            self.close_connection = True
            return
        self._answer(site, reply, headers)

    def _answer(self, site: FauxSite, reply: Reply, headers: Mapping[str, str]) -> None:
        status = HTTPStatus.NOT_MODIFIED if _is_fresh(reply, headers) else reply.status
        body = b"" if status == HTTPStatus.NOT_MODIFIED else reply.body
        self.send_response(status)
        for name, values in reply.headers.items():
            for value in values.split("\n"):
                self.send_header(name, value)
        if reply.hangup == "in_headers":
            self.close_connection = True
            self.flush_headers()
            return
        if reply.chunked:
            self.send_header("Transfer-Encoding", "chunked")
        else:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(site, reply, body)

    def _send_body(self, site: FauxSite, reply: Reply, body: bytes) -> None:
        if reply.hangup == "in_body":
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
        elif reply.drip_s:
            for byte in body:
                self._send_piece(reply, bytes([byte]))
                self.wfile.flush()
                if not site.pause(reply.drip_s):
                    return
            self._end_pieces(reply)
        else:
            self._send_piece(reply, body)
            self._end_pieces(reply)

    def _send_piece(self, reply: Reply, piece: bytes) -> None:
        if not reply.chunked:
            self.wfile.write(piece)
        elif piece:
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))

    def _end_pieces(self, reply: Reply) -> None:
        if reply.chunked:
            self.wfile.write(b"0\r\n\r\n")

    def log_message(self, *_args: object) -> None:
        pass


def _is_fresh(reply: Reply, headers: Mapping[str, str]) -> bool:
    """Whether the client holds this reply already (RFC 9110, section 13.2.2)."""
    if reply.status != HTTPStatus.OK:
        return False
    if (known := headers.get("if-none-match")) is not None:
        return reply.headers.get("ETag") in [tag.strip() for tag in known.split(",")]
    since = headers.get("if-modified-since")
    return since is not None and since == reply.headers.get("Last-Modified")
