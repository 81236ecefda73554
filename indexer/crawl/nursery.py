"""The process that workers are forked from.

It loads once what every worker needs, so that they share it and a worker that was killed is
replaced in milliseconds. On its standard input, a socket, come `Limits` as a pickle with the
worker's end of a socket pair; it answers with the worker's process id in eight bytes. When the
other end is closed, as it is when its reader was killed, it ends at once with all its workers,
whatever they are doing.

The standard library's fork server would do, but for running the main module of whoever uses it.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import gc
import os
import pickle
import signal
import socket
import struct

from indexer.crawl.reading import ReadingRules, read
from indexer.crawl.worker import serve
from indexer.model import CrawlRequest, Page, Vocabulary

PROCESS_ID = struct.Struct(">q")

_WORDS = "Högskolan och kommunen samverkar om lärande i arbetslivet, forskning och utbildning. "


def main() -> None:
    """Fork a worker for each socket that comes."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # the kernel buries the workers
    _warm_up()
    with socket.socket(fileno=0) as control, contextlib.suppress(ConnectionError):
        while _fork(control):
            pass
    if os.getpgrp() == os.getpid():
        os.killpg(0, signal.SIGKILL)


def _fork(control: socket.socket) -> bool:
    """Fork a worker when one is asked for; return whether more may be."""
    said, descriptors, _, _ = socket.recv_fds(control, 1024, 1)
    if not said:
        return False
    worker = os.fork()
    if worker == 0:
        control.close()
        serve(socket.socket(fileno=descriptors[0]), pickle.loads(said))  # noqa: S301 - ours
        os._exit(0)
    os.close(descriptors[0])
    control.sendall(PROCESS_ID.pack(worker))
    return True


def _warm_up() -> None:
    """Read a page, for which models and tables are loaded."""
    url = "https://www.example.org/"
    body = f"<html lang=sv><title>Samverkan</title><body><p>{_WORDS * 10}</body></html>"
    page = Page(
        request=CrawlRequest(url=url, source=""),
        url=url,
        body=body.encode(),
        media_type="text/html",
        fetched_at=dt.datetime.now(dt.UTC),
    )
    read(page, ReadingRules(rules=(), vocabulary=Vocabulary()))
    # What lives now lives as long as the workers: the collector need not touch it, which would
    # make each of them a copy.
    gc.collect()
    gc.freeze()
