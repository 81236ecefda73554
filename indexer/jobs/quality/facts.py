"""Faults of documents: what a page should say and does not, or has said for too long."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from indexer.jobs.quality.findings import Check, Finding

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable, Iterator

    from indexer.model import Document

_WITH_CONTACT = frozenset({"partner", "project"})
_DATED = frozenset({"partner", "project", "research", "news", "page"})
_MUST_BE_FRESH = frozenset({"partner", "project", "research", "page"})
"""News and publications are of their day."""

_SHOULD_DIFFER = frozenset({"partner", "project", "research", "page"})


def faults_of(document: Document, *, since: dt.date) -> Iterator[tuple[Check, Finding]]:
    """Yield what is wrong with one document; it is old when it is from before `since`."""
    day = document.modified or document.published
    if document.kind in _WITH_CONTACT and not document.persons:
        yield "no_contact", _finding(document, document.kind)
    if day is None and document.kind in _DATED:
        yield "undated", _finding(document)
    if day is not None and day < since and document.kind in _MUST_BE_FRESH:
        yield "stale", _finding(document, day.isoformat())


def same_titles(documents: Iterable[Document]) -> Iterator[tuple[Check, Finding]]:
    """Yield the documents of a source that share title and language with another one."""
    groups: defaultdict[tuple[str, str], list[Document]] = defaultdict(list)
    for document in documents:
        if document.title and document.kind in _SHOULD_DIFFER:
            groups[" ".join(document.title.casefold().split()), document.language].append(document)
    for group in groups.values():
        if len(group) > 1:
            for number, document in enumerate(group):
                other = group[0] if number else group[1]
                yield "same_title", _finding(document, str(len(group)), target=other.url)


def _finding(document: Document, detail: str = "", *, target: str = "") -> Finding:
    return Finding(url=document.url, title=document.title, detail=detail, target=target)
