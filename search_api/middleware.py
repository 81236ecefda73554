"""What happens to every request: an id, a log line without personal data, limits, safe headers."""

from __future__ import annotations

import re
import secrets
import sys
import time
from typing import Any

import falcon
import orjson

_REQUEST_ID = re.compile(r"[A-Za-z0-9._-]{1,64}")

MAX_QUERY_BYTES = 16_384
"""Of a query string; a search with every filter in use stays far below."""

OPEN = (
    "/api/",
    "/feed.atom",
    "/opensearch.xml",
    "/openapi.json",
    "/suggest.json",
    "/widget.js",
)
"""What programs and other sites read: from any page, and no search engine as a result."""

_EXPOSED = "Content-Disposition, ETag, Retry-After, X-Request-ID, X-Total-Count"
_CSP = (
    "default-src 'none'; script-src 'self'; connect-src 'self'; style-src 'self'; "
    "img-src 'self' data:; form-action 'self'; "
    "base-uri 'none'; frame-ancestors 'none'"
)


class Request(falcon.Request):
    """A request whose query string may hold letters as they are, as from ``curl '…?q=åäö'``.

    WSGI hands bytes over as Latin-1 (PEP 3333); percent-encoding them lets them be read as UTF-8.
    """

    def __init__(self, env: dict[str, Any], options: falcon.RequestOptions | None = None) -> None:
        query = env.get("QUERY_STRING", "")
        if not query.isascii():
            raw = query.encode("latin-1", "replace")
            env["QUERY_STRING"] = "".join(
                chr(byte) if byte < 0x80 else f"%{byte:02X}"  # noqa: PLR2004 - the end of ASCII
                for byte in raw
            )
        super().__init__(env, options)


class AccessLog:
    """Writes one line of JSON a request to standard error.

    Neither the address nor the query is written: both may say who asked for what (GDPR, art. 5).
    """

    def process_request(self, req: falcon.Request, resp: falcon.Response) -> None:
        req.context.started = time.perf_counter()
        given = req.get_header("X-Request-ID") or ""
        req.context.id = given if _REQUEST_ID.fullmatch(given) else secrets.token_hex(8)
        resp.set_header("X-Request-ID", req.context.id)

    def process_response(
        self,
        req: falcon.Request,
        resp: falcon.Response,
        _resource: object,
        req_succeeded: bool,
    ) -> None:
        line = {
            "at": time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime()),
            "id": req.context.id,
            "method": req.method,
            "route": req.uri_template or "-",
            "status": falcon.http_status_to_code(resp.status),
            "took_ms": round(1000 * (time.perf_counter() - req.context.started), 2),
            "ok": req_succeeded,
        }
        sys.stderr.write(orjson.dumps(line).decode() + "\n")


class Paths:
    """Takes away what a proxy left in front of our paths, and a slash behind them."""

    def __init__(self, root_path: str) -> None:
        self._root_path = root_path

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        path = req.path
        if self._root_path and path.startswith(f"{self._root_path}/"):
            path = path.removeprefix(self._root_path)
        req.path = path.rstrip("/") or "/"


class Headers:
    """Sets what browsers need to keep hostile content harmless, and answers HEAD as GET."""

    def process_request(self, req: falcon.Request, _resp: falcon.Response) -> None:
        req.context.is_head = req.method == "HEAD"
        if req.context.is_head:
            req.method = "GET"
        if len(req.query_string) > MAX_QUERY_BYTES:
            raise falcon.HTTPUriTooLong

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, *_: Any
    ) -> None:
        if req.context.is_head:
            # Falcon then sends everything but the body (RFC 9110, section 9.3.2).
            req.method = "HEAD"
        resp.set_header("X-Content-Type-Options", "nosniff")
        resp.set_header("Referrer-Policy", "strict-origin-when-cross-origin")
        resp.set_header("Content-Security-Policy", _CSP)
        resp.set_header("Cross-Origin-Opener-Policy", "same-origin")
        if req.path.startswith(OPEN):
            resp.set_header("Access-Control-Allow-Origin", "*")
            resp.set_header("Access-Control-Expose-Headers", _EXPOSED)
            resp.set_header("X-Robots-Tag", "noindex")
        if allowed := resp.get_header("Allow"):
            resp.set_header("Allow", allowed.replace("GET", "GET, HEAD"))
            if req.path.startswith(OPEN):
                resp.set_header("Access-Control-Allow-Methods", "GET, HEAD")
                resp.set_header("Access-Control-Allow-Headers", "If-None-Match, X-Request-ID")
                resp.set_header("Access-Control-Max-Age", "86400")
