"""Main text of real article pages with no site rules, beside trafilatura, and pages per CPU second.

    python -m benchmarks.extraction FOLDER

FOLDER holds ``ground-truth.json`` (name: {articleBody, url}) and ``html/NAME.html.gz``, as the
article-extraction-benchmark of Scrapinghub does. Token F1 as it defines it: shingles of four words,
precision and recall each averaged over the pages.
"""

from __future__ import annotations

import argparse
import datetime as dt
import gzip
import json
import re
import time
from collections import Counter
from pathlib import Path
from typing import TYPE_CHECKING

import trafilatura

from indexer.extract import extract
from indexer.model import CrawlRequest, Page

if TYPE_CHECKING:
    from collections.abc import Callable

_SHINGLE = 4


def main() -> None:
    """Read every page with both, and print how much of the article each found."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("folder", type=Path)
    folder = parser.parse_args().folder
    truth = json.loads((folder / "ground-truth.json").read_bytes())
    pages = [
        (gzip.decompress((folder / "html" / f"{name}.html.gz").read_bytes()), entry)
        for name, entry in truth.items()
    ]
    for body, entry in pages[:5]:
        # Models and tables are loaded before the clock starts.
        ours(body, entry["url"])
    print(f"{len(pages)} pages\n{'':16}{'F1':>8}{'P':>8}{'R':>8}{'pages/CPU s':>14}")
    rows: tuple[tuple[str, Callable[[bytes, str], str]], ...] = (
        ("Samsök", ours),
        ("trafilatura", theirs),
    )
    for name, read in rows:
        started = time.process_time()
        found = [read(body, entry["url"]) for body, entry in pages]
        spent = time.process_time() - started
        scores = [
            score(entry["articleBody"], text) for (_, entry), text in zip(pages, found, strict=True)
        ]
        precision = sum(one for one, _ in scores) / len(scores)
        recall = sum(one for _, one in scores) / len(scores)
        f1 = 2 * precision * recall / (precision + recall)
        rate = len(pages) / spent
        print(f"{name:16}{f1:8.3f}{precision:8.3f}{recall:8.3f}{rate:14.0f}")


def ours(body: bytes, url: str) -> str:
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


def theirs(body: bytes, _url: str) -> str:
    """Return what trafilatura finds by itself."""
    return trafilatura.extract(body, include_comments=False) or ""


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
