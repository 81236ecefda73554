"""What it costs that people were forgotten, for every page that is read from then on.

    python -m benchmarks.erasure

Pages of 50 kB and their documents, 600 words each, with ledgers of no, one, ten and a hundred
people and pages that none of them names: the cost of looking, which every page pays.
"""

from __future__ import annotations

import argparse
import datetime as dt
import tempfile
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.timing import measure
from benchmarks.university_pages import FIELD_RULE, VOCABULARY, pages
from indexer.erasure import Redactor, erasure_of_page, erasure_of_person
from indexer.extract import extract
from indexer.model import document_id
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from indexer.erasure import Erasure
    from indexer.model import Document, Page

_KEY = b"b" * 32
_NOW = dt.datetime(2026, 3, 1, tzinfo=dt.UTC)
_PAGES = 300


def main() -> None:
    """Measure and print a table."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--pages", type=int, default=_PAGES, help="how many (default: 300)")
    args = parser.parse_args()
    read = [*pages(args.pages)]
    documents = [_document(page, number) for number, page in enumerate(read)]
    words = sum(len(section.text.split()) for one in documents for section in one.sections)
    print(f"{len(read)} pages, {words / len(documents):.0f} words a document\n")
    print("CPU ms            document      body       URL   stored")
    for count in (0, 1, 10, 100):
        _measure(count, read, documents)


def _document(page: Page, number: int) -> Document:
    read = extract(page, rules=(FIELD_RULE,), vocabulary=VOCABULARY).document
    if read is None:
        raise SystemExit(f"nothing was read from {page.url}")
    url = f"https://www.example.org/sida-{number}"
    return replace(read, id=document_id(url), url=url, source="bench")


def _measure(count: int, read: list[Page], documents: list[Document]) -> None:
    ledger = [one for number in range(count) for one in _erasures(number)]
    redactor = Redactor(ledger)
    of_document, _ = measure(lambda: [redactor.document(one) for one in documents])
    of_body, _ = measure(lambda: [redactor.may_keep(one, None) for one in read])
    of_url, _ = measure(lambda: [redactor.forbids(one.url) for one in documents])
    with tempfile.TemporaryDirectory() as folder, DocumentStore.open(Path(folder) / "db") as store:
        for one in ledger:
            store.erasures.add(one, hides=())
        stored, _ = measure(lambda: [store.put(one, fingerprint="f") for one in documents])
    each = (1000 * seconds / len(documents) for seconds in (of_document, of_body, of_url, stored))
    print(f"{count:4} people, pages " + " ".join(f"{milliseconds:9.3f}" for milliseconds in each))


def _erasures(number: int) -> tuple[Erasure, Erasure]:
    person = erasure_of_person(
        "",
        names=(f"Förnamn{number} von Efternamn{number}",),
        emails=(f"forgotten.{number}@example.org",),
        phones=(f"0999-88 {number:04}",),
        own_pages=(),
        evidence=None,
        key=_KEY,
        at=_NOW,
    )
    page = erasure_of_page(f"https://www.example.org/bort/{number}", urls=(), key=_KEY, at=_NOW)
    return person, page


if __name__ == "__main__":
    main()
