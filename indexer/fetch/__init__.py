"""One polite HTTP client: robots, rate, retries, address guard, URL forms.

Nothing else in the project knows which library speaks HTTP.
"""

from __future__ import annotations

from indexer.fetch.decoding import BodyReader
from indexer.fetch.fetcher import Fetcher, Permit, everything
from indexer.fetch.guard import AddressGuard
from indexer.fetch.held_bodies import HeldBodies
from indexer.fetch.post import post
from indexer.fetch.problems import Broken, Busy, FetchProblem, Refused
from indexer.fetch.rate import LONGEST_WAIT_S, HostClosed, RateLimiter
from indexer.fetch.robots import RobotsPolicy
from indexer.fetch.urls import canonicalize, normalize, origin_of

__all__ = [
    "LONGEST_WAIT_S",
    "AddressGuard",
    "BodyReader",
    "Broken",
    "Busy",
    "FetchProblem",
    "Fetcher",
    "HeldBodies",
    "HostClosed",
    "Permit",
    "RateLimiter",
    "Refused",
    "RobotsPolicy",
    "canonicalize",
    "everything",
    "normalize",
    "origin_of",
    "post",
]
