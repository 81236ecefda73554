# ruff: noqa: E501 - the table reads best with one case a row
"""Bombs: what is meant to fill the memory, and how much it fills, measured from outside.

A real process of `samsok crawl`; the memory is that of all its processes, as shared pages are shared
(PSS), sampled twenty times a second.
"""

from __future__ import annotations

import contextlib
import gzip
import subprocess
import threading
import time
import zlib
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Self

import orjson
import psutil
import pytest

from indexer.store import DocumentStore
from tests.hostile.cases import case
from tests.hostile.crawling import text, write
from tests.support.command import Samsok
from tests.support.faux_site import HTML, FauxSite, Reply, said

pytestmark = [pytest.mark.fault, pytest.mark.timeout(240)]

MEGABYTE = 1_000_000
MOST_IN_ALL = 400 * MEGABYTE
MOST_FETCHING = 250 * MEGABYTE

CONFIG = """\
version: 1
user_agent: "Samsok/1.0 (+https://www.example.org/samsok; samsok@example.org)"
data_dir: var
http: {{delay_s: 0, per_host: 8, concurrency: 8, timeout_s: 5, deadline_s: 10, max_body_mb: 20}}
network: {{allow_private: ["127.0.0.1:{port}"]}}
sources:
  - {{name: exempel, type: website, start: ["{url}"], max_depth: 3}}
"""


class Memory:
    """The most memory that a process, and all of it and its children, had at one time. Bytes."""

    def __init__(self, process: subprocess.Popen[str]) -> None:
        self.fetching = 0
        self.in_all = 0
        self.at_the_peak: list[int] = []
        self._ended = threading.Event()
        self._root = psutil.Process(process.pid)
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.05):
            with contextlib.suppress(psutil.Error):
                own = self._root.memory_full_info().pss
                all_of_them = [own, *map(_pss, self._root.children(recursive=True))]
                self.fetching = max(self.fetching, own)
                if sum(all_of_them) > self.in_all:
                    self.in_all, self.at_the_peak = sum(all_of_them), all_of_them


def _pss(process: psutil.Process) -> int:
    with contextlib.suppress(psutil.Error):
        return int(process.memory_full_info().pss)
    return 0


def gigabyte_of_gzip() -> Iterator[bytes]:
    """Yield a megabyte of gzip that is a gigabyte of nothing, without holding either."""
    packer = zlib.compressobj(9, zlib.DEFLATED, 31)
    for _ in range(1000):
        if piece := packer.compress(bytes(MEGABYTE)):
            yield piece
    yield packer.flush()


def endless() -> Iterator[bytes]:
    while True:
        yield b"<p>samverkan samverkan samverkan</p>" * 1000


def endless_headers() -> Iterator[bytes]:
    yield b"HTTP/1.1 200 OK\r\n"
    while True:
        yield b"X-Fyllning: " + b"a" * 60_000 + b"\r\n"


def paragraphs(megabytes: float, seed: str) -> bytes:
    sentence = f"Högskolan och kommunen samverkar om {seed} och om annat. "
    paragraph = f"<p>{sentence * 20}</p>\n".encode()
    return text(seed).encode() + paragraph * int(megabytes * MEGABYTE / len(paragraph))


def html(body: bytes, **headers: str) -> Reply:
    return Reply(body=body, headers={"Content-Type": HTML, **headers})


GZIP = {"Content-Type": HTML, "Content-Encoding": "gzip"}
GZIP_TWICE = {"Content-Type": HTML, "Content-Encoding": "gzip, gzip"}


@dataclass(frozen=True)
class Bomb:
    """What a path answers, and how its failure is counted; "" if it may be a document."""

    name: str
    does: str
    reply: Callable[[], Reply]
    reason: str = ""

    @property
    def must(self) -> str:
        """What must happen, in words."""
        return f"counted as failed: {self.reason}" if self.reason else "it ends, read or not"

    def __str__(self) -> str:
        return self.name


