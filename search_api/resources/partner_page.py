"""`/partner`: which partner works with which area; and with a name, that partner's own page."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

import falcon

from indexer.engine import FACET_VALUES, PeopleRequest, SearchRequest, find_people, search
from search_api.values import BadParameter, Values
from search_api.view import Choice, Contact, fit_language

if TYPE_CHECKING:
    from collections.abc import Mapping

    from indexer.engine import FilterName, Kind, RankedDocument, Searcher
    from search_api.resources.pages import Pages
    from search_api.values import Language

_PEOPLE = 8
_PAGES = 8
_KINDS: tuple[tuple[str, tuple[Kind, ...]], ...] = (
    ("partner_projects", ("project", "research")),
    ("partner_publications", ("publication",)),
    ("partner_news", ("news", "page", "person")),
)


class PartnerPage:
    """The matrix of partners and areas, or one partner."""

    def __init__(self, pages: Pages, language: Language) -> None:
        self._pages = pages
        self._language = language

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        try:
            names = Values(req).filter("partner")[:1]
        except BadParameter:
            names = ()
        query = urlencode([("partner", name) for name in names])
        if self._pages.conditional.is_unchanged(req, resp, query):
            return
        with self._pages.live.searcher() as searcher:
            if names:
                partner = self._partner(searcher, names[0])
                if partner is None:
                    raise falcon.HTTPNotFound
                values: Mapping[str, object] = {"view": partner}
            else:
                values = {"matrix": self._matrix(searcher)}
        template = "partner.html" if names else "partners.html"
        here = f"/partner?{query}" if query else "/partner"
        self._pages.show(resp, template, self._language, here=here, **values)

    def _matrix(self, searcher: Searcher) -> Matrix:
        facets = search(searcher, SearchRequest(facets=("partner", "area"), limit=0)).facets
        areas = tuple(item.value for item in facets["area"])
        rows = []
        for item in facets["partner"]:
            request = SearchRequest(filters={"partner": (item.value,)}, facets=("area",), limit=0)
            held = {it.value: it.count for it in search(searcher, request).facets["area"]}
            cells = tuple(
                Choice(
                    label=area,
                    count=held.get(area, 0),
                    url=self._search({"partner": item.value, "area": area}),
                )
                for area in areas
            )
            name = Choice(label=item.value, count=item.count, url=self._own(item.value))
            rows.append((name, cells))
        return Matrix(areas=areas, rows=tuple(rows), is_cut=FACET_VALUES in {len(areas), len(rows)})

    def _partner(self, searcher: Searcher, name: str) -> PartnerView | None:
        everything = search(searcher, _of(name, facets=("area", "year"), limit=0))
        if not everything.total:
            return None
        people = find_people(
            searcher,
            PeopleRequest(filters={"partner": (name,)}, limit=_PEOPLE, language=self._language),
        )
        own = self._own_page(searcher, name)
        groups = []
        for label, kinds in _KINDS:
            found = search(searcher, _of(name, kinds=kinds, limit=_PAGES))
            if found.total:
                url = self._search({"partner": name, "kind": kinds}, sort="newest")
                head = Choice(label=label, count=found.total, url=url)
                groups.append((head, tuple(map(self._listed, found.results))))
        years = sorted(everything.facets["year"], key=lambda it: it.value, reverse=True)
        return PartnerView(
            name=name,
            own=self._listed(own) if own else None,
            summary=own.document.summary if own else "",
            language=fit_language(own.document.language) if own else "",
            total=everything.total,
            url=self._search({"partner": name}),
            people_url=f"{self._pages.path(self._language, '/personer')}?"
            + urlencode({"partner": name}),
            areas=tuple(
                Choice(
                    label=it.value,
                    count=it.count,
                    url=self._search({"partner": name, "area": it.value}),
                )
                for it in everything.facets["area"]
            ),
            people=tuple(map(Contact.of, people.people)),
            groups=tuple(groups),
            years=tuple(
                Choice(
                    label=it.value,
                    count=it.count,
                    url=self._search({"partner": name, "year": it.value}),
                )
                for it in years
            ),
        )

    def _own_page(self, searcher: Searcher, name: str) -> RankedDocument | None:
        """Return the page that is about the partner: named as it is, in our language if it can."""
        found = search(searcher, _of(name, kinds=("partner",), limit=_PAGES)).results
        return max(
            found,
            key=lambda it: (it.document.title == name, it.document.language == self._language),
            default=None,
        )

    def _listed(self, ranked: RankedDocument) -> Choice:
        document, texts = ranked.document, self._pages.texts(self._language)
        day = document.modified or document.published
        return Choice(
            label=document.title,
            value=texts.date(day) if day else "",
            url=self._pages.path(self._language, f"/dokument/{document.id}"),
        )

    def _own(self, name: str) -> str:
        return f"{self._pages.path(self._language, '/partner')}?{urlencode({'partner': name})}"

    def _search(self, filters: Mapping[str, object], *, sort: str = "") -> str:
        pairs = {**filters, "sort": sort} if sort else filters
        return f"{self._pages.path(self._language, '/sok')}?{urlencode(pairs, doseq=True)}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Matrix:
    """For each partner, how many pages there are of each area.

    With `is_cut` there may be more partners or areas than a facet names.
    """

    areas: tuple[str, ...]
    rows: tuple[tuple[Choice, tuple[Choice, ...]], ...]
    is_cut: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class PartnerView:
    """What is known of a partner: its own page, areas, people, pages by kind, and years."""

    name: str
    own: Choice | None
    summary: str
    language: str
    total: int
    url: str
    people_url: str
    areas: tuple[Choice, ...]
    people: tuple[Contact, ...]
    groups: tuple[tuple[Choice, tuple[Choice, ...]], ...]
    years: tuple[Choice, ...]


def _of(
    name: str,
    *,
    kinds: tuple[Kind, ...] = (),
    facets: tuple[FilterName, ...] = (),
    limit: int,
) -> SearchRequest:
    filters: dict[FilterName, tuple[str, ...]] = {"partner": (name,)}
    if kinds:
        filters["kind"] = kinds
    return SearchRequest(filters=filters, facets=facets, sort="newest", limit=limit)
