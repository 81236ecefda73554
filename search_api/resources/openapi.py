"""`GET /openapi.json`: the API, described for programs (OpenAPI 3.1)."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING

import falcon
import orjson

from search_api.values import Values

if TYPE_CHECKING:
    from search_api.conditional import Conditional
    from search_api.settings import Settings


class OpenApi:
    """The description, with the address that the service is known by as its server."""

    def __init__(self, settings: Settings, conditional: Conditional) -> None:
        described = orjson.loads(files("search_api").joinpath("openapi.json").read_bytes())
        described["servers"] = [{"url": settings.link("") or "/"}]
        self._answer = orjson.dumps(described)
        self._conditional = conditional

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        Values.strict(req, ())
        if self._conditional.is_same_edition(req, resp, ""):
            return
        resp.content_type = falcon.MEDIA_JSON
        resp.data = self._answer
