"""Propose partners, areas and abbreviations that the pages have and the vocabulary has not.

It reads what was harvested and sends no request. Each proposal comes with pages that say so; look
at them, and copy what is right into the vocabulary of the configuration (--yaml writes it as it
must stand there). The next `samsok reindex` reads the stored pages again with it.

Examples:
  samsok vocabulary suggest
  samsok vocabulary suggest --partners --top 10
  samsok vocabulary suggest --areas --source samverkan
  samsok vocabulary suggest --yaml > proposals.yaml
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.progress import chosen_sources
from indexer.cli.terminal import bold, dim, print_json, printable
from indexer.jobs.vocabulary import KINDS, as_yaml, suggestions

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from indexer.jobs.vocabulary import Proposal, ProposalKind

_PLURALS: Mapping[ProposalKind, str] = {
    "partner": "partners",
    "area": "areas",
    "abbreviation": "abbreviations",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok vocabulary` takes."""
    parser.add_argument("action", choices=["suggest"], help="what to do with the vocabulary")
    for kind in KINDS:
        parser.add_argument(
            f"--{_PLURALS[kind]}",
            dest="kinds",
            action="append_const",
            const=kind,
            help=f"only {_PLURALS[kind]}, or these and others named so",
        )
    parser.add_argument(
        "--top", type=_count, default=20, metavar="N", help="so many of each kind (default: 20)"
    )
    parser.add_argument(
        "--source", action="append", metavar="NAME", help="only its pages (repeatable)"
    )
    parser.add_argument(
        "--yaml", action="store_true", help="write them as they must stand in crawl_config.yaml"
    )


def run(args: argparse.Namespace) -> int:
    """Print the proposals."""
    loaded = config.load(args.config)
    found = suggestions(loaded, chosen_sources(loaded, args.source))
    of_kinds = ([one for one in found or () if one.kind == kind] for kind in args.kinds or KINDS)
    chosen = [one for of_kind in of_kinds for one in of_kind[: args.top]]
    if args.json:
        print_json([one.plain() for one in chosen])
    elif args.yaml:
        # Nothing but YAML: it may be on its way into a file.
        print("\n".join(as_yaml(chosen)) or "# nothing to propose")
    elif found is None:
        print("nothing has been harvested yet; run `samsok reindex`")
    else:
        print("\n".join(_lines(chosen)) or "the vocabulary knows every name that the pages have")
    return 0


def _count(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and int(text)):
        raise argparse.ArgumentTypeError(f"{text!r} is no number of proposals: 1 or more")
    return int(text)


def _lines(proposals: Iterable[Proposal]) -> Iterator[str]:
    kind = ""
    for one in proposals:
        if one.kind != kind:
            kind = one.kind
            yield bold(_PLURALS[one.kind])
        also = f" = {', '.join(one.aliases)}" if one.aliases else ""
        known = ", the name is known" if one.extends else ""
        pages = "1 page" if one.pages == 1 else f"{one.pages} pages"
        yield f"  {printable(one.name)}{printable(also)} ({pages}{known})"
        for page in one.evidence:
            yield dim(f"    {page.place}: {printable(page.url)}")
