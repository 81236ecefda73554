"""What happened in the last year, taken along by every generation.

What was new then and is gone since is not told any more: a name or a sentence that has been taken
back must not live on in the list of changes. Of a page that is gone only that it is gone is told,
and of somebody's own page not even that.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from indexer.engine.changes import CHANGES, Change, write_changes
from indexer.model import Difference
from indexer.store import still_said

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.crawl import StoreSet
    from indexer.model import Document
    from indexer.store import DocumentStore, HistoryEntry

KEPT = dt.timedelta(days=365)


def export_changes(store: DocumentStore | StoreSet, bundle: Path) -> None:
    """Write what happened to the documents of `store` in the last 365 days into a bundle."""
    write_changes(bundle / CHANGES, _changes(store))


def _changes(store: DocumentStore | StoreSet) -> Iterator[Change]:
    for entry in store.news(since=store.now() - KEPT):
        held = store.get(entry.document_id)
        document = held.document if held else None
        is_told = entry.title if entry.event == "removed" else document
        if is_told and entry.difference != Difference():
            yield _change(entry, document)


def _change(entry: HistoryEntry, document: Document | None) -> Change:
    return Change(
        id=entry.document_id,
        event=entry.event,
        at=entry.at,
        url=entry.url,
        title=entry.title,
        source=entry.source,
        kind=document.kind if document else None,
        partners=document.partners if document else (),
        areas=document.areas if document else (),
        reason=entry.reason,
        difference=_told(entry, document),
    )


def _told(entry: HistoryEntry, document: Document | None) -> Difference | None:
    if entry.difference is None or document is None:
        return None
    return still_said(entry.difference, document)
