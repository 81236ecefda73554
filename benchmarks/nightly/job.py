"""The whole nightly job, as `samsok reindex` runs it: what it costs when nothing has changed.

The first night builds everything. In the second every page is asked for and none has changed; in
the third none is due. Then pages change, and the index is built from what is stored, in each way.
Last come the requests of the second night alone, sent by the same client with nothing behind it:
what the job costs beyond them is the difference.

CPU and memory are those of all processes of the job together, looked at five times a second.
"""

from __future__ import annotations

import asyncio
import multiprocessing
import subprocess
import sys
import tempfile
import time
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path

import orjson
import psutil

from benchmarks.nightly import site
from indexer.fetch import Fetcher
from indexer.model import CrawlRequest, HttpSettings, NotModified

_LOOK_EVERY_S = 0.2
_AGENT = "benchmark/1.0 (+https://www.example.org/; benchmark@example.org)"
_ENVIRONMENT = {"PYTHONPATH": str(Path(__file__).parents[2]), "PATH": "/usr/bin:/bin"}
_CONFIG = """\
version: 1
user_agent: "{agent}"
data_dir: var
http: {{delay_s: 0, per_host: 16, concurrency: 16}}
network: {{allow_private: ["127.0.0.1"]}}
recrawl: {{min_hours: {hours}}}
sources:
  - name: site
    type: website
    start: ["{start}"]
    sitemaps: none
    max_depth: 100
    max_pages: 1000000
    pattern_budget: 1000000
"""


@dataclass(slots=True)
class _Watch:
    """What the processes of a job have cost so far."""

    cpu_s: dict[int, float] = field(default_factory=dict)
    peak_mb: float = 0.0

    def look(self, root: psutil.Process) -> None:
        held = 0
        for process in (root, *root.children(recursive=True)):
            with suppress(psutil.Error):
                times = process.cpu_times()
                self.cpu_s[process.pid] = times.user + times.system
                held += process.memory_full_info().pss
        self.peak_mb = max(self.peak_mb, held / 1e6)


def main(*, pages: int, changed: int) -> None:
    """Run the job night after night and print what each cost."""
    print(f"{pages} pages of 300 words, {changed} of them change in the fourth night")
    print(
        f"{'':28}{'exit':>5}  {'outcome':12}{'requests':>9}{'wall s':>8}{'CPU s':>8}{'PSS MB':>8}"
    )
    with (
        site.served(pages=pages, changed=changed, words=300) as start,
        tempfile.TemporaryDirectory() as folder,
    ):
        place = Path(folder)
        _night("everything is new", place, start)
        spent = _night("nothing changed", place, start, hours=20)
        _night("nothing is due", place, start, hours=20)
        site.change(start)
        _night(f"{changed} pages changed", place, start, "--full")
        _night("built anew from the store", place, start, "--from-store")
        # One store that is named is read as several are: what they hold together is compared.
        several = ("--from-store", "--store", "var/crawl.db")
        _night("as one of several stores", place, start, *several)
        site.change(start)
        _crawl(place)
        _night(f"{changed} changed, --update", place, start, *several, "--update")
        alone = _requests_alone(start, pages)
    print(f"the requests of the second night alone: {alone:.1f} s of CPU")
    print(f"beyond them the second night cost {spent - alone:.1f} s")


def _crawl(place: Path) -> None:
    """Crawl once, and index nothing."""
    command = [sys.executable, "-m", "indexer", "crawl", "--full"]
    subprocess.run(command, cwd=place, env=_ENVIRONMENT, capture_output=True, check=True)


def _night(what: str, place: Path, start: str, *options: str, hours: int = 0) -> float:
    """Run the job once; print and return the CPU seconds that it took."""
    config = _CONFIG.format(agent=_AGENT, start=start, hours=hours)
    (place / "crawl_config.yaml").write_text(config, encoding="utf-8")
    watch, began = _Watch(), time.monotonic()
    with (
        (place / "report.json").open("wb") as report,
        subprocess.Popen(
            [sys.executable, "-m", "indexer", "reindex", "--json", *options],
            cwd=place,
            env=_ENVIRONMENT,
            stdout=report,
        ) as job,
    ):
        process = psutil.Process(job.pid)
        while job.poll() is None:
            with suppress(psutil.Error):
                watch.look(process)
            time.sleep(_LOOK_EVERY_S)
    told = orjson.loads((place / "report.json").read_bytes())
    crawl = told["crawl"]["sources"][0] if told["crawl"] else {"fetched": 0, "not_modified": 0}
    spent = sum(watch.cpu_s.values())
    print(
        f"{what:28}{job.returncode:5}  {told['outcome']:12}"
        f"{crawl['fetched'] + crawl['not_modified']:9}"
        f"{time.monotonic() - began:8.1f}{spent:8.1f}{watch.peak_mb:8.0f}",
        flush=True,
    )
    return spent


def _requests_alone(start: str, pages: int) -> float:
    """Return the CPU seconds of as many conditional requests, in a process of their own."""
    with multiprocessing.get_context("spawn").Pool(1) as pool:
        return pool.apply(_ask_all, (start, pages))


def _ask_all(start: str, pages: int) -> float:
    asyncio.run(_conditional(start, pages))
    return time.process_time()


async def _conditional(start: str, pages: int) -> None:
    http = HttpSettings(delay_s=0, per_host=16, concurrency=16)
    numbers = iter(range(pages))

    async def ask(fetcher: Fetcher) -> None:
        for number in numbers:
            url = start.rstrip("/") + site.path(number)
            request = CrawlRequest(url=url, source="site", etag=site.etag(number))
            answer = await fetcher.attempt(request, settings=http)
            assert isinstance(answer, NotModified) or number % 50 == 7, answer

    async with Fetcher(
        user_agent=_AGENT, allow_private=("127.0.0.1",), concurrency=http.concurrency
    ) as fetcher:
        await asyncio.gather(*(ask(fetcher) for _ in range(http.concurrency)))
