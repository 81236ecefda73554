"""The pages: the search box at `/`, results at `/sok`, each in Swedish and (below /en) English."""

from __future__ import annotations

from typing import TYPE_CHECKING

import falcon
from jinja2 import Environment, PackageLoader, StrictUndefined, select_autoescape

from indexer.engine import LiveIndex, SearchRequest, search
from search_api.change_view import ChangeView
from search_api.params import LANGUAGES, Language, lenient
from search_api.serialize import export_links, feed_link, pages
from search_api.texts import Texts
from search_api.view import Choice, ResultsView

if TYPE_CHECKING:
    from indexer.engine import Change
    from search_api.conditional import Conditional
    from search_api.insight import QueryInsight
    from search_api.params import SearchParams
    from search_api.resources.static import Static
    from search_api.settings import Settings

_EXPORTS = (("ris", "RIS"), ("bibtex", "BibTeX"), ("csl-json", "CSL-JSON"), ("csv", "CSV"))
_OTHER: dict[Language, Language] = {"sv": "en", "en": "sv"}
_NOT_PAGES = ("/api", "/static/", "/healthz", "/readyz")
_SECTIONS = ("partner", "personer", "andringar")
_FOOT = ("om", "status", "widget", "integritet", "tillganglighet")


class Pages:
    """Renders templates in the language of the page."""

    def __init__(
        self, live: LiveIndex, settings: Settings, static: Static, conditional: Conditional
    ) -> None:
        self.live = live
        self.conditional = conditional
        self._settings = settings
        self._texts = {language: Texts(language) for language in LANGUAGES}
        self._templates = Environment(
            loader=PackageLoader("search_api"),
            autoescape=select_autoescape(default=True),
            undefined=StrictUndefined,
            trim_blocks=True,
            lstrip_blocks=True,
            # An upgrade below a running server must not mix two editions.
            auto_reload=False,
        )
        self._templates.globals |= {
            "static": static.url,
            "root": settings.root_path,
            "public": settings.public_link,
            "counting": settings.query_insight,
            "min_count": settings.min_count,
            "retention_days": settings.retention_days,
        }
        for name in self._templates.list_templates():
            # Compiled before the first visitor comes.
            self._templates.get_template(name)

    def texts(self, language: Language) -> Texts:
        """Return the words of a language."""
        return self._texts[language]

    def path(self, language: Language, path: str) -> str:
        """Return the address of one of our pages in a language."""
        return self._settings.root_path + ("/en" if language == "en" else "") + path

    def feed(self, params: SearchParams) -> str:
        """Return where a search can be followed."""
        return feed_link(params, self._settings)

    def exports(self, query: str) -> tuple[Choice, ...]:
        """Return where the documents of a query can be had as references and as a table."""
        links = export_links(self._settings, query)
        return tuple(Choice(label=label, url=links[name]) for name, label in _EXPORTS)

    def told(self, change: Change, language: Language) -> ChangeView:
        """Return what a page in a language shows of a change."""
        url = self.path(language, f"/dokument/{change.id}")
        return ChangeView.of(change, self.texts(language), url=url)

    def show(
        self,
        resp: falcon.Response,
        template: str,
        language: Language,
        *,
        here: str,
        **values: object,
    ) -> None:
        """Render `template`; `here` is the page's path and query, the same in each language."""
        other = _OTHER[language]
        resp.content_type = falcon.MEDIA_HTML
        resp.set_header("Content-Language", language)
        resp.text = self._templates.get_template(template).render(
            t=self.texts(language),
            lang=language,
            other_lang=other,
            home_url=self.path(language, "/"),
            search_url=self.path(language, "/sok"),
            other_url=self.path(other, here),
            suggest_url=self._settings.root_path + "/api/v1/suggest",
            opensearch_url=self._settings.root_path + "/opensearch.xml",
            sections=[(name, self.path(language, f"/{name}")) for name in _SECTIONS],
            foot=[(name, self.path(language, f"/{name}")) for name in _FOOT],
            here_path=self.path(language, here).partition("?")[0],
            **values,
        )

    def show_error(
        self, resp: falcon.Response, language: Language, *, title: str, detail: str
    ) -> None:
        """Render an error as a page with a way on."""
        self.show(resp, "error.html", language, here="/", title=title, detail=detail)

    def is_page(self, req: falcon.Request) -> bool:
        """Tell whether a request is a browser's, to be answered with a page.

        A browser names HTML in `Accept`; programs that take anything are better served with JSON.
        """
        return not req.path.startswith(_NOT_PAGES) and "text/html" in req.accept


class HomePage:
    """The search box, and the ways in."""

    def __init__(self, pages: Pages, language: Language) -> None:
        self._pages = pages
        self._language = language

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        if self._pages.conditional.is_unchanged(req, resp, ""):
            return
        with self._pages.live.searcher() as searcher:
            answer = search(searcher, SearchRequest(facets=("partner", "area", "kind"), limit=0))
        self._pages.show(resp, "home.html", self._language, here="/", answer=answer)


class ResultsPage:
    """Hits, with filters beside them."""

    def __init__(self, pages: Pages, language: Language, insight: QueryInsight) -> None:
        self._pages = pages
        self._insight = insight
        self._language = language

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        params = lenient(req, self._language)
        query = params.query_string(with_lang=False)
        if self._pages.conditional.is_unchanged(req, resp, query):
            return
        with self._pages.live.searcher() as searcher:
            answer = search(searcher, params.request())
            if 0 < (last := pages(answer.total, params.size)) < params.page:
                params = params.on_page(last)
                answer = search(searcher, params.request())
            self._insight.count(req, params, answer, searcher)
        view = ResultsView(
            answer,
            params,
            self._pages.texts(self._language),
            path=self._pages.path(self._language, "/sok"),
            feed=self._pages.feed(params),
            exports=self._pages.exports(params.without_paging().query_string()),
        )
        here = f"/sok?{query}" if query else "/sok"
        self._pages.show(resp, "results.html", self._language, here=here, view=view, params=params)
