"""The arrays, given Whoosh's weighting, rank as Whoosh does: what ours does besides is a choice."""

from __future__ import annotations

import random
from pathlib import Path

import numpy as np
import pytest
from whoosh import index as whoosh_index
from whoosh import query as whoosh_query

from indexer.analysis import build_bundle
from indexer.engine import Query, schema
from indexer.engine.query import AllOf, AnyOf, Node, Term
from indexer.engine.schema import FIELD_WEIGHTS
from indexer.engine.whoosh_backend import WhooshIndex, inversion
from indexer.engine.whoosh_backend import writer as writer_module
from indexer.engine.whoosh_backend.arrays import ScoreArrays
from indexer.engine.whoosh_backend.forward import ForwardSegment
from indexer.engine.whoosh_backend.inversion import export
from indexer.engine.whoosh_backend.scoring import RECIPE, WHOOSH
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


def test_blocks_of_any_size_give_the_same_arrays(
    index: tuple[WhooshIndex, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    generation = index[1].parent
    segments = [ForwardSegment(folder) for folder in (generation / "forward").iterdir()]
    live = np.ones(400, bool)
    live[::7] = False
    export(tmp_path / "whole", segments, live, scoring=RECIPE)

    monkeypatch.setattr(inversion, "_BLOCK", 97)
    export(tmp_path / "blocks", segments, live, scoring=RECIPE)

    files = sorted((tmp_path / "whole").iterdir())
    assert len(files) > 15
    for file in files:
        assert file.read_bytes() == (tmp_path / "blocks" / file.name).read_bytes(), file.name


def test_a_gram_that_many_documents_hold_is_left_out_of_a_large_index(
    index: tuple[WhooshIndex, Path], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    segments = [ForwardSegment(folder) for folder in (index[1].parent / "forward").iterdir()]
    export(tmp_path / "small", segments, np.ones(400, bool), scoring=RECIPE)
    monkeypatch.setattr(schema, "MOST_COMMON_FROM", 400)
    export(tmp_path / "large", segments, np.ones(400, bool), scoring=RECIPE)

    small = ScoreArrays(tmp_path / "small").postings["gram"].find("_ord")
    large = ScoreArrays(tmp_path / "large").postings["gram"].find("_ord")

    assert small is not None
    assert large is not None
    assert (len(small[0]), len(large[0])) == (400, 0)


def test_documents_come_back_from_as_many_segments_as_they_need(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(writer_module, "LARGEST_SEGMENT", 2_000)
    bundle = tmp_path / "bundle"
    bundle.mkdir()
    build_bundle(bundle, words={}, vocabulary=Vocabulary())
    opened = WhooshIndex(tmp_path / "index")
    pages = [document(number, f"Sida {number}", text="ord " * number) for number in range(30)]
    with opened.writer(bundle=bundle) as writer:
        for page in pages:
            writer.put(page)
        writer.put(pages[3])
    name = opened.generations()[-1].name

    assert len(list((tmp_path / "index" / name / "forward").iterdir())) > 3
    with opened.searcher(name) as searcher:
        assert list(searcher.scan()) == pages
        assert searcher.search(Query(tree=Term(chain="exact", text="ord"))).total == 29
