"""Ending a job because somebody said so: systemd, a shutdown, an operator."""

from __future__ import annotations

import signal
from contextlib import contextmanager
from typing import TYPE_CHECKING, NoReturn

if TYPE_CHECKING:
    from collections.abc import Iterator
    from types import FrameType


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


def end_by_sigterm() -> NoReturn:
    """End the process by the signal that it was sent: to systemd that is an orderly end."""
    signal.signal(signal.SIGTERM, signal.SIG_DFL)
    signal.raise_signal(signal.SIGTERM)
    raise AssertionError("a process does not outlive SIGTERM")  # pragma: no cover - as it says
