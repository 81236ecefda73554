"""Who may ask which host, when.

Politeness is per origin: so many requests at once, so many seconds from the start of one to
the start of the next. Beside it there is one limit for all of them together, and whoever
waits for a host holds no part of that.
"""

from __future__ import annotations

import asyncio
import time
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import AsyncIterator


@dataclass(slots=True)
class _Origin:
    slots: asyncio.Semaphore
    gate: asyncio.Lock = field(default_factory=asyncio.Lock)
    last_start: float = float("-inf")
    closed_until: float = float("-inf")


class RateLimiter:
    """Hands out turns; `concurrency` is how many may run at once over all origins."""

    def __init__(self, *, concurrency: int) -> None:
        self._running = asyncio.Semaphore(concurrency)
        self._origins: dict[str, _Origin] = {}

    @asynccontextmanager
    async def turn(self, origin: str, *, delay_s: float, per_host: int) -> AsyncIterator[None]:
        """Wait for a turn at `origin`; it lasts as long as the block.

        The first caller's `per_host` holds for the origin.
        """
        state = self._origin(origin, per_host)
        async with state.slots:
            # One at a time in the gate, so that a start is stamped before the next looks.
            async with state.gate:
                await _until(state, delay_s)
                await self._running.acquire()
                state.last_start = time.monotonic()
            try:
                yield
            finally:
                self._running.release()

    def close(self, origin: str, *, seconds: float) -> None:
        """Let nobody ask `origin` for so long: it said that it is busy."""
        state = self._origin(origin, 1)
        state.closed_until = max(state.closed_until, time.monotonic() + seconds)

    def _origin(self, origin: str, per_host: int) -> _Origin:
        if origin not in self._origins:
            self._origins[origin] = _Origin(slots=asyncio.Semaphore(per_host))
        return self._origins[origin]


async def _until(state: _Origin, delay_s: float) -> None:
    """Sleep until the origin is open; it may be closed, or closed longer, meanwhile."""
    while (rest := max(state.last_start + delay_s, state.closed_until) - time.monotonic()) > 0:
        await asyncio.sleep(rest)
