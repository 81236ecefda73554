"""`GET /widget.js`: the search box for other sites, `<samsok-search>`."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from search_api.params import LANGUAGES
from search_api.resources.static import parts
from search_api.texts import Texts

if TYPE_CHECKING:
    import falcon

    from search_api.conditional import Conditional

_WORDS = ("search", "search_label")
_SUGGESTIONS = {
    "label": "suggestions",
    "none": "suggestions_none",
    "some": "suggestions_some",
    "partner": "facet_partner",
    "area": "facet_area",
    "person": "facet_person",
    "title": "suggest_title",
    "phrase": "suggest_phrase",
}
"""What the list of suggestions calls its words, and what they are called in our texts."""


class Widget:
    """One module script, in both languages; it finds the service by its own address.

    Sites keep the address that they have put into their pages, so that it has no hash, and
    browsers ask again after an hour.
    """

    def __init__(self, conditional: Conditional) -> None:
        self._conditional = conditional
        style = parts("element.css", "suggestions.css")
        words = {language: _words(Texts(language)) for language in LANGUAGES}
        self._script = (
            f"const WORDS = {orjson.dumps(words).decode()};\n"
            f"const STYLE = {orjson.dumps(style).decode()};\n"
            + parts("suggestions.js", "element.js")
        )

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        is_held = self._conditional.is_same_edition(req, resp, "")
        resp.set_header("Cache-Control", "public, max-age=3600")
        resp.set_header("Cross-Origin-Resource-Policy", "cross-origin")
        if not is_held:
            resp.content_type = "text/javascript; charset=utf-8"
            resp.text = self._script


def _words(texts: Texts) -> dict[str, object]:
    told: dict[str, object] = {name: texts[name] for name in _WORDS}
    return told | {"data": {name: texts[key] for name, key in _SUGGESTIONS.items()}}
