"""What every source of documents promises the crawler."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.model import CrawlRequest, Denied, Failed

if TYPE_CHECKING:
    from collections.abc import AsyncIterator

    from indexer.fetch import Fetcher


@dataclass(frozen=True, slots=True, kw_only=True)
class Listing:
    """A list of URLs, such as a sitemap or a feed, that was read to its end.

    With its validators it can be asked for the next time on condition that it has changed.
    """

    url: str
    etag: str | None = None
    last_modified: str | None = None


Seed = CrawlRequest | Listing | Denied | Failed


class Source(ABC):
    """A place that documents come from: a web site, a feed, an archive."""

    @property
    @abstractmethod
    def name(self) -> str:
        """The source's name in the configuration; every request it makes carries it."""

    @abstractmethod
    def seeds(self, fetcher: Fetcher) -> AsyncIterator[Seed]:
        """Every URL that the source itself knows of, lazily, each one time.

        A URL comes once more when another list knows of a later change of its page. A `Listing`
        comes after all that the list names, when nothing of the list is missing.
        What could not be read on the way is among them as a `Denied` or a `Failed`, so that
        a broken list is in the report and never looks like an empty one. Which of the URLs
        are wanted is not decided here (see `indexer.crawl`). Raises nothing for what a
        server does.
        """
