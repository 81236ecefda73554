"""`GET /api/v1/facets`: the values that a search can be narrowed to, without its hits."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

import falcon
import orjson

from indexer.engine import find
from search_api.params import SEARCH, search_params
from search_api.serialize import facets_body, index_meta, suggestion_body
from search_api.values import Values

if TYPE_CHECKING:
    from indexer.engine import LiveIndex
    from search_api.conditional import Conditional
    from search_api.settings import Settings


class FacetValues:
    """Facets of the whole index, or of a search; whatever a search takes, this takes, too."""

    def __init__(self, live: LiveIndex, settings: Settings, conditional: Conditional) -> None:
        self._live = live
        self._settings = settings
        self._conditional = conditional

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        given = search_params(Values.strict(req, SEARCH))
        # The page makes no difference. The order does: sorted by relevance, more is found.
        params = replace(given.without_paging(), facets=given.facets)
        query = params.query_string()
        if self._conditional.is_unchanged(req, resp, query):
            return
        with self._live.searcher() as searcher:
            found = find(searcher, replace(params.request(), limit=0))
            generation = searcher.generation
        also = f"?{query}" if query else ""
        body = {
            "meta": {
                "q": params.q,
                "total": found.results.total,
                "total_exact": found.results.total_exact,
                **index_meta(generation),
                "expanded": found.meant.expanded,
            },
            "facets": facets_body(found.results.facets),
            "suggestion": suggestion_body(found.suggestion),
            "links": {
                "self": self._settings.link(f"/api/v1/facets{also}"),
                "search": self._settings.link(f"/api/v1/search{also}"),
            },
        }
        resp.content_type = falcon.MEDIA_JSON
        resp.data = orjson.dumps(body)
