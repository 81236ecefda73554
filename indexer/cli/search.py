"""Search the published index from the terminal.

Examples:
  samsok search "forskningssamverkan"
  samsok search "handledare vfu" --partner "Trollhättans Stad" --kind project
  samsok search --area "Livslångt lärande" --sort newest      browse, with no words
  samsok search '"breddad rekrytering" -gymnasium' --json
"""

from __future__ import annotations

import argparse
import datetime as dt
import sys

from indexer import config
from indexer.cli.terminal import bold, dim, print_json, printable
from indexer.engine import (
    FILTERS,
    KINDS,
    MAX_WINDOW,
    SORTS,
    RankedDocument,
    SearchAnswer,
    SearchRequest,
    open_index,
    search,
)


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok search` takes."""
    parser.add_argument("query", nargs="*", help='words, "a phrase", -word; none: browse')
    filters = parser.add_argument_group("filters (repeatable: any of the values)")
    for name in FILTERS:
        filters.add_argument(
            f"--{name}",
            action="append",
            default=[],
            metavar=name.upper(),
            choices=KINDS if name == "kind" else None,
            help=f"one of {', '.join(KINDS)}" if name == "kind" else None,
        )
    filters.add_argument("--from", dest="start", type=_day, metavar="DATE", help="YYYY-MM-DD")
    filters.add_argument("--to", dest="end", type=_day, metavar="DATE", help="YYYY-MM-DD")
    parser.add_argument("--sort", choices=SORTS, default="relevance")
    parser.add_argument("--page", type=_count, default=1)
    parser.add_argument("--size", type=_count, default=10, help="hits a page (default: 10)")
    parser.add_argument(
        "--no-expand", action="store_true", help="search the words as they are, nothing more"
    )


def run(args: argparse.Namespace) -> int:
    """Print the hits."""
    if args.page * args.size > MAX_WINDOW:
        print(f"--page times --size can be at most {MAX_WINDOW}", file=sys.stderr)
        return 2
    settings = config.load(args.config)
    index = open_index(settings.index.plain(), settings.data_dir / "index")
    request = SearchRequest(
        text=" ".join(args.query),
        filters={name: tuple(values) for name in FILTERS if (values := getattr(args, name))},
        start=args.start,
        end=args.end,
        sort=args.sort,
        offset=(args.page - 1) * args.size,
        limit=args.size,
        expand=not args.no_expand,
    )
    with index.searcher() as searcher:
        answer = search(searcher, request)
    if args.json:
        print_json(as_plain(answer))
    else:
        show(answer, first=request.offset + 1)
    return 0


def show(answer: SearchAnswer, *, first: int = 1) -> None:
    """Print an answer for people."""
    if not answer.total:
        print("no hits")
    elif not answer.results:
        print(f"{answer.total} hits, none on this page")
    if answer.suggestion:
        print(f"no page has it as typed; these are the hits for “{answer.suggestion.text}”")
    if answer.relaxed:
        print(_what_is_missing(answer))
    if answer.expanded:
        print(f"searched too: {', '.join(map(printable, answer.expanded))}")
    for number, ranked in enumerate(answer.results, start=first):
        _show_hit(number, ranked)
    if answer.results:
        last = first + len(answer.results) - 1
        of = f"{answer.total}" if answer.total_exact else f"at least {answer.total}"
        print(dim(f"{first}-{last} of {of} · {answer.generation.name}"))


def _what_is_missing(answer: SearchAnswer) -> str:
    if answer.alike:
        return "no page holds the words; these hold words that are spelt much like them"
    if answer.with_all_words:
        return f"{answer.with_all_words} hold all the words; after them come pages that hold some"
    return "no page holds all the words; these hold some of them"


def as_plain(answer: SearchAnswer) -> dict[str, object]:
    """Return an answer as plain values for JSON."""
    return {
        "total": answer.total,
        "total_exact": answer.total_exact,
        "relaxed": answer.relaxed,
        "alike": answer.alike,
        "with_all_words": answer.with_all_words,
        "suggestion": answer.suggestion.text if answer.suggestion else None,
        "expanded": answer.expanded,
        "generation": answer.generation.name,
        "results": [
            {
                "id": ranked.document.id,
                "url": ranked.document.url,
                "title": ranked.document.title,
                "kind": ranked.document.kind,
                "language": ranked.document.language,
                "score": round(ranked.score, 4),
                "snippet": "".join(piece.text for piece in ranked.snippet.pieces),
                "partners": ranked.document.partners,
                "areas": ranked.document.areas,
                "persons": [person.name for person in ranked.document.persons],
                "published": ranked.document.published,
                "modified": ranked.document.modified,
                "source": ranked.document.source,
            }
            for ranked in answer.results
        ],
    }


def _show_hit(number: int, ranked: RankedDocument) -> None:
    document = ranked.document
    day = document.modified or document.published
    facts = (document.kind, *document.partners[:3], str(day) if day else "")
    print(f"{number:3}. {bold(printable(document.title))}")
    print(f"     {dim(' · '.join(printable(fact) for fact in facts if fact))}")
    text = "".join(
        bold(printable(piece.text)) if piece.marked else printable(piece.text)
        for piece in ranked.snippet.pieces
    )
    if text:
        print(f"     {text}")
    print(f"     {dim(printable(document.url))}\n")


def _day(text: str) -> dt.date:
    try:
        return dt.date.fromisoformat(text)
    except ValueError:
        raise argparse.ArgumentTypeError(f"{text!r} is not a date like 2026-01-31") from None


def _count(text: str) -> int:
    if not text.isdecimal() or not 1 <= int(text) <= MAX_WINDOW:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number from 1 to {MAX_WINDOW}")
    return int(text)
