"""Whatever the file holds, it is a configuration or a list of problems."""

from __future__ import annotations

import os
import re
import tempfile
from pathlib import Path
from typing import Any

import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from indexer.config import Config, keys, load
from indexer.errors import ConfigError
from tests.unit.config.writing import RIGHT

TYPES = ("website", "sitemap", "feed", "oai_pmh")
WORDS = sorted({key.name for key in keys()} | {*TYPES, "auto", "env:HOME", "env:"})
SCALARS = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.floats(allow_nan=True)
    | st.text(max_size=20)
    | st.sampled_from(
        [*WORDS, "/a/**", "https://www.example.org/", "www.example.org", "h1 > p", "["]
    )
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(WORDS) | st.text(max_size=5), inner, max_size=5)
    ),
    max_leaves=25,
)


def outcome_of(data: bytes) -> Config | ConfigError:
    with tempfile.TemporaryDirectory() as directory:
        path = Path(directory) / "crawl_config.yaml"
        path.write_bytes(data)
        try:
            return load(path)
        except ConfigError as error:
            return error


def assert_usable(data: bytes) -> None:
    """Say that the outcome is a configuration, or problems that can be shown on a terminal."""
    outcome = outcome_of(data)
    if isinstance(outcome, Config):
        assert outcome.sources
        assert outcome.data_dir.is_absolute()
        return
    assert outcome.problems
    last = (
        data.count(b"\n")
        + data.count(b"\r")
        + 1
        + 2 * data.count(b"\xc2\x85")
        + data.count(b"\xe2\x80")
    )
    for problem in outcome.problems:
        assert problem.message
        assert not re.search(r"pydantic|Input should|Field required|Extra inputs", str(problem))
        assert problem.line is None or 1 <= problem.line <= last
        str(problem).encode()


@given(data=st.binary(max_size=300))
def test_any_bytes(data: bytes) -> None:
    assert_usable(data)


@given(text=st.text(max_size=300))
def test_any_text(text: str) -> None:
    assert_usable(text.encode("utf-8", "surrogatepass"))


@given(text=st.text(alphabet="ab:-[]{},&*!|>'\"%@`#?\\ \n\t0~<.u", max_size=60))
def test_any_text_that_looks_like_yaml(text: str) -> None:
    assert_usable(text.encode())
    assert_usable((RIGHT + text).encode())


@settings(max_examples=200)
@given(value=st.dictionaries(st.sampled_from(WORDS), VALUES, max_size=8))
def test_any_values_under_known_keys(value: dict[str, Any]) -> None:
    right = yaml.safe_load(RIGHT)
    assert_usable(yaml.safe_dump(value).encode())
    assert_usable(yaml.safe_dump(right | value, allow_unicode=True).encode())
    for kind in TYPES:
        source = right["sources"][0] | value | {"type": kind}
        assert_usable(yaml.safe_dump(right | {"sources": [source]}).encode())


@given(place=st.integers(0, len(RIGHT)), text=st.text(max_size=5))
def test_a_right_file_with_something_put_in(place: int, text: str) -> None:
    spoilt = RIGHT[:place] + text + RIGHT[place:]
    assert_usable(spoilt.encode("utf-8", "surrogatepass"))


@given(text=st.text(max_size=40))
def test_any_value_of_the_environment(text: str) -> None:
    value = text.replace("\0", "").encode("utf-8", "surrogatepass")
    before = os.environb.copy()
    os.environb[b"SAMSOK_ANY"] = value
    try:
        for key in ("user_agent", "data_dir", "version", "http"):
            lines = [line for line in RIGHT.splitlines() if not line.startswith(key)]
            assert_usable("\n".join([*lines, f"{key}: env:SAMSOK_ANY"]).encode())
    finally:
        os.environb.clear()
        os.environb.update(before)
