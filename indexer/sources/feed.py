"""Feeds: RSS 0.9x, 1.0 and 2.0, and Atom (RFC 4287), read for the pages that they link to.

Pure: bytes in, entries out. feedparser understands the many dialects; it is not made for hostile
input (its time grows with the square of a tag's attributes) and would open what looks like a file
name. So it is given a copy; see `indexer.sources.feed_copy`.
"""

from __future__ import annotations

import calendar
import datetime as dt
import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

import feedparser

from indexer.extract import charset as encodings
from indexer.sources.feed_copy import copy_of

if TYPE_CHECKING:
    import time
    from collections.abc import Iterator

MAX_BYTES: Final = 5_000_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Entry:
    """An entry of a feed: its page, as an absolute URL, and when that was published and changed."""

    url: str
    title: str = ""
    published: dt.datetime | None = None
    updated: dt.datetime | None = None

    def lastmod(self, *, now: dt.datetime) -> dt.datetime | None:
        """When the page changed last by the word of the feed; what it says of the future is not."""
        known = (self.published, self.updated)
        return max((at for at in known if at is not None and at <= now), default=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed lists.

    `problem` says why there may be more than was read; what came before it is here. `foreign`
    is a body that is something else altogether, such as a "not found" page with status 200.
    """

    entries: tuple[Entry, ...] = ()
    problem: str = ""
    foreign: bool = False


def parse_feed(body: bytes, *, base: str, charset: str | None = None) -> Feed:
    """Read a feed that was found at `base`; never raises. At most 5 000 entries and 5 MB of it.

    `charset` is the one of the HTTP header. Entries that link to no page are left out.
    """
    if len(body) > MAX_BYTES:
        return Feed(problem=f"it is larger than {MAX_BYTES} bytes")
    text, _ = encodings.decode(body, declared=charset)
    copy = copy_of(text)
    if not copy.xml:
        return Feed(problem=copy.problem, foreign=copy.foreign)
    # A stream is read; bytes or text could be taken for the name of a file or a URL.
    parsed = feedparser.parse(
        io.BytesIO(copy.xml),
        response_headers={
            "content-location": base,
            "content-type": "application/xml; charset=utf-8",
        },
        resolve_relative_uris=False,
        sanitize_html=False,
    )
    return Feed(entries=tuple(_entries(parsed.entries)), problem=copy.problem)


def _entries(found: list[feedparser.FeedParserDict]) -> Iterator[Entry]:
    for entry in found:
        # As plain dictionaries: their own lookup guesses and warns where a key is missing.
        said = dict(entry)
        url = said.get("feedburner_origlink") or said.get("link") or _any_alternate(said)
        if url:
            yield Entry(
                url=url,
                title=" ".join(str(said.get("title", "")).split()),
                published=_moment(said.get("published_parsed")),
                updated=_moment(said.get("updated_parsed")),
            )


def _any_alternate(said: dict[str, Any]) -> str:
    """A page that is no HTML, such as a PDF."""
    links = (dict(link) for link in said.get("links", ()))
    return next(
        (link["href"] for link in links if link.get("rel") == "alternate" and link.get("href")), ""
    )


def _moment(parsed: time.struct_time | None) -> dt.datetime | None:
    if parsed is None:
        return None
    try:
        return dt.datetime.fromtimestamp(calendar.timegm(parsed), dt.UTC)
    except (ValueError, OverflowError, OSError):
        return None
