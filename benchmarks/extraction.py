"""Extraction beside trafilatura and readability: how good on real pages, how quick on ours.

    python -m benchmarks.extraction FOLDER     main text of real article pages, with no site rules
    python -m benchmarks.extraction speed      pages per CPU second, everything extracted

FOLDER holds ``ground-truth.json`` (name: {articleBody, url}) and ``html/NAME.html.gz``, as the
article-extraction-benchmark of Scrapinghub does. Token F1 as it defines it: shingles of four words,
precision and recall each averaged over the pages. Two of its pages ask not to be indexed; Samsök
obeys, and they count as nothing found. ``speed`` generates pages of 50 kB.
"""

from __future__ import annotations

import argparse
import datetime as dt
import functools
import gzip
import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import trafilatura
from lxml import html

from benchmarks.university_pages import FIELD_RULE, SITE_RULE, VOCABULARY, pages
from indexer.extract import extract
from indexer.model import CrawlRequest, Page

if TYPE_CHECKING:
    from collections.abc import Callable

_SHINGLE = 4
_PAGES = 150
_ROUNDS = 5


def main() -> None:
    """Measure what the command line names."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("what", help="the folder of pages, or the word: speed")
    what = parser.parse_args().what
    if what == "speed":
        speed()
    else:
        quality(Path(what))


def quality(folder: Path) -> None:
    """Read every page with each, and print how much of the article each found."""
    truth = json.loads((folder / "ground-truth.json").read_bytes())
    found_pages = [
        (gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()), entry)
        for name, entry in truth.items()
    ]
    print(f"{len(found_pages)} pages\n{'':16}{'F1':>8}{'P':>8}{'R':>8}{'pages/CPU s':>14}")
    for name, read in _READERS.items():
        for body, entry in found_pages[:5]:
            # Models and tables are loaded before the clock starts.
            read(body, entry["url"])
        started = time.process_time()
        found = [read(body, entry["url"]) for body, entry in found_pages]
        spent = time.process_time() - started
        scores = [
            score(entry["articleBody"], text)
            for (_, entry), text in zip(found_pages, found, strict=True)
        ]
        precision = sum(one for one, _ in scores) / len(scores)
        recall = sum(one for _, one in scores) / len(scores)
        f1 = 2 * precision * recall / (precision + recall)
        rate = len(found_pages) / spent
        print(f"{name:16}{f1:8.3f}{precision:8.3f}{recall:8.3f}{rate:14.0f}")


def speed() -> None:
    """Print how many pages of 50 kB a core reads in a second: the best of five rounds."""
    with_landmarks = list(pages(_PAGES))
    without = list(pages(_PAGES, has_landmarks=False))
    print(f"{_PAGES} pages of {len(with_landmarks[0].body) // 1000} kB\n{'':44}{'pages/CPU s':>12}")
    rows: tuple[tuple[str, Callable[[Page], object], list[Page]], ...] = (
        (
            "Samsök, a rule names the main element",
            functools.partial(extract, rules=(SITE_RULE,), vocabulary=VOCABULARY),
            with_landmarks,
        ),
        (
            "Samsök, rules for fields too",
            functools.partial(extract, rules=(FIELD_RULE,), vocabulary=VOCABULARY),
            with_landmarks,
        ),
        ("Samsök, no rules", functools.partial(extract, vocabulary=VOCABULARY), with_landmarks),
        (
            "Samsök, no rules, no landmarks",
            functools.partial(extract, vocabulary=VOCABULARY),
            without,
        ),
        (
            "trafilatura, main text alone",
            lambda page: trafilatura_text(page.body, page.url),
            without,
        ),
        ("trafilatura, fast, main text alone", _fast_trafilatura, without),
        (
            "readability, main text alone",
            lambda page: readability_text(page.body, page.url),
            without,
        ),
    )
    for name, read, some_pages in rows:
        print(f"{name:44}{_rate(read, some_pages):12.0f}")


def _rate(read: Callable[[Page], object], some_pages: list[Page]) -> float:
    for page in some_pages[:5]:
        read(page)
    best = float("inf")
    for _ in range(_ROUNDS):
        started = time.process_time()
        for page in some_pages:
            read(page)
        best = min(best, time.process_time() - started)
    return len(some_pages) / best


def samsok_text(body: bytes, url: str) -> str:
    """Return the text of our document: everything but the page's title."""
    page = Page(
        request=CrawlRequest(url=url, source="benchmark"),
        url=url,
        body=body,
        media_type="text/html",
        fetched_at=dt.datetime.now(dt.UTC),
    )
    document = extract(page).document
    if document is None:
        return ""
    return "\n".join(f"{section.heading}\n{section.text}" for section in document.sections)


def trafilatura_text(body: bytes, _url: str) -> str:
    """Return what trafilatura finds by itself."""
    return trafilatura.extract(body, include_comments=False) or ""


def _fast_trafilatura(page: Page) -> str:
    return trafilatura.extract(page.body, include_comments=False, fast=True) or ""


def readability_text(body: bytes, _url: str) -> str:
    """Return what readability finds: the text of its summary."""
    # Only those who measure have it: scripts/setup peers.
    from readability import Document  # noqa: PLC0415

    summary = Document(body.decode(errors="replace")).summary()
    return "\n".join(str(text) for text in html.fromstring(summary).itertext() if text.strip())


_READERS: dict[str, Callable[[bytes, str], str]] = {
    "Samsök": samsok_text,
    "trafilatura": trafilatura_text,
    "readability": readability_text,
}


def score(truth: str, found: str) -> tuple[float, float]:
    """Return the precision and recall of the shingles of a text."""
    wanted, got = shingles(truth), shingles(found)
    common = sum((wanted & got).values())
    precision = common / sum(got.values()) if got else float(not wanted)
    recall = common / sum(wanted.values()) if wanted else float(not got)
    return precision, recall


def shingles(text: str) -> Counter[tuple[str, ...]]:
    """Count the runs of four words of a text."""
    words = re.findall(r"\w+", text)
    length = min(_SHINGLE, len(words))
    return Counter(tuple(words[at : at + length]) for at in range(len(words) - length + 1))


if __name__ == "__main__":
    main()
