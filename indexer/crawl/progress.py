"""How far a crawl has come, for whoever wants to show it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Protocol

if TYPE_CHECKING:
    from indexer.crawl.host_queues import HostWait


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceProgress:
    """Where the crawl of one source stands. `rate` is URLs per second since it began.

    `waiting` are the hosts that asked to be left alone for a while.
    """

    source: str
    done: int
    queued: int
    rate: float
    waiting: tuple[HostWait, ...] = ()


class Progress(Protocol):
    """Somebody who is told ten times a second at most, and when a source is finished.

    `update` runs between two visits: it must be quick and must not raise.
    """

    def update(self, progress: SourceProgress) -> None:
        """Take notice."""


class SilentProgress:
    """Shows nothing."""

    def update(self, progress: SourceProgress) -> None:
        pass
