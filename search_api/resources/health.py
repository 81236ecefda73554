"""`GET /healthz` and `GET /readyz`: is the process alive, and can it answer searches."""

from __future__ import annotations

from typing import TYPE_CHECKING

import falcon
import orjson

if TYPE_CHECKING:
    from indexer.engine import LiveIndex


class Health:
    """The process answers; whether it has an index is another question."""

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        _answer(resp, {"status": "ok"})


class Ready:
    """An index is open; before the first one the answer is 503."""

    def __init__(self, live: LiveIndex) -> None:
        self._live = live

    def on_get(self, _req: falcon.Request, resp: falcon.Response) -> None:
        with self._live.searcher() as searcher:
            generation = searcher.generation
        body: dict[str, object] = {
            "status": "ready",
            "generation": generation.name,
            "documents": generation.documents,
            "indexed_at": generation.created.isoformat(timespec="seconds"),
        }
        # A cluster that does not answer raises, and that is 503: nobody can search then.
        if cluster := self._live.index.health():
            body["cluster"] = {"state": cluster.state, "nodes": cluster.nodes}
        _answer(resp, body)


def _answer(resp: falcon.Response, body: dict[str, object]) -> None:
    resp.set_header("Cache-Control", "no-store")
    resp.content_type = falcon.MEDIA_JSON
    resp.data = orjson.dumps(body)
