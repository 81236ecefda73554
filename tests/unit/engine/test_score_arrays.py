"""The arrays, given Whoosh's weighting, rank as Whoosh does: what ours does besides is a choice."""

from __future__ import annotations

import random
from pathlib import Path

import pytest
from whoosh import index as whoosh_index
from whoosh import query as whoosh_query

from indexer.analysis import build_bundle
from indexer.engine import Query
from indexer.engine.query import AllOf, AnyOf, Node, Term
from indexer.engine.schema import FIELD_WEIGHTS
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.engine.whoosh_backend.scoring import WHOOSH
from indexer.model import Vocabulary
from tests.support.documents import document

WORDS = [f"ord{number}" for number in range(60)]


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> tuple[WhooshIndex, Path]:
    folder = tmp_path_factory.mktemp("arrays")
    bundle = folder / "bundle"
    bundle.mkdir()
    build_bundle(bundle, words={}, vocabulary=Vocabulary())
    chance = random.Random(5)
    opened = WhooshIndex(folder / "index", scoring=WHOOSH)
    with opened.writer(bundle=bundle) as writer:
        for number in range(400):
            often = [1 / (rank + 1) for rank in range(len(WORDS))]
            text = chance.choices(WORDS, often, k=chance.randint(3, 120))
            title = chance.choices(WORDS, k=chance.randint(1, 4))
            writer.put(document(number, " ".join(title), text=" ".join(text), kind="page"))
    name = opened.generations()[-1].name
    opened.publish(name)
    return opened, folder / "index" / name / "segments"


@pytest.mark.parametrize("wanted", ["any", "all"])
def test_plain_terms_rank_exactly_as_in_stock_whoosh(
    index: tuple[WhooshIndex, Path], wanted: str
) -> None:
    ours, segments = index
    chance = random.Random(6)
    with (
        ours.searcher() as arrays,
        whoosh_index.open_dir(str(segments), readonly=True).searcher() as stock,
    ):
        for _ in range(100):
            texts = chance.sample(WORDS, chance.randint(1, 4))
            terms = tuple(Term(chain="exact", text=text) for text in texts)
            tree: Node = AnyOf(terms) if wanted == "any" else AllOf(terms)
            asked = [
                whoosh_query.Or(
                    [
                        whoosh_query.Term(f"{field}_exact", text, boost=weight)
                        for field, weight in FIELD_WEIGHTS.items()
                    ]
                )
                for text in texts
            ]
            whole = whoosh_query.Or(asked) if wanted == "any" else whoosh_query.And(asked)
            found = stock.search(whole, limit=None)
            scores = {hit["id"]: round(hit.score or 0.0, 4) for hit in found}

            mine = arrays.search(Query(tree=tree, limit=400))

            assert {hit.document.id: hit.score for hit in mine.hits} == pytest.approx(
                scores, rel=1e-4
            )
            assert [scores[hit.document.id] for hit in mine.hits[:10]] == pytest.approx(
                sorted(scores.values(), reverse=True)[:10], rel=1e-4
            )
