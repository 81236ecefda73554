"""`samsok`, to which something happens just before one step of its work.

    python -m tests.fault.interrupted WHAT STEP NUMBER ARGUMENTS…

STEP is `module:name` or `module:Class.name` of what does the step, NUMBER the time it is called at
which it happens, and ARGUMENTS are those of `samsok`. WHAT is one of

    kill        the process is killed
    terminate   it is told to end, as systemd does
    fill        every byte of the disk that holds the working directory is taken
    nothing     nothing
"""

from __future__ import annotations

import functools
import importlib
import itertools
import os
import signal
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from indexer.cli import main

BALLAST = "ballast"


def happen(what: str) -> None:
    """Let it happen."""
    if what == "kill":
        os.kill(os.getpid(), signal.SIGKILL)
    elif what == "terminate":
        os.kill(os.getpid(), signal.SIGTERM)
    elif what == "fill":
        fill(Path.cwd())


def fill(place: Path) -> None:
    """Take all room that there is on the disk of `place`."""
    status = os.statvfs(place)
    with (place / BALLAST).open("wb") as file:
        os.posix_fallocate(file.fileno(), 0, status.f_bavail * status.f_frsize)


def before(step: str, number: int, action: Callable[[], None]) -> None:
    """Have something done just before a step is taken for the nth time."""
    module, _, name = step.partition(":")
    owner: Any = importlib.import_module(module)
    *around, last = name.split(".")
    for part in around:
        owner = getattr(owner, part)
    real = getattr(owner, last)
    calls = itertools.count(1)

    @functools.wraps(real)
    def watched(*args: Any, **named: Any) -> Any:
        if next(calls) == number:
            action()
        return real(*args, **named)

    setattr(owner, last, watched)


if __name__ == "__main__":
    happening, watched_step, times, *arguments = sys.argv[1:]
    before(watched_step, int(times), functools.partial(happen, happening))
    sys.exit(main(arguments))
