"""Asking for lists of pages, on condition that they changed since they were read to their end."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from indexer.model import CrawlRequest, Denied, Failed, NotModified, Page
from indexer.sources.base import Listing

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.fetch import Fetcher
    from indexer.model import HttpSettings


@dataclass(frozen=True, slots=True, kw_only=True)
class ListReader:
    """Reads lists of one source; `read` is what they answered last time, by their URLs."""

    fetcher: Fetcher
    source: str
    http: HttpSettings
    read: Mapping[str, Listing]

    def request(self, url: str, *, referrer: str | None = None) -> CrawlRequest:
        """Return the request for a list, conditional if it was read before."""
        known = self.read.get(url)
        return CrawlRequest(
            url=url,
            source=self.source,
            referrer=referrer,
            etag=known.etag if known else None,
            last_modified=known.last_modified if known else None,
        )

    async def get(self, request: CrawlRequest, *, what: str) -> Page | Listing | Denied | Failed:
        """Return the list's page, or the `Listing` of a list that is as it was.

        `what` begins the detail of a refusal or a failure, so that it names the list.
        """
        outcome = await self.fetcher.fetch(request, settings=self.http)
        match outcome:
            case Page():
                return outcome
            case NotModified():
                return self.read[request.url]
            case Denied() | Failed():
                return replace(outcome, detail=f"{what} {request.url}: {outcome.detail}")


def listing_of(page: Page) -> Listing:
    """Return what to ask with the next time, of a list that was read to its end."""
    return Listing(url=page.request.url, etag=page.etag, last_modified=page.last_modified)
