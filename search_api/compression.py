"""Answers sent compressed to whoever takes them so (RFC 9110, section 12.5.3)."""

from __future__ import annotations

import zlib
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import falcon

LEAST_BYTES = 1_000
"""Below that it all fits into one packet, compressed or not."""

_LEVEL = 4
_GZIP = 16 + zlib.MAX_WBITS


class Compression:
    """Compresses bodies, all of which are text, and says that this depends on what is accepted.

    The ETags are weak, so that they hold for both forms. Our answers hold no secret that somebody
    could guess from the length of what is compressed together with a query (BREACH).
    """

    def process_response(
        self, req: falcon.Request, resp: falcon.Response, _resource: object, *_: Any
    ) -> None:
        resp.append_header("Vary", "Accept-Encoding")
        body = resp.render_body()
        if body is None or len(body) < LEAST_BYTES or not takes_gzip(req):
            return
        packer = zlib.compressobj(_LEVEL, wbits=_GZIP)
        resp.data = packer.compress(body) + packer.flush()
        resp.text = resp.media = None
        resp.set_header("Content-Encoding", "gzip")


def takes_gzip(req: falcon.Request) -> bool:
    """Tell whether a request accepts gzip: named, or by ``*``, and not with a weight of 0."""
    taken: dict[str, bool] = {}
    for item in (req.get_header("Accept-Encoding") or "").lower().split(","):
        name, _, weight = item.partition(";")
        taken[name.strip()] = weight.replace(" ", "").rstrip("0.") != "q="
    return taken.get("gzip", taken.get("*", False))
