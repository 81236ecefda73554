"""The documents that the index is built from, and the history of what happened to each."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Literal

from indexer.errors import StoreError
from indexer.store.codec import (
    document_from_json,
    document_to_json,
    time_from_text,
    time_to_text,
)
from indexer.store.differences import difference
from indexer.store.history import History

if TYPE_CHECKING:
    from indexer.model import Document
    from indexer.store.database import Database, Row

Change = Literal["added", "changed", "unchanged"]
Clock = Callable[[], dt.datetime]

_SLICE = 200


@dataclass(frozen=True, slots=True, kw_only=True)
class StoredDocument:
    """A document with what the store knows about it; `document` is None once it is removed."""

    document: Document | None
    id: str
    source: str
    url: str
    fingerprint: str
    first_seen: dt.datetime
    changed_at: dt.datetime
    removed_at: dt.datetime | None
    removed_reason: str


class Documents:
    """The documents by id. A removed one leaves its id, its times and its reason behind."""

    def __init__(self, database: Database, clock: Clock) -> None:
        self._database = database
        self._clock = clock
        self._history = History(database)

    def put(self, document: Document, *, fingerprint: str) -> Change:
        """Store a document and say what that meant for its readers.

        It has changed when its text has, or anything that was understood from it. A new date
        under the same text is stored, but it is no change: otherwise a page that prints today's
        date would change every night. One that differs only in when it was harvested is not
        even stored.
        """
        with self._database.transaction():
            row = self._database.row("SELECT * FROM documents WHERE id = ?", (document.id,))
            if row is None or row["data"] is None:
                self._add(document, fingerprint, known=row is not None)
                return "added"
            stored = decoded(document.id, row["data"])
            # Through JSON, so that what is compared is what would be read back.
            fresh = document_from_json(document_to_json(document))
            if dataclasses.replace(fresh, harvested=stored.harvested) == stored:
                self._vouch(document.id, fingerprint)
                return "unchanged"
            change = _compare(stored, fresh)
            self._update(fresh, fingerprint, change, before=stored)
            return change

    def remove(self, document_id: str, reason: str) -> bool:
        """Remove a document and its text; return whether it was there."""
        with self._database.transaction():
            row = self._database.row(
                "SELECT data FROM documents WHERE id = ? AND removed_at IS NULL",
                (document_id,),
            )
            if row is None:
                return False
            now = time_to_text(self._clock())
            self._database.execute(
                "UPDATE documents SET removed_at = ?, removed_reason = ?, revision = ?,"
                " data = NULL WHERE id = ?",
                (now, reason, self.revision() + 1, document_id),
            )
            gone = decoded(document_id, row["data"])
            if gone.kind == "person":
                # The title is a name, which the page's own site has taken back.
                gone = dataclasses.replace(gone, title="")
            self._history.note(gone, "removed", at=now, reason=reason)
            return True

    def live(self) -> Iterator[Document]:
        """Yield the documents that are not removed, ordered by id."""
        last = ""
        while rows := self._database.rows(
            "SELECT id, data FROM documents WHERE id > ? AND removed_at IS NULL"
            " ORDER BY id LIMIT ?",
            (last, _SLICE),
        ):
            for row in rows:
                yield decoded(row["id"], row["data"])
            last = rows[-1]["id"]

    def get(self, document_id: str) -> StoredDocument | None:
        """Return a document, live or removed, or None when it never was."""
        row = self._database.row("SELECT * FROM documents WHERE id = ?", (document_id,))
        if row is None:
            return None
        return _stored(row)

    def with_content(self, content_hash: str) -> list[StoredDocument]:
        """Return the live documents with this hash of their content, ordered by id."""
        rows = self._database.rows(
            "SELECT * FROM documents WHERE content_hash = ? AND removed_at IS NULL ORDER BY id",
            (content_hash,),
        )
        return [_stored(row) for row in rows]

    def with_url(self, url: str) -> list[StoredDocument]:
        """Return the documents, live or removed, whose address is this one, ordered by id."""
        rows = self._database.rows("SELECT * FROM documents WHERE url = ? ORDER BY id", (url,))
        return [_stored(row) for row in rows]

    def count(self, source: str | None) -> int:
        """Return how many documents are live, of one source or of all."""
        if source is None:
            return self._database.number("SELECT count(*) FROM documents WHERE removed_at IS NULL")
        return self._database.number(
            "SELECT count(*) FROM documents WHERE source = ? AND removed_at IS NULL", (source,)
        )

    def revision(self) -> int:
        """Return a number that grows with every document that is stored anew or removed."""
        return self._database.number("SELECT max(revision) FROM documents")

    def since(self, revision: int) -> Iterator[tuple[str, Document | None]]:
        """Yield the ids of what was stored or removed after a revision, in that order.

        With each the document as it is now, or None where it is removed.
        """
        last = revision
        while rows := self._database.rows(
            "SELECT id, revision, data FROM documents WHERE revision > ? ORDER BY revision LIMIT ?",
            (last, _SLICE),
        ):
            for row in rows:
                data = row["data"]
                yield row["id"], decoded(row["id"], data) if data is not None else None
            last = rows[-1]["revision"]

    def count_since(self, revision: int) -> int:
        """Return how many documents were stored or removed after a revision."""
        return self._database.number(
            "SELECT count(*) FROM documents WHERE revision > ?", (revision,)
        )

    def _add(self, document: Document, fingerprint: str, *, known: bool) -> None:
        now = time_to_text(self._clock())
        if not known:
            self._database.execute(
                "INSERT INTO documents (id, source, url, content_hash, fingerprint, first_seen,"
                " changed_at, revision) VALUES (?, ?, ?, '', '', ?, ?, ?)",
                (document.id, document.source, document.url, now, now, self.revision() + 1),
            )
        self._update(document, fingerprint, "added")

    def _vouch(self, document_id: str, fingerprint: str) -> None:
        self._database.execute(
            "UPDATE documents SET fingerprint = ? WHERE id = ?", (fingerprint, document_id)
        )

    def _update(
        self,
        document: Document,
        fingerprint: str,
        change: Change,
        *,
        before: Document | None = None,
    ) -> None:
        now = time_to_text(self._clock())
        self._database.execute(
            "UPDATE documents SET source = ?, url = ?, content_hash = ?, fingerprint = ?,"
            " changed_at = CASE WHEN ? THEN changed_at ELSE ? END, revision = ?,"
            " removed_at = NULL, removed_reason = '', data = ? WHERE id = ?",
            (
                document.source,
                document.url,
                document.content_hash,
                fingerprint,
                change == "unchanged",
                now,
                self.revision() + 1,
                document_to_json(document),
                document.id,
            ),
        )
        if change != "unchanged":
            told = difference(before, document) if before else None
            self._history.note(document, change, at=now, difference=told)


def _compare(stored: Document, fresh: Document) -> Change:
    if stored.content_hash != fresh.content_hash:
        return "changed"
    # The hash answers for the text; what remains is what was understood from it.
    same_text = dataclasses.replace(
        fresh,
        summary=stored.summary,
        sections=stored.sections,
        harvested=stored.harvested,
        modified=stored.modified,
    )
    return "unchanged" if same_text == stored else "changed"


def decoded(document_id: str, data: bytes) -> Document:
    """Return a document as its row keeps it.

    Raises:
        StoreError: If it is damaged.
    """
    try:
        return document_from_json(data)
    except ValueError as error:
        raise StoreError(
            f"the stored document {document_id} is damaged ({error}); restore a backup, or move "
            "the store away and crawl again"
        ) from error


def _stored(row: Row) -> StoredDocument:
    data, removed = row["data"], row["removed_at"]
    return StoredDocument(
        document=decoded(row["id"], data) if data is not None else None,
        id=row["id"],
        source=row["source"],
        url=row["url"],
        fingerprint=row["fingerprint"],
        first_seen=time_from_text(row["first_seen"]),
        changed_at=time_from_text(row["changed_at"]),
        removed_at=time_from_text(removed) if removed is not None else None,
        removed_reason=row["removed_reason"],
    )
