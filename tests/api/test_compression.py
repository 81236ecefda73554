"""Answers that are sent compressed, to whom takes them so and to nobody else."""

from __future__ import annotations

import gzip

import falcon.testing
import pytest

Client = falcon.testing.TestClient
PATHS = ("/api/v1/search", "/sok", "/feed.atom", "/static/samsok.css", "/widget.js")


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize("path", PATHS)
def test_who_takes_gzip_gets_the_same_in_fewer_bytes(client: Client, path: str) -> None:
    plain = client.simulate_get(path)
    packed = client.simulate_get(path, headers={"Accept-Encoding": "br, gzip"})

    assert "content-encoding" not in plain.headers
    assert packed.headers["content-encoding"] == "gzip"
    assert packed.headers.get("etag") == plain.headers.get("etag")
    unpacked = gzip.decompress(packed.content)
    assert int(packed.headers["content-length"]) == len(packed.content) < len(unpacked)
    if path not in {"/api/v1/search", "/feed.atom"}:  # which say when they were made
        assert unpacked == plain.content
    for answer in (plain, packed):
        assert "accept-encoding" in answer.headers["vary"].lower()


@pytest.mark.usefixtures("knowledge")
@pytest.mark.parametrize(
    ("accepted", "is_packed"),
    [
        ("gzip", True),
        ("GZIP;q=0.1", True),
        ("*", True),
        ("gzip;q=1.0, identity; q=0.5", True),
        ("", False),
        ("br", False),
        ("gzip;q=0", False),
        ("gzip; q=0.000", False),
        ("*;q=0", False),
        ("*, gzip;q=0", False),
        ("x-gzip-not", False),
        (";;;q=,,", False),
    ],
)
def test_a_weight_of_nothing_is_a_no(client: Client, accepted: str, is_packed: bool) -> None:
    answer = client.simulate_get("/sok", headers={"Accept-Encoding": accepted})

    assert answer.status_code == 200
    assert ("content-encoding" in answer.headers) == is_packed


@pytest.mark.usefixtures("knowledge")
def test_head_says_what_get_would_and_304_and_small_answers_stay_as_they_are(
    client: Client,
) -> None:
    packs = {"Accept-Encoding": "gzip"}
    got = client.simulate_get("/sok", headers=packs)
    head = client.simulate_head("/sok", headers=packs)
    held = client.simulate_get("/sok", headers=packs | {"If-None-Match": got.headers["etag"]})

    assert head.content == b""
    assert head.headers["content-encoding"] == "gzip"
    assert held.status_code == 304
    assert "content-encoding" not in held.headers
    assert "content-encoding" not in client.simulate_get("/healthz", headers=packs).headers
