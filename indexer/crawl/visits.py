"""The visits of a crawl, many at a time: a request, for which a host has places, then the rest."""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import TYPE_CHECKING

from indexer.errors import StoreError
from indexer.model import Deferred, Denied, Failed, FetchResult, Page

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.config import WebsiteSource
    from indexer.crawl.duplicates import DuplicateWatch
    from indexer.crawl.host_queues import HostQueues
    from indexer.crawl.recorder import Recorder
    from indexer.crawl.visiting import Answer, Visitor
    from indexer.fetch import HeldBodies
    from indexer.store import KnownUrl

GIVE_UP_AFTER = 50
"""Answers in a row that show a dead line or server, after which a source counts as down."""

_LOOK_EVERY_S = 0.1
_SERVER_ERROR = 500
_SILENCE = frozenset({"connect", "deadline", "dns", "dropped", "robots_unreachable", "timeout"})

logger = logging.getLogger(__name__)


class Visits:
    """Visits what is queued, as many URLs at a time as the configuration allows.

    `done` counts the URLs whose visit is concluded; `show` is called now and then.
    """

    def __init__(
        self,
        *,
        source: WebsiteSource,
        queues: HostQueues,
        visitor: Visitor,
        recorder: Recorder,
        watch: DuplicateWatch,
        held: HeldBodies,
        done: int,
        show: Callable[[], None],
    ) -> None:
        self.done = done
        self.detail = ""
        self._max_pages = source.max_pages
        self._concurrency = source.http.concurrency
        self._queues = queues
        self._visitor = visitor
        self._recorder = recorder
        self._show = show
        self._silent_in_a_row = 0
        self._watch = watch
        self._held = held
        self._asking: dict[asyncio.Task[Answer | None], KnownUrl] = {}
        self._concluding: set[asyncio.Task[None]] = set()

    @property
    def is_down(self) -> bool:
        """Whether the source has been silent for so long that it counts as down."""
        return self._silent_in_a_row >= GIVE_UP_AFTER

    @property
    def is_full(self) -> bool:
        """Whether as many pages were visited as one run may."""
        return self.done >= self._max_pages

    async def run(self) -> None:
        """Visit everything in the queues.

        Raises:
            StoreError: If the store cannot be written.
        """
        try:
            while True:
                self._begin_what_may_begin()
                if self._asking or self._concluding:
                    await self._one_step()
                elif self.is_down or self.is_full or self._queues.is_empty:
                    return
                else:
                    await asyncio.sleep(min(self._queues.wait_s(), _LOOK_EVERY_S))
                self._show()
        finally:
            tasks = [*self._asking, *self._concluding]
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def conclude(self, answer: Answer) -> None:
        """Take an answer for what it is: an error of ours is recorded, and the crawl goes on."""
        self._listen(answer.result)
        size = len(answer.result.body) if isinstance(answer.result, Page) else 0
        with self._held.holding(size):
            try:
                await self._visitor.conclude(answer)
            except StoreError:
                raise
            except Exception as error:
                logger.exception("internal error at %s", answer.known.url)
                self._recorder.internal_error(answer.known, f"{type(error).__name__}: {error}")
        self.done += 1

    # --- steps ----------------------------------------------------------------------------------

    def _begin_what_may_begin(self) -> None:
        while self._has_room and (known := self._queues.next()) is not None:
            if known.outcome is None and (trap := self._watch.refuses(known.url)):
                # Queued before it was known that nothing new is found there.
                self._recorder.trapped(known, trap)
                continue
            self._queues.visiting(known)
            self._asking[asyncio.create_task(self._ask(known))] = known

    @property
    def _has_room(self) -> bool:
        under_way = len(self._asking) + len(self._concluding)
        return (
            not self.is_down
            and under_way < self._concurrency
            and not self._held.are_many
            and self.done + under_way < self._max_pages
        )

    async def _one_step(self) -> None:
        ended, _ = await asyncio.wait(
            {*self._asking, *self._concluding},
            timeout=self._queues.wait_s() if self._queues.is_waiting else None,
            return_when=asyncio.FIRST_COMPLETED,
        )
        for concluded in [task for task in self._concluding if task in ended]:
            self._concluding.remove(concluded)
            concluded.result()
        for asked in [task for task in self._asking if task in ended]:
            self._queues.visited(self._asking.pop(asked))
            answer = asked.result()
            if answer is not None and not self._is_put_off(answer):
                self._concluding.add(asyncio.create_task(self.conclude(answer.given_up())))

    async def _ask(self, known: KnownUrl) -> Answer | None:
        try:
            return await self._visitor.ask(known)
        except StoreError:
            raise
        except Exception as error:
            logger.exception("internal error at %s", known.url)
            self._recorder.internal_error(known, f"{type(error).__name__}: {error}")
            self.done += 1
            return None

    def _is_put_off(self, answer: Answer) -> bool:
        result = answer.result
        return isinstance(result, Deferred) and self._queues.defer(
            answer.known, wait_s=result.wait_s, by_itself=result.status is not None
        )

    def _listen(self, result: FetchResult | Deferred) -> None:
        self._silent_in_a_row = self._silent_in_a_row + 1 if _is_silent(result) else 0
        if self.is_down and isinstance(result, Denied | Failed):
            self.detail = f"{GIVE_UP_AFTER} URLs in a row failed, the last with {result.reason}"


def _is_silent(result: FetchResult | Deferred) -> bool:
    """Whether an answer shows a dead line or server, rather than something about one page."""
    if not isinstance(result, Failed):
        return False
    if result.status is not None:
        return result.status == HTTPStatus.TOO_MANY_REQUESTS or result.status >= _SERVER_ERROR
    return result.reason in _SILENCE
