"""httpx over connections that go only where the guard lets them."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING

import httpcore
import httpx

if TYPE_CHECKING:
    import ssl
    from collections.abc import Iterable

    from indexer.fetch.guard import AddressGuard

_MAX_ADDRESSES = 4


class GuardedBackend(httpcore.AsyncNetworkBackend):
    """Resolves a name once, and connects to one of the addresses that were checked.

    The layers above see the name only, so Host, the TLS server name and the certificate's
    check are those of the name, and a kept connection is one that passed.
    """

    def __init__(self, guard: AddressGuard) -> None:
        self._guard = guard
        self._inner = httpcore.AnyIOBackend()

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore.SOCKET_OPTION] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        addresses = await self._resolve(host, port, timeout)
        share = timeout / len(addresses) if timeout is not None else None
        failure: Exception | None = None
        for address in addresses:
            try:
                return await self._inner.connect_tcp(
                    address, port, share, local_address, socket_options
                )
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failure = error
        raise failure or httpcore.ConnectError(f"{host} has no address")

    async def _resolve(self, host: str, port: int, limit_s: float | None) -> tuple[str, ...]:
        try:
            async with asyncio.timeout(limit_s):
                return (await self._guard.resolve(host, port))[:_MAX_ADDRESSES]
        except TimeoutError as error:
            raise httpcore.ConnectTimeout(f"DNS did not answer for {host}") from error

    async def sleep(self, seconds: float) -> None:
        await asyncio.sleep(seconds)


class GuardedTransport(httpx.AsyncHTTPTransport):
    """httpx's own transport over a pool that uses `GuardedBackend`."""

    def __init__(self, guard: AddressGuard, *, tls: ssl.SSLContext) -> None:
        super().__init__(verify=tls, trust_env=False)
        # httpx passes no network backend on, so its pool is replaced before it is used.
        # No upper bound here: the RateLimiter is it, and a bounded pool can lose places when
        # many requests are cancelled at once.
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=tls,
            max_connections=None,
            max_keepalive_connections=32,
            keepalive_expiry=15.0,
            network_backend=GuardedBackend(guard),
        )
