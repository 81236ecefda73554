"""Completions come with a generation, whatever the backend."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path

import pytest

from indexer.analysis import build_bundle
from indexer.engine import Document, SearchIndex
from indexer.engine.suggesting import SUGGESTIONS, write_suggestions
from indexer.model import Vocabulary
from tests.support.documents import document

PAGES = (
    document(1, title="Högskolan i väster", persons=()),
    document(2, title="Hälsa i arbetslivet", persons=()),
)


def published(index: SearchIndex, folder: Path, documents: Sequence[Document]) -> None:
    folder.mkdir()
    build_bundle(folder, words={}, vocabulary=Vocabulary())
    write_suggestions(folder / SUGGESTIONS, documents)
    with index.writer(bundle=folder) as writer:
        for page in documents:
            writer.put(page)
    index.publish(index.generations()[-1].name)


def completed(index: SearchIndex, text: str) -> list[str]:
    with index.searcher() as searcher:
        return [completion.text for completion in searcher.suggest(text)]


def test_each_generation_completes_to_what_it_holds(index: SearchIndex, tmp_path: Path) -> None:
    published(index, tmp_path / "first", PAGES[:1])
    assert completed(index, "h") == ["Högskolan i väster"]
    with index.searcher() as old:
        published(index, tmp_path / "second", PAGES)

        assert completed(index, "ha") == ["Hälsa i arbetslivet"]
        assert old.suggest("ha") == ()


def test_what_is_suppressed_is_not_offered(index: SearchIndex, tmp_path: Path) -> None:
    published(index, tmp_path / "bundle", PAGES)
    index.suppress(frozenset({PAGES[0].id}))

    assert completed(index, "h") == ["Hälsa i arbetslivet"]


def test_a_generation_without_suggestions_offers_nothing(
    index: SearchIndex, tmp_path: Path
) -> None:
    folder = tmp_path / "bundle"
    folder.mkdir()
    build_bundle(folder, words={}, vocabulary=Vocabulary())
    with index.writer(bundle=folder) as writer:
        writer.put(PAGES[0])
    index.publish(index.generations()[-1].name)

    assert completed(index, "h") == []


@pytest.mark.parametrize("typed", ["", " ", "\ud800", "a" * 10_000, '"', "%", "\x00"])
def test_nothing_that_is_typed_raises(index: SearchIndex, tmp_path: Path, typed: str) -> None:
    published(index, tmp_path / "bundle", PAGES)

    assert completed(index, typed) == []
