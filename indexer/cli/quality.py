"""Report what web editors can mend: broken links, missing dates and contacts, twins, old pages.

It reads what the last visits found and sends no request. Without --html and --csv it counts what
there is; the two files hold every page, with the pages that link to what is broken.

Examples:
  samsok quality
  samsok quality --html quality.html
  samsok quality --source samverkan --html quality.html --lang en --csv quality.csv
  samsok quality --years 2 --json
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from indexer import config
from indexer.cli.progress import chosen_sources
from indexer.cli.terminal import ProgressLine, bold, print_json, table
from indexer.counting import counted
from indexer.engine.durable import replace_file
from indexer.jobs.quality import LANGUAGES, as_csv, as_html, survey

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.jobs.quality import Check, QualityReport

_TOLD: dict[Check, str] = {
    "broken": "links to pages that are not there",
    "soft_404": "pages that say they do not exist, with status 200",
    "unreachable": "pages that did not answer",
    "redirected": "links that are redirected",
    "empty": "pages and files without text",
    "no_contact": "partners and projects without a contact person",
    "undated": "pages without a date",
    "stale": "pages not updated for {years} years",
    "duplicate": "pages that say the same as another",
    "same_title": "pages that share their title with another",
    "no_description": "pages without a description",
    "no_heading": "pages without a main heading",
    "no_language": "pages that do not state their language",
    "large": "very large pages and files",
    "noindex": "pages that ask not to be indexed",
    "robots": "pages that robots.txt forbids",
    "rule_missed": "pages where a site rule finds nothing",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok quality` takes."""
    parser.add_argument(
        "--source", action="append", metavar="NAME", help="only its pages (repeatable)"
    )
    parser.add_argument("--html", type=Path, metavar="FILE", help="write a page for editors")
    parser.add_argument(
        "--csv", type=Path, metavar="FILE", help="write a table of all that is found"
    )
    parser.add_argument(
        "--lang", choices=LANGUAGES, default="sv", help="the language of the page (default: sv)"
    )
    parser.add_argument(
        "--years",
        type=_years,
        default=3,
        metavar="N",
        help="pages not updated for so long are old (default: 3)",
    )


def run(args: argparse.Namespace) -> int:
    """Print or write the report."""
    loaded = config.load(args.config)
    chosen = chosen_sources(loaded, args.source)
    line = ProgressLine()
    try:
        report = survey(
            loaded,
            sources=chosen,
            years=args.years,
            step=lambda source, done: line.show(f"{source}: {done} pages looked through"),
        )
    finally:
        line.clear()
    if report is None:
        print("nothing has been harvested yet; run `samsok reindex`", file=sys.stderr)
        return 1
    written = []
    for path, content in (
        (args.html, as_html(report, language=args.lang) if args.html else b""),
        (args.csv, as_csv(report) if args.csv else b""),
    ):
        if path is not None:
            try:
                replace_file(path, content)
            except OSError as error:
                print(_unwritten(path, error), file=sys.stderr)
                return 1
            written.append(path)
    if args.json:
        print_json(report.plain())
    else:
        print("\n".join((*_lines(report), *(f"written: {path}" for path in written))))
    return 0


def _years(text: str) -> int:
    if not (text.isascii() and text.isdecimal() and 1 <= int(text) <= 100):  # noqa: PLR2004 - as it says
        raise argparse.ArgumentTypeError(f"{text!r} is no number of years: 1 to 100")
    return int(text)


def _unwritten(path: Path, error: OSError) -> str:
    return (
        f"{path} cannot be written ({error.strerror or error}); nothing was changed there. Name a "
        "file in a folder that exists and that you may write in."
    )


def _lines(report: QualityReport) -> Iterator[str]:
    for source in report.sources:
        yield bold(
            f"{source.name}: {counted(source.documents, 'document')}, "
            f"{counted(source.total, 'finding')}"
        )
        yield from table(
            (len(found), _TOLD[check].format(years=report.years))
            for check, found in source.findings.items()
        )
