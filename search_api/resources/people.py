"""`GET /api/v1/people`: who works with a topic, and the pages that say so."""

from __future__ import annotations

import time
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any
from urllib.parse import urlencode

import falcon
import orjson

from indexer.engine import FILTERS, MAX_QUERY, FilterName, PeopleRequest, find_people
from search_api.serialize import (
    index_meta,
    page_links,
    pages,
    safe_url,
    snippet_body,
    suggestion_body,
)
from search_api.values import DEFAULT_SIZE, Language, Values

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.engine import LiveIndex, PeopleAnswer, PersonHit
    from search_api.conditional import Conditional
    from search_api.settings import Settings

PARAMETERS = ("q", *FILTERS, "page", "size", "expand", "lang")


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleParams:
    """The parameters of a search for people, as they were given."""

    q: str = ""
    filters: Mapping[FilterName, tuple[str, ...]] = field(default_factory=dict)
    page: int = 1
    size: int = DEFAULT_SIZE
    expand: bool = True
    lang: Language = "sv"

    @classmethod
    def of(cls, values: Values) -> PeopleParams:
        """Return the parameters of a request.

        Raises:
            BadParameter: At the first that is given twice, or out of its range.
        """
        page, size = values.paging()
        return cls(
            q=values.text("q", MAX_QUERY),
            filters=values.filters(),
            page=page,
            size=size,
            expand=values.flag("expand", default=True),
            lang=values.language(),
        )

    def request(self) -> PeopleRequest:
        """Return what the engine is asked."""
        return PeopleRequest(
            text=self.q,
            filters=self.filters,
            offset=(self.page - 1) * self.size,
            limit=self.size,
            expand=self.expand,
            language=self.lang,
        )

    def on_page(self, page: int) -> PeopleParams:
        """Return the same search, another page of it."""
        return replace(self, page=page)

    def query_string(self) -> str:
        """Return the parameters in one normal form, those at their default left out."""
        pairs: list[tuple[str, str]] = [("q", self.q)] if self.q else []
        pairs += [(name, value) for name in FILTERS for value in self.filters.get(name, ())]
        optional = (
            ("page", str(self.page) if self.page != 1 else ""),
            ("size", str(self.size) if self.size != DEFAULT_SIZE else ""),
            ("expand", "" if self.expand else "false"),
            ("lang", self.lang if self.lang != "sv" else ""),
        )
        return urlencode([*pairs, *((name, value) for name, value in optional if value)])


class People:
    """Search for people."""

    def __init__(self, live: LiveIndex, settings: Settings, conditional: Conditional) -> None:
        self._live = live
        self._settings = settings
        self._conditional = conditional

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        params = PeopleParams.of(Values.strict(req, PARAMETERS))
        unchanged = self._conditional.is_unchanged(req, resp, params.query_string())
        # A list of people is personal data: no proxy keeps it for others (GDPR, art. 5.1 e).
        resp.set_header("Cache-Control", "private, no-cache")
        if unchanged:
            return
        started = time.perf_counter()
        with self._live.searcher() as searcher:
            answer = find_people(searcher, params.request())
        took_ms = 1000 * (time.perf_counter() - started)
        resp.content_type = falcon.MEDIA_JSON
        resp.data = orjson.dumps(people_response(answer, params, self._settings, took_ms=took_ms))


def people_response(
    answer: PeopleAnswer, params: PeopleParams, settings: Settings, *, took_ms: float
) -> dict[str, Any]:
    """Return the body of `GET /api/v1/people`."""

    def link(page: int) -> str:
        query = params.on_page(page).query_string()
        return settings.link("/api/v1/people") + (f"?{query}" if query else "")

    last = pages(answer.total, params.size)
    return {
        "meta": {
            "q": params.q,
            "total": answer.total,
            "page": params.page,
            "size": params.size,
            "pages": last,
            "took_ms": round(took_ms, 1),
            **index_meta(answer.generation),
            "expanded": answer.expanded,
        },
        "results": [_person(hit) for hit in answer.people],
        "suggestion": suggestion_body(answer.suggestion),
        "links": page_links(link, page=params.page, last=last),
    }


def _person(hit: PersonHit) -> dict[str, Any]:
    return {
        "name": hit.name,
        "role": hit.role,
        "title": hit.title,
        "email": hit.email,
        "phone": hit.phone,
        "organisation": hit.organisation,
        "score": round(hit.score, 4),
        "pages": hit.pages,
        "evidence": [
            {
                "id": page.id,
                "url": safe_url(page.url),
                "title": page.title,
                "relation": page.relation,
                "snippet": snippet_body(page.snippet),
            }
            for page in hit.evidence
        ],
    }
