"""Say why a URL is, or is not, in the index: every decision on it, with the rule that made it.

It reads what the last runs stored and sends no request. The identifier of a repository's record
can be asked for too.

Examples:
  samsok explain https://www.hv.se/samverka-med-oss/
  samsok explain oai:DiVA.org:hv-12345 --json
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.terminal import bold, dim, print_json, printable
from indexer.jobs import explain

if TYPE_CHECKING:
    import argparse


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok explain` takes."""
    parser.add_argument("url", metavar="URL", help="the address of a page, as a browser shows it")


def run(args: argparse.Namespace) -> int:
    """Explain the URL; the exit code tells nothing about whether it is found."""
    found = explain(config.load(args.config), args.url)
    if args.json:
        print_json(found.plain())
        return 0
    width = max((len(decision.stage) for decision in found.decisions), default=0)
    print(bold(printable(found.url)))
    for decision in found.decisions:
        print(f"  {decision.stage.ljust(width)}  {printable(decision.said)}")
        if decision.because:
            print(dim(f"  {' ' * width}  [{printable(decision.because)}]"))
    print(found.conclusion)
    return 0
