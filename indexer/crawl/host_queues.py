"""Which URL of a source is visited next, so that every host is kept busy and none is pressed.

A host has as many visits under way as it has places, and a few to follow. One that asks to be left
alone keeps its URLs in the queue and holds up nobody else; who waits for it is nobody.
"""

from __future__ import annotations

import datetime as dt
import heapq
import itertools
import time
from collections import Counter, deque
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.fetch import LONGEST_WAIT_S
from indexer.store import host_of

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from indexer.store import DocumentStore, KnownUrl

LEASE = dt.timedelta(minutes=10)
"""How long a URL may be out of the queue: far longer than any visit is allowed to take."""

MAX_ATTEMPTS = 3
"""How often a page is asked for that says it is busy."""


_A_MOMENT_S = 0.05


@dataclass(frozen=True, slots=True, kw_only=True)
class HostWait:
    """A host whose URLs wait, for how many seconds, and why."""

    host: str
    wait_s: float
    reason: str


class HostQueues:
    """The queue of a source, host by host. `closed_s` tells how long a host is to be left alone."""

    def __init__(
        self,
        store: DocumentStore,
        source: str,
        *,
        per_host: int,
        closed_s: Callable[[str], float],
    ) -> None:
        self._store = store
        self._source = source
        self._places = 2 * per_host + 1
        self._closed_s = closed_s
        self._hosts = deque(store.frontier.hosts(source))
        self._visits: Counter[str] = Counter()
        self._later: list[tuple[float, int, KnownUrl]] = []
        self._order = itertools.count()
        self._attempts: Counter[int] = Counter()
        self._given_up: dict[str, float] = {}

    def added(self, urls: Iterable[str]) -> None:
        """Take note of URLs that were queued."""
        for host in {host_of(url) for url in urls}:
            if host not in self._hosts and host not in self._given_up:
                self._hosts.append(host)

    def next(self) -> KnownUrl | None:
        """Lease the URL that comes next, or return None when every host is busy, shut or done."""
        return self._next_deferred() or self._next_queued()

    def visiting(self, known: KnownUrl) -> None:
        """Take note of a visit that begins."""
        self._visits[host_of(known.url)] += 1

    def visited(self, known: KnownUrl) -> None:
        """Take note of a visit that ended."""
        self._visits[host_of(known.url)] -= 1

    def defer(self, known: KnownUrl, *, wait_s: float, by_itself: bool) -> bool:
        """Put a URL off; False when it has been asked for often enough, or for today.

        `by_itself`: the page itself said so, and not only its host.
        """
        if by_itself:
            self._attempts[known.id] += 1
            if self._attempts[known.id] >= MAX_ATTEMPTS or wait_s > LONGEST_WAIT_S:
                return False
        elif wait_s > LONGEST_WAIT_S:
            self._given_up[host_of(known.url)] = wait_s
            self._store.frontier.release(known.id)
            return True
        heapq.heappush(self._later, (time.monotonic() + wait_s, next(self._order), known))
        return True

    @property
    def is_empty(self) -> bool:
        """Whether nothing is left to visit."""
        return not self._hosts and not self._later

    @property
    def is_waiting(self) -> bool:
        """Whether something waits for its time, and not only for a place."""
        return bool(self._later) or any(self._closed_s(host) for host in self._hosts)

    def wait_s(self) -> float:
        """For how long nothing can be visited that waits for its time; a moment at least."""
        waits = [ready - time.monotonic() for ready, _, _ in self._later[:1]]
        waits += [wait for host in self._hosts if (wait := self._closed_s(host))]
        return max(_A_MOMENT_S, min(waits, default=_A_MOMENT_S))

    def waiting(self) -> tuple[HostWait, ...]:
        """The hosts that are left alone now, and those that were given up."""
        shut = {host: self._closed_s(host) for host in self._hosts}
        shut |= {host_of(known.url): at - time.monotonic() for at, _, known in self._later}
        found = [
            HostWait(host=host, wait_s=wait, reason="asked to be left alone")
            for host, wait in shut.items()
            if wait > 0
        ]
        found += [
            HostWait(host=host, wait_s=wait, reason="asked to be left alone for too long")
            for host, wait in self._given_up.items()
        ]
        return tuple(sorted(found, key=lambda wait: wait.host))

    @property
    def given_up(self) -> tuple[str, ...]:
        """The hosts that want more peace than a crawl can wait for."""
        return tuple(sorted(self._given_up))

    def put_back(self) -> None:
        """Put everything that was put off back into the queue: the crawl ends without it."""
        for _, _, known in self._later:
            self._store.frontier.release(known.id)
        self._later.clear()

    def _next_deferred(self) -> KnownUrl | None:
        while self._later and self._later[0][0] <= time.monotonic():
            _, _, known = heapq.heappop(self._later)
            wait = self._shut_for(host_of(known.url))
            if not wait:
                return known
            if host_of(known.url) in self._given_up:
                self._store.frontier.release(known.id)
            else:
                heapq.heappush(self._later, (time.monotonic() + wait, next(self._order), known))
        return None

    def _next_queued(self) -> KnownUrl | None:
        for _ in range(len(self._hosts)):
            host = self._hosts[0]
            if self._visits[host] < self._places and not self._shut_for(host):
                until = self._store.now() + LEASE
                known = self._store.frontier.lease(self._source, host, until=until)
                if known is None:
                    self._hosts.popleft()
                    continue
                self._hosts.rotate(-1)
                return known
            if host in self._given_up:
                self._hosts.popleft()
            else:
                self._hosts.rotate(-1)
        return None

    def _shut_for(self, host: str) -> float:
        wait = self._closed_s(host)
        if wait > LONGEST_WAIT_S:
            self._given_up[host] = wait
        return wait
