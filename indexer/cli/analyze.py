"""Show the terms of a text, and why: for people who tune how words are found.

Uses the analysis of the published index, whose lexicon knows the words of its pages.

Examples:
  samsok analyze "forskningssamverkan"
  samsok analyze "samverkans- och partnerskapsavtal" --json
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.terminal import print_json, printable
from indexer.engine import open_index

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok analyze` takes."""
    parser.add_argument("text", nargs="+", help="the text, as on a page or in the search box")
    parser.add_argument("--language", choices=("sv", "en"), default="sv", help="of a page")


def run(args: argparse.Namespace) -> int:
    """Print the analysis."""
    loaded = config.load(args.config)
    text = " ".join(args.text)
    with open_index(loaded.index.plain(), loaded.data_dir / "index").searcher() as searcher:
        explained = searcher.analyzer.explain(text, language=args.language)
    if args.json:
        print_json(explained)
    else:
        print("\n".join(printable(line) for line in explained.lines()))
    return 0
