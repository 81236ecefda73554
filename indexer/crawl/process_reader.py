"""Reading pages in worker processes, which can be killed."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import pickle
import signal
import socket
import subprocess
import sys
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from indexer.crawl.nursery import PROCESS_ID
from indexer.crawl.reading import PageReader, Reading
from indexer.crawl.worker import ANSWER, GivenUp, Job, Limits, framed
from indexer.model import Extraction
from indexer.store import pack

if TYPE_CHECKING:
    from indexer.crawl.reading import ReadingRules
    from indexer.model import Page

_MOST_WORKERS = 4
_PIECE = 131_072
_LARGE = 1_000_000
"""Bytes of a body that may cost its worker a hundred times a usual page; one such at a time."""

_INHERITED = ("COVERAGE", "HOME", "LANG", "LC_", "LD_", "PATH", "PYTHON", "TMPDIR", "TZ")
"""What of the environment workers get: none of the secrets that may stand there."""

# With -P no file of the working directory is taken for a module.
_COMMAND = (sys.executable, "-P", "-c", "from indexer.crawl.nursery import main; main()")

logger = logging.getLogger(__name__)


class _Nursery:
    """Our side of the process that workers are forked from. Belongs to one thread."""

    def __init__(self) -> None:
        self._control, theirs = socket.socketpair()
        paths = [path or os.getcwd() for path in sys.path]  # noqa: PTH109 - a string is wanted
        inherited = {
            name: value for name, value in os.environ.items() if name.startswith(_INHERITED)
        }
        # Linear algebra in one thread: each costs memory, and none survives a fork.
        own = {"PYTHONPATH": os.pathsep.join(paths), "OPENBLAS_NUM_THREADS": "1"}
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603 - a command of our own
                _COMMAND,
                stdin=theirs.fileno(),
                stdout=subprocess.DEVNULL,
                env=inherited | own,
                process_group=0,  # Ctrl-C is for us; and it can end its workers with itself
            )

    def fork(self, limits: Limits) -> _Worker:
        """Return a new worker.

        Raises:
            OSError: If the nursery has died.
        """
        with contextlib.ExitStack() as unless_forked:
            ours, theirs = socket.socketpair()
            unless_forked.enter_context(ours)
            with theirs:
                socket.send_fds(self._control, [pickle.dumps(limits)], [theirs.fileno()])
            answer = self._control.recv(PROCESS_ID.size, socket.MSG_WAITALL)
            if len(answer) < PROCESS_ID.size:
                raise OSError("the process that workers are forked from has ended")
            ours.setblocking(False)
            unless_forked.pop_all()
            return _Worker(process=PROCESS_ID.unpack(answer)[0], socket=ours)

    def close(self) -> None:
        self._process.kill()
        self._process.wait()
        self._control.close()


@dataclass(slots=True, kw_only=True, eq=False)
class _Worker:
    """The id of a process, our end of its socket, and the rules that it has been told."""

    process: int
    socket: socket.socket
    told: set[int] = field(default_factory=set)
    streams: tuple[asyncio.StreamReader, asyncio.StreamWriter] | None = None

    async def answer(self, job: Job) -> Any:
        """Send a job, and wait for what comes of it."""
        if self.streams is None:
            self.streams = await asyncio.open_connection(sock=self.socket)
        reader, writer = self.streams
        writer.write(framed(job))
        body = memoryview(job.page.body)
        for start in range(0, len(body), _PIECE):
            # In pieces, or what the socket does not take at once would be copied.
            writer.write(body[start : start + _PIECE])
            await writer.drain()
        (length,) = ANSWER.unpack(await reader.readexactly(ANSWER.size))
        self.told.add(job.key)
        return pickle.loads(await reader.readexactly(length))  # noqa: S301 - see `worker`

    @property
    def has_hung_up(self) -> bool:
        """Whether the process has ended, without having been asked for anything."""
        return self.streams is not None and self.streams[0].at_eof()

    def kill(self) -> None:
        """End the process, whatever it does."""
        if self.streams is not None:
            self.streams[1].transport.abort()
        self.socket.close()
        with contextlib.suppress(ProcessLookupError):
            os.kill(self.process, signal.SIGKILL)


class ProcessReader(PageReader):
    """Reads each page in one of several processes; one that misbehaves is killed and replaced.

    A page that takes too long, too much memory, or its process with it, is an `Extraction` with
    the reason ``extraction_timeout``, ``extraction_memory`` or ``extraction_crashed``. As many
    pages are read at a time as there are `workers`, by default one for each core. Belongs to the
    event loop that uses it first.
    """

    def __init__(self, *, workers: int | None = None, limits: Limits | None = None) -> None:
        count = workers or min(os.cpu_count() or 1, _MOST_WORKERS)
        self._limits = limits or Limits()
        self._places = asyncio.Semaphore(count)
        self._large = asyncio.Semaphore(1)
        self._keys: dict[int, tuple[int, ReadingRules]] = {}
        self._nursery = _Nursery()
        self._is_closed = False
        # Forking waits until the nursery is ready, a second at first: in a thread of its own.
        self._starter = ThreadPoolExecutor(1, thread_name_prefix="start-workers")
        self._idle: list[_Worker] = []
        self._alive: set[_Worker] = set()

    async def read(self, page: Page, rules: ReadingRules, *, links_only: bool = False) -> Reading:
        answer = await self._ask(page, rules, is_stored=False, links_only=links_only)
        if isinstance(answer, Reading):
            return answer
        return Reading(extraction=_extraction(answer), body=await asyncio.to_thread(pack, page))

    async def read_again(self, page: Page, rules: ReadingRules) -> Extraction:
        return _extraction(await self._ask(page, rules, is_stored=True, links_only=False))

    def close(self) -> None:
        self._is_closed = True
        self._nursery.close()  # so that nobody waits for it
        self._starter.shutdown(wait=True, cancel_futures=True)
        self._nursery.close()  # the one that came in its place meanwhile
        for worker in self._alive:
            worker.kill()
        self._alive.clear()
        self._idle.clear()

    async def _ask(
        self, page: Page, rules: ReadingRules, *, is_stored: bool, links_only: bool
    ) -> Reading | Extraction | GivenUp:
        async with contextlib.AsyncExitStack() as turns:
            if len(page.body) > _LARGE:
                await turns.enter_async_context(self._large)
            await turns.enter_async_context(self._places)
            try:
                worker = await self._free_worker()
            except OSError as error:
                logger.warning("no process can be started that reads pages: %s", error)
                return GivenUp(reason="extraction_crashed")
            key = self._key(rules)
            job = Job(
                page=page,
                key=key,
                rules=None if key in worker.told else rules,
                is_stored=is_stored,
                links_only=links_only,
            )
            return await self._answer_of(worker, job)

    async def _answer_of(self, worker: _Worker, job: Job) -> Reading | Extraction | GivenUp:
        answer: Reading | Extraction | GivenUp | None = None
        try:
            async with asyncio.timeout(self._limits.seconds):
                answer = await worker.answer(job)
        except TimeoutError:
            return GivenUp(reason="extraction_timeout")
        except (OSError, EOFError, pickle.UnpicklingError):
            return GivenUp(reason="extraction_crashed")
        finally:
            # After a large page a process keeps its memory, and after one that was too large
            # nobody knows its state; a new one costs milliseconds.
            if answer is None or isinstance(answer, GivenUp) or len(job.page.body) > _LARGE:
                self._alive.discard(worker)
                worker.kill()
            else:
                self._idle.append(worker)
        return answer

    async def _free_worker(self) -> _Worker:
        while self._idle:
            worker = self._idle.pop()
            if not worker.has_hung_up:
                return worker
            self._alive.discard(worker)
            worker.kill()
        forking = asyncio.get_running_loop().run_in_executor(self._starter, self._fork)
        try:
            return await asyncio.shield(forking)
        except asyncio.CancelledError:
            forking.add_done_callback(self._keep)
            raise

    def _fork(self) -> _Worker:
        try:
            worker = self._nursery.fork(self._limits)
        except OSError:
            if self._is_closed:
                raise
            # Short of memory, the system may have ended it.
            self._nursery.close()
            self._nursery = _Nursery()
            worker = self._nursery.fork(self._limits)
        self._alive.add(worker)
        return worker

    def _keep(self, forked: asyncio.Future[_Worker]) -> None:
        """Keep a worker that came when nobody waited for it any more."""
        if not forked.cancelled() and forked.exception() is None:
            self._idle.append(forked.result())

    def _key(self, rules: ReadingRules) -> int:
        # By identity: rules may be long, and there is one value for each source.
        known = self._keys.setdefault(id(rules), (len(self._keys), rules))
        return known[0]


def _extraction(answer: Reading | Extraction | GivenUp) -> Extraction:
    match answer:
        case Reading():
            return answer.extraction
        case GivenUp():
            return Extraction(document=None, reason=answer.reason)
        case _:
            return answer
