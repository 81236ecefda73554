"""`GET /api/v1/export`: what a search finds, or chosen documents, as references or a table."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from indexer.engine import find
from search_api.export import FORMATS
from search_api.params import SEARCH, search_params
from search_api.values import BadParameter, DocumentMissing, Values

if TYPE_CHECKING:
    import falcon

    from indexer.engine import Document, LiveIndex
    from search_api.conditional import Conditional
    from search_api.params import SearchParams

PARAMETERS = ("format", "limit", "id", *SEARCH)
MAX_DOCUMENTS = 1_000
MAX_IDS = 500
"""More would not fit into an address."""

_LONGEST_NAME = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class _Wanted:
    """What to export: the documents with these ids or, without any, those of the search."""

    format: str
    limit: int
    ids: tuple[str, ...]
    search: SearchParams

    @classmethod
    def of(cls, req: falcon.Request) -> _Wanted:
        values = Values.strict(req, PARAMETERS)
        ids = values.several("id", most=MAX_IDS)
        search = search_params(values).without_paging()
        if ids and (search.q or search.filters or search.start or search.end):
            raise BadParameter(
                "id",
                {
                    "sv": "id anges ensamt, utan sökord och filter",
                    "en": "id stands alone, without words and filters",
                },
            )
        return cls(
            format=values.required("format", tuple(FORMATS)),
            limit=values.number("limit", MAX_DOCUMENTS, MAX_DOCUMENTS),
            ids=ids,
            search=search,
        )

    def query_string(self) -> str:
        """Return what the answer depends on, in one normal form."""
        chosen = [("format", self.format), ("limit", str(self.limit))]
        chosen += [("id", one) for one in self.ids]
        return f"{urlencode(chosen)}&{self.search.query_string()}"


class Export:
    """Documents as a file to be saved."""

    def __init__(self, live: LiveIndex, conditional: Conditional) -> None:
        self._live = live
        self._conditional = conditional

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        wanted = _Wanted.of(req)
        unchanged = self._conditional.is_unchanged(req, resp, wanted.query_string())
        if unchanged and not wanted.ids:
            return
        documents, total = self._documents(wanted)
        if unchanged:
            return
        written = FORMATS[wanted.format]
        resp.content_type = written.media_type
        resp.set_header("X-Total-Count", str(total))
        name = _file_name(wanted, documents)
        resp.set_header("Content-Disposition", f'attachment; filename="{name}.{written.extension}"')
        resp.data = written.write(documents)

    def _documents(self, wanted: _Wanted) -> tuple[list[Document], int]:
        """Return the documents to write, and how many there are in all.

        Raises:
            DocumentMissing: If one that was chosen is not here; leaving it out in silence would
                lose a reference.
        """
        with self._live.searcher() as searcher:
            if not wanted.ids:
                request = replace(wanted.search.request(), limit=wanted.limit, facets=())
                results = find(searcher, request).results
                return [hit.document for hit in results.hits], results.total
            found = [searcher.get(one) for one in wanted.ids[: wanted.limit]]
        documents = [document for document in found if document is not None]
        if len(documents) < len(found):
            raise DocumentMissing("id")
        return documents, len(wanted.ids)


def _file_name(wanted: _Wanted, documents: list[Document]) -> str:
    """Return a name of plain letters, digits and hyphens: it goes into a header."""
    title = documents[0].title if wanted.ids and len(documents) == 1 else wanted.search.q
    plain = unicodedata.normalize("NFKD", title).encode("ascii", "ignore").decode().lower()
    words = "-".join(re.findall(r"[a-z0-9]+", plain))[:_LONGEST_NAME].strip("-")
    return f"samsok-{words}" if words else "samsok"
