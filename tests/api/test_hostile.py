"""What a hostile page, or a hostile client, can send: each with the answer it must get."""

from __future__ import annotations

import time
from typing import Any

import falcon.testing
import pytest

from indexer.model import Person
from tests.api.conftest import Publish
from tests.api.test_pages import Page, show
from tests.support.documents import document

Client = falcon.testing.TestClient
SEARCH = "/api/v1/search"
SLOWEST_S = 0.5


def as_wsgi(text: str) -> str:
    """Return text as a server hands raw bytes over (PEP 3333)."""
    return text.encode().decode("latin-1")


@pytest.mark.parametrize(
    "url", ["https://[bad", "http://[::1", "https://", "https:///x", "http:alert(1)", "https:\\\\x"]
)
def test_an_address_that_is_none_costs_its_link_and_not_the_page(
    client: Client, publish: Publish, url: str
) -> None:
    publish([document(1, "Avtal", "avtal", url=url), document(2, "Andra avtal", "avtal")])

    html = show(client, "/sok", "q=avtal")
    body: Any = client.simulate_get(SEARCH, query_string="q=avtal").json

    assert url not in Page(html).links
    assert "https://www.example.org/2" in Page(html).links
    assert {result["url"] for result in body["results"]} == {None, "https://www.example.org/2"}


@pytest.mark.parametrize(
    "email",
    [
        "a@example.org?bcc=x@evil.example&subject=hi",
        "a@example.org,b@evil.example",
        "a@example.org%0ABcc:x@evil.example",
        "javascript:alert(1)@example.org",
        "a b@example.org",
        "a@",
    ],
)
def test_only_one_plain_address_can_be_written_to(
    client: Client, publish: Publish, email: str
) -> None:
    person = Person(name="Åsa Öberg", email=email)
    publish([document(1, "Avtal", "avtal", kind="partner", persons=(person,))])

    html = show(client, "/sok", "q=avtal")

    assert "Åsa Öberg" in html
    assert not [link for link in Page(html).links if link.startswith(("mailto:", "javascript:"))]


def test_a_language_that_is_none_is_undetermined(client: Client, publish: Publish) -> None:
    publish([document(1, "Avtal", "avtal", language='sv" onclick="x')])

    assert '<article lang="und">' in show(client, "/sok", "q=avtal")


def test_an_address_bar_cannot_be_turned_around(client: Client, publish: Publish) -> None:
    publish([document(1, "Avtal", "avtal", url="https://example.org/%E2%80%AEgro.elpmaxe")])

    html = show(client, "/sok", "q=avtal")

    assert "\u202e" not in html
    assert "\ufffdgro.elpmaxe" in html


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    ("query", "status"),
    [
        ("partner=a%00b", 400),
        ("q=a%1Bb", 400),
        ("q%00=a", 400),
        ("q[]=a", 400),
        ("=1", 400),
        ("q", 200),
        ("&&&", 200),
        ("q=%", 200),
        ("q=%zz%", 200),
        ("q=%FF%FE", 200),
        ("q=%ED%A0%80", 200),
        ("q=" + "%F0%9F%98%80" * 100, 200),
        ("q=" + "%CC%81" * 200, 200),
        ("q=" + "(" * 200, 200),
        ("q=" + '"' * 200, 200),
        ("q=" + "-" * 200, 200),
        ("q=*a*", 200),
        ("q=title:samverkan", 200),
        ("q=%0d%0aSet-Cookie:%20a=b", 400),
        ("x" * 8000 + "=1", 400),
        ("q=" + "a" * 16_384, 414),
        ("&".join(f"p{n}=1" for n in range(2000)), 400),
    ],
    ids=lambda value: str(value)[:24],
)
def test_an_odd_query_has_its_answer_at_once(client: Client, query: str, status: int) -> None:
    started = time.perf_counter()
    response = client.simulate_get(SEARCH, query_string=query)
    took = time.perf_counter() - started

    assert response.status_code == status
    assert took < SLOWEST_S
    assert "set-cookie" not in response.headers
    page = client.simulate_get("/sok", query_string=query, headers={"Accept": "text/html"})
    assert page.status_code == (414 if status == 414 else 200)


@pytest.mark.usefixtures("pages")
def test_letters_need_not_be_percent_encoded(client: Client) -> None:
    raw = client.simulate_get(SEARCH, query_string=as_wsgi("q=trollhättan")).json
    encoded = client.simulate_get(SEARCH, query_string="q=trollh%C3%A4ttan").json

    assert raw["meta"]["q"] == "trollhättan"
    assert raw["meta"]["total"] == encoded["meta"]["total"] == 1


@pytest.mark.usefixtures("pages")
def test_letters_in_two_parts_and_soft_hyphens_are_one_word(client: Client) -> None:
    decomposed = client.simulate_get(SEARCH, query_string="q=trollha%CC%88ttan").json
    by_partner = client.simulate_get(SEARCH, query_string="partner=Trollha%CC%88ttans+Stad").json

    assert decomposed["meta"]["total"] == by_partner["meta"]["total"] == 1
    assert "26 träffar" in show(client, "/sok", "q=sam%C2%ADverkan")


@pytest.mark.usefixtures("pages")
def test_the_host_header_goes_nowhere(client: Client) -> None:
    for path in ("/", "/sok", SEARCH):
        response = client.simulate_get(
            path, headers={"Host": "evil.example", "Accept": "text/html"}
        )

        assert response.status_code == 200
        assert "evil.example" not in response.text


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    "held", ["*", 'W/"x', '"', ",", 'W/"a",,"b"', "x" * 5000], ids=lambda value: value[:8]
)
def test_an_odd_validator_is_no_error(client: Client, held: str) -> None:
    response = client.simulate_get(
        SEARCH, query_string="q=samverkan", headers={"If-None-Match": held}
    )

    assert response.status_code == (304 if held == "*" else 200)
