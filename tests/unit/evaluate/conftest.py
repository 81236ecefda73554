from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

import pytest

from indexer.analysis import build_bundle
from indexer.engine import Document, Searcher
from indexer.engine.memory_backend import MemoryIndex
from indexer.evaluate import JudgedPage, QueryResult, Run
from indexer.model import Vocabulary

Open = Callable[[Sequence[Document]], Searcher]


@pytest.fixture(scope="package")
def bundle(tmp_path_factory: pytest.TempPathFactory) -> Path:
    directory = tmp_path_factory.mktemp("bundle")
    words = ["samverkan", "avtal", "kommunen", "hälsa", "forskning", "trollhättan"]
    build_bundle(directory, words=dict.fromkeys(words, 3), vocabulary=Vocabulary())
    return directory


@pytest.fixture
def opened(bundle: Path) -> Open:
    def build(documents: Sequence[Document]) -> Searcher:
        index = MemoryIndex()
        with index.writer(bundle=bundle) as writer:
            for item in documents:
                writer.put(item)
        index.publish("gen-000001")
        return index.searcher()

    return build


def result(query: str, *pages: tuple[str, int, int | None], trait: str = "") -> QueryResult:
    """Return the result of a query; each page with its grade and rank."""
    judged = tuple(JudgedPage(page=page, grade=grade, rank=rank) for page, grade, rank in pages)
    return QueryResult(
        query=query,
        trait=trait,
        total=sum(page.rank is not None for page in judged),
        relaxed=False,
        suggestion=None,
        judged=judged,
        first=tuple(page.page for page in judged if page.rank),
    )


def run_of(*results: QueryResult, generation: str = "gen-000001") -> Run:
    return Run(generation=generation, expand=True, results=results)
