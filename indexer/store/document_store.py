"""The store as the stages above it see it."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Self

from indexer.store.bodies import Bodies
from indexer.store.crawls import Crawls
from indexer.store.database import Database
from indexer.store.documents import Change, Clock, Documents, StoredDocument
from indexer.store.erasures import Erasures
from indexer.store.frontier import Frontier
from indexer.store.handover import Handover
from indexer.store.harvests import Harvests
from indexer.store.history import History, HistoryEntry
from indexer.store.left_out import LeftOutUrls
from indexer.store.listings import Listings
from indexer.store.purge import Purge, Step
from indexer.store.repeated import Repeated
from indexer.store.runs import Runs, StoredRun
from indexer.store.similar import Similar

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager
    from pathlib import Path

    from indexer.model import Document
    from indexer.store.known_url import KnownUrl


def _utc_now() -> dt.datetime:
    return dt.datetime.now(dt.UTC)


def _unseen(_what: str, _done: int) -> None:
    """Take a step that nobody watches."""


class DocumentStore:
    """Everything we know about the sources, in one SQLite file: the source of truth.

    `frontier` holds the URLs, `bodies` what the servers answered, `left_out` what is not crawled,
    `listings` and `harvests` how far lists and repositories were read, `crawls` how that went,
    `similar` the fingerprints of texts, `repeated` the blocks that many pages have, `handover` what
    was found for other shards of the crawl, `erasures` what must not come back. Each method is one
    transaction; ``with store.transaction():`` makes several one. An instance belongs to the thread
    that opened it. All methods raise `StoreError` when the file cannot be used.
    """

    def __init__(self, database: Database, *, clock: Clock = _utc_now) -> None:
        self._database = database
        self._clock = clock
        self._documents = Documents(database, clock)
        self._history = History(database)
        self._runs = Runs(database)
        self.frontier = Frontier(database)
        self.bodies = Bodies(database)
        self.left_out = LeftOutUrls(database)
        self.listings = Listings(database)
        self.harvests = Harvests(database)
        self.crawls = Crawls(database)
        self.similar = Similar(database)
        self.repeated = Repeated(database)
        self.handover = Handover(database)
        self.erasures = Erasures(database)

    @classmethod
    def open(cls, path: Path, *, clock: Clock = _utc_now) -> Self:
        """Open the store in the file `path`, creating it or bringing it up to date as needed.

        Raises:
            StoreError: If the file is damaged, not ours, of a newer version or not writable.
        """
        return cls(Database.open(path), clock=clock)

    @property
    def stores(self) -> tuple[Self, ...]:
        """The store alone: who reads several takes each in turn."""
        return (self,)

    def now(self) -> dt.datetime:
        """Return the time by the store's clock."""
        return self._clock()

    def transaction(self) -> AbstractContextManager[None]:
        """Make everything inside happen together or not at all, whatever kills the process."""
        return self._database.transaction()

    def put(self, document: Document, *, fingerprint: str) -> Change:
        """Store a document and say what that meant: added, changed or unchanged.

        What was erased is not in what is stored; of a document that was forgotten nothing is.
        """
        with self.transaction():
            admitted = self.erasures.redactor().document(document).document
            if admitted is None:
                return "unchanged"
            return self._documents.put(admitted, fingerprint=fingerprint)

    def remove(self, document_id: str, reason: str) -> bool:
        """Remove a document for a reason that the history keeps; return whether it was there."""
        with self.transaction():
            self.similar.put(document_id, None)
            return self._documents.remove(document_id, reason)

    def get(self, document_id: str) -> StoredDocument | None:
        """Return a document, live or removed, or None when it never was."""
        return self._documents.get(document_id)

    def with_content(self, content_hash: str) -> list[StoredDocument]:
        """Return the live documents whose content has this hash."""
        return self._documents.with_content(content_hash)

    def with_url(self, url: str) -> list[StoredDocument]:
        """Return the documents, live or removed, whose address is this one."""
        return self._documents.with_url(url)

    def documents(self) -> Iterator[Document]:
        """Yield the documents that are not removed, ordered by id."""
        return self._documents.live()

    def count(self, source: str | None = None) -> int:
        """Return how many documents are live, of one source or of all."""
        return self._documents.count(source)

    def revision(self) -> int:
        """Return a number that grows with every document that is stored anew or removed."""
        return self._documents.revision()

    @property
    def name(self) -> str:
        """What tells this store from others, and from any copy of it that was restored.

        Revisions of two stores say nothing about each other.
        """
        row = self._database.row("SELECT name FROM identity")
        return row["name"] if row else ""

    def rename(self) -> None:
        """Give the store a new name: it is a copy, and goes its own way from here."""
        self._database.execute("UPDATE identity SET name = lower(hex(randomblob(8)))")

    def documents_since(self, revision: int) -> Iterator[tuple[str, Document | None]]:
        """Yield what was stored or removed after a revision: the id, and the document or None."""
        return self._documents.since(revision)

    def count_since(self, revision: int) -> int:
        """Return how many documents were stored or removed after a revision."""
        return self._documents.count_since(revision)

    def history(
        self, *, since: dt.datetime | None = None, document_id: str | None = None
    ) -> list[HistoryEntry]:
        """Return what happened to documents, oldest first."""
        return self._history.entries(since=since, document_id=document_id)

    def news(self, *, since: dt.datetime) -> Iterator[HistoryEntry]:
        """Yield what happened since a moment, the newest first, first crawls left out."""
        return self._history.news(since=since)

    def outdated(self, fingerprints: Mapping[str, str]) -> Iterator[KnownUrl]:
        """Yield the URLs whose stored body was last read with another fingerprint.

        `fingerprints` holds the current one of each source.
        """
        for source, fingerprint in fingerprints.items():
            yield from self.frontier.outdated(source, fingerprint)

    def record_run(self, report: Mapping[str, Any]) -> int:
        """Keep the report of a job, which must consist of plain JSON values; return its number."""
        return self._runs.record(self._told(report), at=self._clock())

    def amend_run(self, number: int, report: Mapping[str, Any]) -> None:
        """Put a report in the place of the one that was kept under a number."""
        self._runs.amend(number, self._told(report))

    def _told(self, report: Mapping[str, Any]) -> Mapping[str, Any]:
        told = self.erasures.redactor().plain(dict(report))
        return told if isinstance(told, dict) else report

    def runs(self, limit: int | None = 10) -> list[StoredRun]:
        """Return the newest reports, or with None all, newest first."""
        return self._runs.last(limit)

    def runs_of_each(self, limit: int) -> list[StoredRun]:
        """Return the newest reports of each job and shard, the newest of all first."""
        return self._runs.last_of_each(limit)

    def run(self, number: int) -> StoredRun | None:
        """Return the report of a number, or None when it is not, or no longer, kept."""
        return self._runs.get(number)

    def purge(self, *, step: Step = _unseen) -> Mapping[str, int]:
        """Take what was erased out of every table; return how many rows of which kind had it.

        Safe beside a job that is crawling.
        """
        return Purge(self._database, self.erasures.redactor(), step=step).run()

    def rewrite(self) -> bool:
        """Write the file anew, without what was deleted from it; tell whether that was done.

        Raises:
            StoreError: If there is no room, or another process is writing.
        """
        return self._database.rewrite()

    def close(self) -> None:
        """Close the file. Closing twice is no error."""
        self._database.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *exc: object) -> None:
        self.close()
