"""One polite HTTP client: robots, rate, retries, address guard, URL forms.

Nothing else in the project knows which library speaks HTTP.
"""

from __future__ import annotations

from indexer.fetch.decoding import BodyReader
from indexer.fetch.fetcher import Fetcher, Permit
from indexer.fetch.guard import AddressGuard
from indexer.fetch.problems import Broken, FetchProblem, Refused
from indexer.fetch.rate import RateLimiter
from indexer.fetch.robots import RobotsPolicy
from indexer.fetch.urls import canonicalize, normalize, origin_of

__all__ = [
    "AddressGuard",
    "BodyReader",
    "Broken",
    "FetchProblem",
    "Fetcher",
    "Permit",
    "RateLimiter",
    "Refused",
    "RobotsPolicy",
    "canonicalize",
    "normalize",
    "origin_of",
]
