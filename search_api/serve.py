"""The verb `samsok serve`: the API and the search page, in as many processes as asked for."""

from __future__ import annotations

import argparse
import contextlib
import errno
import multiprocessing
import os
import signal
import socket
import sys
import threading
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from search_api.settings import Settings

HELP = "answer searches over HTTP, as JSON and as pages"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok serve` takes; what is not given is as the configuration says."""
    parser.description = (
        "Answer searches over HTTP: the search page at /, the API at /api/v1/search. A newly\n"
        "published index is followed within a second, with no request lost. Ctrl-C ends it."
    )
    parser.add_argument("--host", help="address to listen on")
    parser.add_argument("--port", type=int, help="port to listen on; 0 takes a free one")
    parser.add_argument("--workers", type=_count, help="processes that answer")
    parser.add_argument(
        "--root-path", metavar="PATH", help="what a proxy puts in front of the path: /samsok"
    )


def run(args: argparse.Namespace, settings: Mapping[str, object]) -> int:
    """Serve until told to stop."""
    # Imported here, so that `samsok --help` need not load a web server.
    from search_api.insight import housekeeping, prepared  # noqa: PLC0415
    from search_api.settings import VARIABLE, Settings  # noqa: PLC0415

    given = {
        name: value
        for name in ("host", "port", "workers", "root_path")
        if (value := getattr(args, name)) is not None
    }
    chosen = replace(Settings.from_mapping(settings), **given)
    root = chosen.root_path.strip("/")
    chosen = replace(chosen, root_path=f"/{root}" if root else "")
    try:
        address, port = _address(chosen)
    except (OSError, OverflowError) as error:
        print(_cannot_listen(chosen, error), file=sys.stderr)
        return 1
    chosen, complaint = prepared(replace(chosen, port=port))
    if complaint:
        print(complaint, file=sys.stderr)
    os.environ[VARIABLE] = chosen.to_json()
    host = f"[{chosen.host}]" if ":" in chosen.host else chosen.host
    print(f"search page   http://{host}:{chosen.port}{chosen.root_path}/")
    print(f"API           http://{host}:{chosen.port}{chosen.root_path}/api/v1/search?q=…")
    is_here = chosen.index["backend"] == "whoosh"
    if is_here and not (chosen.index_directory / "CURRENT").exists():
        print("nothing is published yet: searches answer 503 until `samsok reindex` has run")
    try:
        with _metrics(chosen), housekeeping(chosen):
            sys.stdout.flush()
            _serve(chosen, address)
    except _MetricsUnserved as error:
        print(error, file=sys.stderr)
        return 1
    return 0


def _count(text: str) -> int:
    if not text.isdecimal() or int(text) < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a number from 1")
    return int(text)


def _address(chosen: Settings) -> tuple[str, int]:
    """Return the address and the port to listen on, in numbers.

    Raises:
        OSError, OverflowError: If the port is taken, or the host is not this machine.
    """
    known = socket.getaddrinfo(chosen.host, chosen.port, type=socket.SOCK_STREAM)
    family, _, _, _, place = min(known, key=lambda found: found[0] != socket.AF_INET)
    with socket.socket(family, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        probe.bind((place[0], chosen.port))
        address, port = probe.getsockname()[:2]
        return str(address), int(port)


def _cannot_listen(chosen: Settings, error: Exception) -> str:
    told = (
        f"cannot listen on {chosen.host}:{chosen.port}: {getattr(error, 'strerror', '') or error}"
    )
    if getattr(error, "errno", None) == errno.EADDRINUSE:
        told += ". Is another `samsok serve` running? Choose another port with --port"
    return told + "."


class _MetricsUnserved(Exception):
    """Nobody could read the metrics: their port is taken."""


@contextlib.contextmanager
def _metrics(chosen: Settings) -> Iterator[None]:
    if chosen.metrics_port is None:
        yield
        return
    from indexer.engine import open_index  # noqa: PLC0415 - as above
    from search_api.metrics import HOST, metrics_served  # noqa: PLC0415

    index = open_index(chosen.index, chosen.index_directory)
    with contextlib.ExitStack() as stack:
        try:
            stack.enter_context(metrics_served(chosen.metrics_port, index))
        except OSError as error:
            raise _MetricsUnserved(
                f"cannot serve metrics on {HOST}:{chosen.metrics_port}: {error.strerror}. Set "
                "api.metrics_port to a free port, or to null."
            ) from error
        print(f"metrics       http://{HOST}:{chosen.metrics_port}/metrics")
        yield


class _Watchful(threading.Event):
    """An event whose waiter looks up twice a second.

    Of two signals at once (Ctrl-C reaches a whole process group, and its leader then says
    SIGTERM), CPython 3.11 can lose the wake-up of a thread that waits without end.
    """

    def wait(self, timeout: float | None = None) -> bool:
        if timeout is not None:
            return super().wait(timeout)
        while not super().wait(0.5):
            pass
        return True


def _serve(chosen: Settings, address: str) -> None:
    from granian import Granian  # noqa: PLC0415 - as above
    from granian.constants import Interfaces  # noqa: PLC0415
    from granian.log import LogLevels  # noqa: PLC0415

    # A worker is a fresh process on every Python: what is forked beside a thread, such as the one
    # that serves metrics, can find locks held for ever.
    multiprocessing.set_start_method("spawn", force=True)
    # A supervisor stops us with SIGTERM; ending in order then is success, as with Ctrl-C.
    signal.signal(signal.SIGTERM, signal.default_int_handler)
    server = Granian(
        "search_api.app:get_app",
        factory=True,
        interface=Interfaces.WSGI,
        address=address,
        port=chosen.port,
        workers=chosen.workers,
        blocking_threads=1,
        backpressure=128,
        websockets=False,
        respawn_failed_workers=True,
        # Requests take milliseconds. A worker that is not done by then never will be.
        workers_kill_timeout=4,
        log_level=LogLevels.warning,
    )
    server.main_loop_interrupt = _Watchful()
    # Stopped while it was still starting: that is an end in order too.
    with contextlib.suppress(KeyboardInterrupt):
        server.serve()
