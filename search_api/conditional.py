"""Conditional requests: the same question to the same index is answered by 304 (RFC 9110, 13)."""

from __future__ import annotations

from hashlib import blake2b
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING

import falcon

from indexer.engine import IndexMissing

if TYPE_CHECKING:
    from indexer.engine import LiveIndex
    from search_api.settings import Settings


class Conditional:
    """Gives answers their validators, and tells when the client holds the answer already.

    A weak ETag is made of the generation and suppressions in service, the edition of our
    answers (software version, templates, texts, description, public address, what is counted),
    the path and the normalised query. The path says the language.
    """

    def __init__(self, live: LiveIndex, settings: Settings) -> None:
        self._live = live
        self._edition = _edition(settings)

    def is_unchanged(self, req: falcon.Request, resp: falcon.Response, query: str) -> bool:
        """Set the validators of an answer; return True when 304 is all that the client needs.

        Raises:
            IndexMissing: If nothing has been published, so that no answer is the same later.
        """
        serving = self._live.version
        if not serving:
            raise IndexMissing
        return self._is_held(req, resp, serving, query)

    def is_same_edition(self, req: falcon.Request, resp: falcon.Response, query: str) -> bool:
        """Do the same for an answer that says nothing of the index, whether there is one or not."""
        return self._is_held(req, resp, query)

    def _is_held(self, req: falcon.Request, resp: falcon.Response, *of: str) -> bool:
        parts = (self._edition, req.path, *of)
        tag = blake2b("\0".join(parts).encode(), digest_size=12).hexdigest()
        resp.set_header("ETag", f'W/"{tag}"')
        resp.set_header("Cache-Control", "no-cache")
        held = req.if_none_match or []
        if "*" in held or any(str(item).removeprefix("W/").strip('"') == tag for item in held):
            resp.status = falcon.HTTP_304
            resp.content_type = None
            return True
        return False


def _edition(settings: Settings) -> str:
    # What is counted, and how long it is kept, stands on the page about personal data.
    counted = (settings.query_insight, settings.min_count, settings.retention_days)
    told = f"{version('samsok')} {settings.link('')} {counted}"
    digest = blake2b(told.encode(), digest_size=12)
    package = files("search_api")
    digest.update(package.joinpath("openapi.json").read_bytes())
    for folder in ("locale", "static", "templates"):
        for file in sorted(package.joinpath(folder).iterdir(), key=lambda file: file.name):
            digest.update(file.read_bytes())
    return digest.hexdigest()
