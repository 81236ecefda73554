"""A site of many pages on loopback, served by a process of its own that is no bottleneck.

Real markup of three web systems, 50 kB each; the links of a page lead to other pages of the site.
It keeps connections, and answers conditional requests with 304.
"""

from __future__ import annotations

import asyncio
import itertools
import re
import sys
from typing import TYPE_CHECKING

from benchmarks.university_pages import pages

if TYPE_CHECKING:
    from collections.abc import Mapping

_HREF = re.compile(rb'href="(?!mailto:|tel:)[^"]*"')
_CANONICAL = re.compile(rb'<link rel="canonical" href="[^"]*">')
_MATCH = re.compile(rb"\r\nif-none-match: ([^\r]*)", re.IGNORECASE)
_STEP = 37


def path_of(number: int) -> str:
    """Return the path of a page; page 0 is the start page."""
    return f"/samverka/sida-{number}/" if number else "/"


def bodies(count: int) -> Mapping[bytes, bytes]:
    """Return the pages by path. Page n links to the next ones, so that all are found."""
    made = {}
    for number, page in enumerate(pages(count)):
        targets = (
            f'href="{path_of((number * 3 + _STEP * step + 1) % count)}"'.encode()
            for step in itertools.count()
        )
        body = _CANONICAL.sub(b"", page.body)
        body = _HREF.sub(lambda _, targets=targets: next(targets), body)  # type: ignore[misc]
        made[path_of(number).encode()] = body
    return made


class _Server(asyncio.Protocol):
    def __init__(self, made: Mapping[bytes, bytes]) -> None:
        self._bodies = made
        self._buffer = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = transport

    def data_received(self, data: bytes) -> None:
        self._buffer += data
        while (end := self._buffer.find(b"\r\n\r\n")) >= 0:
            request, self._buffer = self._buffer[:end], self._buffer[end + 4 :]
            self._answer(request)

    def _answer(self, request: bytes) -> None:
        assert isinstance(self._transport, asyncio.WriteTransport)
        path = request.split(b" ", 2)[1]
        body = self._bodies.get(path)
        if body is None:
            self._transport.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            return
        etag = b'"%d"' % len(body)
        known = _MATCH.search(request)
        if known and known[1] == etag:
            self._transport.write(b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % etag)
            return
        self._transport.write(
            b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\nETag: %s\r\n"
            b"Content-Length: %d\r\n\r\n%s" % (etag, len(body), body)
        )


async def serve(count: int) -> None:
    """Serve so many pages until the process is killed; the port is the first line of output."""
    made = bodies(count)
    loop = asyncio.get_running_loop()
    server = await loop.create_server(lambda: _Server(made), "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


if __name__ == "__main__":
    asyncio.run(serve(int(sys.argv[1])))
