"""Getting about: pages of hits, filters that are kept, addresses in all their forms."""

from __future__ import annotations

from html.parser import HTMLParser

import falcon.testing
import pytest

from indexer.engine import MAX_WINDOW
from indexer.engine.memory_backend import MemoryIndex
from search_api.app import create_app
from search_api.serialize import pages as count_pages
from search_api.settings import Settings
from tests.api.conftest import Publish
from tests.api.test_pages import Page, show
from tests.support.documents import document

Client = falcon.testing.TestClient
SEARCH = "/api/v1/search"


class Form(HTMLParser):
    """What a form would send along, unseen or ticked."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.sent: list[tuple[str, str]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        given = dict(attrs)
        if tag == "input" and (given.get("type") == "hidden" or "checked" in given):
            self.sent.append((given["name"] or "", given["value"] or ""))


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("page", ["4", "50", "1000"])
def test_far_beyond_the_last_page_is_the_last_page(client: Client, page: str) -> None:
    html = show(client, "/sok", f"q=samverkan&page={page}")

    assert '<ol class="hits" start="21">' in html
    assert html.count("<article") == 6
    assert 'rel="next"' not in html


def test_no_page_is_counted_that_cannot_be_asked_for() -> None:
    assert count_pages(0, 10) == 0
    assert count_pages(11, 10) == 2
    assert count_pages(10 * MAX_WINDOW, 10) * 10 == MAX_WINDOW
    assert count_pages(10 * MAX_WINDOW, 30) * 30 <= MAX_WINDOW


@pytest.mark.usefixtures("pages")
def test_the_number_of_hits_on_a_page_can_be_chosen(client: Client) -> None:
    html = show(client, "/sok", "q=samverkan&size=20&page=2")

    assert html.count("<article") == 6
    assert "/sok?q=samverkan&size=20" in Page(html).links
    assert ("size", "20") in Form(html).sent
    assert show(client, "/sok", "q=samverkan&size=5000").count("<article") == 10


@pytest.mark.usefixtures("pages")
def test_days_are_filters_that_can_be_taken_away(client: Client) -> None:
    html = show(client, "/sok", "q=samverkan&from=2025-01-01&to=2025-12-31")

    assert "från 1 januari 2025" in html
    assert "till 31 december 2025" in html
    assert "/sok?q=samverkan&to=2025-12-31" in Page(html).links
    assert "/sok?q=samverkan&from=2025-01-01" in Page(html).links
    assert "/sok?q=samverkan" in Page(html).links


@pytest.mark.usefixtures("pages")
def test_searching_again_keeps_the_filters(client: Client) -> None:
    html = show(client, "/sok", "q=samverkan&kind=news&source=exempel&expand=false")

    assert set(Form(html).sent) == {("kind", "news"), ("source", "exempel"), ("expand", "false")}


@pytest.mark.usefixtures("pages")
def test_one_can_ask_for_nothing_but_the_words_and_go_back(client: Client) -> None:
    wide = show(client, "/sok", "q=AIL")
    exact = show(client, "/sok", "q=AIL&expand=false")

    assert "/sok?q=AIL&expand=false" in Page(wide).links
    assert "Inga träffar" in exact
    assert "/sok?q=AIL" in Page(exact).links


@pytest.mark.usefixtures("pages")
def test_no_hits_offer_to_drop_each_filter(client: Client) -> None:
    html = show(client, "/sok", "q=samverkan&kind=person&partner=Regionen")

    assert "ta bort filtret typ: Person" in html
    assert "ta bort filtret partner: Regionen" in html
    assert "/sok?q=samverkan&partner=Regionen" in Page(html).links


def test_a_partners_own_page_is_not_labelled_with_its_name(
    client: Client, publish: Publish
) -> None:
    partners = ("Trollhättans Stad", "Regionen")
    publish([document(1, "Trollhättans Stad", "avtal", kind="partner", partners=partners)])

    links = Page(show(client, "/sok", "q=avtal")).links

    assert "/sok?partner=Regionen" in links
    assert "/sok?partner=Trollh%C3%A4ttans+Stad" not in links


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    ("path", "language"), [("/en", "en"), ("/en/", "en"), ("/sok/", "sv"), ("/en/sok/", "en")]
)
def test_a_slash_at_the_end_makes_no_difference(client: Client, path: str, language: str) -> None:
    assert f'<html lang="{language}">' in show(client, path)


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize("path", ["/kunskap/", "/kunskap/sok", "/kunskap/en/", "/", "/sok"])
def test_a_proxy_may_leave_its_prefix_or_take_it_away(index: MemoryIndex, path: str) -> None:
    client = Client(create_app(index, Settings(data_dir="x", root_path="/kunskap")))

    assert 'action="/kunskap/' in show(client, path)
    assert "Disallow: /kunskap/sok" in client.simulate_get("/robots.txt").text


@pytest.mark.usefixtures("pages")
def test_answers_under_another_public_address_are_other_answers(index: MemoryIndex) -> None:
    tags = {
        Client(create_app(index, settings)).simulate_get(SEARCH).headers["etag"]
        for settings in (Settings(data_dir="x"), Settings(data_dir="x", root_path="/kunskap"))
    }

    assert len(tags) == 2


def test_a_browser_gets_a_page_and_a_program_gets_a_problem(client: Client) -> None:
    browser = client.simulate_get("/nope", headers={"Accept": "text/html,*/*;q=0.8"})
    program = client.simulate_get("/nope", headers={"Accept": "*/*"})

    assert browser.headers["content-type"] == "text/html; charset=utf-8"
    assert "API" not in browser.text
    assert program.json["code"] == "not_found"
    assert browser.status_code == program.status_code == 404


def test_what_is_allowed_is_said_with_head(client: Client) -> None:
    refused = client.simulate_post(SEARCH)
    asked = client.simulate_options(SEARCH, headers={"Origin": "https://www.example.org"})

    assert "HEAD" in refused.headers["allow"].split(", ")
    assert asked.status_code == 200
    assert asked.headers["access-control-allow-methods"] == "GET, HEAD"
    assert "If-None-Match" in asked.headers["access-control-allow-headers"]


def test_settings_of_later_versions_are_no_obstacle() -> None:
    given = {"data_dir": "x", "index": {"backend": "whoosh"}, "api": {"port": 1, "new_key": 2}}

    settings = Settings.from_mapping(given)

    assert settings.port == 1
    assert Settings.from_json(settings.to_json()) == settings
