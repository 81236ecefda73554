"""What holds for every address that programs read."""

from __future__ import annotations

from typing import Any

import falcon.testing
import pytest

Client = falcon.testing.TestClient

# Each with a query that it answers, and one of its parameters misspelt.
ENDPOINTS = {
    "/api/v1/search": ("q=samverkan", "pge=1", "page"),
    "/api/v1/suggest": ("q=samverkan", "limt=1", "limit"),
    "/api/v1/documents/a0000000000000000001": ("", "lnag=en", "lang"),
    "/api/v1/documents/a0000000000000000001/similar": ("limit=3", "limt=1", "limit"),
    "/api/v1/people": ("q=samverkan", "szie=1", "size"),
    "/api/v1/facets": ("q=samverkan", "facet=kind", "facets"),
    "/api/v1/changes": ("size=5", "szie=1", "size"),
    "/api/v1/export": ("format=ris&q=samverkan", "fromat=ris", "format"),
    "/feed.atom": ("q=samverkan", "limt=1", "limit"),
    "/suggest.json": ("q=samverkan", "limt=1", "limit"),
    "/opensearch.xml": ("lang=en", "lnag=en", "lang"),
}
OF_THE_INDEX = [path for path in ENDPOINTS if path != "/opensearch.xml"]

ODD = [
    "q=a%00b",
    "q=a%0Ab",
    "q%00=a",
    "q[]=a",
    "=1",
    "q",
    "&&&",
    "q=%",
    "q=%zz%",
    "q=%FF%FE",
    "q=%ED%A0%80",
    "q=" + "%F0%9F%98%80" * 100,
    "q=" + "%CC%81" * 200,
    "q=" + "(" * 200,
    "q=" + '"' * 200,
    "q=" + "-" * 200,
    "q=" + "b" * 201,
    "q=*a*",
    "q=%0d%0aSet-Cookie:%20a=b",
    "q=a&q=b",
    "limit=0",
    "limit=-1",
    "limit=1.5",
    "limit=%D9%A1",
    "limit=1_0",
    "limit=" + "9" * 400,
    "limit=1&limit=2",
    "page=1000&size=100",
    "size=101",
    "kind=nonsense",
    "from=2026-02-30",
    "from=0001-01-01&to=9999-12-31",
    "since=0001-01-01&until=9999-12-31",
    "since=2026-02-01&until=2026-01-01",
    "since=0000-00-00",
    "event=,,,",
    "event=x",
    "from=2026-02-01&to=2026-01-01",
    "year=20",
    "sort=best",
    "facets=,,,",
    "facets=x,y",
    "expand=maybe",
    "lang=de",
    "lang=sv&lang=en",
    "partner=%00",
    "partner=" + "a" * 201,
    "&".join(f"partner={n}" for n in range(51)),
    "x" * 8000 + "=1",
    "&".join(f"p{n}=1" for n in range(2000)),
    "q=" + "a" * 16_384,
]


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("path", [*ENDPOINTS, "/openapi.json"])
def test_head_is_get_without_the_body_and_304_when_nothing_changed(
    client: Client, path: str
) -> None:
    query = ENDPOINTS[path][0] if path in ENDPOINTS else ""
    got = client.simulate_get(path, query_string=query)
    head = client.simulate_head(path, query_string=query)
    again = client.simulate_get(
        path, query_string=query, headers={"If-None-Match": got.headers["etag"]}
    )

    assert (got.status_code, head.status_code, again.status_code) == (200, 200, 304)
    assert got.content
    assert head.content == again.content == b""
    assert head.headers["content-type"] == got.headers["content-type"]
    for name in ("etag", "cache-control", "access-control-allow-origin", "x-robots-tag"):
        assert head.headers[name] == again.headers[name] == got.headers[name]
    assert got.headers["access-control-allow-origin"] == "*"
    assert got.headers["x-robots-tag"] == "noindex"


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("method", ["POST", "PUT", "DELETE", "PATCH", "TRACE"])
def test_other_methods_are_refused(client: Client, method: str) -> None:
    for path in (*ENDPOINTS, "/openapi.json"):
        response = client.simulate_request(method, path)

        assert response.status_code == 405, path
        assert {"GET", "HEAD"} <= set(response.headers["allow"].split(", "))


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("path", ENDPOINTS)
def test_a_misspelt_parameter_is_told_the_nearest(client: Client, path: str) -> None:
    _, misspelt, right = ENDPOINTS[path]
    wrong: Any = client.simulate_get(path, query_string=misspelt).json
    unheard_of: Any = client.simulate_get(path, query_string="zzzzzz=1").json

    assert (wrong["status"], wrong["code"]) == (400, "bad_parameter")
    assert wrong["parameter"] == misspelt.partition("=")[0]
    assert f"menade du {right}?" in wrong["detail"]
    assert unheard_of["parameter"] == "zzzzzz"
    assert right in unheard_of["detail"]


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("odd", ODD, ids=lambda value: value[:24])
def test_odd_parameters_are_answered_or_refused(client: Client, odd: str) -> None:
    for path in (*ENDPOINTS, "/openapi.json"):
        response = client.simulate_get(path, query_string=odd)

        assert response.status_code in {200, 400, 414}, path
        assert "set-cookie" not in response.headers
        if response.status_code != 200:
            assert response.headers["content-type"] == "application/problem+json"
            assert response.json["code"] in {"bad_parameter", "uri_too_long"}


@pytest.mark.parametrize("path", OF_THE_INDEX)
def test_before_the_first_reindex_the_answer_is_503(client: Client, path: str) -> None:
    response = client.simulate_get(path, query_string=ENDPOINTS[path][0])

    assert response.status_code == 503
    assert response.json["code"] == "index_missing"
    assert response.headers["retry-after"] == "60"


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("path", ENDPOINTS)
def test_who_says_what_the_host_is_is_not_believed(client: Client, path: str) -> None:
    response = client.simulate_get(
        path,
        query_string=ENDPOINTS[path][0],
        headers={"Host": "evil.example", "X-Forwarded-Host": "evil.example"},
    )

    assert response.status_code == 200
    assert "evil.example" not in response.text + str(response.headers)
