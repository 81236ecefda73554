"""A web site on loopback, written page by page in the test that visits it.

with FauxSite() as site:
    site.page("/", links=["/projekt"])
    site.redirect("/gammal", to="/projekt")
    ...
    assert site.requested == ["/robots.txt", "/"]

The server is a real one: it keeps connections alive, answers conditional requests with 304
when a reply carries `ETag` or `Last-Modified`, and can be told to drip, stall or hang up. What no
HTTP library would send is sent byte for byte (`Reply.raw`), what does not fit in memory is made
as it leaves (`Reply.stream`), and pages without end are made by a function (`FauxSite.answer`).
Sites on other ports and loopback addresses are other sites; every name of an address leads here,
and `Request.host` says by which name it was asked.
"""

from __future__ import annotations

import contextlib
import itertools
import socket
import ssl
import struct
import sys
import threading
import time
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from http import HTTPStatus
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Literal, Self
from urllib.parse import urlsplit

HTML = "text/html; charset=utf-8"

Hangup = Literal["before_headers", "in_headers", "in_body", "reset"]
Pieces = Callable[[], Iterable[bytes]]

# With this the kernel answers an orderly close with a reset (socket(7), SO_LINGER).
_RESET = struct.pack("ii", 1, 0)


@dataclass(frozen=True, slots=True, kw_only=True)
class Reply:
    """What the site answers for one path, and how badly.

    `stall_s` is a silence before the first byte. With `drip_s` the body leaves one byte at a
    time, that many seconds apart. `hangup` says where the line is dropped, if it is; at "reset"
    that is in the body and not orderly. `chunked` leaves out the length; a repeated header is one
    string with a line break between values. A Content-Length among `headers` is sent as it is,
    true or not.

    `stream` makes the body piece by piece while it is sent, `raw` the whole answer, status line
    and all; then the line is closed, or with `hold` kept open in silence. `raw` drips too.
    """

    status: int = 200
    body: bytes = b""
    headers: Mapping[str, str] = field(default_factory=dict)
    stall_s: float = 0.0
    drip_s: float = 0.0
    hangup: Hangup | None = None
    chunked: bool = False
    stream: Pieces | None = None
    raw: Pieces | None = None
    hold: bool = False


def said(*pieces: bytes) -> Pieces:
    """Make these very bytes the whole of an answer, for `Reply.raw`."""
    return lambda: pieces


@dataclass(frozen=True, slots=True, kw_only=True)
class Request:
    """One request as it came in; header names are lower-case, `at` is the monotonic clock.

    `line` numbers the connections, and `beside` counts the other requests that were being
    answered when this one came.
    """

    method: str
    path: str
    headers: Mapping[str, str]
    at: float
    line: int
    beside: int

    @property
    def host(self) -> str:
        """The name that the site was asked by, with the port."""
        return self.headers.get("host", "")


class FauxSite:
    """A site that answers exactly what the test told it to, and remembers who asked."""

    def __init__(
        self, *, host: str = "127.0.0.1", port: int = 0, tls: ssl.SSLContext | None = None
    ) -> None:
        self.host = host
        self.requests: list[Request] = []
        self._scheme = "http" if tls is None else "https"
        self._replies: dict[str, list[Reply]] = {}
        self._makers: list[Callable[[str], Reply | None]] = []
        self._stopping = threading.Event()
        self._server = _Server(self, port, tls)
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

    @property
    def pages_requested(self) -> list[str]:
        """The paths asked for, in order, without what every site is asked for."""
        return [path for path in self.requested if path not in {"/robots.txt", "/sitemap.xml"}]

    @property
    def times(self) -> Counter[str]:
        """How often each path was asked for."""
        return Counter(self.requested)

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
        reply = page_reply(
            html=html, links=links, title=title, head=head, lang=lang, headers=headers
        )
        self.reply(path, reply)

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

    def answer(self, maker: Callable[[str], Reply | None]) -> None:
        """Let `maker` answer the paths that have no reply; None means that it has none either."""
        self._makers.append(maker)

    def remove(self, path: str) -> None:
        """Answer `path` with 404 from now on."""
        self._replies.pop(path, None)

    def clear(self) -> None:
        """Take down every page, and forget who asked: the same address is another site now."""
        self._replies.clear()
        self._makers.clear()
        self.requests.clear()

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
            for maker in self._makers:
                if (made := maker(path)) is not None:
                    return made
            body = b"<!doctype html><title>404</title><h1>Sidan finns inte</h1>"
            return Reply(status=404, body=body, headers={"Content-Type": HTML})
        return queue.pop(0) if len(queue) > 1 else queue[0]

    def pause(self, seconds: float) -> bool:
        """Wait, unless the site is taken down meanwhile; True when it still stands."""
        return not self._stopping.wait(seconds)


