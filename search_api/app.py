"""Put the application together: the whole API on one page."""

from __future__ import annotations

import os

import falcon

from indexer.engine import LiveIndex, SearchIndex, open_index
from search_api.conditional import Conditional
from search_api.errors import Answers
from search_api.middleware import AccessLog, Headers, Paths, Request
from search_api.params import LANGUAGES
from search_api.resources.changes_page import ChangesPage
from search_api.resources.document_page import DocumentPage
from search_api.resources.documents import OneDocument, Similar
from search_api.resources.exports import Export
from search_api.resources.facets import FacetValues
from search_api.resources.feed import Feed
from search_api.resources.health import Health, Ready
from search_api.resources.opensearch import OpenSearch
from search_api.resources.pages import HomePage, Pages, ResultsPage
from search_api.resources.partner_page import PartnerPage
from search_api.resources.people import People
from search_api.resources.people_page import PeoplePage
from search_api.resources.search import Search
from search_api.resources.static import Robots, Static
from search_api.resources.suggest import BrowserSuggest, Suggest
from search_api.resources.text_pages import TEXT_PAGES, StatusPage, TextPage
from search_api.settings import VARIABLE, Settings

App = falcon.App[falcon.Request, falcon.Response]


def create_app(index: SearchIndex, settings: Settings) -> App:
    """Return the WSGI application that searches `index`."""
    app: App = falcon.App(request_type=Request)
    for layer in (AccessLog(), Paths(settings.root_path), Headers()):
        app.add_middleware(layer)
    live = LiveIndex(index)
    static = Static(settings)
    conditional = Conditional(live, settings)
    pages = Pages(live, settings, static, conditional)
    app.add_route("/api/v1/search", Search(live, settings, conditional))
    app.add_route("/api/v1/suggest", Suggest(live, settings, conditional))
    app.add_route("/api/v1/documents/{document_id}", OneDocument(live, settings, conditional))
    app.add_route("/api/v1/documents/{document_id}/similar", Similar(live, settings, conditional))
    app.add_route("/api/v1/people", People(live, settings, conditional))
    app.add_route("/api/v1/facets", FacetValues(live, settings, conditional))
    app.add_route("/api/v1/export", Export(live, conditional))
    app.add_route("/feed.atom", Feed(live, settings, conditional))
    app.add_route("/suggest.json", BrowserSuggest(live, settings, conditional))
    app.add_route("/opensearch.xml", OpenSearch(settings, static, conditional))
    app.add_route("/healthz", Health())
    app.add_route("/readyz", Ready(live))
    for language in LANGUAGES:
        prefix = "/en" if language == "en" else ""
        app.add_route(prefix or "/", HomePage(pages, language))
        app.add_route(f"{prefix}/sok", ResultsPage(pages, language))
        app.add_route(f"{prefix}/dokument/{{document_id}}", DocumentPage(pages, language))
        app.add_route(f"{prefix}/partner", PartnerPage(pages, language))
        app.add_route(f"{prefix}/personer", PeoplePage(pages, language))
        app.add_route(f"{prefix}/andringar", ChangesPage(pages, language))
        app.add_route(f"{prefix}/status", StatusPage(pages, language))
        for name in TEXT_PAGES:
            app.add_route(f"{prefix}/{name}", TextPage(pages, language, name))
    app.add_route("/static/{name}", static)
    app.add_route("/robots.txt", Robots(settings))
    Answers(pages).install(app)
    return app


def get_app() -> App:
    """Return the application for a worker process, which finds its settings in the environment."""
    settings = Settings.from_json(os.environ[VARIABLE])
    return create_app(open_index(settings.backend, settings.index_directory), settings)
