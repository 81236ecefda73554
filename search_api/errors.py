"""Every error as `application/problem+json` (RFC 9457), in the language that was asked for.

`code` is stable and for programs; `title` and `detail` are for people; `parameter` names the
query parameter, when it is one.
"""

from __future__ import annotations

import logging
from typing import TYPE_CHECKING, Any

import falcon
import orjson

from indexer.engine import EngineError, IndexMissing, IndexUnreachable
from search_api.values import BadParameter, DocumentMissing, Language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from search_api.resources.pages import Pages

PROBLEM = "application/problem+json"
RETRY_AFTER_S = 60

_TITLES: Mapping[str, Mapping[Language, str]] = {
    "bad_parameter": {"sv": "Felaktig parameter", "en": "Bad parameter"},
    "not_found": {"sv": "Sidan finns inte", "en": "Not found"},
    "document_missing": {"sv": "Dokumentet finns inte", "en": "No such document"},
    "method_not_allowed": {"sv": "Metoden stöds inte", "en": "Method not allowed"},
    "bad_request": {"sv": "Felaktig begäran", "en": "Bad request"},
    "index_missing": {"sv": "Inget är indexerat ännu", "en": "Nothing has been indexed yet"},
    "index_unavailable": {"sv": "Indexet kan inte läsas", "en": "The index cannot be read"},
    "index_unreachable": {"sv": "Sökningen svarar inte just nu", "en": "Search is not available"},
    "too_many_requests": {"sv": "För många frågor", "en": "Too many requests"},
    "uri_too_long": {"sv": "Adressen är för lång", "en": "The address is too long"},
    "internal_error": {"sv": "Ett fel inträffade", "en": "Something went wrong"},
}
_DETAILS: Mapping[str, Mapping[Language, str]] = {
    "not_found": {
        "sv": "Adressen finns inte. API:et börjar på /api/v1/search.",
        "en": "There is nothing at this address. The API begins at /api/v1/search.",
    },
    "document_missing": {
        "sv": "Inget dokument har detta id. Det kan ha tagits bort eller gått upp i ett annat.",
        "en": "No document has this id. It may have been removed, or merged into another.",
    },
    "method_not_allowed": {"sv": "Använd GET eller HEAD.", "en": "Use GET or HEAD."},
    "bad_request": {
        "sv": "Begäran kan inte förstås. API:et svarar på GET och HEAD.",
        "en": "The request cannot be understood. The API answers GET and HEAD.",
    },
    "uri_too_long": {
        "sv": "Använd färre filter eller kortare ord.",
        "en": "Use fewer filters or shorter words.",
    },
    "too_many_requests": {
        "sv": "Vänta en stund och försök igen; Retry-After säger hur länge.",
        "en": "Wait a little and try again; Retry-After says how long.",
    },
    "index_missing": {
        "sv": "Kör `samsok reindex` för att hämta sidorna och bygga det första indexet.",
        "en": "Run `samsok reindex` to fetch the pages and build the first index.",
    },
    "index_unavailable": {
        "sv": "Kör `samsok reindex --from-store` för att bygga ett nytt index.",
        "en": "Run `samsok reindex --from-store` to build a new index.",
    },
    "index_unreachable": {
        "sv": "Indexet svarar inte. Försök igen om en stund.",
        "en": "The index does not answer. Try again in a moment.",
    },
    "internal_error": {
        "sv": "Felet är loggat. Försök igen om en stund.",
        "en": "It has been logged. Try again in a moment.",
    },
}
_PAGE_DETAILS: Mapping[str, Mapping[Language, str]] = {
    "not_found": {
        "sv": "Adressen kan vara felskriven, eller så har sidan flyttats.",
        "en": "The address may be mistyped, or the page has moved.",
    },
}
_UNAVAILABLE = 503
_CODES = {
    404: "not_found",
    405: "method_not_allowed",
    414: "uri_too_long",
    429: "too_many_requests",
    500: "internal_error",
}

