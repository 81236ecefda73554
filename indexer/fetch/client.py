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
from indexer.fetch.problems import Broken
from indexer.fetch.transport import GuardedTransport

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indexer.fetch.guard import AddressGuard

REDIRECTS: Final = frozenset({301, 302, 303, 307, 308})

_ACCEPT: Final = (
    "text/html,application/xhtml+xml,application/xml;q=0.9,application/pdf;q=0.9,*/*;q=0.5"
)
_SMALL: Final = 16_384


@dataclass(frozen=True, slots=True, kw_only=True)
class Response:
    """A complete answer; header names are lower-case, a repeated header is comma-joined."""

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

    @contextlib.contextmanager
    def spent(self) -> Iterator[None]:
        """Charge the time that the block takes."""
        begun = time.monotonic()
        try:
            yield
        finally:
            self.left -= time.monotonic() - begun


class HttpClient:
    """Asks servers, and reports what they do wrong as `Broken` or `Refused`.

    It stands on httpx's transport and not on its client, which would keep cookies, parse
    where a redirect leads, and expand whatever is compressed.
    """

    def __init__(
        self, *, user_agent: str, guard: AddressGuard, tls: ssl.SSLContext | None = None
    ) -> None:
        context = tls or httpx.create_ssl_context(trust_env=False)
        self._transport = GuardedTransport(guard, tls=context)
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
        with budget.spent():
            try:
                async with asyncio.timeout(max(budget.left, 0)):
                    return await self._get(url, headers, timeout_s, limit, truncate=truncate)
            except TimeoutError as error:
                detail = f"not complete after {budget.total:g} s in all"
                raise Broken("deadline", detail) from error
            except (httpx.HTTPError, httpx.InvalidURL, httpx.StreamError, ssl.SSLError) as error:
                raise _broken(error, timeout_s) from error

    async def aclose(self) -> None:
        """Close every connection."""
        await self._transport.aclose()

    async def _get(
        self,
        url: str,
        headers: Mapping[str, str],
        silence_s: float,
        limit: int,
        *,
        truncate: bool,
    ) -> Response:
        begun = time.monotonic()
        request = httpx.Request(
            "GET",
            url,
            headers={**self._headers, **headers},
            extensions={"timeout": httpx.Timeout(silence_s).as_dict()},
        )
        response = await self._transport.handle_async_request(request)
        try:
            body = await _body(response, limit, truncate=truncate)
        finally:
            await response.aclose()
        return Response(
            url=url,
            status=response.status_code,
            headers={name.lower(): value for name, value in response.headers.items()},
            body=body,
            elapsed_s=time.monotonic() - begun,
        )


async def _body(response: httpx.Response, limit: int, *, truncate: bool) -> bytes:
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
    async for piece in response.aiter_raw():
        reader.feed(piece)
        if reader.full:
            break
    return reader.finish()


def _broken(error: Exception, timeout_s: float) -> Broken:
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
