"""`GET /api/v1/documents/{id}` and `GET /api/v1/documents/{id}/similar`."""

from __future__ import annotations

from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import falcon
import orjson

from indexer.engine import FILTERS, similar_documents
from search_api.serialize import document_body, export_links, index_meta, listed
from search_api.values import DocumentMissing, Values

if TYPE_CHECKING:
    from indexer.engine import LiveIndex
    from search_api.conditional import Conditional
    from search_api.settings import Settings

PARAMETERS = ("lang",)
SIMILAR_PARAMETERS = ("limit", *FILTERS, "lang")
DEFAULT_LIMIT = 5
MAX_LIMIT = 20


class OneDocument:
    """All that is known of a document."""

    def __init__(self, live: LiveIndex, settings: Settings, conditional: Conditional) -> None:
        self._live = live
        self._settings = settings
        self._conditional = conditional

    def on_get(self, req: falcon.Request, resp: falcon.Response, document_id: str) -> None:
        lang = Values.strict(req, PARAMETERS).language()
        unchanged = self._conditional.is_unchanged(req, resp, lang)
        with self._live.searcher() as searcher:
            document, generation = searcher.get(document_id), searcher.generation
        if document is None:
            raise DocumentMissing
        if unchanged:
            return
        path = f"/api/v1/documents/{quote(document_id)}"
        body = {
            "meta": index_meta(generation),
            "document": document_body(document),
            "links": {
                "self": self._settings.link(path),
                "similar": self._settings.link(f"{path}/similar"),
                "export": export_links(self._settings, urlencode({"id": document.id})),
            },
        }
        resp.content_type = falcon.MEDIA_JSON
        resp.data = orjson.dumps(body)


class Similar:
    """Documents that are about the same."""

    def __init__(self, live: LiveIndex, settings: Settings, conditional: Conditional) -> None:
        self._live = live
        self._settings = settings
        self._conditional = conditional

    def on_get(self, req: falcon.Request, resp: falcon.Response, document_id: str) -> None:
        values = Values.strict(req, SIMILAR_PARAMETERS)
        limit = values.number("limit", DEFAULT_LIMIT, MAX_LIMIT)
        filters = values.filters()
        asked = urlencode(
            [
                *((name, value) for name, chosen in filters.items() for value in chosen),
                ("limit", limit),
                ("lang", values.language()),
            ]
        )
        unchanged = self._conditional.is_unchanged(req, resp, asked)
        with self._live.searcher() as searcher:
            hits = similar_documents(searcher, document_id, limit=limit, filters=filters)
            generation = searcher.generation
        if hits is None:
            raise DocumentMissing
        if unchanged:
            return
        path = f"/api/v1/documents/{quote(document_id)}"
        body = {
            "meta": {"id": document_id, **index_meta(generation)},
            "results": [
                listed(hit.document, hit.score) | {"summary": hit.document.summary} for hit in hits
            ],
            "links": {
                "self": self._settings.link(f"{path}/similar?{asked}"),
                "document": self._settings.link(path),
            },
        }
        resp.content_type = falcon.MEDIA_JSON
        resp.data = orjson.dumps(body)
