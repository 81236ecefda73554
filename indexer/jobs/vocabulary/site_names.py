"""What the sites call themselves: the university's own name is mentioned everywhere."""

from __future__ import annotations

import html
import re
from collections import Counter
from itertools import chain
from typing import TYPE_CHECKING

from indexer.extract.charset import clean, decode

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.model import Page
    from indexer.store import DocumentStore

_PAGES_ASKED = 30
_SHARE = 0.1
_FEWEST = 3
_HEAD = 100_000
_META = re.compile(
    r"<meta\b[^>]{0,200}?\b(?:property|name)=[\"']?(?:og:site_name|application-name)[\"'\s][^>]{0,200}?"
    r"\bcontent=(?:\"([^\"]{1,100})\"|'([^']{1,100})')",
    re.IGNORECASE,
)
_TITLE = re.compile(r"<title\b[^>]{0,200}>([^<]{1,300})</title>", re.IGNORECASE)
_SEPARATOR = re.compile(r"\s+[|·•»«›–—-]\s+")


def site_names(stores: Sequence[DocumentStore], source: str) -> set[str]:
    """Return the names that the titles and heads of a source's stored pages repeat.

    Some pages all over the source are asked: in another language a site may have another name.
    """
    counted: Counter[str] = Counter()
    asked = 0
    for page in chain.from_iterable(_sample(store, source) for store in stores):
        asked += 1
        counted.update(_named_in(page))
    fewest = max(_FEWEST, _SHARE * asked)
    return {name for name, count in counted.items() if count >= fewest}


def _sample(store: DocumentStore, source: str) -> Iterator[Page]:
    ids = [url.id for url in store.frontier.known(source) if url.document_id]
    for page_id in ids[:: max(1, len(ids) // _PAGES_ASKED)]:
        url, body = store.frontier.get(page_id), store.bodies.get(page_id)
        if url and body and "html" in body.media_type:
            yield body.page(url.request(conditional=False))


def _named_in(page: Page) -> set[str]:
    """Return what a page may be calling its site: the end of its title, and what its head says."""
    head, _ = decode(page.body[:_HEAD], declared=page.charset)
    said = [match[1] or match[2] for match in _META.finditer(head)]
    for match in _TITLE.finditer(head):
        parts = _SEPARATOR.split(clean(html.unescape(match[1])))
        said += parts[-1:] if len(parts) > 1 else []
    return {name for one in said if (name := clean(html.unescape(one)))}
