"""Requests per second and latency under load, beside plain Falcon on stock Whoosh (needs wrk).

The server is `samsok serve` with two workers, on the same machine as wrk, with the rate limit
off: otherwise it would answer 429 to a single client. There is no cache of answers to turn off:
what is remembered is how words are analysed, so the second run asks no query twice.
"""

from __future__ import annotations

import argparse
import dataclasses
import os
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import httpx
import psutil

from benchmarks import corpus, stock_whoosh
from benchmarks.engine.ours import built
from benchmarks.load import stock_app, wrk
from indexer.jobs.indexing import GenerationBuilder
from indexer.model import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.engine import Document, SearchIndex
    from indexer.model import Kind

_QUERIES = 500
_PUBLISHED = 5
_CHANGED = 20
_CONFIG = """\
version: 1
user_agent: "Samsok/1.0 (benchmark@example.org)"
sources: [{{name: none, type: website, start: ["https://www.example.org/"]}}]
api: {{port: {port}, workers: 2, rate_limit_per_minute: 0}}
"""
_SERVE_STOCK = """
import sys
from granian import Granian
Granian("benchmarks.load.stock_app:get_app", factory=True, interface="wsgi", port=int(sys.argv[1]),
        workers=2, blocking_threads=1, backpressure=128).serve()
"""


def main() -> None:
    """Build both indexes, and load one server after the other."""
    parser = argparse.ArgumentParser(description=__doc__)
    corpus.add_arguments(parser)
    parser.set_defaults(documents=20_000)
    parser.add_argument("--seconds", type=int, default=15, help="of each load (default: 15)")
    parser.add_argument("--connections", type=int, default=8)
    parser.add_argument("--port", type=int, default=8799)
    args = parser.parse_args()
    if not shutil.which("wrk"):
        sys.exit("wrk is not installed: apt-get install wrk")
    documents = _with_filters(corpus.documents(args))
    print(f"{len(documents)} documents, {_QUERIES} queries, 2 workers, rate limit off,")
    print(f"{args.connections} connections, {args.seconds} s each, wrk on the same machine\n")
    with tempfile.TemporaryDirectory() as directory:
        _Loads(args, documents, Path(directory)).run()


def _with_filters(documents: Sequence[Document]) -> list[Document]:
    """Give every document partners, areas, a kind and a year, which facets can count."""
    chance = random.Random(3)  # noqa: S311 - the same every time
    kinds: Sequence[Kind] = ("partner", "project", "research", "publication", "news", "page")
    return [
        dataclasses.replace(
            document,
            kind=chance.choice(kinds),
            partners=tuple(f"Partner {chance.randrange(40)}" for _ in range(2)),
            areas=(f"Område {chance.randrange(25)}",),
        )
        for document in documents
    ]


def _paths(queries: Sequence[str]) -> list[str]:
    """Return what researchers ask: half without a filter, the rest with one, some on page two."""
    more: Sequence[dict[str, str]] = (
        {},
        {},
        {"partner": "Partner 7"},
        {"kind": "project", "page": "2"},
    )
    return [
        f"/api/v1/search?{urlencode({'q': query} | more[number % len(more)])}"
        for number, query in enumerate(queries)
    ]


