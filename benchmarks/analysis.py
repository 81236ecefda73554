"""What the analysis costs, and what it finds: ours beside stock Whoosh.

    python -m benchmarks.analysis speed --data DIR
    python -m benchmarks.analysis memory --data DIR
    python -m benchmarks.analysis retrieval --data DIR

DIR holds one directory per test collection with ``corpus.jsonl`` (id, title, text), gzipped or
not, ``queries.tsv`` and ``qrels.tsv`` in TREC form; without the option, SAMSOK_DATA names it.
"""

from __future__ import annotations

import argparse
import gzip
import math
import os
import re
import subprocess
import sys
import tempfile
import time
from collections import Counter, defaultdict
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

import orjson
from whoosh import index
from whoosh.analysis import LanguageAnalyzer, SpaceSeparatedTokenizer
from whoosh.fields import ID, TEXT, Schema
from whoosh.qparser import MultifieldParser, OrGroup
from whoosh.query import And, Or, Query, Term

from indexer.analysis import Alternative, Analyzer, Terms, build_bundle, word_forms
from indexer.model import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from whoosh.index import Index
    from whoosh.searching import Searcher

_CHAINS = ("exact", "lemma", "parts")
_DEPTH = 10

_WORDS_ONLY = re.compile(r"[^\w\s]")
"""To the stock parser a question mark is a wildcard; as a peer it shall see words."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Collection:
    """Texts, queries, and which text answers which query."""

    name: str
    texts: dict[str, str]
    queries: dict[str, str]
    relevant: dict[str, dict[str, int]]


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("what", choices=("speed", "memory", "retrieval"))
    parser.add_argument("--data", type=Path, default=os.environ.get("SAMSOK_DATA"))
    parser.add_argument("--queries", type=int, default=100_000, help="per collection, at most")
    args = parser.parse_args()
    if args.data is None:
        parser.error("give --data or set SAMSOK_DATA")
    measure = {"speed": _speed, "memory": _memory, "retrieval": _retrieval}[args.what]
    for directory in sorted(args.data.iterdir()):
        if (directory / "qrels.tsv").exists():
            measure(_read(directory, limit=args.queries))


def _speed(collection: Collection) -> None:
    texts = list(collection.texts.values())
    with tempfile.TemporaryDirectory() as directory:
        seconds = _cpu_seconds(lambda: _build(Path(directory), collection))
        words = f"{len(_count(texts))} word forms"
        print(f"{collection.name}: {words}; bundle built in {seconds:.1f} s of CPU")
        analyzer = Analyzer.open(Path(directory))
        running = sum(len(analyzer.tokens(text)) for text in texts)
        for state in ("cold", "warm"):
            seconds = _cpu_seconds(lambda: sum(len(analyzer.terms(text).exact) for text in texts))
            print(f"  terms, {state}: {running / seconds:9,.0f} running tokens/s, all chains")
        analyzer = Analyzer.open(Path(directory))
        times = sorted(
            _cpu_seconds(lambda query=query: analyzer.query(query)) * 1e3  # type: ignore[misc]  # mypy cannot infer a default of a lambda
            for query in collection.queries.values()
        )
        p50, p95 = times[len(times) // 2], times[int(len(times) * 0.95)]
        print(f"  query: p50 {p50:.2f} ms, p95 {p95:.2f} ms of CPU, {len(times)} different queries")


def _memory(collection: Collection) -> None:
    with tempfile.TemporaryDirectory() as directory:
        _build(Path(directory), collection)
        size = sum(path.stat().st_size for path in Path(directory).iterdir())
        print(f"{collection.name}: bundle of {size / 1e6:.1f} MB", flush=True)
        command = [sys.executable, "-m", "benchmarks.analysis_process", directory]
        subprocess.run(command, check=True)


def _retrieval(collection: Collection) -> None:
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        for name in ("bundle", "ours", "stock"):
            (root / name).mkdir()
        _build(root / "bundle", collection)
        analyzer = Analyzer.open(root / "bundle")
        stock = _index_stock(root / "stock", collection)
        parser = MultifieldParser(["text"], stock.schema, group=OrGroup)
        ours = _index_ours(root / "ours", collection, analyzer)
        runs: dict[str, tuple[Index, Callable[[str], Query]]] = {
            "stock Whoosh": (stock, lambda text: parser.parse(_WORDS_ONLY.sub(" ", text))),
            "ours, unexpanded": (ours, lambda text: _query(analyzer, text, expand=False)),
            "ours": (ours, lambda text: _query(analyzer, text, expand=True)),
        }
        print(f"{collection.name}: {len(collection.queries)} queries")
        for name, (opened, parse) in runs.items():
            with opened.searcher() as searcher:
                print(f"  {name:24} nDCG@10 {_ndcg(collection, searcher, parse):.3f}")


def _index_stock(directory: Path, collection: Collection) -> Index:
    schema = Schema(id=ID(stored=True), text=TEXT(analyzer=LanguageAnalyzer("sv")))
    opened = index.create_in(str(directory), schema)
    writer = opened.writer()
    for identity, text in collection.texts.items():
        writer.add_document(id=identity, text=text)
    writer.commit()
    return opened


def _index_ours(directory: Path, collection: Collection, analyzer: Analyzer) -> Index:
    spaces = SpaceSeparatedTokenizer()
    chains = {chain: TEXT(analyzer=spaces) for chain in _CHAINS}
    opened = index.create_in(str(directory), Schema(id=ID(stored=True), **chains))
    writer = opened.writer()
    for identity, text in collection.texts.items():
        terms = analyzer.terms(text)
        writer.add_document(id=identity, **{chain: _joined(terms, chain) for chain in _CHAINS})
    writer.commit()
    return opened


def _joined(terms: Terms, chain: str) -> str:
    return " ".join(posting.term for posting in getattr(terms, chain))


def _query(analyzer: Analyzer, text: str, *, expand: bool) -> Query:
    """Return the words of a query as a sum of all their alternatives; stop words say nothing."""
    clauses = analyzer.query(text, expand=expand)
    ways = {
        (way.chain, way.terms): way
        for clause in clauses
        for ways in (
            *(word.alternatives for word in clause.words if not word.stop),
            clause.instead,
        )
        for way in ways
        if way.chain in _CHAINS
    }
    return Or([_as_whoosh(way) for way in ways.values()])


def _as_whoosh(way: Alternative) -> Query:
    if len(way.terms) == 1:
        return Term(way.chain, way.terms[0], boost=way.weight)
    return And([Term(way.chain, term, boost=way.weight) for term in way.terms])


def _ndcg(collection: Collection, searcher: Searcher, parse: Callable[[str], Query]) -> float:
    gains: list[float] = []
    for identity, text in collection.queries.items():
        relevant = collection.relevant.get(identity, {})
        found = [hit["id"] for hit in searcher.search(parse(text), limit=_DEPTH)]
        gain = _discounted([relevant.get(document, 0) for document in found])
        ideal = _discounted(sorted(relevant.values(), reverse=True)[:_DEPTH])
        gains.append(gain / ideal if ideal else 0.0)
    return sum(gains) / len(gains)


def _discounted(grades: list[int]) -> float:
    return sum(float(2**grade - 1) / math.log2(rank + 2) for rank, grade in enumerate(grades))


def _build(directory: Path, collection: Collection) -> None:
    build_bundle(directory, words=_count(list(collection.texts.values())), vocabulary=Vocabulary())


def _count(texts: list[str]) -> Counter[str]:
    words: Counter[str] = Counter()
    for text in texts:
        words.update(word_forms(text))
    return words


def _cpu_seconds(work: Callable[[], object]) -> float:
    started = time.process_time()
    work()
    return time.process_time() - started


def _read(directory: Path, *, limit: int) -> Collection:
    packed = directory / "corpus.jsonl.gz"
    texts = {}
    with gzip.open(packed) if packed.exists() else (directory / "corpus.jsonl").open("rb") as lines:
        for line in lines:
            row = orjson.loads(line)
            texts[row["id"]] = f"{row['title']}\n{row['text']}"
    relevant: dict[str, dict[str, int]] = defaultdict(dict)
    for query, _, document, grade in _rows(directory / "qrels.tsv"):
        relevant[query][document] = int(grade)
    queries = dict(list(_rows(directory / "queries.tsv"))[:limit])
    return Collection(name=directory.name, texts=texts, queries=queries, relevant=relevant)


def _rows(path: Path) -> Iterator[list[str]]:
    for line in path.read_text(encoding="utf-8").splitlines():
        yield line.split("\t")


if __name__ == "__main__":
    main()
