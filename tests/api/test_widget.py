"""The search box for other sites, as it is served."""

from __future__ import annotations

import falcon.testing
import pytest

from indexer.engine.memory_backend import MemoryIndex
from search_api.app import create_app
from search_api.settings import Settings

Client = falcon.testing.TestClient


def test_any_site_may_load_it_and_browsers_ask_again_after_an_hour(client: Client) -> None:
    first = client.simulate_get("/widget.js")

    assert first.status_code == 200
    assert first.headers["content-type"] == "text/javascript; charset=utf-8"
    assert first.headers["access-control-allow-origin"] == "*"
    assert first.headers["cross-origin-resource-policy"] == "cross-origin"
    assert first.headers["cache-control"] == "public, max-age=3600"
    assert client.simulate_head("/widget.js").status_code == 200
    again = client.simulate_get("/widget.js", headers={"If-None-Match": first.headers["etag"]})
    assert again.status_code == 304


def test_it_speaks_both_languages_and_is_small(client: Client) -> None:
    packed = client.simulate_get("/widget.js", headers={"Accept-Encoding": "gzip"})
    script = client.simulate_get("/widget.js").text

    assert "Sök efter ord" in script
    assert "Search for words" in script
    assert len(packed.content) < 5_000


def test_it_writes_no_markup_and_runs_no_text(client: Client) -> None:
    script = client.simulate_get("/widget.js").text

    for dangerous in ("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "eval("):
        assert dangerous not in script


@pytest.mark.parametrize(
    ("settings", "address"),
    [
        (Settings(data_dir="x"), "http://127.0.0.1:8080"),
        (Settings(data_dir="x", root_path="/under"), "http://127.0.0.1:8080/under"),
        (
            Settings(data_dir="x", base_url="https://sok.example.org", root_path="/s"),
            "https://sok.example.org/s",
        ),
    ],
)
def test_what_is_copied_has_the_address_of_the_service_whatever_the_client_calls_it(
    index: MemoryIndex, settings: Settings, address: str
) -> None:
    client = Client(create_app(index, settings))

    page = client.simulate_get("/widget", headers={"Host": 'evil.example"><script>'}).text
    english = client.simulate_get("/en/widget").text

    assert f"src=&#34;{address}/widget.js&#34;" in page or f'src="{address}/widget.js"' in page
    assert f"{address}/sok" in page
    assert f"{address}/en/sok" in english
    assert "evil.example" not in page
