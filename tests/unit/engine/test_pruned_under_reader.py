"""Whoever has a generation open goes on with it when it has been deleted."""

from __future__ import annotations

import shutil
from pathlib import Path

from indexer.analysis import build_bundle
from indexer.engine import SearchRequest, search
from indexer.engine.suggesting import SUGGESTIONS, write_suggestions
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.model import Vocabulary
from tests.support.documents import document


def test_every_search_is_answered_as_before(tmp_path: Path) -> None:
    documents = [
        document(
            number, f"Havsörn {number}", "Kompetensutveckling i kommunen.", partners=("Staden",)
        )
        for number in range(3)
    ]
    bundle, vocabulary = tmp_path / "bundle", Vocabulary()
    bundle.mkdir()
    build_bundle(bundle, words={"kompetensutveckling": 3, "kommunen": 3}, vocabulary=vocabulary)
    write_suggestions(bundle / SUGGESTIONS, documents, vocabulary=vocabulary)
    index = WhooshIndex(tmp_path / "index")
    with index.writer(bundle=bundle) as writer:
        for one in documents:
            writer.put(one)
    index.publish(index.generations()[-1].name)

    with index.searcher() as searcher:
        completions = searcher.suggest("hav")
        assert completions
        shutil.rmtree(tmp_path / "index")
        misspelt = search(searcher, SearchRequest(text="kompetensutvekling"))
        assert misspelt.suggestion is not None
        assert misspelt.suggestion.text == "kompetensutveckling"
        assert len(misspelt.results) == 3
        faceted = search(searcher, SearchRequest(text="kommunen", facets=("partner",)))
        assert [(it.value, it.count) for it in faceted.facets["partner"]] == [("Staden", 3)]
        assert faceted.results[0].snippet.pieces
        assert searcher.suggest("hav") == completions
        assert searcher.get(documents[0].id) == documents[0]
        assert list(searcher.scan()) == documents
