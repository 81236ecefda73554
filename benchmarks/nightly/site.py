"""A site in memory, in a process of its own: a tree of pages that say whether they have changed.

    python -m benchmarks.nightly.site PAGES CHANGED etag|plain [WORDS]

Prints the port that it listens on. `/change` lets CHANGED of its pages become others.
"""

from __future__ import annotations

import asyncio
import itertools
import subprocess
import sys
from contextlib import contextmanager
from typing import TYPE_CHECKING
from urllib.request import urlopen

from benchmarks import corpus

if TYPE_CHECKING:
    from collections.abc import Iterator

_WORDS = "Högskolan och kommunen samverkar om lärande i arbetslivet, forskning och utbildning. "
_FANOUT = 20


@contextmanager
def served(*, pages: int, changed: int, how: str = "etag", words: int = 0) -> Iterator[str]:
    """Serve the site for the length of the block, and give its address.

    `how` says whether pages carry an ETag or nothing. Their texts have so many `words` of the
    generated corpus, or else three sentences that are the same everywhere.
    """
    arguments = [str(pages), str(changed), how, str(words)]
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.nightly.site", *arguments],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as server:
        assert server.stdout is not None
        try:
            yield f"http://127.0.0.1:{server.stdout.readline().strip()}/"
        finally:
            server.kill()


def change(start: str) -> None:
    """Let some pages of the site change."""
    with urlopen(f"{start}change"):  # noqa: S310 - our own server
        pass


def path(number: int) -> str:
    """Return the path of a page."""
    return f"/sida-{number}" if number else "/"


def etag(number: int, version: int = 0) -> str:
    """Return how a page of the site names its edition."""
    return f'"{number}.{version}"'


async def _serve(count: int, changed: int, how: str, words: int) -> None:
    versions: dict[int, int] = {}
    texts = _texts(count, words)

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await _request(reader):
            asked = request.split(b" ", 2)[1]
            if asked == b"/change":
                for number in range(7, 7 + 50 * changed, 50):
                    versions[number] = versions.get(number, 0) + 1
            number = int(asked.rpartition(b"-")[2] or 0) if b"-" in asked else 0
            tag = etag(number, versions.get(number, 0)).encode()
            if asked not in {b"/", b"/change"} and not asked.startswith(b"/sida-"):
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            elif how == "etag" and tag in request:
                writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % tag)
            else:
                body = _page(number, versions.get(number, 0), count, texts[number])
                head = b"ETag: %s\r\n" % tag if how == "etag" else b""
                writer.write(
                    b"HTTP/1.1 200 OK\r\nContent-Type: text/html; charset=utf-8\r\n%s"
                    b"Content-Length: %d\r\n\r\n%s" % (head, len(body), body)
                )
        writer.close()

    server = await asyncio.start_server(answer, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    async with server:
        await server.serve_forever()


async def _request(reader: asyncio.StreamReader) -> bytes:
    try:
        return await reader.readuntil(b"\r\n\r\n")
    except (asyncio.IncompleteReadError, ConnectionError):
        return b""


def _texts(count: int, words: int) -> list[tuple[str, str]]:
    """Return the title and the text of every page."""
    if not words:
        return [(f"Sida {number}", _WORDS * 3) for number in range(count)]
    generated = itertools.islice(corpus.generated(), count)
    return [(held.title, " ".join(held.sections[0].text.split()[:words])) for held in generated]


def _page(number: int, version: int, count: int, said: tuple[str, str]) -> bytes:
    first = number * _FANOUT + 1
    links = "".join(
        f'<a href="{path(child)}">{child}</a> '
        for child in range(first, min(first + _FANOUT, count))
    )
    title, text = said
    return (
        f"<!doctype html><html lang=sv><title>{title}</title><main><h1>{title}</h1>"
        f"<p>{text} Version {version} av sida {number}.</p></main><nav>{links}</nav></html>"
    ).encode()


if __name__ == "__main__":
    asyncio.run(_serve(int(sys.argv[1]), int(sys.argv[2]), sys.argv[3], int(sys.argv[4])))
