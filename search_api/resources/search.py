"""`GET /api/v1/search`."""

from __future__ import annotations

import time
from typing import TYPE_CHECKING

import falcon
import orjson

from indexer.engine import search
from search_api.params import strict
from search_api.serialize import search_response

if TYPE_CHECKING:
    from indexer.engine import LiveIndex
    from search_api.conditional import Conditional
    from search_api.insight import QueryInsight
    from search_api.settings import Settings


class Search:
    """Ranked search."""

    def __init__(
        self,
        live: LiveIndex,
        settings: Settings,
        conditional: Conditional,
        insight: QueryInsight,
    ) -> None:
        self._live = live
        self._insight = insight
        self._settings = settings
        self._conditional = conditional

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        params = strict(req)
        if self._conditional.is_unchanged(req, resp, params.query_string()):
            return
        started = time.perf_counter()
        with self._live.searcher() as searcher:
            answer = search(searcher, params.request())
            took_ms = 1000 * (time.perf_counter() - started)
            self._insight.count(req, params, answer, searcher)
        body = search_response(answer, params, self._settings, took_ms=took_ms)
        resp.content_type = falcon.MEDIA_JSON
        resp.data = orjson.dumps(body)
