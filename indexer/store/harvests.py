"""How far the harvest of each repository has come, so that the next asks for what is new."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.store.known_url import text_of, time_of

if TYPE_CHECKING:
    import datetime as dt

    from indexer.store.database import Database


@dataclass(frozen=True, slots=True, kw_only=True)
class Harvest:
    """The state of a repository's harvest.

    `since` is the moment from which the next harvest asks for changes, by the repository's own
    clock; None asks for everything. `whole_at` is when everything was asked for last. A harvest
    that is under way has `begun` and, after its first answer, a resumption `token`.
    """

    since: dt.datetime | None = None
    whole_at: dt.datetime | None = None
    begun: dt.datetime | None = None
    token: str | None = None


class Harvests:
    """One state a source, kept as long as the source asks for the same records."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of(self, source: str, *, settings: str) -> Harvest:
        """Return the state of a source's harvest; a new one if its settings have changed."""
        row = self._database.row(
            "SELECT * FROM harvests WHERE source = ? AND settings = ?", (source, settings)
        )
        if row is None:
            return Harvest()
        return Harvest(
            since=time_of(row["since"]),
            whole_at=time_of(row["whole_at"]),
            begun=time_of(row["begun"]),
            token=row["token"],
        )

    def put(self, source: str, harvest: Harvest, *, settings: str) -> None:
        """Store the state of a source's harvest."""
        self._database.execute(
            "INSERT OR REPLACE INTO harvests (source, settings, since, whole_at, begun, token)"
            " VALUES (?, ?, ?, ?, ?, ?)",
            (
                source,
                settings,
                text_of(harvest.since),
                text_of(harvest.whole_at),
                text_of(harvest.begun),
                harvest.token,
            ),
        )
