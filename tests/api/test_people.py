"""Who works with a topic, and the pages that say so."""

from __future__ import annotations

from typing import Any

import falcon.testing
import pytest

from indexer.engine.memory_backend import MemoryIndex
from indexer.model import Person
from tests.api.conftest import Publish
from tests.api.knowledge import BARE, KNOWLEDGE, PROJECT
from tests.support.documents import document

Client = falcon.testing.TestClient
PEOPLE = "/api/v1/people"


def people(client: Client, query: str) -> Any:
    return client.simulate_get(PEOPLE, query_string=query).json


@pytest.mark.usefixtures("knowledge")
def test_people_come_with_their_facts_and_the_pages_that_name_them(client: Client) -> None:
    body = people(client, "q=samverkan+i+skolan")

    assert set(body) == {"meta", "results", "suggestion", "links"}
    assert body["meta"]["q"] == "samverkan i skolan"
    assert body["meta"]["total"] == len(body["results"]) >= 2
    asa = body["results"][0]
    assert asa["name"] == "Åsa Öberg"
    assert asa["role"] == "samordnare"
    assert (asa["email"], asa["organisation"]) == ("asa@example.org", "Högskolan Exempel")
    assert asa["pages"] >= len(asa["evidence"]) > 0
    assert asa["score"] > 0
    evidence = {page["id"]: page for page in asa["evidence"]}[PROJECT.id]
    assert evidence["relation"] == "contact"
    assert (evidence["url"], evidence["title"]) == (PROJECT.url, PROJECT.title)
    assert "<mark>" in evidence["snippet"]["html"]


@pytest.mark.usefixtures("knowledge")
def test_people_are_narrowed_by_filters(client: Client) -> None:
    def names(query: str) -> set[str]:
        return {person["name"] for person in people(client, query)["results"]}

    assert names("partner=Regionen") == {"Åsa Öberg", "Per-Olof Örn"}
    assert names("kind=partner") == {"Åsa Öberg"}
    assert "Anna von Exempel" in names("q=hemtj%C3%A4nsten")
    assert names("") == set()


def test_paging_links_lead_through_all_the_people_once(client: Client, publish: Publish) -> None:
    named = [Person(name=f"Person {chr(65 + n)}son") for n in range(12)]
    publish([document(n, text="samverkan", persons=(it,)) for n, it in enumerate(named)])
    body = people(client, "q=samverkan&size=5")
    seen = [person["name"] for person in body["results"]]
    while link := body["links"]["next"]:
        body = people(client, link.removeprefix(f"{PEOPLE}?"))
        seen += [person["name"] for person in body["results"]]

    assert sorted(seen) == sorted(person.name for person in named)
    assert body["meta"]["pages"] == 3
    assert body["links"]["prev"] == f"{PEOPLE}?q=samverkan&page=2&size=5"


@pytest.mark.usefixtures("knowledge")
def test_no_proxy_keeps_a_list_of_people_and_no_search_engine_shows_it(client: Client) -> None:
    first = client.simulate_get(PEOPLE, query_string="q=samverkan")
    again = client.simulate_get(
        PEOPLE, query_string="q=samverkan", headers={"If-None-Match": first.headers["etag"]}
    )

    assert again.status_code == 304
    for response in (first, again):
        assert response.headers["cache-control"] == "private, no-cache"
        assert response.headers["x-robots-tag"] == "noindex"


@pytest.mark.usefixtures("knowledge")
def test_suppressing_their_pages_takes_people_away(client: Client, index: MemoryIndex) -> None:
    index.suppress(frozenset(known.id for known in KNOWLEDGE) - {BARE.id})

    assert people(client, "q=samverkan")["results"] == []


def test_a_page_of_evidence_that_is_no_address_is_no_link(client: Client, publish: Publish) -> None:
    hostile = document(
        1,
        "<script>alert(1)</script>",
        "samverkan <script>",
        url="javascript:alert(1)",
        persons=(Person(name="<b>Åsa</b> Öberg"),),
    )
    publish([hostile])

    (person,) = people(client, "q=samverkan")["results"]

    assert person["evidence"][0]["url"] is None
    assert person["evidence"][0]["snippet"]["url"] is None
    assert "<script>" not in person["evidence"][0]["snippet"]["html"]


@pytest.mark.usefixtures("knowledge")
def test_facets_are_those_of_the_search_without_its_hits(client: Client) -> None:
    for query in (
        "",
        "q=samverkan",
        "kind=news&kind=partner",
        "q=l%C3%A4rande&facets=year,kind",
        "q=samverkan+hemtj%C3%A4nst",
        "q=samverkan+hemtj%C3%A4nst&sort=newest",
    ):
        body: Any = client.simulate_get("/api/v1/facets", query_string=query).json
        search: Any = client.simulate_get("/api/v1/search", query_string=query).json

        assert "results" not in body
        assert body["facets"] == search["facets"]
        assert body["meta"]["total"] == search["meta"]["total"]
        path, _, asked = body["links"]["search"].partition("?")
        assert client.simulate_get(path, query_string=asked).json["facets"] == body["facets"]


@pytest.mark.usefixtures("knowledge")
def test_facets_do_not_care_for_the_page(client: Client) -> None:
    plain = client.simulate_get("/api/v1/facets", query_string="q=samverkan")
    paged = client.simulate_get("/api/v1/facets", query_string="q=samverkan&page=3&size=2")

    assert paged.headers["etag"] == plain.headers["etag"]
    assert paged.json == plain.json