logger = logging.getLogger(__name__)


class Answers:
    """Answers errors: on pages as a page, elsewhere as a problem."""

    def __init__(self, pages: Pages) -> None:
        self._pages = pages

    def install(self, app: falcon.App[falcon.Request, falcon.Response]) -> None:
        """Take over every error of `app`; falcon tries the last added first."""
        app.add_error_handler(Exception, self._unexpected)
        app.add_error_handler(falcon.HTTPError, self._http_error)
        app.add_error_handler(EngineError, self._engine_error)
        app.add_error_handler(IndexMissing, self._index_missing)
        app.add_error_handler(IndexUnreachable, self._index_unreachable)
        app.add_error_handler(BadParameter, self._bad_parameter)
        app.add_error_handler(DocumentMissing, self._document_missing)

    def _bad_parameter(
        self, req: falcon.Request, resp: falcon.Response, error: BadParameter, _: dict[str, Any]
    ) -> None:
        detail = error.message[language(req)]
        self._answer(req, resp, 400, "bad_parameter", detail=detail, parameter=error.parameter)

    def _document_missing(
        self, req: falcon.Request, resp: falcon.Response, error: DocumentMissing, _: dict[str, Any]
    ) -> None:
        named = {"parameter": error.parameter} if error.parameter else {}
        self._answer(req, resp, 404, "document_missing", **named)

    def _index_missing(
        self, req: falcon.Request, resp: falcon.Response, _error: IndexMissing, _: dict[str, Any]
    ) -> None:
        self._answer(req, resp, 503, "index_missing")

    def _engine_error(
        self, req: falcon.Request, resp: falcon.Response, error: EngineError, _: dict[str, Any]
    ) -> None:
        logger.error("%s", error)
        self._answer(req, resp, 503, "index_unavailable")

    def _index_unreachable(
        self, req: falcon.Request, resp: falcon.Response, error: IndexUnreachable, _: dict[str, Any]
    ) -> None:
        logger.error("%s", error)
        self._answer(req, resp, 503, "index_unreachable")

    def _http_error(
        self, req: falcon.Request, resp: falcon.Response, error: falcon.HTTPError, _: dict[str, Any]
    ) -> None:
        for name, value in dict(error.headers or {}).items():
            resp.set_header(name, value)
        status = falcon.http_status_to_code(error.status)
        self._answer(req, resp, status, _CODES.get(status, "bad_request"))

    def _unexpected(
        self, req: falcon.Request, resp: falcon.Response, error: Exception, _: dict[str, Any]
    ) -> None:
        logger.error("%s failed", req.uri_template or "a request", exc_info=error)
        self._answer(req, resp, 500, "internal_error")

    def _answer(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        status: int,
        code: str,
        *,
        detail: str = "",
        **more: object,
    ) -> None:
        lang = language(req)
        title = _TITLES[code][lang]
        detail = detail or _DETAILS.get(code, {}).get(lang, "")
        resp.status = falcon.code_to_http_status(status)
        resp.set_header("Cache-Control", "no-store")
        resp.delete_header("ETag")
        if status == _UNAVAILABLE:
            resp.set_header("Retry-After", str(RETRY_AFTER_S))
        if self._pages.is_page(req):
            detail = _PAGE_DETAILS.get(code, {}).get(lang, detail)
            self._pages.show_error(resp, lang, title=title, detail=detail)
            return
        problem = {"type": "about:blank", "title": title, "status": status, "detail": detail}
        resp.content_type = PROBLEM
        resp.set_header("Content-Language", lang)
        resp.data = orjson.dumps(problem | {"code": code} | more)


def language(req: falcon.Request) -> Language:
    """Return the language to speak: what `lang` or the path says, else Swedish."""
    if f"{req.path}/".startswith("/en/") or req.params.get("lang") == "en":
        return "en"
    return "sv"
