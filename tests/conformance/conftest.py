"""Every backend answers alike. Add a backend here before anywhere else."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from pathlib import Path

import pytest

from indexer.analysis import build_bundle
from indexer.engine import Document, IndexWriter, SearchIndex
from indexer.engine.memory_backend import MemoryIndex
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.model import Vocabulary
from tests.support.cluster import opened

Publish = Callable[..., str]


@pytest.fixture(
    params=[
        "memory",
        "whoosh",
        pytest.param((1, 0), id="opensearch-1-shard", marks=pytest.mark.cluster),
        pytest.param((3, 1), id="opensearch-3-shards-1-replica", marks=pytest.mark.cluster),
    ]
)
def index(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[SearchIndex]:
    if request.param == "memory":
        yield MemoryIndex()
    elif request.param == "whoosh":
        yield WhooshIndex(tmp_path / "index")
    else:
        shards, replicas = request.param
        with opened(tmp_path / "cache", shards=shards, replicas=replicas) as index:
            yield index


@pytest.fixture(scope="session")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("bundle")
    build_bundle(directory, words={}, vocabulary=Vocabulary())
    return directory


@pytest.fixture
def writer(index: SearchIndex, bundle: Path) -> Callable[..., IndexWriter]:
    def open_writer(base: str | None = None) -> IndexWriter:
        return index.writer(bundle=bundle, base=base)

    return open_writer


@pytest.fixture
def publish(index: SearchIndex, writer: Callable[..., IndexWriter]) -> Publish:
    """Build a generation of documents, put it into service, and return its name."""

    def build(documents: Sequence[Document], *, base: str | None = None) -> str:
        opened = writer(base)
        for document in documents:
            opened.put(document)
        generation = opened.commit()
        index.publish(generation.name)
        return generation.name

    return build
