"""Put the application together: the whole API on one page."""

from __future__ import annotations

import os

import falcon

from indexer.engine import LiveIndex, SearchIndex, open_index
from search_api.compression import Compression
from search_api.conditional import Conditional
from search_api.errors import Answers
from search_api.insight import QueryInsight
from search_api.middleware import AccessLog, Headers, Paths, Request
from search_api.params import LANGUAGES, Language
from search_api.rate_limit import RateLimit
from search_api.resources.changes import Changes
from search_api.resources.changes_page import ChangesPage
from search_api.resources.document_page import DocumentPage
from search_api.resources.documents import OneDocument, Similar
from search_api.resources.exports import Export
from search_api.resources.facets import FacetValues
from search_api.resources.feed import Feed
from search_api.resources.health import Health, Ready
from search_api.resources.openapi import OpenApi
from search_api.resources.opensearch import OpenSearch
from search_api.resources.pages import HomePage, Pages, ResultsPage
from search_api.resources.partner_page import PartnerPage
from search_api.resources.people import People
from search_api.resources.people_page import PeoplePage
from search_api.resources.search import Search
from search_api.resources.static import Robots, Static
from search_api.resources.status_page import StatusPage
from search_api.resources.suggest import BrowserSuggest, Suggest
from search_api.resources.text_pages import TEXT_PAGES, TextPage
from search_api.resources.widget import Widget
from search_api.settings import VARIABLE, Settings

App = falcon.App[falcon.Request, falcon.Response]


def create_app(index: SearchIndex, settings: Settings) -> App:
    """Return the WSGI application that searches `index`."""
    app: App = falcon.App(request_type=Request)
    for layer in (AccessLog(), Compression(), Paths(settings.root_path), Headers()):
        app.add_middleware(layer)
    app.add_middleware(RateLimit(settings))
    if settings.metrics_port is not None:
        _count_requests(app)
    live = LiveIndex(index)
    insight = QueryInsight.of(settings)
    static = Static(settings)
    conditional = Conditional(live, settings)
    pages = Pages(live, settings, static, conditional)
    routes: dict[str, object] = {
        "/api/v1/search": Search(live, settings, conditional, insight),
        "/api/v1/suggest": Suggest(live, settings, conditional),
        "/api/v1/documents/{document_id}": OneDocument(live, settings, conditional),
        "/api/v1/documents/{document_id}/similar": Similar(live, settings, conditional),
        "/api/v1/people": People(live, settings, conditional),
        "/api/v1/facets": FacetValues(live, settings, conditional),
        "/api/v1/changes": Changes(live, settings, conditional),
        "/api/v1/export": Export(live, conditional),
        "/feed.atom": Feed(live, settings, conditional),
        "/suggest.json": BrowserSuggest(live, settings, conditional),
        "/opensearch.xml": OpenSearch(settings, static, conditional),
        "/openapi.json": OpenApi(settings, conditional),
        "/healthz": Health(),
        "/readyz": Ready(live),
        "/static/{name}": static,
        "/widget.js": Widget(conditional),
        "/robots.txt": Robots(settings),
    }
    for language in LANGUAGES:
        routes |= _page_routes(pages, language, insight)
    for path, resource in routes.items():
        app.add_route(path, resource)
    Answers(pages).install(app)
    return app


def _page_routes(pages: Pages, language: Language, insight: QueryInsight) -> dict[str, object]:
    prefix = "/en" if language == "en" else ""
    return {
        prefix or "/": HomePage(pages, language),
        f"{prefix}/sok": ResultsPage(pages, language, insight),
        f"{prefix}/dokument/{{document_id}}": DocumentPage(pages, language),
        f"{prefix}/partner": PartnerPage(pages, language),
        f"{prefix}/personer": PeoplePage(pages, language),
        f"{prefix}/andringar": ChangesPage(pages, language),
        f"{prefix}/status": StatusPage(pages, language),
        **{f"{prefix}/{name}": TextPage(pages, language, name) for name in TEXT_PAGES},
    }


def _count_requests(app: App) -> None:
    # What it counts with is loaded only where it is wanted.
    from search_api.metrics import RequestMetrics  # noqa: PLC0415

    app.add_middleware(RequestMetrics())


def get_app() -> App:
    """Return the application for a worker process, which finds its settings in the environment."""
    settings = Settings.from_json(os.environ[VARIABLE])
    return create_app(open_index(settings.index, settings.index_directory), settings)
