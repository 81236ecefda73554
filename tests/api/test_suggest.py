"""Completion for our own search box, and for the one of the browser."""

from __future__ import annotations

from typing import Any
from xml.etree import ElementTree as ET

import falcon.testing
import pytest

from indexer.engine.memory_backend import MemoryIndex
from search_api.app import create_app
from search_api.settings import Settings
from tests.api.knowledge import ARTICLE

Client = falcon.testing.TestClient
SUGGEST = "/api/v1/suggest"
BROWSER = "/suggest.json"
OPENSEARCH = "{http://a9.com/-/spec/opensearch/1.1/}"


@pytest.mark.usefixtures("knowledge")
def test_a_completion_says_what_it_is_and_which_search_follows(client: Client) -> None:
    body: Any = client.simulate_get(SUGGEST, query_string="q=troll").json

    assert body["meta"]["q"] == "troll"
    assert body["meta"]["index_version"] == "gen-000001"
    assert body["suggestions"][0] == {
        "text": "Trollhättans Stad",
        "kind": "partner",
        "documents": 3,
        "id": None,
        "url": None,
        "href": "/sok?partner=Trollh%C3%A4ttans+Stad",
    }


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize(
    "typed", ["troll", "arbetsint", "%C3%85sa", "nytt", "samverkan", "l%C3%A4r"]
)
def test_the_search_that_follows_finds_something(client: Client, typed: str) -> None:
    body: Any = client.simulate_get(SUGGEST, query_string=f"q={typed}").json

    assert body["suggestions"]
    for suggestion in body["suggestions"]:
        query = suggestion["href"].removeprefix("/sok?")
        found: Any = client.simulate_get("/api/v1/search", query_string=query).json
        assert found["meta"]["total"] > 0, suggestion


@pytest.mark.usefixtures("knowledge")
def test_a_title_leads_to_its_page(client: Client) -> None:
    body: Any = client.simulate_get(SUGGEST, query_string="q=l%C3%A4rande+i+arb&lang=en").json

    (title,) = (it for it in body["suggestions"] if it["kind"] == "title")
    assert (title["id"], title["url"]) == (ARTICLE.id, ARTICLE.url)
    assert title["href"].startswith("/en/sok?q=L%C3%A4rande+i+arbetet")


@pytest.mark.usefixtures("knowledge")
def test_no_more_completions_come_than_asked_for(client: Client) -> None:
    def count(query: str) -> int:
        body: Any = client.simulate_get(SUGGEST, query_string=query).json
        return len(body["suggestions"])

    assert count("q=s&limit=1") == 1
    assert 1 < count("q=s") <= 8
    assert count("q=") == count("") == count("q=zzzz") == 0


@pytest.mark.usefixtures("pages")
def test_an_index_without_completions_completes_nothing(client: Client) -> None:
    assert client.simulate_get(SUGGEST, query_string="q=a").json["suggestions"] == []
    assert client.simulate_get(BROWSER, query_string="q=a").json == ["a", [], [], []]


@pytest.mark.usefixtures("knowledge")
def test_the_browser_gets_four_lists_in_step(client: Client) -> None:
    response = client.simulate_get(BROWSER, query_string="q=samv&lang=en")

    assert response.headers["content-type"] == "application/x-suggestions+json"
    typed, texts, told, links = response.json
    assert typed == "samv"
    assert len(texts) == len(told) == len(links) > 0
    assert all(link.startswith("http://127.0.0.1:8080/en/sok?") for link in links)
    assert all(text.endswith(("document", "documents")) for text in told)


@pytest.mark.usefixtures("knowledge")
def test_a_completion_of_a_hostile_page_is_no_link(client: Client) -> None:
    body: Any = client.simulate_get(SUGGEST, query_string="q=sida+utan").json

    assert [it["url"] for it in body["suggestions"] if it["kind"] == "title"] == [None]


def described(client: Client, query: str = "") -> ET.Element:
    response = client.simulate_get("/opensearch.xml", query_string=query)
    assert response.status_code == 200
    assert response.headers["content-type"].startswith("application/opensearchdescription+xml")
    return ET.fromstring(response.content)  # noqa: S314 - our own answer


def test_the_description_fits_the_limits_of_opensearch(client: Client) -> None:
    for query in ("", "lang=en"):
        root = described(client, query)

        def text(name: str, root: ET.Element = root) -> str:
            return root.findtext(f"{OPENSEARCH}{name}") or ""

        assert root.tag == f"{OPENSEARCH}OpenSearchDescription"
        assert 0 < len(text("ShortName")) <= 16
        assert 0 < len(text("LongName")) <= 48
        assert 0 < len(text("Description")) <= 1024


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize(("language", "query"), [("sv", ""), ("en", "lang=en")])
def test_every_template_of_the_description_leads_to_an_answer(
    index: MemoryIndex, language: str, query: str
) -> None:
    settings = Settings(data_dir="x", root_path="/under", base_url="https://www.example.org/")
    client = Client(create_app(index, settings))
    root = described(client, query)

    assert root.findtext(f"{OPENSEARCH}Language") == language
    urls = root.findall(f"{OPENSEARCH}Url")
    assert len(urls) >= 4
    for url in urls:
        # A browser leaves out what it need not give (OpenSearch 1.1, optional parameters).
        address = url.attrib["template"].replace("{searchTerms}", "samverkan")
        address = address.replace("{startPage?}", "").replace("{count?}", "")
        assert address.startswith("https://www.example.org/under/")
        path, _, asked = address.removeprefix("https://www.example.org").partition("?")
        response = client.simulate_get(path, query_string=asked)
        assert response.status_code == 200
        assert response.headers["content-type"].split(";")[0] == url.attrib["type"]


def test_the_description_needs_no_index_and_answers_304(client: Client) -> None:
    tag = client.simulate_get("/opensearch.xml").headers["etag"]

    again = client.simulate_get("/opensearch.xml", headers={"If-None-Match": tag})
    english = client.simulate_get(
        "/opensearch.xml", query_string="lang=en", headers={"If-None-Match": tag}
    )

    assert again.status_code == 304
    assert english.status_code == 200
