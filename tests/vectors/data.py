"""Test vectors that others made, read from where they lie and not copied into the project.

They are below `conformance` in the folder that the environment variable SAMSOK_DATA names: of
google/robotstxt and google/robotstxt-spec-test, scrapy/w3lib, web-platform-tests and
html5lib-tests. Without it the tests that need them are skipped.
"""

from __future__ import annotations

import json
import os
from pathlib import Path
from typing import Any

import pytest


def vectors(name: str) -> list[dict[str, Any]]:
    """Return the vectors of a file such as ``robots/vectors.jsonl``, or skip the test."""
    folder = os.environ.get("SAMSOK_DATA")
    if not folder:
        pytest.skip("SAMSOK_DATA does not name a folder with test vectors")
    path = Path(folder) / "conformance" / name
    if not path.is_file():
        pytest.skip(f"there is no conformance/{name} below SAMSOK_DATA")
    return [json.loads(line) for line in path.read_text("utf-8").splitlines()]
