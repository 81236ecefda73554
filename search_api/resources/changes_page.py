"""`/andringar`: what was added, changed and removed, the newest first."""

from __future__ import annotations

import datetime as dt
from itertools import groupby
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from indexer.engine import ChangesRequest, find_changes
from search_api.serialize import pages as pages_of
from search_api.values import BadParameter, Values
from search_api.view import Choice

if TYPE_CHECKING:
    import falcon

    from indexer.engine import ChangesAnswer
    from search_api.resources.pages import Pages
    from search_api.values import Language

_SIZE = 30
_SPANS = (7, 30, 365)
_DEFAULT_SPAN = 30
_MOST_PAGES = 300


class ChangesPage:
    """Changes of the last days, weeks or year, day by day."""

    def __init__(self, pages: Pages, language: Language) -> None:
        self._pages = pages
        self._language = language

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        values = Values(req)
        try:
            span = values.number("dagar", _DEFAULT_SPAN, _SPANS[-1])
            page = values.number("page", 1, _MOST_PAGES)
        except BadParameter:
            span, page = _DEFAULT_SPAN, 1
        if self._pages.conditional.is_unchanged(req, resp, _query(span, page)):
            return
        with self._pages.live.searcher() as searcher:
            # Days count from the index, so that the same index gives the same page.
            since = searcher.generation.created - dt.timedelta(days=span)
            answer = find_changes(
                searcher, ChangesRequest(since=since, offset=(page - 1) * _SIZE, limit=_SIZE)
            )
        view = ChangesView(answer, self._pages, self._language, span=span, page=page)
        here = f"/andringar?{_query(span, page)}" if _query(span, page) else "/andringar"
        self._pages.show(resp, "changes.html", self._language, here=here, view=view)


class ChangesView:
    """What the page of changes shows."""

    def __init__(
        self, answer: ChangesAnswer, pages: Pages, language: Language, *, span: int, page: int
    ) -> None:
        texts = pages.texts(language)
        self._path = pages.path(language, "/andringar")
        self._span = span
        self.page = page
        self.pages = pages_of(answer.total, _SIZE)
        self.total = answer.total
        self.indexed = texts.date(answer.generation.created.date())
        told = [pages.told(change, language) for change in answer.changes]
        self.days = tuple((day, tuple(held)) for day, held in groupby(told, lambda it: it.day))
        self.spans = tuple(
            Choice(
                label=texts["last_days"].format(count=days),
                url=self._url(days, 1),
                chosen=days == span,
            )
            for days in _SPANS
        )

    def page_url(self, page: int) -> str:
        """The address of a page of these changes."""
        return self._url(self._span, page)

    def _url(self, span: int, page: int) -> str:
        query = _query(span, page)
        return f"{self._path}?{query}" if query else self._path


def _query(span: int, page: int) -> str:
    pairs = {"dagar": span if span != _DEFAULT_SPAN else 0, "page": page if page > 1 else 0}
    return urlencode({name: value for name, value in pairs.items() if value})
