from __future__ import annotations

from pathlib import Path
from typing import Any

import falcon
import falcon.testing
import pytest

from indexer.engine.memory_backend import MemoryIndex
from search_api.app import create_app
from search_api.settings import Settings
from tests.api.conftest import Publish
from tests.support.documents import document

Client = falcon.testing.TestClient
SEARCH = "/api/v1/search"


def ask(client: Client, query: str = "", **headers: str) -> falcon.testing.Result:
    return client.simulate_get(SEARCH, query_string=query, headers=headers)


@pytest.mark.usefixtures("pages")
def test_an_answer_has_the_shape_of_the_contract(client: Client) -> None:
    response = ask(client, "q=arbetsintegrerat+l%C3%A4rande&facets=partner,kind")

    assert response.status_code == 200
    assert response.headers["content-type"] == "application/json"
    body: Any = response.json
    assert set(body) == {"meta", "results", "facets", "suggestion", "links"}
    meta = body["meta"]
    assert meta.pop("took_ms") >= 0
    assert meta.pop("indexed_at").startswith("20")
    assert meta.pop("expanded") == ["AIL"]
    assert meta == {
        "q": "arbetsintegrerat lärande",
        "total": 1,
        "total_exact": True,
        "page": 1,
        "size": 10,
        "pages": 1,
        "index_version": "gen-000001",
        "relaxed": False,
        "alike": False,
        "with_all_words": 1,
    }
    (result,) = body["results"]
    assert result.pop("score") > 0
    assert result == {
        "id": "doc-099",
        "url": "https://www.example.org/99",
        "title": "Trollhättans Stad",
        "kind": "partner",
        "language": "sv",
        "snippet": {
            "text": "Partnerskapet gäller arbetsintegrerat lärande.",
            "html": ("Partnerskapet gäller <mark>arbetsintegrerat</mark> <mark>lärande</mark>."),
            "section": "",
            "url": (
                "https://www.example.org/99#:~:text="
                "Partnerskapet%20g%C3%A4ller%20arbetsintegrerat%20l%C3%A4rande."
            ),
        },
        "partners": ["Trollhättans Stad"],
        "areas": ["Arbetsintegrerat lärande"],
        "persons": [{"name": "Åsa Öberg", "role": "samordnare", "email": "asa@example.org"}],
        "authors": [],
        "published": None,
        "modified": "2025-03-03",
        "source": "exempel",
    }
    assert body["facets"] == {
        "partner": [{"value": "Trollhättans Stad", "count": 1}],
        "kind": [{"value": "partner", "count": 1}],
    }
    assert body["suggestion"] is None
    assert body["links"]["next"] is None


@pytest.mark.usefixtures("pages")
def test_paging_links_lead_through_all_the_hits_once(client: Client) -> None:
    seen: list[str] = []
    link: str | None = f"{SEARCH}?q=samverkan&size=10"
    while link:
        path, _, query = link.partition("?")
        body: Any = client.simulate_get(path, query_string=query).json
        seen += [result["id"] for result in body["results"]]
        link = body["links"]["next"]

    assert len(seen) == len(set(seen)) == 26


@pytest.mark.usefixtures("pages")
def test_the_page_before_the_last_is_linked_even_from_far_beyond(client: Client) -> None:
    body: Any = ask(client, "q=samverkan&page=50").json

    assert body["results"] == []
    assert body["links"]["prev"] == f"{SEARCH}?q=samverkan&page=3"
    assert body["links"]["next"] is None


@pytest.mark.usefixtures("pages")
def test_no_words_browse_with_the_filters(client: Client) -> None:
    assert ask(client).json["meta"]["total"] == 26
    assert ask(client, "kind=news").json["meta"]["total"] == 25
    assert ask(client, "kind=news&kind=partner").json["meta"]["total"] == 26
    assert ask(client, "kind=news&partner=Trollh%C3%A4ttans+Stad").json["meta"]["total"] == 0
    assert ask(client, "from=2025-01-01&to=2025-12-31").json["meta"]["total"] == 1
    assert ask(client, "year=2025").json["meta"]["total"] == 1


@pytest.mark.usefixtures("pages")
def test_expansion_can_be_switched_off(client: Client) -> None:
    assert ask(client, "q=AIL").json["meta"]["total"] == 1
    assert ask(client, "q=AIL&expand=false").json["meta"]["total"] == 0


