"""A URL of the frontier, and what became of it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from indexer.model import CrawlRequest
from indexer.store.codec import time_from_text, time_to_text

if TYPE_CHECKING:
    import datetime as dt

    from indexer.store.database import Row

Outcome = Literal["page", "not_modified", "skipped", "denied", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class NewUrl:
    """A URL that somebody pointed to; `lastmod` is what a list says of its last change."""

    url: str
    depth: int
    referrer: str | None = None
    lastmod: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownUrl:
    """A URL of the frontier and its last outcome.

    `missing` counts the crawls in a row in which the page had nothing to show; `document_id` is
    the document that the page stands for, alone or beside others; `fingerprint` is that of the
    extraction that last read it, and `verdict` says why no document came of that reading.
    `outcome` and `reason` are those of the last visit; `outcome` is None until the first.
    `interval_h` is how long the page is left alone after a visit, in hours, and `due_at` when it
    is to be visited next; None is at the next opportunity. `false_news` counts the times in a row
    that a list said it had changed and it had not.
    """

    id: int
    source: str
    url: str
    depth: int
    referrer: str | None = None
    lastmod: dt.datetime | None = None
    false_news: int = 0
    outcome: Outcome | None = None
    reason: str = ""
    detail: str = ""
    status: int | None = None
    etag: str | None = None
    last_modified: str | None = None
    visited_at: dt.datetime | None = None
    fetched_at: dt.datetime | None = None
    interval_h: float = 0.0
    due_at: dt.datetime | None = None
    missing: int = 0
    missing_since: dt.datetime | None = None
    fingerprint: str = ""
    verdict: str = ""
    document_id: str | None = None

    def request(self, *, conditional: bool) -> CrawlRequest:
        """Return the request for this URL, with its validators when `conditional`."""
        return CrawlRequest(
            url=self.url,
            source=self.source,
            depth=self.depth,
            referrer=self.referrer,
            etag=self.etag if conditional else None,
            last_modified=self.last_modified if conditional else None,
        )


def host_of(url: str) -> str:
    """Return scheme and authority of a URL, which have their own queue, robots.txt and pace."""
    parts = urlsplit(url)
    return f"{parts.scheme}://{parts.netloc}"


def known_url(row: Row) -> KnownUrl:
    """Return a row of the table as the value that it stands for."""
    return KnownUrl(
        id=row["id"],
        source=row["source"],
        url=row["url"],
        depth=row["depth"],
        referrer=row["referrer"],
        lastmod=time_of(row["lastmod"]),
        false_news=row["false_news"],
        outcome=row["outcome"],
        reason=row["reason"],
        detail=row["detail"],
        status=row["status"],
        etag=row["etag"],
        last_modified=row["last_modified"],
        visited_at=time_of(row["visited_at"]),
        fetched_at=time_of(row["fetched_at"]),
        interval_h=row["interval_h"],
        due_at=time_of(row["due_at"]),
        missing=row["missing"],
        missing_since=time_of(row["missing_since"]),
        fingerprint=row["fingerprint"],
        verdict=row["verdict"],
        document_id=row["document_id"],
    )


def text_of(moment: dt.datetime | None) -> str | None:
    """Return a time as the table keeps it, or None for none."""
    return time_to_text(moment) if moment is not None else None


def time_of(text: str | None) -> dt.datetime | None:
    """Return the time that `text_of` wrote."""
    return time_from_text(text) if text is not None else None
