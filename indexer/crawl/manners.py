"""How politely each URL of a source is fetched: as the source says, or an exception of it."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from indexer.path_glob import PathGlob

if TYPE_CHECKING:
    from indexer.config import WebsiteSource
    from indexer.model import HttpSettings


class Manners:
    """The settings of a source by URL; the first exception that matches counts."""

    def __init__(self, source: WebsiteSource) -> None:
        self._common = source.http
        self._exceptions = [
            (one.host, PathGlob(one.match), one.http) for one in source.http_exceptions
        ]

    def towards(self, url: str) -> HttpSettings:
        """Return how to fetch a canonical URL."""
        parts = urlsplit(url)
        return next(
            (
                http
                for host, glob, http in self._exceptions
                if host in {None, parts.netloc} and glob.matches(parts)
            ),
            self._common,
        )
