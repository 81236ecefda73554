"""Ending a job because somebody said so: systemd, a shutdown, an operator."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from types import FrameType

_GOES_ON = "the next run goes on from here"
_THEN: Mapping[str, str] = {
    "crawl": _GOES_ON,
    "reindex": _GOES_ON,
    "import": "import the same files again; what was done is not done twice",
}


class Stopped(KeyboardInterrupt):
    """The job was told to end by SIGTERM, and has put everything in order."""


@contextmanager
def stoppable() -> Iterator[None]:
    """Let SIGTERM end the block as Ctrl-C does: what is done is kept, what is held is let go of.

    Raises:
        Stopped: If it came.
    """
    has_come = False

    def stop(_number: int, frame: FrameType | None) -> None:
        nonlocal has_come
        has_come = True
        # While a crawl runs, it has put its own way of being interrupted there.
        interrupt = signal.getsignal(signal.SIGINT)
        if not callable(interrupt):
            raise KeyboardInterrupt
        interrupt(signal.SIGINT, frame)

    before = signal.signal(signal.SIGTERM, stop)
    try:
        yield
    except KeyboardInterrupt:
        if has_come:
            raise Stopped from None
        raise
    finally:
        signal.signal(signal.SIGTERM, before)


def told_to_stop(verb: str, how: str) -> str:
    """Return what is said when somebody stopped a verb: how it goes on, where it does."""
    return f"{how}; {_THEN[verb]}" if verb in _THEN else how


def end_by_sigterm() -> NoReturn:
    """End the process by the signal that it was sent: to systemd that is an orderly end."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.raise_signal(signal.SIGTERM)
    raise AssertionError("a process does not outlive SIGTERM")  # pragma: no cover - as it says