def page_reply(
    *,
    html: str = "",
    links: Sequence[str] = (),
    title: str = "",
    head: str = "",
    lang: str = "sv",
    headers: Mapping[str, str] | None = None,
) -> Reply:
    """Return a whole page whose main part is `html` and then a link to each of `links`."""
    anchors = "".join(f'<p><a href="{link}">{link}</a></p>' for link in links)
    heading = f"<title>{title}</title>{head}" if title else head
    body = (
        f'<!doctype html><html lang="{lang}"><head><meta charset="utf-8">{heading}</head>'
        f"<body><main>{html}{anchors}</main></body></html>"
    )
    return Reply(body=body.encode(), headers={"Content-Type": HTML, **(headers or {})})


class _Server(ThreadingHTTPServer):
    """One thread a connection; all of them are cut when the test ends."""

    daemon_threads = True
    request_queue_size = 128

    def __init__(self, site: FauxSite, port: int, tls: ssl.SSLContext | None) -> None:
        self.site = site
        self.tls = tls
        self.line_numbers = itertools.count(1)
        self._open: set[socket.socket] = set()
        self._lock = threading.Lock()
        self._answering = 0
        super().__init__((site.host, port), _Handler)

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

    @contextlib.contextmanager
    def answering(self) -> Iterator[int]:
        """Tell how many other requests are being answered at the start of the block."""
        with self._lock:
            beside = self._answering
            self._answering += 1
        try:
            yield beside
        finally:
            with self._lock:
                self._answering -= 1

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

    def setup(self) -> None:
        super().setup()
        assert isinstance(self.server, _Server)
        self._line = next(self.server.line_numbers)

    def do_GET(self) -> None:
        assert isinstance(self.server, _Server)
        site = self.server.site
        # A name that is not ASCII comes in as its percent-encoded form, as a client sends it.
        path = self.path if self.path.startswith("/") else urlsplit(self.path).path
        headers = {name.lower(): value for name, value in self.headers.items()}
        with self.server.answering() as beside:
            request = Request(
                method=self.command,
                path=path,
                headers=headers,
                at=time.monotonic(),
                line=self._line,
                beside=beside,
            )
            site.requests.append(request)
            reply = site.next_reply(path)
            if reply.stall_s and not site.pause(reply.stall_s):
                return
            if reply.raw is not None:
                self._say(site, reply, reply.raw)
            elif reply.hangup == "before_headers":
                self.close_connection = True
            else:
                self._answer(site, reply, headers)

    def do_HEAD(self) -> None:
        self.do_GET()

    def do_POST(self) -> None:
        self.do_GET()  # nobody should, but whoever does stands in the log

    def _say(self, site: FauxSite, reply: Reply, raw: Pieces) -> None:
        self.close_connection = True
        for piece in raw():
            if not reply.drip_s:
                self.wfile.write(piece)
                self.wfile.flush()
            elif not self._drip(site, reply, piece):
                return
        self.wfile.flush()
        if reply.hold:
            site.pause(3600)

    def _drip(self, site: FauxSite, reply: Reply, body: bytes) -> bool:
        for byte in body:
            self._send_piece(reply, bytes([byte]))
            self.wfile.flush()
            if not site.pause(reply.drip_s):
                return False
        return True

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
        elif reply.stream is not None:
            self.send_header("Connection", "close")
        elif "Content-Length" not in reply.headers:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self._send_body(site, reply, body)

    def _send_body(self, site: FauxSite, reply: Reply, body: bytes) -> None:
        if reply.hangup is not None:
            self.wfile.write(body[: len(body) // 2])
            self.close_connection = True
            if reply.hangup == "reset":
                self.wfile.flush()
                self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _RESET)
                self.connection.close()
        elif reply.drip_s:
            if self._drip(site, reply, body):
                self._end_pieces(reply)
        else:
            for piece in (body,) if reply.stream is None else reply.stream():
                self._send_piece(reply, piece)
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
