from __future__ import annotations

import re
from html.parser import HTMLParser
from typing import Any
from urllib.parse import urlencode

import falcon.testing
import pytest

from indexer.engine.memory_backend import MemoryIndex
from indexer.model import Person, Section
from search_api.app import create_app
from search_api.settings import Settings
from search_api.texts import Texts
from tests.api.conftest import Publish
from tests.support.documents import document

Client = falcon.testing.TestClient


class Page(HTMLParser):
    """What of a page the tests look at."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.links: list[str] = []
        self.tags: list[str] = []
        self.handlers: list[str] = []
        self.scripts: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag == "script":
            self.scripts.append(dict(attrs).get("src") or "")
        for name, value in attrs:
            if name == "href":
                self.links.append(value or "")
            if name.startswith("on"):
                self.handlers.append(name)


def has_only_our_script(page: Page) -> bool:
    return len(page.scripts) == 1 and page.scripts[0].startswith("/static/samsok.js?v=")


def show(client: Client, path: str, query: str = "") -> str:
    response = client.simulate_get(path, query_string=query, headers={"Accept": "text/html"})
    assert response.status_code == 200
    assert response.headers["content-type"] == "text/html; charset=utf-8"
    return response.text


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(("path", "lang"), [("/", "sv"), ("/en/", "en")])
def test_the_start_page_has_the_box_and_the_ways_in(client: Client, path: str, lang: str) -> None:
    html = show(client, path)

    assert f'<html lang="{lang}">' in html
    assert 'name="q"' in html
    assert "<strong>26</strong>" in html
    assert "partner=Trollh%C3%A4ttans+Stad" in html


@pytest.mark.usefixtures("pages")
def test_results_say_how_many_in_the_title_and_a_heading(client: Client) -> None:
    html = show(client, "/sok", "q=samverkan")

    assert "<title>26 träffar för samverkan – Samsök</title>" in html
    assert re.search(r'<h2 id="count">26 träffar', html)
    assert "<mark>samverkan</mark>" in html
    assert "26 results for samverkan" in show(client, "/en/sok", "q=samverkan")


@pytest.mark.usefixtures("pages")
def test_active_filters_can_be_taken_away_one_by_one(client: Client) -> None:
    html = show(client, "/sok", "q=samverkan&kind=news&partner=Regionen")

    links = Page(html).links
    assert "/sok?q=samverkan&partner=Regionen" in links
    assert "/sok?q=samverkan&kind=news" in links
    assert "/sok?q=samverkan" in links


@pytest.mark.usefixtures("pages")
def test_the_other_language_keeps_the_search(client: Client) -> None:
    links = Page(show(client, "/sok", "q=samverkan&kind=news")).links

    assert "/en/sok?q=samverkan&kind=news" in links


@pytest.mark.usefixtures("pages")
def test_contacts_of_a_partner_are_shown_and_can_be_written_to(client: Client) -> None:
    html = show(client, "/sok", "q=Trollh%C3%A4ttan")

    assert "Åsa Öberg" in html
    assert "mailto:asa@example.org" in Page(html).links


@pytest.mark.usefixtures("pages")
def test_what_was_searched_too_is_said(client: Client) -> None:
    assert "Visar även <em>" in show(client, "/sok", "q=AIL")


def test_pages_with_some_of_the_words_are_introduced_honestly(
    client: Client, publish: Publish
) -> None:
    publish([document(1, text="avtal"), document(2, text="kommunen")])

    assert "Ingen sida innehåller alla orden." in show(client, "/sok", "q=avtal+kommunen")


@pytest.mark.usefixtures("pages")
def test_no_hits_come_with_ways_on(client: Client) -> None:
    html = show(client, "/sok", "q=xyzzy&kind=news")

    assert "<title>Inga träffar för xyzzy" in html
    assert "/sok?q=xyzzy" in Page(html).links
    assert "/sok" in Page(html).links


@pytest.mark.usefixtures("pages")
def test_paging_marks_where_one_is(client: Client) -> None:
    html = show(client, "/sok", "q=samverkan&page=2")

    assert re.search(r'aria-label="Sida 2" aria-current="page"', html)
    assert 'rel="next" href="/sok?q=samverkan&amp;page=3"' in html
    assert '<ol class="hits" start="11">' in html


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    "query",
    [
        "page=0",
        "page=x",
        "sort=best",
        "from=igår",
        "kind=nope",
        "unknown=1",
        "q=%00a",
        "q=" + "a" * 900,
    ],
)
def test_parameters_that_cannot_be_understood_are_left_out(client: Client, query: str) -> None:
    show(client, "/sok", query)


def test_before_the_first_reindex_a_page_says_so(client: Client) -> None:
    response = client.simulate_get("/", headers={"Accept": "text/html"})

    assert response.status_code == 503
    assert "samsok reindex" in response.text
    assert "<h1>Inget är indexerat ännu</h1>" in response.text


def test_an_unknown_page_is_a_page(client: Client) -> None:
    response = client.simulate_get("/en/nope", headers={"Accept": "text/html"})

    assert response.status_code == 404
    assert "<h1>Not found</h1>" in response.text


@pytest.mark.usefixtures("pages")
def test_pages_and_static_files_may_be_kept(client: Client) -> None:
    first = client.simulate_get("/sok", query_string="q=samverkan")
    again = client.simulate_get(
        "/sok", query_string="q=samverkan", headers={"If-None-Match": first.headers["etag"]}
    )
    assert again.status_code == 304

    sheet = next(link for link in Page(first.text).links if "samsok.css" in link)
    css = client.simulate_get(*sheet.split("?")[:1], query_string=sheet.split("?")[1])
    assert css.headers["content-type"] == "text/css; charset=utf-8"
    assert "immutable" in css.headers["cache-control"]
    assert client.simulate_get("/static/../app.py").status_code == 404
    assert client.simulate_get("/static/nope.css").status_code == 404


def test_result_pages_are_kept_out_of_search_engines(client: Client) -> None:
    assert "Disallow: /sok" in client.simulate_get("/robots.txt").text


@pytest.mark.usefixtures("pages")
def test_below_a_root_path_every_link_is(index: MemoryIndex) -> None:
    client = Client(create_app(index, Settings(data_dir="x", root_path="/kunskap")))

    for path in ("/", "/sok"):
        for link in Page(show(client, path)).links:
            assert link.startswith(("/kunskap/", "#", "https://", "mailto:")), link


HOSTILE = "<script>alert(1)</script>\"'><img src=x onerror=alert(2)>"


def test_nothing_that_was_crawled_becomes_markup(client: Client, publish: Publish) -> None:
    publish(
        [
            document(
                1,
                f"samverkan {HOSTILE}",
                url=f"https://www.example.org/{HOSTILE}",
                kind="partner",
                sections=(Section(heading=HOSTILE, anchor=HOSTILE, text=f"samverkan {HOSTILE}"),),
                partners=(HOSTILE,),
                areas=(HOSTILE,),
                persons=(Person(name=HOSTILE, role=HOSTILE, email=HOSTILE),),
                language='sv" onload="x',
                source=HOSTILE,
            )
        ]
    )

    for path, query in (
        ("/", ""),
        ("/sok", "q=samverkan"),
        ("/en/sok", "q=samverkan"),
        ("/dokument/doc-001", ""),
        ("/personer", "q=samverkan"),
        ("/partner", ""),
        ("/partner", urlencode({"partner": HOSTILE})),
        ("/status", ""),
    ):
        page = Page(show(client, path, query))
        assert has_only_our_script(page)
        assert "img" not in page.tags
        assert page.handlers == []
    body: Any = client.simulate_get("/api/v1/search", query_string="q=samverkan").json
    assert "<script" not in body["results"][0]["snippet"]["html"]


def test_what_was_typed_never_becomes_markup(client: Client, publish: Publish) -> None:
    publish([document(1)])
    for query in ({"q": HOSTILE}, {"partner": HOSTILE}, {"sort": HOSTILE}, {"from": HOSTILE}):
        for path in ("/sok", "/personer", "/partner", "/andringar"):
            response = client.simulate_get(path, params=query, headers={"Accept": "text/html"})

            page = Page(response.text)
            assert has_only_our_script(page)
            assert "img" not in page.tags


@pytest.mark.parametrize(
    "url", ["javascript:alert(1)", "data:text/html,x", "//evil.example.org", ""]
)
def test_only_web_addresses_become_links(client: Client, publish: Publish, url: str) -> None:
    publish([document(1, "Avtal", "avtal", url=url)])

    links = Page(show(client, "/sok", "q=avtal")).links
    body: Any = client.simulate_get("/api/v1/search", query_string="q=avtal").json

    assert url not in links or not url
    assert not any(link.startswith(("javascript:", "data:", "//")) for link in links)
    assert body["results"][0]["url"] is None
    assert body["results"][0]["snippet"]["url"] is None


@pytest.mark.usefixtures("pages")
def test_the_page_allows_no_foreign_code(client: Client) -> None:
    headers = client.simulate_get("/sok").headers

    policy = headers["content-security-policy"]
    assert "default-src 'none'" in policy
    assert "unsafe-inline" not in policy
    assert headers["x-content-type-options"] == "nosniff"


def test_both_languages_have_the_same_texts() -> None:
    swedish, english = Texts("sv"), Texts("en")

    assert set(swedish._texts) == set(english._texts)
    assert swedish.number(12345) == "12\u00a0345"
    assert english.number(12345) == "12,345"
    assert swedish.count(5, exact=False) == "minst 5 träffar"


@pytest.mark.parametrize("typed", ["!!!", "?", "%F0%9F%A4%96"])
def test_signs_alone_are_not_said_to_be_on_all_pages(
    client: Client, publish: Publish, typed: str
) -> None:
    publish([document(1, text="avtal"), document(2, text="kommunen")])

    assert '<h2 id="count">2 träffar</h2>' in show(client, "/sok", f"q={typed}")
    assert "1 träff för <q>avtal</q>" in show(client, "/sok", "q=avtal")