BOMBS = [
    Bomb("gzip", "1 GB in 1 MB of gzip, made as it is sent", lambda: Reply(stream=gigabyte_of_gzip, headers=GZIP, chunked=True), "body_too_large"),
    Bomb("gzip-twice", "1 GB in 5 KB of gzip of gzip", lambda: Reply(body=gzip.compress(b"".join(gigabyte_of_gzip())), headers=GZIP_TWICE), "body_too_large"),
    Bomb("endless", "a body without end, at full speed", lambda: Reply(stream=endless, chunked=True), "body_too_large"),
    Bomb("headers", "headers without end", lambda: Reply(raw=endless_headers), "bad_response"),
    Bomb("line", "a status line of 50 MB", lambda: Reply(raw=said(*[b"x" * MEGABYTE] * 50)), "bad_response"),
    Bomb("chunk", "one chunk of 8 EB, and 100 MB of it", lambda: Reply(raw=said(b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n7fffffffffffffff\r\n", *[b"x" * MEGABYTE] * 100)), "body_too_large"),
    Bomb("19-mb", "19 MB of text, below the limit of a body", lambda: html(paragraphs(19, "/19-mb")), "parse_limit"),
    Bomb("nested", "a million divs in each other", lambda: html(b"<div>" * 1_000_000), "parse_limit"),
    Bomb("attributes", "a tag of 500 000 attributes", lambda: html(b"<p " + b" ".join(b"a%d=1" % n for n in range(500_000)) + b">x"), "parse_limit"),
    Bomb("word", "a word of 4.5 million letters", lambda: html(text("/word").encode() + b"<p>" + b"a" * 4_500_000)),
    Bomb("digits", "4 MB of digits, dots and slashes", lambda: html(text("/digits").encode() + b"<p>" + b"1.2/3-4 " * 500_000)),
    Bomb("mails", "2 MB of mail addresses and telephone numbers", lambda: html(text("/mails").encode() + b"<p>a@b.example +46 520-22 30 00 </p>" * 50_000)),
    Bomb("json-ld", "4 MB of JSON-LD, nested", lambda: html(text("/json-ld").encode() + b'<script type="application/ld+json">' + b'{"a":[' * 600_000 + b"</script>")),
    Bomb("text", "15 MB of plain text", lambda: Reply(body=paragraphs(15, "/text"), headers={"Content-Type": "text/plain"})),
    Bomb("links", "90 000 links", lambda: html(text("/links").encode() + b"".join(b'<a href="/dead/%d">x</a>' % n for n in range(90_000)))),
    *(Bomb(f"large-{n}", "4 MB of honest text", lambda n=n: html(paragraphs(4, f"/large-{n}"))) for n in range(8)),  # type: ignore[misc]  # mypy cannot infer it
]  # fmt: skip


@dataclass(frozen=True)
class Result:
    """What the crawl of the bombs came to."""

    code: int
    memory: Memory
    seconds: float
    report: dict[str, dict[str, dict[str, list[str]]]]
    paths: list[str]


@pytest.fixture(scope="module")
def crawled(tmp_path_factory: pytest.TempPathFactory) -> Iterator[tuple[FauxSite, Result]]:
    """One crawl of all the bombs, by a process of its own."""
    with FauxSite() as site:
        write(site, "/", *(f"/{bomb}" for bomb in BOMBS), "/sist")
        write(site, "/sist")
        for bomb in BOMBS:
            site.reply(f"/{bomb}", bomb.reply())
        site.robots(f"Sitemap: {site.url('/karta.xml.gz')}")
        site.reply("/karta.xml.gz", Reply(stream=gigabyte_of_gzip, headers={}, chunked=True))
        samsok = Samsok(tmp_path_factory.mktemp("bombs"), plain=True)
        written = CONFIG.format(port=site.port, url=site.url("/"))
        samsok.config.write_text(written, encoding="utf-8")
        begun = time.monotonic()
        process = samsok.start("crawl", "--json")
        with Memory(process) as memory:
            out, err = process.communicate(timeout=200)
        assert "Traceback" not in err
        with DocumentStore.open(samsok.directory / "var" / "crawl.db") as store:
            root = site.url("")
            paths = sorted(found.url.removeprefix(root) for found in store.documents())
        yield (
            site,
            Result(
                code=process.returncode,
                memory=memory,
                seconds=time.monotonic() - begun,
                report=orjson.loads(out)["sources"][0],
                paths=paths,
            ),
        )


@pytest.mark.parametrize("bomb", BOMBS, ids=str)
@case("a page that is {bomb.does}", "{bomb.must}")
def test_a_bomb_costs_one_page(crawled: tuple[FauxSite, Result], bomb: Bomb) -> None:
    site, result = crawled
    assert 1 <= len(site.asked(f"/{bomb}")) <= 2
    if bomb.reason:
        assert site.url(f"/{bomb}") in result.report["failed"][bomb.reason]["examples"]
        assert f"/{bomb}" not in result.paths


@case(
    "all of the bombs, and a sitemap of 1 GB in 1 MB",
    "the crawl ends by itself: exit 0; the last page is read",
)
def test_the_crawl_survives_every_bomb(crawled: tuple[FauxSite, Result]) -> None:
    site, result = crawled
    assert result.code == 0
    assert {"/", "/sist"} <= set(result.paths)
    assert {f"/large-{number}" for number in range(8)} <= set(result.paths)
    assert site.url("/karta.xml.gz") in str(result.report["failed"])
    assert result.seconds < 150


@case(
    "all of the bombs, eight pages at a time", "at most 400 MB PSS over all processes of the crawl"
)
def test_no_bomb_fills_the_memory(crawled: tuple[FauxSite, Result]) -> None:
    memory = crawled[1].memory
    each = [round(size / MEGABYTE) for size in memory.at_the_peak]
    assert 0 < memory.in_all <= MOST_IN_ALL, f"{sum(each)} MB: {each}, the fetching process first"


@case("all of the bombs, eight pages at a time", "at most 250 MB PSS in the process that fetches")
def test_no_bomb_fills_the_process_that_fetches(crawled: tuple[FauxSite, Result]) -> None:
    memory = crawled[1].memory
    assert 0 < memory.fetching <= MOST_FETCHING, f"{memory.fetching / MEGABYTE:.0f} MB"
