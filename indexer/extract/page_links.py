"""A page that is crawled for its links only: where it leads, and what it asks of crawlers."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.extract.charset import decode
from indexer.extract.dom import TooHostile, parse
from indexer.extract.links import base_url, link_to, links
from indexer.extract.robots_meta import robots
from indexer.model import Extraction

if TYPE_CHECKING:
    from indexer.model import Page

_HTML = frozenset({"text/html", "application/xhtml+xml"})


def extract_links(page: Page) -> Extraction:
    """Return the links of a page and no document; `reason` is ``follow_only`` if all is well."""
    if page.media_type not in _HTML:
        return Extraction(document=None, reason="unsupported_media_type")
    try:
        root = parse(decode(page.body, declared=page.charset)[0])
    except TooHostile as hostile:
        return Extraction(document=None, reason="parse_limit", trace={"parse": str(hostile)})
    base = base_url(root, page.url)
    noindex, nofollow = robots(root, page.robots_tag)
    return Extraction(
        document=None,
        reason="follow_only",
        links=links(root, base),
        canonical=link_to(root, "canonical", base),
        noindex=noindex,
        nofollow=nofollow,
    )
