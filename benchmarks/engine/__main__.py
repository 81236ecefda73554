"""Measure the engine, with its peers in the same run.

python -m benchmarks.engine relevance --data DIR [--queries N] [--engines Samsök,tantivy]
python -m benchmarks.engine terms [--documents N] [--texts FILE] [--engines tantivy,bm25s]
python -m benchmarks.engine worker [--documents N] [--texts FILE]
"""

from __future__ import annotations

import argparse
import sys
import warnings
from pathlib import Path

from benchmarks import corpus
from benchmarks.engine import peers, relevance, terms, worker


def main() -> None:
    """Run what the command line names."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.engine", description=__doc__)
    parser.add_argument("what", choices=("relevance", "terms", "worker"))
    parser.add_argument("--data", type=Path, action="append", default=[], metavar="DIR")
    parser.add_argument("--queries", type=int, help="a sample of so many (default: all)")
    parser.add_argument("--engines", help="only these, by name, with commas between")
    corpus.add_arguments(parser)
    args = parser.parse_args()
    named = args.engines.split(",") if args.engines else []
    if args.what == "terms":
        terms.main(corpus.documents(args), engines=named or list(peers.NAMES))
    elif args.what == "worker":
        worker.main(corpus.documents(args))
    engines = named or [*peers.with_words(), relevance.OURS]
    for directory in args.data:
        relevance.main(directory, queries=args.queries, engines=engines)


if __name__ == "__main__":
    if not sys.warnoptions:
        # Whoosh 2.7.4 is from 2016: the compiler has a lot to say about it.
        warnings.simplefilter("ignore")
    main()
