"""`GET /feed.atom`: a search to follow."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.engine import find
from search_api.export import atom
from search_api.params import SEARCH, search_params
from search_api.values import Values

if TYPE_CHECKING:
    import falcon

    from indexer.engine import LiveIndex
    from search_api.conditional import Conditional
    from search_api.params import SearchParams
    from search_api.settings import Settings

PARAMETERS = (*SEARCH, "limit")
DEFAULT_LIMIT = 50
MAX_LIMIT = 100


class Feed:
    """What a search finds, the newest first."""

    def __init__(self, live: LiveIndex, settings: Settings, conditional: Conditional) -> None:
        self._live = live
        self._settings = settings
        self._conditional = conditional

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        values = Values.strict(req, PARAMETERS)
        limit = values.number("limit", DEFAULT_LIMIT, MAX_LIMIT)
        params = search_params(values).followed()
        if self._conditional.is_unchanged(req, resp, f"{limit} {params.query_string()}"):
            return
        with self._live.searcher() as searcher:
            request = replace(params.request(), sort="newest", limit=limit, facets=())
            hits = find(searcher, request).results.hits
            created = searcher.generation.created
        public = self._settings.public_link
        shortened = f"limit={limit}" if limit != DEFAULT_LIMIT else ""
        query = "&".join(filter(None, (params.query_string(), shortened)))
        words = params.query_string(with_lang=False)
        feed = atom.Feed(
            title=_title(params),
            language=params.lang,
            self_url=public(f"/feed.atom?{query}" if query else "/feed.atom"),
            page_url=public(self._settings.results_page(params.lang, words)),
            description_url=public("/opensearch.xml"),
            documents_url=public("/api/v1/documents/"),
            otherwise=created,
        )
        resp.content_type = f"{atom.MEDIA_TYPE}; charset=utf-8"
        resp.data = atom.write(feed, [hit.document for hit in hits])


def _title(params: SearchParams) -> str:
    chosen = [value for values in params.filters.values() for value in values]
    days = [day.isoformat() for day in (params.start, params.end) if day]
    asked = ", ".join(filter(None, (params.q, *chosen, " – ".join(days))))
    return f"Samsök: {asked}" if asked else "Samsök"
