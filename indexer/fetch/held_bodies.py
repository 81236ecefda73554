"""How many bytes of bodies are held in memory until somebody has read them."""

from __future__ import annotations

import asyncio
import contextlib
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterator


class HeldBodies:
    """Counts bodies that wait to be read, and lets a large one wait until they are few.

    Bombs come together: without this, as many of them as there are requests at a time would be
    held at once.
    """

    def __init__(self, *, most: int = 8_000_000) -> None:
        self._most = most
        self._bytes = 0
        self._dropped = asyncio.Event()

    @property
    def are_many(self) -> bool:
        """Whether nothing more should be asked for until some have been read."""
        return self._bytes > self._most

    @contextlib.contextmanager
    def holding(self, size: int) -> Iterator[None]:
        """Count a body of so many bytes for as long as the block takes."""
        self._bytes += size
        try:
            yield
        finally:
            self._bytes -= size
            self._dropped.set()

    async def until_few(self) -> None:
        """Wait until there is room for a large one."""
        while self.are_many:
            self._dropped.clear()
            await self._dropped.wait()
