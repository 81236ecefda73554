"""What counting a search costs: the request that is counted, and the writing behind it."""

from __future__ import annotations

import argparse
import datetime as dt
import statistics
import tempfile
import time
from collections import Counter
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

import falcon.testing

from benchmarks import corpus
from indexer.analysis import build_bundle, word_forms
from indexer.engine import Counts, QueryCounts, SearchRequest, search
from indexer.engine.memory_backend import MemoryIndex
from indexer.engine.suggesting import SUGGESTIONS, write_suggestions
from indexer.model import Vocabulary
from search_api.insight import QueryInsight
from search_api.middleware import Request
from search_api.params import SearchParams

if TYPE_CHECKING:
    from collections.abc import Callable

    from indexer.engine import Searcher

_BROWSER = "Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0"
_QUERIES = ("samverkan", "arbetsintegrerat lärande", "hur kan kommunen stödja livslångt lärande")
_NEVER_S = 1e6


def main() -> None:
    """Count searches of a small index whose completions are those of a large one."""
    parser = argparse.ArgumentParser(description=__doc__)
    corpus.add_arguments(parser)
    parser.set_defaults(documents=20_000)
    documents = corpus.documents(parser.parse_args())
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        bundle = root / "bundle"
        bundle.mkdir()
        words = Counter(word for document in documents for word in word_forms(document.title))
        build_bundle(bundle, words=words, vocabulary=Vocabulary())
        write_suggestions(bundle / SUGGESTIONS, documents)
        index = MemoryIndex()
        with index.writer(bundle=bundle):
            pass
        index.publish(index.generations()[-1].name)
        counts = QueryCounts(root / "insight", min_count=5, key=bytes(32))
        counts.prepare()
        with index.searcher() as searcher:
            _requests(searcher, counts)
        _writing(counts)


def _requests(searcher: Searcher, counts: QueryCounts) -> None:
    request = Request(falcon.testing.create_environ("/sok", headers={"User-Agent": _BROWSER}))
    request.context.is_head = False
    answer = search(searcher, SearchRequest(text="samverkan"))
    print(f"{'microseconds a search':80}{'p50':>8}")
    off = QueryInsight(None)
    held = QueryInsight(counts, write_after_s=_NEVER_S)

    def count(insight: QueryInsight, query: str) -> None:
        insight.count(request, SearchParams(q=query), answer, searcher)

    def first(query: str) -> None:
        count(QueryInsight(counts, write_after_s=_NEVER_S), query)

    for query in _QUERIES:
        for name, work, times in (
            ("off", partial(count, off, query), 2000),
            ("first since the last writing", partial(first, query), 50),
            ("again", partial(count, held, query), 2000),
        ):
            print(f"{f'{query}: {name}':80}{_microseconds(work, times=times):8.1f}")


def _writing(counts: QueryCounts) -> None:
    day = dt.date(2026, 1, 1)
    few = Counts(searches=50, texts=Counter({f"q{number}": 1 for number in range(50)}))
    print(f"writing 50 queries: {_microseconds(lambda: counts.add(few, day=day), times=20):.0f}")
    many = Counts(searches=20_000, texts=Counter({f"r{number}": 1 for number in range(20_000)}))
    counts.add(many, day=day)
    beside = _microseconds(lambda: counts.add(few, day=day), times=20)
    print(f"beside 20 000 rare ones, the most that are remembered: {beside:.0f}")


def _microseconds(work: Callable[[], object], *, times: int = 2000) -> float:
    took = []
    for _ in range(times):
        started = time.perf_counter()
        work()
        took.append(time.perf_counter() - started)
    return 1e6 * statistics.median(took)


if __name__ == "__main__":
    main()