def test_a_misspelt_word_is_suggested_with_what_it_finds(client: Client, publish: Publish) -> None:
    publish([document(1, text="samverkan")])

    body: Any = ask(client, "q=samvrekan").json

    assert body["meta"]["total"] == 1
    assert body["suggestion"] == {"q": "samverkan", "total": 1}
    assert ask(client, "q=samvrekan&expand=false").json["meta"]["total"] == 0


@pytest.mark.usefixtures("pages")
@pytest.mark.parametrize(
    ("query", "parameter", "says"),
    [
        ("q=" + "a" * 201, "q", "200"),
        ("q=a%00b", "q", "control characters"),
        ("q=a%0Ab", "q", "control characters"),
        ("q=a&q=b", "q", "only once"),
        ("pge=2", "pge", "did you mean page?"),
        ("zzzzzz=2", "zzzzzz", "there are q,"),
        ("page=0", "page", "from 1"),
        ("page=-1", "page", "from 1"),
        ("page=1.0", "page", "from 1"),
        ("page=%D9%A1", "page", "from 1"),
        ("page=1_0", "page", "from 1"),
        ("page=" + "9" * 400, "page", "from 1"),
        ("size=101", "size", "100"),
        ("page=101&size=100", "page", "10000"),
        ("kind=nonsense", "kind", "one of partner"),
        ("year=20", "year", "four digits"),
        ("year=%D9%A2%D9%A0%D9%A2%D9%A4", "year", "four digits"),
        ("from=igår", "from", "2026-01-31"),
        ("from=20260131", "from", "2026-01-31"),
        ("to=2026-02-30", "to", "2026-01-31"),
        ("from=2026-02-01&to=2026-01-01", "to", "before"),
        ("sort=best", "sort", "relevance, newest"),
        ("facets=partner,nope", "facets", "nope"),
        ("expand=maybe", "expand", "true, false"),
        ("lang=de", "lang", "sv, en"),
        ("partner=" + "a" * 201, "partner", "200"),
        ("&".join(f"partner={n}" for n in range(51)), "partner", "50"),
    ],
    ids=lambda value: str(value)[:24],
)
def test_a_bad_parameter_is_named(client: Client, query: str, parameter: str, says: str) -> None:
    english = query if query.startswith("lang=") else f"{query}&lang=en"
    response = ask(client, english)

    assert response.status_code == 400
    assert response.headers["content-type"] == "application/problem+json"
    problem: Any = response.json
    assert problem["code"] == "bad_parameter"
    assert problem["parameter"] == parameter
    if not query.startswith("lang="):
        assert says in problem["detail"]
    assert response.headers.get("etag") is None


def test_before_the_first_reindex_the_way_out_is_told(client: Client) -> None:
    for path in (SEARCH, "/readyz"):
        response = client.simulate_get(path)

        assert response.status_code == 503
        assert response.headers["retry-after"] == "60"
        assert response.headers["content-type"] == "application/problem+json"
        assert response.json["code"] == "index_missing"
        assert "samsok reindex" in response.json["detail"]
    assert client.simulate_get("/healthz").json == {"status": "ok"}


def test_a_damaged_index_is_503_with_the_way_out(tmp_path: Path) -> None:
    from indexer.engine import open_index  # noqa: PLC0415 - only here a real directory is needed

    (tmp_path / "index").mkdir()
    (tmp_path / "index" / "CURRENT").write_text("nonsense")
    app = create_app(open_index("whoosh", tmp_path / "index"), Settings(data_dir=str(tmp_path)))

    response = Client(app).simulate_get(SEARCH)

    assert response.status_code == 503
    assert response.json["code"] == "index_unavailable"
    assert "--from-store" in response.json["detail"]


@pytest.mark.usefixtures("pages")
def test_the_same_question_to_the_same_index_is_answered_by_304(
    client: Client, publish: Publish, index: MemoryIndex
) -> None:
    first = ask(client, "q=samverkan&kind=news")
    tag = first.headers["etag"]
    assert tag.startswith('W/"')
    assert first.headers["cache-control"] == "no-cache"

    again = ask(client, "kind=news&q=samverkan", **{"If-None-Match": tag})
    assert again.status_code == 304
    assert again.content == b""
    assert again.headers["etag"] == tag
    assert ask(client, "q=annat", **{"If-None-Match": tag}).status_code == 200

    index.suppress(frozenset({"doc-001"}))
    publish([document(1)])
    client = Client(create_app(index, Settings(data_dir="unused")))
    assert ask(client, "q=samverkan&kind=news", **{"If-None-Match": tag}).status_code == 200


