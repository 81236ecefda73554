"""The same index in Whoosh and in OpenSearch on one node and on three: to build, to ask, how good.

python -m benchmarks.backends speed [--documents N] [--texts FILE] [--nodes 1,3]
python -m benchmarks.backends relevance --data DIR [--nodes 3] [--seeds N]

Starts and stops a cluster of its own on this machine (scripts/opensearch-cluster) for each number
of nodes. They share this machine's processors: wall time says what that costs, not what a cluster
gains.
"""

from __future__ import annotations

import argparse
import subprocess
import tempfile
from contextlib import ExitStack, contextmanager
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks import corpus
from benchmarks.engine.collection import read_collection
from benchmarks.engine.relevance import measure as measure_ranking
from benchmarks.engine.relevance import ours
from benchmarks.timing import Times, measure
from indexer.engine import FILTERS, SearchRequest, open_index, search
from indexer.engine.opensearch_backend import OpenSearchIndex
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.jobs.indexing import GenerationBuilder
from indexer.model import Vocabulary

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.engine import Document, Searcher, SearchIndex

_PORT = 9240
_SCRIPT = str(Path(__file__).parent.parent / "scripts" / "opensearch-cluster")


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", choices=("speed", "relevance"))
    parser.add_argument("--nodes", default="", help="1,3: clusters of so many nodes")
    parser.add_argument("--data", type=Path, action="append", default=[], metavar="DIR")
    parser.add_argument("--seeds", type=int, default=1, help="typing errors: so many of each query")
    corpus.add_arguments(parser)
    args = parser.parse_args()
    wanted = args.nodes or ("1,3" if args.what == "speed" else "3")
    nodes = [int(number) for number in wanted.split(",")]
    if args.what == "speed":
        _speed(corpus.documents(args), nodes)
    for directory in args.data:
        _relevance(directory, nodes, seeds=args.seeds)


def _speed(documents: Sequence[Document], nodes: Sequence[int]) -> None:
    asked = corpus.queries(list(documents))
    print(f"{len(documents)} documents, {len(asked)} queries; milliseconds of wall time")
    print(
        f"{'':20}{'build s':>9}{'CPU s here':>12}{'index MB':>10}"
        f"{'p50':>8}{'p95':>8}{'p50 with facets':>17}{'p95':>8}"
    )
    for name, index in _indexes(nodes):
        cpu, wall = measure(partial(_build, index, documents))
        with index.searcher() as searcher:
            plain = _times(searcher, asked, facets=False)
            full = _times(searcher, asked, facets=True)
        print(
            f"{name:20}{wall:9.1f}{cpu:12.1f}{_megabytes(index):10.0f}"
            f"{plain.p50:8.1f}{plain.p95:8.1f}{full.p50:17.1f}{full.p95:8.1f}",
            flush=True,
        )


def _relevance(directory: Path, nodes: Sequence[int], *, seeds: int) -> None:
    collection = read_collection(directory)
    print(f"{collection.name}: {len(collection.judged)} queries, nDCG@10")
    print(f"{'':20}{'as typed':>10}{'one typo':>10}{'no å ä ö':>10}")
    for name, index in _indexes(nodes):
        _build(index, collection.documents)
        with index.searcher() as searcher:
            found = measure_ranking(ours(searcher), collection, seeds=range(seeds))
        print(f"{name:20}{found.as_typed:10.3f}{found.typo:10.3f}{found.bare:10.3f}", flush=True)


def _build(index: SearchIndex, documents: Sequence[Document]) -> None:
    generation = GenerationBuilder(index, vocabulary=Vocabulary()).build(lambda: documents)
    index.publish(generation.name)


def _times(searcher: Searcher, asked: Sequence[str], *, facets: bool) -> Times:
    def ask(text: str) -> None:
        search(searcher, SearchRequest(text=text, facets=FILTERS if facets else ()))

    for text in asked:
        ask(text)
    return Times.of(1000 * measure(partial(ask, text))[1] for text in asked)


def _indexes(nodes: Sequence[int]) -> Iterator[tuple[str, SearchIndex]]:
    with tempfile.TemporaryDirectory() as directory:
        yield "Whoosh", open_index("whoosh", Path(directory) / "whoosh")
        for number in nodes:
            with _cluster(number) as urls, ExitStack() as stack:
                settings = {
                    "backend": "opensearch",
                    "url": urls,
                    "prefix": "benchmark",
                    "shards": number,
                    "replicas": min(1, number - 1),
                    "timeout_s": 60.0,
                }
                index = open_index(settings, Path(directory) / f"cache-{number}")
                assert isinstance(index, OpenSearchIndex)
                stack.callback(index.cluster.close)
                stack.callback(index.cluster.ask, "DELETE", "/benchmark-*")
                name = "1 node" if number == 1 else f"{number} nodes"
                yield f"OpenSearch, {name}", index


@contextmanager
def _cluster(nodes: int) -> Iterator[str]:
    place = ["--port", str(_PORT)]
    start = [_SCRIPT, "start", "--nodes", str(nodes), "--heap", "1g", "--full-speed", *place]
    subprocess.run(start, check=True, stdout=subprocess.DEVNULL)
    try:
        yield ",".join(f"http://127.0.0.1:{_PORT + number}" for number in range(1, nodes + 1))
    finally:
        subprocess.run([_SCRIPT, "stop", *place], check=True)


def _megabytes(index: SearchIndex) -> float:
    if isinstance(index, OpenSearchIndex):
        told = index.cluster.ask("GET", "/benchmark-*/_stats/store")
        return float(told["_all"]["primaries"]["store"]["size_in_bytes"]) / 1e6
    assert isinstance(index, WhooshIndex)
    folder = index._directory.root
    return sum(path.stat().st_size for path in folder.rglob("*") if path.is_file()) / 1e6


if __name__ == "__main__":
    main()
