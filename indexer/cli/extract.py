"""Show the document of a page, and which rule or heuristic gave each field.

This is how site rules are tuned: change the configuration, run it again, look. Nothing is stored.

Examples:
  samsok extract https://www.hv.se/samverka-med-oss/
  samsok extract page.html --url https://www.example.org/partner/
"""

from __future__ import annotations

import asyncio
import datetime as dt
import mimetypes
import sys
from pathlib import Path
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from indexer import config
from indexer.cli.terminal import print_json, printable, table
from indexer.config import WebsiteSource
from indexer.extract import extract
from indexer.fetch import Fetcher, canonicalize
from indexer.model import CrawlRequest, Document, Extraction, HttpSettings, Page

if TYPE_CHECKING:
    import argparse

    from indexer.config import Config


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """Add what `samsok extract` takes."""
    parser.add_argument("page", metavar="URL|FILE", help="a page to fetch, or a saved one")
    parser.add_argument("--url", help="the address that a saved page has (chooses the rules)")


def run(args: argparse.Namespace) -> int:
    """Print the document of a page."""
    loaded = config.load(args.config)
    page = _page(args, loaded)
    if isinstance(page, str):
        print(page, file=sys.stderr)
        return 1
    source = _source(page.url, loaded)
    extraction = extract(page, rules=source.rules if source else (), vocabulary=loaded.vocabulary)
    if args.json:
        print_json(
            {
                "document": extraction.document,
                "reason": extraction.reason,
                "canonical": extraction.canonical,
                "noindex": extraction.noindex,
                "links": [link.url for link in extraction.links],
                "trace": dict(extraction.trace),
            }
        )
    else:
        print("\n".join(_lines(extraction, source)))
    return 0 if extraction.document else 1


def _page(args: argparse.Namespace, loaded: Config) -> Page | str:
    url = canonicalize(args.page)
    if url and not Path(args.page).exists():
        return asyncio.run(_fetch(url, loaded))
    try:
        body = Path(args.page).read_bytes()
    except OSError as error:
        return f"{args.page} is no URL, and cannot be read as a file: {error.strerror}"
    address = canonicalize(args.url or "https://www.example.org/") or "https://www.example.org/"
    return Page(
        request=CrawlRequest(url=address, source="file"),
        url=address,
        body=body,
        media_type=mimetypes.guess_type(args.page)[0] or "text/html",
        fetched_at=dt.datetime.now(dt.UTC),
    )


async def _fetch(url: str, loaded: Config) -> Page | str:
    source = _source(url, loaded)
    request = CrawlRequest(url=url, source=source.name if source else "none")
    async with Fetcher(user_agent=loaded.user_agent, allow_private=loaded.allow_private) as fetcher:
        result = await fetcher.fetch(request, settings=source.http if source else HttpSettings())
    if isinstance(result, Page):
        return result
    reason = getattr(result, "reason", "not modified")
    detail = getattr(result, "detail", "")
    return f"{url} could not be fetched: {reason}" + (f" ({detail})" if detail else "")


def _source(url: str, loaded: Config) -> WebsiteSource | None:
    host = urlsplit(url).netloc
    sites = (source for source in loaded.sources if isinstance(source, WebsiteSource))
    return next((source for source in sites if host in source.hosts), None)


def _lines(extraction: Extraction, source: WebsiteSource | None) -> list[str]:
    lines = [f"rules of source {source.name}" if source else "no source has this host: no rules"]
    if extraction.canonical:
        lines.append(f"canonical: {extraction.canonical}")
    document = extraction.document
    if document is None:
        return [*lines, f"no document: {extraction.reason}"]
    rows = [
        (name, _short(text), f"[{extraction.trace[name]}]" if name in extraction.trace else "")
        for name, text in _facts(document).items()
        if text
    ]
    lines += table(rows, indent="")
    lines.append(f"{len(extraction.links)} links")
    for section in document.sections:
        lines += ["", f"## {printable(section.heading)}" if section.heading else "##"]
        lines += [f"   {printable(line)}" for line in section.text.splitlines()]
    return lines


def _facts(document: Document) -> dict[str, str]:
    persons = (
        ", ".join(part for part in (person.name, person.role, person.title, person.email) if part)
        for person in document.persons
    )
    period = document.period
    return {
        "title": document.title,
        "kind": document.kind,
        "language": document.language,
        "summary": document.summary,
        "partners": "; ".join(document.partners),
        "areas": "; ".join(document.areas),
        "persons": "; ".join(persons),
        "organisations": "; ".join(document.organisations),
        "authors": "; ".join(document.authors),
        "identifiers": "; ".join(f"{key} {value}" for key, value in document.identifiers.items()),
        "funder": document.funder,
        "period": f"{period.start or ''} – {period.end or ''}" if period else "",
        "published": str(document.published or ""),
        "modified": str(document.modified or ""),
    }


def _short(text: str, most: int = 100) -> str:
    text = printable(text)
    return text if len(text) <= most else f"{text[: most - 1]}…"
