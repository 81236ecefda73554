"""Asking politely: in turn, once more after an accident, and not at all while a host is busy."""

from __future__ import annotations

import asyncio
import datetime as dt
from http import HTTPStatus
from typing import TYPE_CHECKING, Final

from indexer.fetch.headers import retry_after_s
from indexer.fetch.problems import Broken, Busy, Refused
from indexer.fetch.rate import HostClosed, RateLimiter
from indexer.fetch.urls import origin_of

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from indexer.fetch.client import Budget, HttpClient, Response
    from indexer.fetch.held_bodies import HeldBodies
    from indexer.model import HttpSettings

_MAX_WAITS: Final = 2
_LATER_S: Final = 1.0
"""When to ask again for a page that is unavailable and does not say how long."""


class PoliteClient:
    """Asks when it is our turn, and waits or says how long to wait when it is not."""

    def __init__(
        self,
        client: HttpClient,
        limiter: RateLimiter,
        *,
        backoff_s: float,
        ours: Callable[[str], bool],
    ) -> None:
        self._client = client
        self._ours = ours
        self._limiter = limiter
        self._backoff_s = backoff_s

    @property
    def held(self) -> HeldBodies:
        """The bodies that have come and are not read yet."""
        return self._client.held

    async def get(
        self,
        url: str,
        settings: HttpSettings,
        *,
        headers: Mapping[str, str],
        budget: Budget,
        delay_s: float,
        limit: int,
        patience_s: float,
        truncate: bool = False,
    ) -> Response:
        """Fetch `url` as `HttpClient.get` does.

        Raises:
            Refused: If another shard of the crawl asks that host.
            Busy: If the host is to be left alone for longer than `patience_s`, or again and again.
            Broken: If it cannot be had.
        """
        origin = self._own_origin(url)
        retried, waits = False, 0
        while True:
            try:
                async with self._limiter.turn(origin, delay_s=delay_s, per_host=settings.per_host):
                    response = await self._client.get(
                        url,
                        headers=headers,
                        timeout_s=settings.timeout_s,
                        budget=budget,
                        limit=limit,
                        truncate=truncate,
                    )
                if (wait_s := self._heard(origin, response)) is None:
                    return response
                busy = Busy(
                    f"http_{response.status}",
                    status_detail(response),
                    wait_s=wait_s,
                    status=response.status,
                )
            except HostClosed as closed:
                detail = f"{origin} asks to be left alone for {closed.wait_s:.0f} s more"
                busy = Busy("host_busy", detail, wait_s=closed.wait_s)
            except Broken as problem:
                if problem.reason in {"timeout", "deadline"}:
                    self._limiter.answered(origin, elapsed_s=settings.timeout_s)
                if retried or not problem.transient:
                    raise
                retried = True
                await asyncio.sleep(self._backoff_s)
                continue
            if busy.wait_s >= patience_s or waits == _MAX_WAITS:
                raise busy
            waits += 1
            await asyncio.sleep(busy.wait_s)

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    def _own_origin(self, url: str) -> str:
        if not self._ours(url):
            raise Refused("other_shard", f"{url} is at a host of another shard of this crawl")
        return origin_of(url)

    def _heard(self, origin: str, response: Response) -> float | None:
        """Take note of an answer; return how long to wait before asking for the page again.

        429 counts us, so the whole origin is busy; 503 is about the page, as far as we know.
        """
        too_many = response.status == HTTPStatus.TOO_MANY_REQUESTS
        if not too_many and response.status != HTTPStatus.SERVICE_UNAVAILABLE:
            self._limiter.answered(origin, elapsed_s=response.elapsed_s)
            return None
        asked_s = _asked_wait(response)
        if too_many or asked_s is not None:
            self._limiter.refused(origin, asked_s=asked_s, for_all=too_many)
        if asked_s is None:
            return max(_LATER_S, self._limiter.closed_s(origin))
        return asked_s


def status_detail(response: Response) -> str:
    """Say in a sentence what status a URL answered."""
    try:
        phrase = f" {HTTPStatus(response.status).phrase}"
    except ValueError:
        phrase = ""
    wait = _asked_wait(response)
    later = f"; it asks to be left alone for {wait:.0f} s" if wait is not None else ""
    return f"{response.url} answered {response.status}{phrase}{later}"


def _asked_wait(response: Response) -> float | None:
    return retry_after_s(response.headers.get("retry-after"), now=dt.datetime.now(dt.UTC))
