"""Plain terms: ours with Whoosh's weighting beside the others, on the same terms.

Texts and queries are analysed once for all engines: words of letters in lower case, with spaces
between. A query wants any of its terms in title or body, and reads the ten best documents.
"""

from __future__ import annotations

import random
import re
import tempfile
from collections import Counter
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.engine import peers
from benchmarks.timing import Times, measure_each
from indexer.engine import Query
from indexer.engine.query import AnyOf, Term
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.engine.whoosh_backend.scoring import WHOOSH
from indexer.jobs.indexing import GenerationBuilder
from indexer.model import Section, Vocabulary

if TYPE_CHECKING:
    from collections.abc import Sequence

    from benchmarks.engine.peers import AskTerms
    from indexer.engine import Document

OURS = "Samsök"
QUERIES = 300
_WORD = re.compile(r"[^\W\d_]+")
_BANDS = (0.3, 0.03, 0.003, 0.0)
"""Shares of the documents that hold a term: each query draws its terms from all of these bands."""


def main(documents: Sequence[Document], *, engines: Sequence[str]) -> None:
    """Build every engine, ask all the same, and print what a query costs."""
    texts = [_plain(document) for document in documents]
    queries = _queries(texts)
    print(f"{len(texts)} texts, {len(queries)} queries of one to three terms")
    columns = f"{'p50':>8}{'p95':>8}{'mean':>8}{'p50 / ours':>12}{'mean / ours':>13}"
    print(f"{'CPU ms per query':16}{columns}")
    ours: Times | None = None
    for name in (OURS, *(engine for engine in engines if engine != OURS)):
        with tempfile.TemporaryDirectory() as directory:
            try:
                ask = _asker(name, Path(directory) / "index", texts)
            except ImportError as error:
                print(f"{name:16}  not installed: {error}")
                continue
            times = measure_each(ask, queries)
        ours = ours or times
        ratios = f"{times.p50 / ours.p50:12.2f}{times.mean / ours.mean:13.2f}"
        print(f"{name:16}{times.p50:8.3f}{times.p95:8.3f}{times.mean:8.3f}{ratios}")


def _asker(name: str, directory: Path, texts: Sequence[Document]) -> AskTerms:
    if name != OURS:
        return peers.by_terms(name, directory, texts)
    index = WhooshIndex(directory, scoring=WHOOSH)
    index.publish(GenerationBuilder(index, vocabulary=Vocabulary()).build(lambda: texts).name)
    searcher = index.searcher()

    def ask(terms: Sequence[str]) -> list[str]:
        tree = AnyOf(tuple(Term(chain="exact", text=term) for term in terms))
        hits = searcher.search(Query(tree=tree, limit=peers.HITS)).hits
        return [hit.document.id for hit in hits]

    return ask


def _plain(document: Document) -> Document:
    title, text = (
        " ".join(_WORD.findall(part.lower()))
        for part in (document.title, document.sections[0].text)
    )
    return replace(document, title=title, sections=(Section(text=text),))


def _queries(texts: Sequence[Document]) -> list[tuple[str, ...]]:
    """Return queries whose terms are common, less common and rare, the same every time."""
    held: Counter[str] = Counter()
    for text in texts:
        held.update(set(text.sections[0].text.split()))
    chance = random.Random(11)  # noqa: S311 - the same queries every time
    terms = sorted(term for term, count in held.items() if count > 1)
    bands = [
        [term for term in terms if low * len(texts) < held[term] <= high * len(texts)]
        for low, high in zip(_BANDS, (1.0, *_BANDS), strict=False)
    ]
    filled = [band for band in bands if band]
    return [
        tuple(chance.choice(chance.choice(filled)) for _ in range(chance.randint(1, 3)))
        for _ in range(QUERIES)
    ]
