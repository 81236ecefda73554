"""Pages per second of a whole crawl, beside Scrapy on the same site, politeness off.

    scripts/setup peers && .venv/bin/python -m benchmarks.crawl_speed

Each contender is a process (ours: and its workers); they run one after the other, so that only the
site's server shares the cores with them. CPU is that of a contender and its children.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import resource
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import dataclass
from pathlib import Path
from typing import Self

import psutil

_OURS = {
    "ours": "complete, a rule names the main element",
    "ours-again": "the same again: nothing has changed (304)",
    "ours-no-rules": "complete, without rules",
    "ours-links": "links only (follow_only)",
}
_PEERS = {
    "scrapy-extract": "Scrapy that calls our extraction",
    "scrapy-lxml": "Scrapy with lxml: title, text, links",
    "scrapy-links": "Scrapy, links only (LinkExtractor)",
}
_RATIOS = (
    ("ours", "scrapy-extract", 1.2),
    ("ours", "scrapy-lxml", 0.6),
    ("ours-no-rules", "scrapy-lxml", 0.4),
    ("ours-links", "scrapy-links", 1.2),
    ("ours-again", "ours", 3.0),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Result:
    """One crawl. `peak_mb` is PSS summed over the contender's processes."""

    pages: int
    seconds: float
    cpu_s: float
    peak_mb: float
    reextracted: int = 0

    @property
    def speed(self) -> float:
        """Pages per second."""
        return self.pages / self.seconds


def main() -> None:
    """Run every contender, and print their figures and ratios."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--pages", type=int, default=3000)
    parser.add_argument("--repeat", type=int, default=1, help="runs of each; the best one counts")
    parser.add_argument("--contender", help=argparse.SUPPRESS)
    parser.add_argument("--start", help=argparse.SUPPRESS)
    parser.add_argument("--store", type=Path, help=argparse.SUPPRESS)
    args = parser.parse_args()
    if args.contender:
        print(json.dumps(_crawl(args.contender, args.start, args.store)))
        return
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crawl_site", str(args.pages)],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as server:
        assert server.stdout is not None
        start = f"http://127.0.0.1:{server.stdout.readline().strip()}/"
        try:
            _print(_run_all(start, repeat=args.repeat))
        finally:
            server.kill()


def _run_all(start: str, *, repeat: int) -> dict[str, Result]:
    best: dict[str, Result] = {}
    for _ in range(repeat):
        with tempfile.TemporaryDirectory() as folder:
            for name in (*_OURS, *_PEERS):
                # The second crawl finds the store of the first; the others begin with none.
                store = Path(folder) / f"{name.removesuffix('-again')}.db"
                result = _measured(name, start, store)
                if name not in best or result.speed > best[name].speed:
                    best[name] = result
                print(f"{name}: {result.pages} pages, {result.speed:.0f} a second", file=sys.stderr)
    return best


def _measured(name: str, start: str, store: Path) -> Result:
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    command = ["--contender", name, "--start", start, "--store", str(store)]
    with subprocess.Popen(
        [sys.executable, "-m", "benchmarks.crawl_speed", *command],
        stdout=subprocess.PIPE,
        encoding="utf-8",
    ) as process:
        with _Peak(process.pid) as peak:
            out, _ = process.communicate()
        assert process.returncode == 0, name
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    told = json.loads(out.splitlines()[-1])
    own = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    return Result(cpu_s=own + told.pop("workers_cpu_s"), peak_mb=peak.megabytes, **told)


class _Peak:
    """Samples the memory of a process and its children."""

    def __init__(self, pid: int) -> None:
        self.megabytes = 0.0
        self._process = psutil.Process(pid)
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._watch)

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(self, *exc: object) -> None:
        self._ended.set()
        self._thread.join()

    def _watch(self) -> None:
        while not self._ended.wait(0.25):
            try:
                everybody = [self._process, *self._process.children(recursive=True)]
                now = sum(one.memory_full_info().pss for one in everybody) / 1e6
            except psutil.Error:
                continue
            self.megabytes = max(self.megabytes, now)


def _crawl(name: str, start: str, store: Path) -> dict[str, float]:
    if name in _PEERS:
        # Only where it is measured: whoever runs ours alone need not have it.
        from benchmarks.crawl_peers import crawl  # noqa: PLC0415

        pages, seconds = crawl(name, start)
        return {"pages": pages, "seconds": seconds, "workers_cpu_s": 0.0}
    return asyncio.run(_our_crawl(name, start, store))


async def _our_crawl(name: str, start: str, path: Path) -> dict[str, float]:
    from benchmarks.university_pages import SITE_RULE, VOCABULARY  # noqa: PLC0415 - as above
    from indexer.config import Config, RecrawlSettings, WebsiteSource  # noqa: PLC0415
    from indexer.crawl import Crawler, ProcessReader  # noqa: PLC0415
    from indexer.model import HttpSettings  # noqa: PLC0415
    from indexer.store import DocumentStore  # noqa: PLC0415

    http = HttpSettings(delay_s=0, per_host=16, concurrency=16)
    source = WebsiteSource(
        name="site",
        start=(start,),
        sitemaps="none",
        max_depth=100,
        pattern_budget=1_000_000,
        follow_only=("/**",) if name == "ours-links" else (),
        rules=() if name == "ours-no-rules" else (SITE_RULE,),
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
        vocabulary=VOCABULARY,
    )
    begun = time.monotonic()
    with DocumentStore.open(path) as store, ProcessReader() as reader:
        report = (await Crawler(config, store, reader=reader).run()).sources[0]
        seconds = time.monotonic() - begun
        # The kernel buries workers itself, and charges nobody with what they used.
        workers = sum(
            sum(child.cpu_times()[:2]) for child in psutil.Process().children(recursive=True)
        )
        direct = sum(sum(child.cpu_times()[:2]) for child in psutil.Process().children())
    return {
        "pages": report.fetched + report.not_modified,
        "seconds": seconds,
        "workers_cpu_s": workers - direct,
        "reextracted": report.reextracted,
    }


def _print(results: dict[str, Result]) -> None:
    print(f"{'':16}{'pages':>7}{'pages/s':>9}{'CPU s':>8}{'ms/page':>9}{'PSS MB':>8}")
    for name, what in (_OURS | _PEERS).items():
        one = results[name]
        cpu_ms = 1000 * one.cpu_s / one.pages
        print(
            f"{name:16}{one.pages:7}{one.speed:9.0f}{one.cpu_s:8.1f}{cpu_ms:9.1f}"
            f"{one.peak_mb:8.0f}  {what}"
        )
    for ours, theirs, wanted in _RATIOS:
        ratio = results[ours].speed / results[theirs].speed
        print(f"{ours} / {theirs}: {ratio:.2f} (wanted: {wanted})")
    print(f"read again in the second crawl: {results['ours-again'].reextracted} (wanted: 0)")


if __name__ == "__main__":
    main()