class _Loads:
    def __init__(self, args: argparse.Namespace, documents: list[Document], place: Path) -> None:
        self._args = args
        self._documents = documents
        self._place = place
        self._url = f"http://127.0.0.1:{args.port}"

    def run(self) -> None:
        index = built(self._place / "var" / "index", self._documents)
        waiting = self._generations(index)
        stock_whoosh.build(self._place / "stock", self._documents, counted=True)
        asked = corpus.queries(self._documents, count=_QUERIES)
        paths = _paths(asked)
        once = _paths(corpus.queries(self._documents, count=200 * self._args.seconds * 5))
        print(f"{'':44}{'req/s':>8}{'p50 ms':>9}{'p99 ms':>9}{'max ms':>9}{'errors':>8}")
        with self._samsok() as process:
            self._load("Samsök, cold", paths)
            ours = self._load("Samsök, six facets and snippets", paths)
            self._load("no query twice", once)
            with self._publishing(index, waiting):
                self._load(f"while {_PUBLISHED} generations are published", paths)
            print(f"PSS of all its processes: {_pss(process.pid):.0f} MB")
            self._stop_under_load(process, paths)
        plain = [f"/search?{urlencode({'q': query})}" for query in asked]
        for name, facets in (("ten hits with highlights", ""), ("the same and two facets", "1")):
            with self._stock(facets):
                theirs = self._load(f"stock Whoosh, {name}", plain)
                print(f"{'':44}{ours.per_second / theirs.per_second:8.1f} times as many by Samsök")

    def _generations(self, index: SearchIndex) -> list[str]:
        """Build what is published later: each changes some documents of the one before."""
        builder = GenerationBuilder(index, vocabulary=Vocabulary())
        names = []
        for number in range(_PUBLISHED):
            chosen = self._documents[number * _CHANGED : (number + 1) * _CHANGED]
            changed = [
                (it.id, dataclasses.replace(it, title=f"{it.title} {number}")) for it in chosen
            ]
            with index.searcher() as base:
                made = builder.update(base, changed, documents=self._documents)
            names.append(made.name)
        return names

    def _load(self, name: str, paths: Sequence[str]) -> wrk.Load:
        seconds, connections = self._args.seconds, self._args.connections
        process = wrk.start(
            self._url, paths, seconds=seconds, connections=connections, folder=self._place
        )
        load = wrk.Load.of(process.communicate()[0])
        print(f"{name:44}{load.line()}", flush=True)
        return load

    @contextmanager
    def _publishing(self, index: SearchIndex, names: Sequence[str]) -> Iterator[None]:
        """Publish one generation after the other, from a process of its own."""
        script = (
            "import sys, time; from pathlib import Path; from indexer.engine import open_index\n"
            "index = open_index('whoosh', Path(sys.argv[1]))\n"
            "for name in sys.argv[3:]: time.sleep(float(sys.argv[2])); index.publish(name)\n"
        )
        pause = self._args.seconds / (len(names) + 1)
        place = str(self._place / "var" / "index")
        process = subprocess.Popen([sys.executable, "-c", script, place, str(pause), *names])
        yield
        if process.wait(timeout=60):
            sys.exit("the generations could not be published")
        print(f"{'':44}now {index.current()}")

    def _stop_under_load(self, process: subprocess.Popen[bytes], paths: Sequence[str]) -> None:
        load = wrk.start(self._url, paths, seconds=4, connections=8, folder=self._place)
        time.sleep(2)
        began = time.perf_counter()
        process.send_signal(signal.SIGTERM)
        code = process.wait(timeout=60)
        print(
            f"told to stop under load: ended after {time.perf_counter() - began:.1f} s, code {code}"
        )
        load.communicate()

    @contextmanager
    def _samsok(self) -> Iterator[subprocess.Popen[bytes]]:
        config = self._place / "crawl_config.yaml"
        config.write_text(_CONFIG.format(port=self._args.port), encoding="utf-8")
        command = [sys.executable, "-m", "indexer", "serve", "--config", str(config)]
        with (self._place / "access.log").open("wb") as log:
            process = subprocess.Popen(command, stdout=log, stderr=log)
        with self._running(process, "/readyz"):
            yield process

    @contextmanager
    def _stock(self, facets: str) -> Iterator[None]:
        environment = os.environ | {
            stock_app.VARIABLE: str(self._place / "stock"),
            stock_app.FACETS: facets,
        }
        command = [sys.executable, "-c", _SERVE_STOCK, str(self._args.port)]
        process = subprocess.Popen(
            command, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
        )
        with self._running(process, "/search?q=samverkan"):
            yield

    @contextmanager
    def _running(self, process: subprocess.Popen[bytes], path: str) -> Iterator[None]:
        try:
            deadline = time.monotonic() + 60
            while not _answers(self._url + path):
                if time.monotonic() > deadline or process.poll() is not None:
                    sys.exit("the server did not come up")
                time.sleep(0.2)
            yield
        finally:
            if process.poll() is None:
                process.send_signal(signal.SIGTERM)
                process.wait(timeout=60)


def _answers(url: str) -> bool:
    try:
        return httpx.get(url, trust_env=False).is_success
    except httpx.TransportError:
        return False


def _pss(pid: int) -> float:
    """Return the proportional memory of a process and all below it, in MB."""
    root = psutil.Process(pid)
    processes = (root, *root.children(recursive=True))
    return sum(process.memory_full_info().pss for process in processes) / 1e6


if __name__ == "__main__":
    main()
