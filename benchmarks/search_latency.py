"""CPU milliseconds per query, beside stock Whoosh, with and without facets and snippets."""

from __future__ import annotations

import argparse
import tempfile
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import corpus, stock_whoosh
from benchmarks.timing import measure_each
from indexer.engine import FILTERS, SearchRequest, open_index, search
from indexer.engine.query_parser import parse as parse_words
from indexer.engine.ranking import interpret
from indexer.engine.searching import as_query
from indexer.jobs.indexing import GenerationBuilder
from indexer.model import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable


def main() -> None:
    """Build both, ask both the same, and print how long they took."""
    parser = argparse.ArgumentParser(description=__doc__)
    corpus.add_arguments(parser)
    args = parser.parse_args()
    documents = corpus.documents(args)
    asked = corpus.queries(documents)
    print(f"{len(documents)} documents, {len(asked)} queries, CPU ms per query, second pass")
    print(f"{'':44}{'p50':>8}{'p95':>8}{'mean':>8}")
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        stock = stock_whoosh.build(root / "stock", documents)
        index = open_index("whoosh", root / "ours")
        generation = GenerationBuilder(index, vocabulary=Vocabulary()).build(lambda: documents)
        index.publish(generation.name)
        with index.searcher() as ours, stock.searcher() as theirs:
            parse = stock_whoosh.parser(stock).parse

            def stock_plain(query: str) -> None:
                list(theirs.search(parse(query), limit=10))

            def stock_highlights(query: str) -> None:
                for hit in theirs.search(parse(query), limit=10):
                    hit.highlights("body")

            def ranking(query: str) -> None:
                request = SearchRequest(text=query)
                ours.search(as_query(request, interpret(parse_words(query), ours.analyzer)))

            rows: tuple[tuple[str, Callable[[str], object]], ...] = (
                ("stock Whoosh, ten hits", stock_plain),
                ("stock Whoosh, ten hits with highlights", stock_highlights),
                ("Samsök, ten hits", ranking),
                ("Samsök, ten hits with snippets", lambda q: search(ours, SearchRequest(text=q))),
                (
                    "Samsök, the same and seven facets",
                    lambda q: search(ours, SearchRequest(text=q, facets=FILTERS)),
                ),
                (
                    "Samsök, the words as they are",
                    lambda q: search(ours, SearchRequest(text=q, expand=False)),
                ),
            )
            for name, ask in rows:
                times = measure_each(ask, asked)
                print(f"{name:44}{times.p50:8.2f}{times.p95:8.2f}{times.mean:8.2f}")


if __name__ == "__main__":
    main()
