"""The polite front door to the web: one request in, one outcome out.

1. The URL is normalized. 2. Its origin's robots.txt is read, once a day. 3. The request
waits for its turn at the origin. 4. The name is resolved and the address checked.
5. A redirect starts over at 2, after `permit` has agreed to its target. 6. What came is a
`Page`, a `NotModified`, a `Denied`, a `Failed` or a `Deferred`; nothing a server does is an
exception.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable, Mapping
from http import HTTPStatus
from typing import TYPE_CHECKING, Final, Self

from indexer.fetch.client import REDIRECTS, Budget, HttpClient, Response
from indexer.fetch.guard import AddressGuard
from indexer.fetch.headers import parse_content_type, validator
from indexer.fetch.manners import PoliteClient, status_detail
from indexer.fetch.problems import Broken, Busy, Refused
from indexer.fetch.rate import RateLimiter
from indexer.fetch.robots import MAX_BYTES, RobotsCache, RobotsPolicy
from indexer.fetch.urls import canonicalize, normalize, origin_of
from indexer.model import (
    CrawlRequest,
    Deferred,
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

    from indexer.fetch.held_bodies import HeldBodies

Permit = Callable[[str], str | None]

_MAX_REDIRECTS: Final = 10
_MEGABYTE: Final = 1_000_000


def _anywhere(_url: str) -> None:
    return None


def everything(_url: str) -> bool:
    """Every host is ours to ask: nobody crawls beside us."""
    return True


class Fetcher:
    """Fetches politely for everybody in this process; an asynchronous context manager.

    `allow_private` are the exceptions of the address guard (see `AddressGuard`);
    `concurrency` bounds the requests that run at once over all hosts. `patience_s` is how long
    to wait in place for a host that asks to be left alone. `backoff_s` is the pause before the
    one retry after a dropped line, a refused connection or a silence. `tls` replaces the
    certificates that are trusted by default. `ours` tells whose hosts are ours to ask: to others
    goes no request, not even for robots.txt.
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
        ours: Callable[[str], bool] = everything,
    ) -> None:
        self._limiter = RateLimiter(concurrency=concurrency)
        self._client = PoliteClient(
            HttpClient(user_agent=user_agent, guard=AddressGuard(allow_private), tls=tls),
            self._limiter,
            backoff_s=backoff_s,
            ours=ours,
        )
        self._robots = RobotsCache(self._get_robots, user_agent=user_agent)
        self._patience_s = patience_s

    async def fetch(
        self, request: CrawlRequest, *, settings: HttpSettings, permit: Permit = _anywhere
    ) -> FetchResult:
        """Fetch `request.url`; `permit` says why a redirect may not lead to a URL, or None.

        `settings.deadline_s` bounds the time on the wire over redirects and retries; the wait
        for a turn is not counted. With an ETag or a date in the request an unchanged page is
        a `NotModified`. They are for this very URL, so a redirect's target gets neither. A host
        that asks to be left alone is waited for, but not for long.
        """
        outcome = await self._outcome_of(request, settings, permit, self._patience_s)
        if isinstance(outcome, Deferred):
            return Failed(
                request=request,
                reason=outcome.reason,
                detail=outcome.detail,
                status=outcome.status,
            )
        return outcome

    async def attempt(
        self, request: CrawlRequest, *, settings: HttpSettings, permit: Permit = _anywhere
    ) -> FetchResult | Deferred:
        """Fetch as `fetch` does, but leave it to the caller to wait for a busy host."""
        return await self._outcome_of(request, settings, permit, 0.0)

    @property
    def held(self) -> HeldBodies:
        """The bodies of pages that came and are not read yet; whoever reads them counts them."""
        return self._client.held

    def closed_s(self, url: str) -> float:
        """For how many seconds more the host of `url` asks to be left alone; 0 if it does not."""
        return self._limiter.closed_s(origin_of(url))

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

    async def _outcome_of(
        self, request: CrawlRequest, settings: HttpSettings, permit: Permit, patience_s: float
    ) -> FetchResult | Deferred:
        try:
            return await self._follow(request, settings, permit, patience_s)
        except Refused as problem:
            return Denied(request=request, reason=problem.reason, detail=problem.detail)
        except Broken as problem:
            return Failed(
                request=request,
                reason=problem.reason,
                detail=problem.detail,
                status=problem.status,
            )
        except Busy as problem:
            return Deferred(
                request=request,
                wait_s=problem.wait_s,
                reason=problem.reason,
                detail=problem.detail,
                status=problem.status,
            )

    async def _follow(
        self, request: CrawlRequest, settings: HttpSettings, permit: Permit, patience_s: float
    ) -> FetchResult:
        url = normalize(request.url)
        if url is None:
            raise Broken("invalid_url", f"{request.url[:200]!r} is not an http or https URL")
        budget = Budget(settings.deadline_s)
        known = _conditions(request)
        visited: list[str] = []
        while len(visited) <= _MAX_REDIRECTS:
            visited.append(url)
            response = await self._ask(
                url, {} if visited[1:] else known, settings, budget, patience_s
            )
            if response.status not in REDIRECTS:
                return _outcome(request, response, conditional=bool(known) and len(visited) == 1)
            url = _target(response, visited, permit)
        raise Broken("too_many_redirects", f"more than {_MAX_REDIRECTS}, the last to {url}")

    async def _ask(
        self,
        url: str,
        headers: Mapping[str, str],
        settings: HttpSettings,
        budget: Budget,
        patience_s: float,
    ) -> Response:
        policy = await self._robots.policy(origin_of(url), settings)
        _obey(policy, url)
        return await self._client.get(
            url,
            settings,
            headers=headers,
            budget=budget,
            delay_s=max(settings.delay_s, policy.crawl_delay_s),
            limit=int(settings.max_body_mb * _MEGABYTE),
            patience_s=patience_s,
        )

    async def _get_robots(self, url: str, settings: HttpSettings) -> Response:
        return await self._client.get(
            url,
            settings,
            headers={"Accept": "text/plain, */*;q=0.5"},
            budget=Budget(settings.deadline_s),
            delay_s=settings.delay_s,
            limit=MAX_BYTES + 1,
            truncate=True,
            patience_s=self._patience_s,
        )


def _obey(policy: RobotsPolicy, url: str) -> None:
    if policy.reason == "private_address":
        raise Refused(policy.reason, policy.detail)
    if policy.reason:
        raise Broken(policy.reason, policy.detail, status=policy.status)
    if not policy.allows(url):
        rule = policy.rule_for(url)
        raise Refused("robots_disallowed", f"{policy.origin}/robots.txt says {rule}")


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
            raise Broken(f"http_{status}", status_detail(response), status=status)


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
