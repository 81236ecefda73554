"""How often one client may ask: a bucket of tokens for each address, kept in memory alone."""

from __future__ import annotations

import ipaddress
import math
import threading
import time
from collections import OrderedDict
from typing import TYPE_CHECKING

import falcon

if TYPE_CHECKING:
    from collections.abc import Callable, Sequence

    from search_api.settings import Settings

MOST_CLIENTS = 20_000
"""Addresses that are remembered; beyond that, who has been silent longest is forgotten."""

_SUGGESTIONS = ("/api/v1/suggest", "/suggest.json")
REQUEST, SUGGESTION = 10, 1
"""Tokens: the search box asks at every few letters, and a suggestion takes under 1 ms."""

_FREE = ("/healthz", "/readyz", "/static/", "/robots.txt", "/widget.js")
_MINUTE_S = 60.0
_SITE_BITS = 64


class RateLimit:
    """Answers 429 to who asks more often than a number of times a minute (RFC 6585, section 4).

    A token bucket: whoever was silent for a minute may ask that often at once; suggestions cost a
    tenth. Each process counts for itself. An IPv6 client is its network of 64 bits, for all of
    these are its own. What a trusted proxy says of the client is believed, the last address that
    is not one of theirs. Addresses are written nowhere.
    """

    def __init__(self, settings: Settings, *, clock: Callable[[], float] = time.monotonic) -> None:
        self._per_minute = settings.rate_limit_per_minute
        self._trusted = tuple(
            ipaddress.ip_network(text, strict=False) for text in settings.trusted_proxies
        )
        self._clock = clock
        # client -> tokens left, and when that was so; the one silent longest first
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()
        self._lock = threading.Lock()

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        if not self._per_minute or req.path.startswith(_FREE):
            return
        cost = SUGGESTION if req.path in _SUGGESTIONS else REQUEST
        with self._lock:
            wait_s = self._take(self._client(req), cost)
        if wait_s:
            raise falcon.HTTPTooManyRequests(retry_after=math.ceil(wait_s))

    def _take(self, client: str, cost: int) -> float:
        """Take tokens; return 0, or how many seconds it is until there are as many."""
        now = self._clock()
        full = float(self._per_minute * REQUEST)
        rate = full / _MINUTE_S
        tokens, since = self._buckets.pop(client, (full, now))
        tokens = min(full, tokens + (now - since) * rate)
        enough = tokens >= cost
        self._buckets[client] = (tokens - cost if enough else tokens, now)
        if len(self._buckets) > MOST_CLIENTS:
            self._buckets.popitem(last=False)
        return 0.0 if enough else (cost - tokens) / rate

    def _client(self, req: falcon.Request) -> str:
        hops: Sequence[str] = (req.get_header("X-Forwarded-For") or "").split(",")
        client = req.remote_addr or ""
        for hop in reversed([hop.strip() for hop in hops if hop.strip()]):
            if not self._is_trusted(client):
                break
            client = hop
        return _normal(client)

    def _is_trusted(self, address: str) -> bool:
        try:
            parsed = ipaddress.ip_address(address)
        except ValueError:
            return False
        return any(parsed in network for network in self._trusted)


def _normal(address: str) -> str:
    try:
        parsed = ipaddress.ip_address(address)
    except ValueError:
        # Not an address: whoever invents some shares one bucket.
        return ""
    if isinstance(parsed, ipaddress.IPv6Address) and parsed.ipv4_mapped is None:
        return str(ipaddress.ip_network((parsed, _SITE_BITS), strict=False))
    return str(getattr(parsed, "ipv4_mapped", None) or parsed)
