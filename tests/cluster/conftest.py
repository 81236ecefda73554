from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from indexer.analysis import build_bundle
from indexer.engine.opensearch_backend import OpenSearchIndex
from indexer.model import Vocabulary
from tests.support.cluster import opened


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("bundle")
    build_bundle(directory, words={}, vocabulary=Vocabulary())
    return directory


@pytest.fixture
def index(tmp_path: Path) -> Iterator[OpenSearchIndex]:
    with opened(tmp_path / "cache") as one:
        yield one
