"""Who may ask which host, when.

Politeness is per origin: so many requests at once, so many seconds from the start of one to
the start of the next, and longer when the origin is slow or asks to be left alone. Beside it
there is one limit for all of them together, and whoever waits for a host holds no part of that.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

_SLOWEST: Final = 10
"""The pause grows with the time that answers take, up to so many times the one agreed."""

_SMOOTHING: Final = 0.5
_BACK_OFF_S: Final = 1.0
_LONGEST_BACK_OFF_S: Final = 60.0
_PROBE_S: Final = 30.0
_A_DAY_S: Final = 24 * 3600.0
_REFUSALS_BELIEVED: Final = 6
_LONG_REFUSALS_BELIEVED: Final = 3
"""Refusals in a row after which nobody need ask an origin again today."""

LONGEST_WAIT_S: Final = 120.0
"""How long a crawl waits for a page or a host that asks for it."""


class HostClosed(Exception):
    """The origin is not to be asked for `wait_s` seconds."""

    def __init__(self, wait_s: float) -> None:
        super().__init__(f"closed for {wait_s:.1f} s")
        self.wait_s = wait_s


@dataclass(slots=True)
class _Origin:
    slots: asyncio.Semaphore
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)
    last_start: float = float("-inf")
    closed_until: float = float("-inf")
    answer_s: float = 0.0
    refusals: int = 0


class RateLimiter:
    """Hands out turns; `concurrency` is how many may run at once over all origins."""

    def __init__(self, *, concurrency: int) -> None:
        self._running = asyncio.Semaphore(concurrency)
        self._origins: dict[str, _Origin] = {}

    @asynccontextmanager
    async def turn(self, origin: str, *, delay_s: float, per_host: int) -> AsyncIterator[None]:
        """Wait for a turn at `origin`; it lasts as long as the block.

        The first caller's `per_host` holds for the origin.

        Raises:
            HostClosed: If the origin is closed by then, which nobody should wait for in line.
        """
        state = self._origin(origin, per_host)
        async with state.slots:
            # One at a time in the gate, so that a start is stamped before the next looks.
            async with state.gate:
                await _until(state, max(delay_s, min(state.answer_s, _SLOWEST * delay_s)))
                await self._running.acquire()
                state.last_start = time.monotonic()
            try:
                yield
            finally:
                self._running.release()

    def answered(self, origin: str, *, elapsed_s: float) -> None:
        """Take note of how long an answer took, or a silence that was given up."""
        state = self._origin(origin, 1)
        state.refusals = 0
        state.answer_s += _SMOOTHING * (elapsed_s - state.answer_s)

    def refused(self, origin: str, *, asked_s: float | None, for_all: bool) -> None:
        """Take note of an origin that said it is busy: with `for_all` to us, else for one page.

        Busy for us, or for the second page in a row, it is left alone for as long as it asks; if
        it does not say, for a second, twice that at the next refusal, and so on. One that asks for
        longer than we wait is asked for another page in half a minute, in case it meant the one,
        and when that is refused too, and the next, not again today.
        """
        state = self._origin(origin, 1)
        state.refusals += 1
        if not for_all and state.refusals == 1:
            return
        wait = asked_s
        if wait is None:
            wait = min(_BACK_OFF_S * 2 ** (state.refusals - 1), _LONGEST_BACK_OFF_S)
            believed = _REFUSALS_BELIEVED
        else:
            believed = _LONG_REFUSALS_BELIEVED if wait > LONGEST_WAIT_S else _REFUSALS_BELIEVED
            wait = wait if wait <= LONGEST_WAIT_S else _PROBE_S
        self.close(origin, seconds=_A_DAY_S if state.refusals >= believed else wait)

    def close(self, origin: str, *, seconds: float) -> None:
        """Let nobody ask `origin` for so long."""
        state = self._origin(origin, 1)
        state.closed_until = max(state.closed_until, time.monotonic() + seconds)

    def closed_s(self, origin: str) -> float:
        """For how many seconds more an origin is closed; 0 when it is open."""
        state = self._origins.get(origin)
        return max(0.0, state.closed_until - time.monotonic()) if state is not None else 0.0

    def _origin(self, origin: str, per_host: int) -> _Origin:
        if origin not in self._origins:
            self._origins[origin] = _Origin(slots=asyncio.Semaphore(per_host))
        return self._origins[origin]


async def _until(state: _Origin, delay_s: float) -> None:
    """Sleep until the pause is over; the origin may have been closed meanwhile."""
    while True:
        now = time.monotonic()
        if state.closed_until > now:
            raise HostClosed(state.closed_until - now)
        rest = state.last_start + delay_s - now
        if rest <= 0:
            return
        await asyncio.sleep(rest)
