"""One GET over the wire: no redirects, no cookies, no more bytes or seconds than agreed."""

from __future__ import annotations

import asyncio
import contextlib
import ssl
import time
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final

import httpx

from indexer.fetch.decoding import ACCEPTED, BodyReader
from indexer.fetch.held_bodies import HeldBodies
from indexer.fetch.problems import Broken
from indexer.fetch.transport import GuardedTransport

if TYPE_CHECKING:
    from collections.abc import AsyncIterator, Mapping

    from indexer.fetch.guard import AddressGuard

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

_ACCEPT: Final = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,*/*;q=0.5"
)
_SMALL: Final = 16_384
_LARGE: Final = 1_000_000
_LARGE_AT_ONCE: Final = 1
"""Bodies beyond a megabyte that are received at a time: bombs come together."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A complete answer; header names are lower-case, a repeated header is comma-joined.

    Except X-Robots-Tag: its values stand in a line each.
    """

    url: str
    status: int
    headers: Mapping[str, str]
    body: bytes = b""
    elapsed_s: float = 0.0


class Budget:
    """The seconds that a request may still spend on the wire, over redirects and retries."""

    def __init__(self, seconds: float) -> None:
        self.total = seconds
        self.left = seconds
        self._timeout: asyncio.Timeout | None = None

    @contextlib.asynccontextmanager
    async def spent(self) -> AsyncIterator[None]:
        """Charge the time that the block takes; TimeoutError when it is more than is left."""
        begun = time.monotonic()
        try:
            async with asyncio.timeout(max(self.left, 0)) as self._timeout:
                yield
        finally:
            self.left -= time.monotonic() - begun

    @contextlib.asynccontextmanager
    async def paused(self) -> AsyncIterator[None]:
        """Stop the clock, inside of `spent`, for a wait that is no fault of the server."""
        timeout, begun = self._timeout, time.monotonic()
        due = timeout.when() if timeout is not None else None
        if timeout is None or due is None:
            yield
            return
        timeout.reschedule(None)
        try:
            yield
        finally:
            waited = time.monotonic() - begun
            self.left += waited
            timeout.reschedule(due + waited)


class HttpClient:
    """Asks servers, and reports what they do wrong as `Broken` or `Refused`.

    It stands on httpx's transport and not on its client, which would keep cookies, parse
    where a redirect leads, and expand whatever is compressed. `held` are the bodies that have
    come and are not read yet; large ones wait while they are many.
    """

    def __init__(
        self, *, user_agent: str, guard: AddressGuard, tls: ssl.SSLContext | None = None
    ) -> None:
        context = tls or httpx.create_ssl_context(trust_env=False)
        self._transport = GuardedTransport(guard, tls=context)
        self.held = HeldBodies()
        self._large = asyncio.Semaphore(_LARGE_AT_ONCE)
        self._headers = {
            "User-Agent": user_agent,
            "Accept": _ACCEPT,
            "Accept-Language": "sv, en;q=0.8, *;q=0.5",
            "Accept-Encoding": ACCEPTED,
        }

    async def get(
        self,
        url: str,
        *,
        headers: Mapping[str, str],
        timeout_s: float,
        budget: Budget,
        limit: int,
        truncate: bool = False,
    ) -> Response:
        """Fetch `url`, a normalized one. Only a 200 or 203 has its body read.

        `timeout_s` bounds each silence, `budget` all of it, `limit` the decoded body in bytes.
        """
        request = httpx.Request(
            "GET",
            url,
            headers={**self._headers, **headers},
            extensions={"timeout": httpx.Timeout(timeout_s).as_dict()},
        )
        try:
            async with budget.spent():
                return await self._get(request, url, budget, limit, truncate=truncate)
        except TimeoutError as error:
            detail = f"not complete after {budget.total:g} s in all"
            raise Broken("deadline", detail) from error
        except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ssl.SSLError) as error:
            raise broken(error, timeout_s) from error

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def _get(
        self, request: httpx.Request, url: str, budget: Budget, limit: int, *, truncate: bool
    ) -> Response:
        begun = time.monotonic()
        response = await self._transport.handle_async_request(request)
        try:
            body = await self._body(response, budget, limit, truncate=truncate)
        finally:
            await response.aclose()
        return Response(
            url=url,
            status=response.status_code,
            headers=_headers(response),
            body=body,
            elapsed_s=time.monotonic() - begun,
        )

    async def _body(
        self, response: httpx.Response, budget: Budget, limit: int, *, truncate: bool
    ) -> bytes:
        length = response.headers.get("Content-Length", "")
        declared = int(length) if length.isascii() and length.isdigit() else None
        if response.status_code not in {httpx.codes.OK, httpx.codes.NON_AUTHORITATIVE_INFORMATION}:
            # A short body is read to keep the connection for the next request; a long one is not.
            if declared is not None and declared <= _SMALL:
                async for _ in response.aiter_raw():
                    pass
            return b""
        if declared is not None and declared > limit and not truncate:
            raise Broken("body_too_large", f"{declared} bytes announced, {limit} allowed")
        encoding = response.headers.get("Content-Encoding", "")
        reader = BodyReader(encoding, limit=limit, truncate=truncate)
        async with contextlib.AsyncExitStack() as turn:
            is_large = False
            async for piece in response.aiter_raw():
                reader.feed(piece)
                if reader.full:
                    break
                if reader.size > _LARGE and not is_large:
                    is_large = True
                    async with budget.paused():
                        await turn.enter_async_context(self._large)
                        await self.held.until_few()
            return reader.finish()


def _headers(response: httpx.Response) -> dict[str, str]:
    headers = {name.lower(): value for name, value in response.headers.items()}
    # Commas stand in the values of this one, so that joined ones could not be told apart.
    if tags := response.headers.get_list("X-Robots-Tag"):
        headers["x-robots-tag"] = "\n".join(tags)
    return headers


def broken(error: Exception, timeout_s: float) -> Broken:
    """Name what went wrong on the wire, in the words of the report."""
    said = _plain(error)
    match error:
        case httpx.TimeoutException():
            problem = Broken("timeout", f"nothing came for {timeout_s:g} s", transient=True)
        case httpx.ConnectError() | ssl.SSLError() if (cause := _tls_cause(error)) is not None:
            problem = Broken("tls", f"no secure connection: {_plain(cause)}")
        case httpx.ConnectError():
            problem = Broken("connect", f"no connection: {said}", transient=True)
        case httpx.InvalidURL() | httpx.UnsupportedProtocol() | httpx.LocalProtocolError():
            problem = Broken("invalid_url", f"cannot be asked for: {said}")
        case httpx.RemoteProtocolError() if not _is_hangup(error):
            problem = Broken("bad_response", f"not HTTP as we know it: {said}")
        case _:
            problem = Broken("dropped", f"the line was dropped: {said}", transient=True)
    return problem


def _tls_cause(error: BaseException | None) -> ssl.SSLError | None:
    while error is not None and not isinstance(error, ssl.SSLError):
        error = error.__cause__ or error.__context__
    return error


def _is_hangup(error: Exception) -> bool:
    # h11 has one exception for both; a hangup is where the peer closed, not what it sent.
    return any(word in str(error) for word in ("disconnected", "closed connection"))


def _plain(error: Exception) -> str:
    text = str(error) or type(error).__name__
    return " ".join(text.split())[:200]
