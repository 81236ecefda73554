"""`GET /api/v1/suggest` and `/suggest.json`: what the words in the search box may become."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import falcon
import orjson

from indexer.engine import MAX_QUERY
from search_api.serialize import index_meta, safe_url
from search_api.values import Language, Values

if TYPE_CHECKING:
    from indexer.engine import Completion, Generation, LiveIndex
    from search_api.conditional import Conditional
    from search_api.settings import Settings

PARAMETERS = ("q", "limit", "lang")
DEFAULT_LIMIT = 8
MAX_LIMIT = 50
SUGGESTIONS = "application/x-suggestions+json"

_FILTERS = {"partner", "area", "person"}


@dataclass(frozen=True, slots=True, kw_only=True)
class _Typed:
    """What is typed so far, and how it is to be completed."""

    q: str
    limit: int
    lang: Language

    @classmethod
    def of(cls, req: falcon.Request) -> _Typed:
        values = Values.strict(req, PARAMETERS)
        return cls(
            q=values.text("q", MAX_QUERY),
            limit=values.number("limit", DEFAULT_LIMIT, MAX_LIMIT),
            lang=values.language(),
        )

    def query_string(self) -> str:
        return urlencode({"q": self.q, "limit": self.limit, "lang": self.lang})


class Suggest:
    """Completions as the JSON of the API."""

    def __init__(self, live: LiveIndex, settings: Settings, conditional: Conditional) -> None:
        self._live = live
        self._settings = settings
        self._conditional = conditional

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        typed = _Typed.of(req)
        if self._conditional.is_unchanged(req, resp, typed.query_string()):
            return
        completions, generation = _completed(self._live, typed)
        resp.content_type = falcon.MEDIA_JSON
        resp.data = orjson.dumps(
            {
                "meta": {"q": typed.q, **index_meta(generation)},
                "suggestions": [self._suggestion(one, typed.lang) for one in completions],
                "links": {"self": self._settings.link(f"/api/v1/suggest?{typed.query_string()}")},
            }
        )

    def _suggestion(self, completion: Completion, lang: Language) -> dict[str, Any]:
        return {
            "text": completion.text,
            "kind": completion.kind,
            "documents": completion.documents,
            "id": completion.document_id,
            "url": safe_url(completion.url) if completion.url else None,
            "href": self._settings.link(_results(self._settings, completion, lang)),
        }


class BrowserSuggest:
    """The same for the search field of a browser (OpenSearch Suggestions 1.1)."""

    def __init__(self, live: LiveIndex, settings: Settings, conditional: Conditional) -> None:
        self._live = live
        self._settings = settings
        self._conditional = conditional

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        typed = _Typed.of(req)
        if self._conditional.is_unchanged(req, resp, typed.query_string()):
            return
        completions, _ = _completed(self._live, typed)
        resp.content_type = SUGGESTIONS
        resp.data = orjson.dumps(
            [
                typed.q,
                [one.text for one in completions],
                [_counted(one.documents, typed.lang) for one in completions],
                [
                    self._settings.public_link(_results(self._settings, one, typed.lang))
                    for one in completions
                ],
            ]
        )


def _completed(live: LiveIndex, typed: _Typed) -> tuple[tuple[Completion, ...], Generation]:
    with live.searcher() as searcher:
        return searcher.suggest(typed.q, limit=typed.limit), searcher.generation


def _results(settings: Settings, completion: Completion, lang: Language) -> str:
    """Return the path of the search that follows: partners, areas and persons are filters."""
    parameter: str = completion.kind if completion.kind in _FILTERS else "q"
    # A longer title could not be asked for.
    text = completion.text[:MAX_QUERY]
    return settings.results_page(lang, urlencode({parameter: text}))


def _counted(documents: int, lang: Language) -> str:
    if lang == "sv":
        return f"{documents} dokument"
    return f"{documents} document" if documents == 1 else f"{documents} documents"
