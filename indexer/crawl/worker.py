"""What runs in a worker process: one page at a time, within a limit of time and memory.

A job comes as two lengths of eight bytes, a pickle, and the page's body as it is; an answer goes
back as a length and a pickle. A worker is trusted with its pickles
because it is our own code under our own user. What it reads is not trusted, so that it may freeze,
eat memory or crash, and is killed and replaced without harm to anything else.
"""

from __future__ import annotations

import pickle
import resource
import signal
import struct
import sys
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from indexer.crawl.reading import Reading, ReadingRules, read, read_again

if TYPE_CHECKING:
    import socket
    from io import BufferedReader

    from indexer.model import Extraction, Page

JOB = struct.Struct(">QQ")
ANSWER = struct.Struct(">Q")

_MEGABYTE = 1_000_000
_GRACE_S = 2.0
"""How much later than its reader a worker gives itself up, should nobody be left to kill it."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What one page may cost: seconds of wall time, and megabytes beside an idle worker."""

    seconds: float = 20.0
    memory_mb: int = 120


@dataclass(frozen=True, slots=True, kw_only=True)
class Job:
    """A page to read. Its rules are sent to each worker once and named by `key` from then on."""

    page: Page
    key: int
    rules: ReadingRules | None
    is_stored: bool
    links_only: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class GivenUp:
    """The worker could not read the page, and lives on; `reason` says why."""

    reason: str


def serve(connection: socket.socket, limits: Limits) -> None:
    """Read pages until the other end hangs up."""
    # Ctrl-C reaches the whole group of processes; when to end is the reader's decision.
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    _bound_memory(limits.memory_mb)
    sys.unraisablehook = _unraisable
    rules: dict[int, ReadingRules] = {}
    with connection, connection.makefile("rb") as jobs, connection.makefile("wb") as answers:
        while (job := _received(jobs)) is not None:
            signal.setitimer(signal.ITIMER_REAL, limits.seconds + _GRACE_S)
            answer = answer_to(job, rules)
            signal.setitimer(signal.ITIMER_REAL, 0)
            try:
                said = pickle.dumps(answer, protocol=pickle.HIGHEST_PROTOCOL)
                answers.write(ANSWER.pack(len(said)) + said)
                answers.flush()
            except BrokenPipeError:
                return


def answer_to(job: Job, rules: dict[int, ReadingRules]) -> Reading | Extraction | GivenUp:
    """Do a job; `rules` holds those that came with earlier ones."""
    if job.rules is not None:
        rules[job.key] = job.rules
    try:
        if job.is_stored:
            return read_again(job.page, rules[job.key])
        return read(job.page, rules[job.key], links_only=job.links_only)
    except MemoryError:
        return GivenUp(reason="extraction_memory")


def framed(job: Job) -> bytes:
    """Return a job as it goes over the socket, but for the body of its page, which follows."""
    said = pickle.dumps(
        replace(job, page=replace(job.page, body=b"")), protocol=pickle.HIGHEST_PROTOCOL
    )
    return JOB.pack(len(said), len(job.page.body)) + said


def _received(stream: BufferedReader) -> Job | None:
    head = stream.read(JOB.size)
    if len(head) < JOB.size:
        return None
    size, body_size = JOB.unpack(head)
    said, body = stream.read(size), stream.read(body_size)
    if len(said) < size or len(body) < body_size:
        return None
    job: Job = pickle.loads(said)  # noqa: S301 - from our reader
    return replace(job, page=replace(job.page, body=body))


def _unraisable(failed: sys.UnraisableHookArgs) -> None:
    """Say what could not be raised, but for a lack of memory: the answer speaks of that."""
    if not isinstance(failed.exc_value, MemoryError):
        sys.__unraisablehook__(failed)


def _bound_memory(megabytes: int) -> None:
    """Bound the private memory of this process; where the kernel does not say how much it has, not.

    RLIMIT_DATA and not RLIMIT_AS: libraries map far more addresses than they use.
    """
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[5])
        limit = pages * resource.getpagesize() + megabytes * _MEGABYTE
        _, hard = resource.getrlimit(resource.RLIMIT_DATA)
        resource.setrlimit(resource.RLIMIT_DATA, (limit, hard))
    except (OSError, ValueError):
        return
