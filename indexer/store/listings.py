"""What the lists of a source, its sitemaps and feeds, answered when they were last read."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.store.codec import storable

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Validators:
    """The headers with which a list can be asked for on condition that it changed."""

    etag: str | None
    last_modified: str | None


class Listings:
    """The validators of lists that were read to their end, and by which settings.

    A source whose settings changed must see the whole list again: what was out of its scope then
    may be in it now.
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def put(self, source: str, url: str, validators: Validators, *, settings: str) -> None:
        """Remember a list that was read."""
        self._database.execute(
            "INSERT OR REPLACE INTO listings (source, url, etag, last_modified, settings)"
            " VALUES (?, ?, ?, ?, ?)",
            (
                source,
                url,
                validators.etag and storable(validators.etag),
                validators.last_modified and storable(validators.last_modified),
                settings,
            ),
        )

    def of(self, source: str, *, settings: str) -> Mapping[str, Validators]:
        """Return the validators by URL of the lists that were read by these settings."""
        rows = self._database.rows(
            "SELECT url, etag, last_modified FROM listings WHERE source = ? AND settings = ?",
            (source, settings),
        )
        return {
            row["url"]: Validators(etag=row["etag"], last_modified=row["last_modified"])
            for row in rows
        }
