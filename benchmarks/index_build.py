"""Documents per CPU second from `Document` to a published generation, beside stock Whoosh."""

from __future__ import annotations

import argparse
import resource
import tempfile
from pathlib import Path

from benchmarks import corpus, stock_whoosh
from benchmarks.timing import measure
from indexer.engine import open_index
from indexer.jobs.indexing import GenerationBuilder
from indexer.model import Vocabulary


def main() -> None:
    """Build both and print what it cost."""
    parser = argparse.ArgumentParser(description=__doc__)
    corpus.add_arguments(parser)
    args = parser.parse_args()
    documents = corpus.documents(args)
    words = sum(len(document.sections[0].text.split()) for document in documents)
    print(f"{len(documents)} documents, {words / len(documents):.0f} words each")
    with tempfile.TemporaryDirectory() as directory:
        root = Path(directory)
        index = open_index("whoosh", root / "ours")

        def ours() -> None:
            generation = GenerationBuilder(index, vocabulary=Vocabulary()).build(lambda: documents)
            index.publish(generation.name)

        stock = measure(lambda: stock_whoosh.build(root / "stock", documents))
        own = measure(ours)
        rows = (("Samsök, all fields and chains", own, "ours"), ("stock Whoosh", stock, "stock"))
        print(f"{'':32}{'docs/CPU s':>12}{'CPU s':>8}{'wall s':>8}{'index MB':>10}")
        for name, (cpu, wall), folder in rows:
            size = sum(path.stat().st_size for path in (root / folder).rglob("*") if path.is_file())
            rate = len(documents) / cpu
            print(f"{name:32}{rate:12.0f}{cpu:8.1f}{wall:8.1f}{size / 1e6:10.1f}")
        print(f"ours / stock, CPU: {own[0] / stock[0]:.2f}")
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024
    print(f"peak RSS of this process: {peak:.0f} MB")


if __name__ == "__main__":
    main()
