"""How fresh the index is, what it holds, and how the job that builds it fares: `/status`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from indexer.engine import ChangesRequest, SearchRequest, find_changes, search
from search_api import status_view
from search_api.status_view import StatusView

if TYPE_CHECKING:
    import falcon

    from search_api.resources.pages import Pages
    from search_api.values import Language

_LATELY = dt.timedelta(days=30)


class StatusPage:
    """For anybody: it names no page and no message of the system.

    Ages are told as of the full hour, so that an hour long the page is the same.
    """

    def __init__(self, pages: Pages, language: Language) -> None:
        self._pages = pages
        self._language = language

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        now = dt.datetime.now(dt.UTC).replace(minute=0, second=0, microsecond=0)
        upkeep = self._pages.live.upkeep()
        edition = f"{now.isoformat()} {upkeep.written.isoformat() if upkeep else ''}"
        if self._pages.conditional.is_unchanged(req, resp, edition):
            return
        texts = self._pages.texts(self._language)
        with self._pages.live.searcher() as searcher:
            request = SearchRequest(facets=("source", "kind", "language"), limit=0)
            answer = search(searcher, request)
            since = searcher.generation.created - _LATELY
            events = {
                event: find_changes(
                    searcher, ChangesRequest(since=since, events=(event,), limit=0)
                ).total
                for event in ("added", "changed", "removed")
            }
        self._pages.show(
            resp,
            "status.html",
            self._language,
            here="/status",
            answer=answer,
            events=events,
            built=status_view.ago(answer.generation.created, texts, now=now),
            view=StatusView.of(upkeep, texts, now=now) if upkeep else None,
        )
