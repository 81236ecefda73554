"""The peer: a plain Falcon application on stock Whoosh, ten hits with highlights as JSON."""

from __future__ import annotations

import os
from pathlib import Path

import falcon
from whoosh import index
from whoosh.sorting import Count, Facets

from benchmarks import stock_whoosh

VARIABLE = "STOCK_INDEX"
FACETS = "STOCK_FACETS"
COUNTED = ("kind", "partner")


class Search:
    """Answers as Whoosh's tutorial does; with facets if it is told to count them."""

    def __init__(self, directory: Path, *, counts: bool) -> None:
        self._index = index.open_dir(str(directory))
        self._searcher = self._index.searcher()
        self._parse = stock_whoosh.parser(self._index).parse
        self._counts = counts

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        """Answer ``?q=``."""
        query = self._parse(req.get_param("q") or "")
        if self._counts:
            facets = Facets()
            for name in COUNTED:
                facets.add_field(name, allow_overlap=True)
            found = self._searcher.search(query, limit=10, groupedby=facets, maptype=Count)
        else:
            found = self._searcher.search(query, limit=10)
        resp.media = {
            "total": len(found),
            "results": [
                {"id": hit["id"], "title": hit["title"], "snippet": hit.highlights("body")}
                for hit in found[:10]  # with groups, all that matches is in it
            ],
            "facets": {name: found.groups(name) for name in COUNTED if self._counts},
        }


def get_app() -> falcon.App[falcon.Request, falcon.Response]:
    """Return the application for a worker process."""
    app: falcon.App[falcon.Request, falcon.Response] = falcon.App()
    directory = Path(os.environ[VARIABLE])
    app.add_route("/search", Search(directory, counts=bool(os.environ.get(FACETS))))
    return app
