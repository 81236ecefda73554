"""Propose partners, areas and abbreviations that the pages have and the vocabulary has not.

It reads what was harvested and sends no request. Each proposal comes with pages that say so; look
at them, and copy what is right into the vocabulary of the configuration (--yaml writes it as it
must stand there). The next `samsok reindex` reads the stored pages again with it.

Examples:
  samsok vocabulary suggest
  samsok vocabulary suggest --kind partner --top 10
  samsok vocabulary suggest --yaml
"""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.terminal import bold, dim, print_json, printable
from indexer.jobs.vocabulary import KINDS, as_yaml, suggest
from indexer.store import DocumentStore

if TYPE_CHECKING:
    import argparse
    from collections.abc import Iterable

    from indexer.jobs.vocabulary import Proposal


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok vocabulary` takes."""
    parser.add_argument("action", choices=["suggest"], help="what to do with the vocabulary")
    parser.add_argument(
        "--kind", action="append", choices=KINDS, help="only proposals of this kind (repeatable)"
    )
    parser.add_argument(
        "--top", type=int, default=20, metavar="N", help="so many of each kind (default: 20)"
    )
    parser.add_argument("--yaml", action="store_true", help="write them as in crawl_config.yaml")


def run(args: argparse.Namespace) -> int:
    """Print the proposals."""
    loaded = config.load(args.config)
    path = loaded.data_dir / "crawl.db"
    found: list[Proposal] = []
    if path.exists():
        with DocumentStore.open(path) as store:
            found = suggest(store.documents(), loaded.vocabulary)
    kinds = args.kind or KINDS
    chosen = [
        one for kind in kinds for one in [each for each in found if each.kind == kind][: args.top]
    ]
    if args.json:
        print_json([one.plain() for one in chosen])
    elif args.yaml:
        print("\n".join(as_yaml(chosen)))
    elif not path.exists():
        print("nothing has been harvested yet; run `samsok reindex`")
    else:
        print("\n".join(_lines(chosen)) or "the vocabulary knows every name that the pages have")
    return 0


def _lines(proposals: Iterable[Proposal]) -> Iterable[str]:
    kind = ""
    for one in proposals:
        if one.kind != kind:
            kind = one.kind
            yield bold({"partner": "partners", "area": "areas"}.get(kind, "abbreviations"))
        also = f" = {', '.join(one.aliases)}" if one.aliases else ""
        pages = "1 page" if one.pages == 1 else f"{one.pages} pages"
        yield f"  {printable(one.name)}{printable(also)} ({pages})"
        for page in one.evidence:
            yield dim(f"    {page.place}: {printable(page.url)}")
