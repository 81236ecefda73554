"""The polite front door to the web: one request in, one outcome out.

1. The URL is normalized. 2. Its origin's robots.txt is read, once a day. 3. The request
waits for its turn at the origin. 4. The name is resolved and the address checked.
5. A redirect starts over at 2, after `permit` has agreed to its target. 6. What came is a
`Page`, a `NotModified`, a `Denied` or a `Failed`; nothing a server does is an exception.
"""

from __future__ import annotations

import asyncio
import datetime as dt
import time
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Self

from indexer.fetch.client import REDIRECTS, Budget, HttpClient, Response
from indexer.fetch.guard import AddressGuard
from indexer.fetch.headers import parse_content_type, retry_after_s, validator
from indexer.fetch.problems import Broken, Refused
from indexer.fetch.rate import RateLimiter
from indexer.fetch.robots import MAX_BYTES, RobotsCache, RobotsPolicy
from indexer.fetch.urls import canonicalize, normalize, origin_of
from indexer.model import (
    CrawlRequest,
    Denied,
    Failed,
    FetchResult,
    HttpSettings,
    NotModified,
    Page,
)

if TYPE_CHECKING:
    import ssl
    from types import TracebackType

Permit = Callable[[str], str | None]

_MAX_REDIRECTS: Final = 10
_MAX_WAITS: Final = 2
_LONGEST_CLOSED_S: Final = 3600.0
_MEGABYTE: Final = 1_000_000


def _anywhere(_url: str) -> None:
    return None


class Fetcher:
    """Fetches politely for everybody in this process; an asynchronous context manager.

    `allow_private` are the exceptions of the address guard (see `AddressGuard`);
    `concurrency` bounds the requests that run at once over all hosts. A server that asks to
    be tried again within `patience_s` seconds is tried again, twice at most. `backoff_s` is
    the pause before the one retry after a dropped line, a refused connection or a silence.
    `tls` replaces the certificates that are trusted by default.
    """

    def __init__(
        self,
        *,
        user_agent: str,
        allow_private: tuple[str, ...] = (),
        concurrency: int = 8,
        patience_s: float = 30.0,
        backoff_s: float = 1.0,
        tls: ssl.SSLContext | None = None,
    ) -> None:
        self._client = HttpClient(user_agent=user_agent, guard=AddressGuard(allow_private), tls=tls)
        self._limiter = RateLimiter(concurrency=concurrency)
        self._robots = RobotsCache(self._get_robots, user_agent=user_agent)
        self._patience_s = patience_s
        self._backoff_s = backoff_s
        self._busy: dict[str, float] = {}

    async def fetch(
        self, request: CrawlRequest, *, settings: HttpSettings, permit: Permit = _anywhere
    ) -> FetchResult:
        """Fetch `request.url`; `permit` says why a redirect may not lead to a URL, or None.

        `settings.deadline_s` bounds the time on the wire over redirects and retries; the wait
        for a turn is not counted. With an ETag or a date in the request an unchanged page is
        a `NotModified`. They are for this very URL, so a redirect's target gets neither.
        """
        try:
            return await self._follow(request, settings, permit)
        except Refused as problem:
            return Denied(request=request, reason=problem.reason, detail=problem.detail)
        except Broken as problem:
            return Failed(
                request=request,
                reason=problem.reason,
                detail=problem.detail,
                status=problem.status,
            )

    async def robots(self, url: str, *, settings: HttpSettings | None = None) -> RobotsPolicy:
        """The robots policy of the origin of `url`; never raises, see `RobotsPolicy.reason`."""
        spelled = normalize(url)
        if spelled is None:
            return RobotsPolicy(origin=url, reason="invalid_url", detail=f"{url} is no web URL")
        return await self._robots.policy(origin_of(spelled), settings or HttpSettings())

    async def aclose(self) -> None:
        """Close every connection."""
        await self._client.aclose()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.aclose()

    async def _follow(
        self, request: CrawlRequest, settings: HttpSettings, permit: Permit
    ) -> FetchResult:
        url = normalize(request.url)
        if url is None:
            raise Broken("invalid_url", f"{request.url[:200]!r} is not an http or https URL")
        budget = Budget(settings.deadline_s)
        known = _conditions(request)
        visited: list[str] = []
        while len(visited) <= _MAX_REDIRECTS:
            visited.append(url)
            response = await self._ask(url, {} if visited[1:] else known, settings, budget)
            if response.status not in REDIRECTS:
                return _outcome(request, response, conditional=bool(known) and len(visited) == 1)
            url = _target(response, visited, permit)
        raise Broken("too_many_redirects", f"more than {_MAX_REDIRECTS}, the last to {url}")

    async def _ask(
        self, url: str, headers: Mapping[str, str], settings: HttpSettings, budget: Budget
    ) -> Response:
        policy = await self._robots.policy(origin_of(url), settings)
        _obey(policy, url)
        return await self._get(
            url,
            settings,
            headers=headers,
            budget=budget,
            delay_s=max(settings.delay_s, policy.crawl_delay_s),
            limit=int(settings.max_body_mb * _MEGABYTE),
        )

    async def _get_robots(self, url: str, settings: HttpSettings) -> Response:
        return await self._get(
            url,
            settings,
            headers={"Accept": "text/plain, */*;q=0.5"},
            budget=Budget(settings.deadline_s),
            delay_s=settings.delay_s,
            limit=MAX_BYTES + 1,
            truncate=True,
        )

    async def _get(
        self,
        url: str,
        settings: HttpSettings,
        *,
        headers: Mapping[str, str],
        budget: Budget,
        delay_s: float,
        limit: int,
        truncate: bool = False,
    ) -> Response:
        """Ask when it is our turn; wait and ask again where that may help."""
        origin = origin_of(url)
        retried, waits = False, 0
        while True:
            self._leave_busy_alone(origin)
            try:
                async with self._limiter.turn(origin, delay_s=delay_s, per_host=settings.per_host):
                    self._leave_busy_alone(origin)
                    response = await self._client.get(
                        url,
                        headers=headers,
                        timeout_s=settings.timeout_s,
                        budget=budget,
                        limit=limit,
                        truncate=truncate,
                    )
            except Broken as problem:
                if retried or not problem.transient:
                    raise
                retried = True
                await asyncio.sleep(self._backoff_s)
                continue
            if waits == _MAX_WAITS or not self._comes_back(origin, response):
                return response
            waits += 1

    def _comes_back(self, origin: str, response: Response) -> bool:
        """Close the origin for as long as it asks; False if that is too long to wait for."""
        if response.status not in {HTTPStatus.TOO_MANY_REQUESTS, HTTPStatus.SERVICE_UNAVAILABLE}:
            return False
        wait = _asked_wait(response)
        if wait is None:
            return False
        if wait <= self._patience_s:
            self._limiter.close(origin, seconds=wait)
            return True
        if response.status == HTTPStatus.TOO_MANY_REQUESTS:
            # It counts us, not the page: every other page would get the same answer.
            self._busy[origin] = time.monotonic() + min(wait, _LONGEST_CLOSED_S)
        return False

    def _leave_busy_alone(self, origin: str) -> None:
        rest = self._busy.get(origin, 0.0) - time.monotonic()
        if rest > 0:
            raise Broken(
                "http_429", f"{origin} asked to be left alone for {rest:.0f} s more", status=429
            )


