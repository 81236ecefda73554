"""What Samsök is, and how it is: `/om`, `/widget`, `/integritet`, `/tillganglighet`, `/status`."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from indexer.engine import ChangesRequest, SearchRequest, find_changes, search

if TYPE_CHECKING:
    import falcon

    from search_api.resources.pages import Pages
    from search_api.values import Language

TEXT_PAGES = ("om", "widget", "integritet", "tillganglighet")
_LATELY = dt.timedelta(days=30)


class TextPage:
    """A page of plain text, one template for each language."""

    def __init__(self, pages: Pages, language: Language, name: str) -> None:
        self._pages = pages
        self._language = language
        self._name = name

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        if self._pages.conditional.is_same_edition(req, resp, self._language):
            return
        self._pages.show(
            resp,
            f"{self._name}.{self._language}.html",
            self._language,
            here=f"/{self._name}",
            name=self._name,
        )


class StatusPage:
    """How fresh the index is and what it holds, for anybody."""

    def __init__(self, pages: Pages, language: Language) -> None:
        self._pages = pages
        self._language = language

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        if self._pages.conditional.is_unchanged(req, resp, ""):
            return
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
            resp, "status.html", self._language, here="/status", answer=answer, events=events
        )
