"""The second night over a large site of which little has changed: the cost must be that of change.

    python -m benchmarks.nightly

A site of 20 000 small pages in memory, crawled, then crawled again when 20 of them have changed.
Once with pages that answer 304, once with pages that say nothing of their age.
"""

from __future__ import annotations

import argparse
import asyncio
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.request import urlopen

from indexer.config import Config, RecrawlSettings, WebsiteSource
from indexer.crawl import Crawler, ProcessReader
from indexer.model import HttpSettings
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from indexer.crawl import SourceReport

_WORDS = "Högskolan och kommunen samverkar om lärande i arbetslivet, forskning och utbildning. "
_FANOUT = 20


def main() -> None:
    """Crawl twice, with and without validators, and print what the second night cost."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=20_000)
    parser.add_argument("--changed", type=int, default=20)
    parser.add_argument("--serve", choices=("etag", "plain"), help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.serve:
        asyncio.run(_serve(args.pages, args.changed, etag=args.serve == "etag"))
        return
    print(f"{args.pages} known pages, {args.changed} of them changed")
    print(f"{'':8}{'read again':>12}{'not modified':>14}{'fetched':>9}{'wall s':>8}{'CPU s':>8}")
    for how in ("etag", "plain"):
        command = ["--pages", str(args.pages), "--changed", str(args.changed), "--serve", how]
        with subprocess.Popen(
            [sys.executable, "-m", "benchmarks.nightly", *command],
            stdout=subprocess.PIPE,
            encoding="utf-8",
        ) as server:
            assert server.stdout is not None
            start = f"http://127.0.0.1:{server.stdout.readline().strip()}/"
            try:
                _two_nights(how, start)
            finally:
                server.kill()


def _two_nights(how: str, start: str) -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "crawl.db"
        asyncio.run(_crawl(start, path))
        with urlopen(f"{start}change"):  # noqa: S310 - our own server
            pass
        began, cpu = time.monotonic(), _cpu_s()
        report = asyncio.run(_crawl(start, path))
        wall, spent = time.monotonic() - began, _cpu_s() - cpu
    # What is neither vouched for (304) nor the same byte for byte is read.
    read = report.added + report.changed + report.reextracted
    print(
        f"{how:8}{read:12}{report.not_modified:14}{report.fetched:9}{wall:8.1f}{spent:8.1f}",
        flush=True,
    )


async def _crawl(start: str, path: Path) -> SourceReport:
    http = HttpSettings(delay_s=0, per_host=16, concurrency=16)
    source = WebsiteSource(
        name="site",
        start=(start,),
        sitemaps="none",
        max_depth=100,
        max_pages=1_000_000,
        pattern_budget=1_000_000,
        http=http,
    )
    config = Config(
        path=path,
        user_agent="benchmark (+https://www.example.org/)",
        data_dir=path.parent,
        allow_private=("127.0.0.1",),
        sources=(source,),
        http=http,
        recrawl=RecrawlSettings(min_hours=0),
    )
    with DocumentStore.open(path) as store, ProcessReader() as reader:
        return (await Crawler(config, store, reader=reader).run()).sources[0]


def _cpu_s() -> float:
    usage = resource.getrusage(resource.RUSAGE_SELF)
    return usage.ru_utime + usage.ru_stime


async def _serve(count: int, changed: int, *, etag: bool) -> None:
    versions: dict[int, int] = {}

    async def answer(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        while request := await _request(reader):
            path = request.split(b" ", 2)[1]
            if path == b"/change":
                versions.update(dict.fromkeys(range(7, 7 + 50 * changed, 50), 1))
            number = int(path.rpartition(b"-")[2] or 0) if b"-" in path else 0
            tag = b'"%d.%d"' % (number, versions.get(number, 0))
            if path not in {b"/", b"/change"} and not path.startswith(b"/sida-"):
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\n\r\n")
            elif etag and tag in request:
                writer.write(b"HTTP/1.1 304 Not Modified\r\nETag: %s\r\n\r\n" % tag)
            else:
                body = _page(number, versions.get(number, 0), count)
                head = b"ETag: %s\r\n" % tag if etag else b""
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


def _page(number: int, version: int, count: int) -> bytes:
    first = number * _FANOUT + 1
    links = "".join(
        f'<a href="/sida-{child}">{child}</a> '
        for child in range(first, min(first + _FANOUT, count))
    )
    return (
        f"<!doctype html><html lang=sv><title>Sida {number}</title><main><h1>Sida {number}</h1>"
        f"<p>{_WORDS * 3} Version {version} av sida {number}.</p></main><nav>{links}</nav></html>"
    ).encode()


if __name__ == "__main__":
    main()
