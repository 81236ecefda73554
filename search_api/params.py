"""The parameters of a search, as the API and the pages take them."""

from __future__ import annotations

from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlencode

from indexer.engine import (
    FILTERS,
    MAX_QUERY,
    MAX_WINDOW,
    SORTS,
    FilterName,
    SearchRequest,
    Sort,
)
from search_api.values import (
    DEFAULT_SIZE,
    LANGUAGES,
    MAX_SIZE,
    BadParameter,
    Language,
    Values,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Mapping

    import falcon

__all__ = [
    "DEFAULT_FACETS",
    "LANGUAGES",
    "SEARCH",
    "BadParameter",
    "Language",
    "SearchParams",
    "lenient",
    "search_params",
    "strict",
]

T = TypeVar("T")

DEFAULT_FACETS: tuple[FilterName, ...] = ("partner", "area", "person", "kind", "language", "year")
SEARCH = ("q", *FILTERS, "from", "to", "sort", "page", "size", "facets", "expand", "lang")
"""The parameters of a search."""


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchParams:
    """The parameters of a search, as they were given."""

    q: str = ""
    filters: Mapping[FilterName, tuple[str, ...]] = field(default_factory=dict)
    start: dt.date | None = None
    end: dt.date | None = None
    sort: Sort = "relevance"
    page: int = 1
    size: int = DEFAULT_SIZE
    facets: tuple[FilterName, ...] = DEFAULT_FACETS
    expand: bool = True
    lang: Language = "sv"

    def request(self) -> SearchRequest:
        """Return what the engine is asked."""
        return SearchRequest(
            text=self.q,
            filters=self.filters,
            start=self.start,
            end=self.end,
            facets=self.facets,
            sort=self.sort,
            offset=(self.page - 1) * self.size,
            limit=self.size,
            expand=self.expand,
        )

    def on_page(self, page: int) -> SearchParams:
        """Return the same search, another page of it."""
        return replace(self, page=page)

    def without_paging(self) -> SearchParams:
        """Return the same search for an answer that has neither pages nor facets."""
        return replace(self, page=1, size=DEFAULT_SIZE, facets=DEFAULT_FACETS)

    def followed(self) -> SearchParams:
        """Return the same search for a feed, whose order is always from the newest."""
        return replace(self.without_paging(), sort="relevance")

    def query_string(self, *, with_lang: bool = True) -> str:
        """Return the parameters in one normal form, those at their default left out."""
        pairs: list[tuple[str, str]] = [("q", self.q)] if self.q else []
        pairs += [(name, value) for name in FILTERS for value in self.filters.get(name, ())]
        optional = (
            ("from", self.start.isoformat() if self.start else ""),
            ("to", self.end.isoformat() if self.end else ""),
            ("sort", self.sort if self.sort != "relevance" else ""),
            ("page", str(self.page) if self.page != 1 else ""),
            ("size", str(self.size) if self.size != DEFAULT_SIZE else ""),
            ("facets", (",".join(self.facets) or ",") if self.facets != DEFAULT_FACETS else ""),
            ("expand", "" if self.expand else "false"),
            ("lang", self.lang if with_lang and self.lang != "sv" else ""),
        )
        pairs += [(name, value) for name, value in optional if value]
        return urlencode(pairs)


def strict(req: falcon.Request) -> SearchParams:
    """Return the parameters of an API request.

    Raises:
        BadParameter: At the first that is unknown, given twice, or out of its range.
    """
    return search_params(Values.strict(req, SEARCH))


def search_params(values: Values) -> SearchParams:
    """Return the parameters of a search, of a request that may have others besides.

    Raises:
        BadParameter: At the first that is given twice, or out of its range.
    """
    page, size = values.paging()
    start, end = values.day("from"), values.day("to")
    if start and end and end < start:
        raise BadParameter("to", {"sv": "to ligger före from", "en": "to is before from"})
    return SearchParams(
        q=values.text("q", MAX_QUERY),
        filters=values.filters(),
        start=start,
        end=end,
        sort=values.choice("sort", SORTS, "relevance"),
        page=page,
        size=size,
        facets=values.listed("facets", FILTERS, DEFAULT_FACETS),
        expand=values.flag("expand", default=True),
        lang=values.language(),
    )


def lenient(req: falcon.Request, language: Language) -> SearchParams:
    """Return the parameters of a page: whatever cannot be understood is as if it were not there."""
    values = Values(req)
    nothing: tuple[str, ...] = ()
    size = _else(partial(values.number, "size", DEFAULT_SIZE, MAX_SIZE), DEFAULT_SIZE)
    return SearchParams(
        q=values.visible("q")[:MAX_QUERY],
        filters={
            name: found
            for name in FILTERS
            if (found := _else(partial(values.filter, name), nothing))
        },
        start=_else(partial(values.day, "from"), None),
        end=_else(partial(values.day, "to"), None),
        sort=_else(partial(values.choice, "sort", SORTS, "relevance"), "relevance"),
        page=_else(partial(values.number, "page", 1, MAX_WINDOW // size), 1),
        size=size,
        expand=_else(partial(values.flag, "expand", default=True), True),
        lang=language,
    )


def _else(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except BadParameter:
        return otherwise
