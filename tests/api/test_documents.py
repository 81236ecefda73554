"""One document with all its facts, and those like it."""

from __future__ import annotations

from typing import Any

import falcon.testing
import pytest

from indexer.engine.memory_backend import MemoryIndex
from indexer.model import Document, Section
from search_api.app import create_app
from search_api.settings import Settings
from tests.api.conftest import Publish
from tests.api.knowledge import ARTICLE, BARE, KNOWLEDGE, PARTNER, PROJECT
from tests.support.documents import document

Client = falcon.testing.TestClient
DOCUMENTS = "/api/v1/documents"


@pytest.mark.usefixtures("knowledge")
def test_a_document_is_told_in_full(client: Client) -> None:
    body: Any = client.simulate_get(f"{DOCUMENTS}/{PARTNER.id}").json

    assert body["meta"]["index_version"] == "gen-000001"
    assert body["document"] == {
        "id": PARTNER.id,
        "url": "https://www.example.org/partner/trollhattan",
        "title": "Trollhättans Stad",
        "summary": "Partnerskapet gäller arbetsintegrerat lärande.",
        "sections": [
            {
                "heading": "",
                "anchor": "",
                "text": "Partnerskapet gäller arbetsintegrerat lärande och samverkan i skolan.",
                "language": "",
                "url": None,
            },
            {
                "heading": "Syfte",
                "anchor": "syfte",
                "text": "Samverkan som håller länge.",
                "language": "",
                "url": "https://www.example.org/partner/trollhattan#syfte",
            },
        ],
        "kind": "partner",
        "language": "sv",
        "partners": ["Trollhättans Stad"],
        "areas": ["Arbetsintegrerat lärande"],
        "persons": [
            {
                "name": "Åsa Öberg",
                "role": "samordnare",
                "title": "docent",
                "email": "asa@example.org",
                "phone": "+46 520 00 00 00",
                "organisation": "Högskolan Exempel",
            }
        ],
        "organisations": ["Högskolan Exempel"],
        "authors": [],
        "subjects": [],
        "identifiers": {"diary": "2025/123"},
        "funder": "",
        "period": None,
        "published": None,
        "modified": "2025-03-03",
        "harvested": "2026-01-31T02:10:00+00:00",
        "source": "samverkan",
        "content_hash": "1" * 32,
    }


@pytest.mark.usefixtures("knowledge")
def test_no_fact_of_any_document_is_left_out(client: Client) -> None:
    for known in KNOWLEDGE:
        told: Any = client.simulate_get(f"{DOCUMENTS}/{known.id}").json["document"]
        assert set(told) == set(Document.__slots__)
        assert told["title"] == known.title

    project: Any = client.simulate_get(f"{DOCUMENTS}/{PROJECT.id}").json["document"]
    article: Any = client.simulate_get(f"{DOCUMENTS}/{ARTICLE.id}").json["document"]
    bare: Any = client.simulate_get(f"{DOCUMENTS}/{BARE.id}").json["document"]
    assert project["period"] == {"start": "2024-01-01", "end": "2026-12-31"}
    assert project["funder"] == "Exempelrådet"
    assert article["identifiers"]["doi"] == "10.1234/ex_ample.1"
    assert bare["url"] is None


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("root", ["", "/under"])
def test_the_links_of_a_document_lead_on(index: MemoryIndex, root: str) -> None:
    client = Client(create_app(index, Settings(data_dir="x", root_path=root)))
    links: Any = client.simulate_get(f"{DOCUMENTS}/{PARTNER.id}").json["links"]

    assert links["self"] == f"{root}{DOCUMENTS}/{PARTNER.id}"
    assert client.simulate_get(links["self"]).status_code == 200
    assert client.simulate_get(links["similar"]).status_code == 200


@pytest.mark.parametrize("path", ["", "/similar"])
@pytest.mark.parametrize(
    "unknown",
    ["x", "a000", "A" * 5000, "%00", "..%2F..", "%F0%9F%98%80", "%FF", "a b", "<script>"],
    ids=lambda value: value[:9],
)
@pytest.mark.usefixtures("knowledge")
def test_a_document_that_is_not_here_is_404(client: Client, unknown: str, path: str) -> None:
    for held in ({}, {"If-None-Match": "*"}):
        response = client.simulate_get(
            f"{DOCUMENTS}/{unknown}{path}", query_string="lang=en", headers=held
        )

        assert response.status_code == 404
        assert response.headers["content-type"] == "application/problem+json"
        # A slash in an id makes another path of it.
        assert response.json["code"] in {"document_missing", "not_found"}
        assert "etag" not in response.headers
        assert response.headers["cache-control"] == "no-store"
        assert "script" not in response.text


@pytest.mark.usefixtures("knowledge")
def test_a_suppressed_document_is_not_here(client: Client, index: MemoryIndex) -> None:
    index.suppress(frozenset({PARTNER.id}))

    assert client.simulate_get(f"{DOCUMENTS}/{PARTNER.id}").json["code"] == "document_missing"
    similar: Any = client.simulate_get(f"{DOCUMENTS}/{PROJECT.id}/similar").json
    assert PARTNER.id not in {result["id"] for result in similar["results"]}


def test_an_anchor_that_is_no_plain_word_is_encoded(client: Client, publish: Publish) -> None:
    sections = (Section(heading="Syfte", anchor='syfte "och" mål', text="Samverkan."),)
    publish([document(1, sections=sections, url="https://www.example.org/1#top")])

    (told,) = client.simulate_get(f"{DOCUMENTS}/doc-001").json["document"]["sections"]

    assert told["url"] == "https://www.example.org/1#syfte%20%22och%22%20m%C3%A5l"


def like(client: Client, query: str = "") -> list[Any]:
    body: Any = client.simulate_get(f"{DOCUMENTS}/doc-000/similar", query_string=query).json
    results: list[Any] = body["results"]
    return results


def test_documents_like_one_are_listed_without_itself(client: Client, publish: Publish) -> None:
    text = "Hemtjänsten och rehabilitering i kommunen."
    publish(
        [
            *(document(n, f"Hemtjänst {n}", f"{text} {'Vård. ' * n}") for n in range(8)),
            *(document(n, f"Bro {n}", f"Brobygge nummer {n}.", kind="news") for n in range(20, 60)),
            document(90, "Hemtjänst i nyheterna", f"{text} En nyhet.", kind="news"),
        ]
    )

    found = like(client)

    assert len(found) == 5
    assert {result["id"] for result in found} <= {f"doc-00{n}" for n in range(1, 8)} | {"doc-090"}
    assert "snippet" not in found[0]
    assert found[0]["score"] >= found[-1]["score"] > 0
    assert len(like(client, "limit=2")) == 2
    assert [result["id"] for result in like(client, "kind=news")] == ["doc-090"]