@pytest.mark.usefixtures("pages")
def test_without_facets_is_another_answer_than_with_the_usual_ones(client: Client) -> None:
    usual, none = ask(client, "q=samverkan"), ask(client, "q=samverkan&facets=,")

    assert none.json["facets"] == {}
    assert none.headers["etag"] != usual.headers["etag"]
    path, _, query = none.json["links"]["self"].partition("?")
    assert client.simulate_get(path, query_string=query).json["facets"] == {}


@pytest.mark.parametrize(("query", "language"), [("pge=2", "sv"), ("pge=2&lang=en", "en")])
def test_a_problem_names_its_language(client: Client, query: str, language: str) -> None:
    assert ask(client, query).headers["content-language"] == language


@pytest.mark.usefixtures("pages")
def test_head_is_get_without_the_body(client: Client) -> None:
    got = ask(client, "q=samverkan")
    head = client.simulate_head(SEARCH, query_string="q=samverkan")

    assert head.status_code == 200
    assert head.content == b""
    assert head.headers["etag"] == got.headers["etag"]
    assert head.headers["content-type"] == got.headers["content-type"]


@pytest.mark.usefixtures("pages")
def test_anyone_may_read_the_api_from_a_page_but_not_with_credentials(client: Client) -> None:
    response = ask(client, "q=samverkan", Origin="https://www.example.org")

    assert response.headers["access-control-allow-origin"] == "*"
    assert "access-control-allow-credentials" not in response.headers
    assert "access-control-allow-origin" not in client.simulate_get("/").headers


@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    response = client.simulate_request(method, SEARCH)

    assert response.status_code == 405
    assert "GET" in response.headers["allow"]
    assert response.json["code"] == "method_not_allowed"


@pytest.mark.parametrize("path", ["/api", "/api/v1", "/api/v2/search", "/api/v1/search/x"])
def test_an_unknown_path_of_the_api_is_a_problem(client: Client, path: str) -> None:
    response = client.simulate_get(path, query_string="lang=en")

    assert response.status_code == 404
    assert response.headers["content-type"] == "application/problem+json"
    assert response.json["title"] == "Not found"


@pytest.mark.usefixtures("pages")
def test_links_carry_the_public_address(index: MemoryIndex) -> None:
    settings = Settings(data_dir="x", root_path="/sok", base_url="https://www.example.org/")
    client = Client(create_app(index, settings))

    links: Any = ask(client, "q=samverkan").json["links"]

    assert links["self"] == "https://www.example.org/sok/api/v1/search?q=samverkan"
    assert links["next"] == "https://www.example.org/sok/api/v1/search?q=samverkan&page=2"


@pytest.mark.usefixtures("pages")
def test_every_answer_has_an_id_and_a_log_line_that_tells_nothing_personal(
    client: Client, capsys: pytest.CaptureFixture[str]
) -> None:
    response = ask(client, "q=hemligt", **{"X-Request-ID": "abc-1"})
    odd = ask(client, "q=hemligt", **{"X-Request-ID": "bad id\twith tab"})

    assert response.headers["x-request-id"] == "abc-1"
    assert odd.headers["x-request-id"] != "bad id\twith tab"
    log = capsys.readouterr().err
    assert '"route":"/api/v1/search"' in log
    assert '"id":"abc-1"' in log
    assert "hemligt" not in log
    assert "127.0.0.1" not in log


def test_an_unexpected_error_is_a_problem_and_not_a_traceback(
    caplog: pytest.LogCaptureFixture,
) -> None:
    class Broken(MemoryIndex):
        """An index whose disk has gone."""

        def current(self) -> str | None:
            raise OSError("disk on fire")

    app = create_app(Broken(), Settings(data_dir="unused"))
    response = Client(app).simulate_get(SEARCH)

    assert response.status_code == 500
    assert response.json["code"] == "internal_error"
    assert "fire" not in response.text
    assert "disk on fire" in caplog.text
