"""A search to follow: what readers of feeds, and the standard, ask of it."""

from __future__ import annotations

import datetime as dt
import io
from typing import Any
from xml.etree import ElementTree as ET

import falcon.testing
import feedparser
import pytest

from indexer.engine.memory_backend import MemoryIndex
from search_api.app import create_app
from search_api.settings import Settings
from tests.api.conftest import Publish
from tests.api.knowledge import ARTICLE, BARE, KNOWLEDGE, NEWS
from tests.support.documents import document

Client = falcon.testing.TestClient
ATOM = "{http://www.w3.org/2005/Atom}"
BASE = "https://www.example.org"


def fetch(client: Client, query: str = "") -> bytes:
    response = client.simulate_get("/feed.atom", query_string=query)
    assert response.status_code == 200
    assert response.headers["content-type"] == "application/atom+xml; charset=utf-8"
    content: bytes = response.content
    return content


def root(client: Client, query: str = "") -> ET.Element:
    return ET.fromstring(fetch(client, query))  # noqa: S314 - our own answer


def read(client: Client, query: str = "") -> Any:
    # Read as from the network, where a reader knows the media type from the header.
    parsed: Any = feedparser.parse(
        io.BytesIO(fetch(client, query)),
        response_headers={"content-type": "application/atom+xml; charset=utf-8"},
        resolve_relative_uris=True,
        sanitize_html=True,
    )
    assert not parsed.bozo
    return parsed


def texts(parent: ET.Element, name: str) -> list[str]:
    return [element.text or "" for element in parent.findall(f"{ATOM}{name}")]


def link(parent: ET.Element, rel: str) -> str:
    (found,) = (it for it in parent.findall(f"{ATOM}link") if it.attrib["rel"] == rel)
    return found.attrib["href"]


@pytest.fixture
def public(index: MemoryIndex) -> Client:
    return Client(create_app(index, Settings(data_dir="x", base_url=BASE, root_path="/under")))


@pytest.mark.usefixtures("knowledge")
def test_a_reader_of_feeds_gets_the_newest_first(client: Client) -> None:
    parsed = read(client, "q=samverkan")
    newest: Any = client.simulate_get("/api/v1/search", query_string="q=samverkan&sort=newest").json

    assert parsed.version == "atom10"
    assert parsed.feed.title == "Samsök: samverkan"
    assert [entry.title for entry in parsed.entries] == [it["title"] for it in newest["results"]]
    news = next(entry for entry in parsed.entries if entry.title == NEWS.title)
    assert news.link == NEWS.url
    assert news.summary == NEWS.summary
    assert news.published == news.updated == "2025-09-01T00:00:00Z"
    assert {tag.term for tag in news.tags} == {"news", "Trollhättans Stad"}
    article = next(entry for entry in parsed.entries if entry.title == ARTICLE.title)
    assert [author.name for author in article.authors] == ["Åsa Öberg", "Anna von Exempel"]


@pytest.mark.usefixtures("knowledge")
def test_a_feed_has_all_that_the_standard_asks_for(public: Client) -> None:
    for query in ("", "q=samverkan", "q=zzzzqqqq", "kind=page&lang=en"):
        feed = root(public, query)

        assert len(texts(feed, "id")) == len(texts(feed, "title")) == len(texts(feed, "updated"))
        assert len(feed.findall(f"{ATOM}author")) == 1
        for parent in (feed, *feed.findall(f"{ATOM}entry")):
            (identity,) = texts(parent, "id")
            (updated,) = texts(parent, "updated")
            assert identity.startswith("urn:uuid:")
            assert dt.datetime.fromisoformat(updated).tzinfo == dt.UTC
            assert len(texts(parent, "title")) == 1
            assert link(parent, "alternate").startswith("https://")
        assert texts(feed, "updated")[0] >= max(
            (texts(entry, "updated")[0] for entry in feed.findall(f"{ATOM}entry")), default=""
        )
        ids = [texts(entry, "id")[0] for entry in feed.findall(f"{ATOM}entry")]
        assert len(set(ids)) == len(ids)