def _obey(policy: RobotsPolicy, url: str) -> None:
    if policy.reason == "private_address":
        raise Refused(policy.reason, policy.detail)
    if policy.reason:
        raise Broken(policy.reason, policy.detail, status=policy.status)
    if not policy.allows(url):
        raise Refused("robots_disallowed", f"{policy.origin}/robots.txt disallows {url}")


def _conditions(request: CrawlRequest) -> dict[str, str]:
    """The headers of a conditional request (RFC 9110, section 13.1)."""
    known = {"If-None-Match": request.etag, "If-Modified-Since": request.last_modified}
    return {name: value for name, value in known.items() if value and validator(value)}


def _target(response: Response, visited: list[str], permit: Permit) -> str:
    location = response.headers.get("location", "")
    target = normalize(location, response.url) if location else None
    if target is None:
        detail = f"{response.url} redirects to {location[:200]!r}, which is no web URL"
        raise Broken("redirect_invalid", detail, status=response.status)
    if target in visited:
        detail = f"{response.url} redirects back to {target}"
        raise Broken("redirect_loop", detail, status=response.status)
    reason = permit(canonicalize(target) or target)
    if reason is not None:
        raise Refused("redirect_out_of_scope", f"{response.url} redirects to {target}: {reason}")
    return target


def _outcome(request: CrawlRequest, response: Response, *, conditional: bool) -> FetchResult:
    match response.status:
        case HTTPStatus.NOT_MODIFIED if conditional:
            return NotModified(request=request)
        case HTTPStatus.OK | HTTPStatus.NON_AUTHORITATIVE_INFORMATION:
            return _page(request, response)
        case status:
            raise Broken(f"http_{status}", _status_detail(response), status=status)


def _page(request: CrawlRequest, response: Response) -> Page:
    headers = response.headers
    media_type, charset = parse_content_type(headers.get("content-type", ""))
    return Page(
        request=request,
        url=canonicalize(response.url) or response.url,
        body=response.body,
        media_type=media_type,
        charset=charset,
        etag=validator(headers.get("etag")),
        last_modified=validator(headers.get("last-modified")),
        robots_tag=headers.get("x-robots-tag"),
        fetched_at=dt.datetime.now(dt.UTC),
        elapsed_s=response.elapsed_s,
    )


def _status_detail(response: Response) -> str:
    try:
        phrase = f" {HTTPStatus(response.status).phrase}"
    except ValueError:
        phrase = ""
    wait = _asked_wait(response)
    later = f"; it asks to be left alone for {wait:.0f} s" if wait is not None else ""
    return f"{response.url} answered {response.status}{phrase}{later}"


def _asked_wait(response: Response) -> float | None:
    return retry_after_s(response.headers.get("retry-after"), now=dt.datetime.now(dt.UTC))
