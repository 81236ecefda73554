"""What the servers answered, kept so that pages can be read again without asking for them again."""

from __future__ import annotations

import hashlib
import zlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.errors import StoreError
from indexer.model import CrawlRequest, Page
from indexer.store.codec import storable, time_from_text, time_to_text

if TYPE_CHECKING:
    import datetime as dt

    from indexer.store.database import Database

_LEVEL = 6
"""zlib's own default: HTML shrinks to about a fifth at some 40 MB/s; higher levels add 2 %."""


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredBody:
    """A response body, compressed, with all that reading it again depends on.

    `digest` covers everything but the time: equal digests read alike. `size` is that of the
    body before compression, in bytes.
    """

    url: str
    media_type: str
    charset: str | None
    robots_tag: str | None
    fetched_at: dt.datetime
    digest: bytes
    size: int
    compressed: bytes

    def page(self, request: CrawlRequest) -> Page:
        """Return the page as it was when it was fetched.

        Raises:
            StoreError: If the stored bytes are damaged.
        """
        try:
            body = zlib.decompress(self.compressed)
        except zlib.error as error:
            raise StoreError(
                f"the stored body of {self.url} is damaged ({error}); restore a backup, or move "
                "the store away and crawl again"
            ) from error
        return Page(
            request=request,
            url=self.url,
            body=body,
            media_type=self.media_type,
            charset=self.charset,
            robots_tag=self.robots_tag,
            fetched_at=self.fetched_at,
        )


def body_digest(page: Page) -> bytes:
    """Return a digest of everything in `page` that its extraction can depend on."""
    parts = (page.url, page.media_type, page.charset or "", page.robots_tag or "")
    digest = hashlib.blake2b("\n".join(parts).encode("utf-8", "replace"), digest_size=16)
    digest.update(b"\n\n")
    digest.update(page.body)
    return digest.digest()


def pack(page: Page) -> StoredBody:
    """Compress the body of `page` for the store; takes a millisecond per 50 kB of HTML."""
    return StoredBody(
        url=page.url,
        media_type=page.media_type,
        charset=page.charset,
        robots_tag=page.robots_tag,
        fetched_at=page.fetched_at,
        digest=body_digest(page),
        size=len(page.body),
        compressed=zlib.compress(page.body, _LEVEL),
    )


class Bodies:
    """The stored bodies, one at most for each URL of the frontier."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, page_id: int, body: StoredBody) -> None:
        """Keep `body` for a URL, in place of an earlier one; one that is forgotten keeps none."""
        self._database.execute(
            "INSERT OR REPLACE INTO bodies (page, url, media_type, charset, robots_tag,"
            " fetched_at, digest, size, body)"
            " SELECT id, ?, ?, ?, ?, ?, ?, ?, ? FROM frontier WHERE id = ?",
            (
                body.url,
                storable(body.media_type),
                body.charset and storable(body.charset),
                body.robots_tag and storable(body.robots_tag),
                time_to_text(body.fetched_at),
                body.digest,
                body.size,
                body.compressed,
                page_id,
            ),
        )

    def get(self, page_id: int) -> StoredBody | None:
        """Return the body of a URL, or None when none is kept."""
        row = self._database.row("SELECT * FROM bodies WHERE page = ?", (page_id,))
        if row is None:
            return None
        return StoredBody(
            url=row["url"],
            media_type=row["media_type"],
            charset=row["charset"],
            robots_tag=row["robots_tag"],
            fetched_at=time_from_text(row["fetched_at"]),
            digest=row["digest"],
            size=row["size"],
            compressed=row["body"],
        )

    def digest(self, page_id: int) -> bytes | None:
        """Return the digest of a URL's body without reading the body."""
        row = self._database.row("SELECT digest FROM bodies WHERE page = ?", (page_id,))
        return row["digest"] if row is not None else None

    def drop(self, page_id: int) -> None:
        """Forget the body of a URL; one that is not there is no error."""
        self._database.execute("DELETE FROM bodies WHERE page = ?", (page_id,))