@pytest.mark.usefixtures("knowledge")
def test_a_feed_that_is_asked_for_less_says_so_in_its_own_address(public: Client) -> None:
    assert link(root(public, "limit=2"), "self") == f"{BASE}/under/feed.atom?limit=2"
    assert link(root(public, "limit=2&q=a"), "self") == f"{BASE}/under/feed.atom?q=a&limit=2"
    assert link(root(public, "limit=50"), "self") == f"{BASE}/under/feed.atom"


@pytest.mark.usefixtures("knowledge")
def test_the_links_of_a_feed_are_public_and_lead_on(public: Client) -> None:
    feed = root(public, "q=samverkan&partner=Trollh%C3%A4ttans+Stad&lang=en&sort=title&page=2")

    query = "q=samverkan&partner=Trollh%C3%A4ttans+Stad"
    assert link(feed, "self") == f"{BASE}/under/feed.atom?{query}&lang=en"
    assert link(feed, "alternate") == f"{BASE}/under/en/sok?{query}"
    for rel in ("self", "alternate", "search"):
        path, _, asked = link(feed, rel).removeprefix(BASE).partition("?")
        assert public.simulate_get(path, query_string=asked).status_code == 200
    entry = feed.find(f"{ATOM}entry")
    assert entry is not None
    related = link(entry, "related").removeprefix(BASE)
    assert public.simulate_get(related).json["document"]["url"] == link(entry, "alternate")


@pytest.mark.usefixtures("knowledge")
def test_the_search_links_to_its_feed(client: Client) -> None:
    body: Any = client.simulate_get(
        "/api/v1/search", query_string="q=samverkan&kind=news&sort=title&size=5&page=1"
    ).json

    assert body["links"]["feed"] == "/feed.atom?q=samverkan&kind=news"
    (entry,) = read(client, "q=samverkan&kind=news").entries
    assert entry.title == NEWS.title


@pytest.mark.usefixtures("knowledge")
def test_ids_stay_wherever_and_whenever_the_feed_is_made(
    client: Client, public: Client, publish: Publish, index: MemoryIndex
) -> None:
    def ids(feed: ET.Element) -> dict[str, str]:
        return {
            texts(entry, "title")[0]: texts(entry, "id")[0]
            for entry in feed.findall(f"{ATOM}entry")
        }

    before = ids(root(client))
    feed_id = texts(root(client, "kind=news&q=samverkan"), "id")
    assert ids(root(public)) == before
    assert texts(root(client, "q=samverkan&kind=news&sort=oldest&size=3"), "id") == feed_id

    publish(KNOWLEDGE[:3])
    later = Client(create_app(index, Settings(data_dir="x")))
    assert ids(root(later)).items() < before.items()


def test_no_more_entries_come_than_asked_for(client: Client, publish: Publish) -> None:
    publish([document(number, text="samverkan") for number in range(120)])

    assert len(read(client).entries) == 50
    assert len(read(client, "limit=100").entries) == 100
    assert client.simulate_get("/feed.atom", query_string="limit=101").status_code == 400


@pytest.mark.parametrize(
    "hostile",
    [
        "]]><entry>",
        "</feed>",
        "<script>alert(1)</script>",
        "&amp;&#0;&x;",
        "\x00\x0b\ufffe\uffff",
        '"',
    ],
)
def test_what_was_crawled_is_text_and_nothing_else(
    client: Client, publish: Publish, hostile: str
) -> None:
    page = document(
        1,
        f"Sida {hostile}",
        summary=f"Om {hostile}",
        partners=(f"Staden {hostile}",),
        authors=(f"Åsa {hostile}",),
        url=f"https://www.example.org/{hostile}",
    )
    publish([page])

    feed = root(client)

    (entry,) = feed.findall(f"{ATOM}entry")
    assert entry.find(f"{ATOM}script") is None
    assert texts(entry, "title")[0].startswith("Sida")
    assert len(read(client).entries) == 1


@pytest.mark.usefixtures("knowledge")
def test_a_document_without_an_address_leads_to_what_we_know_of_it(public: Client) -> None:
    (entry,) = root(public, "kind=page").findall(f"{ATOM}entry")

    assert link(entry, "alternate") == f"{BASE}/under/api/v1/documents/{BARE.id}"
