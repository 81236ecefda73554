"""The links of a page, absolute, in the order in which they stand."""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from indexer.model import Link

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_LINKS = 5_000
_MAX_CHARACTERS = 2_000
_HOST = re.compile(r"[/?#]")


def base_url(root: Element, url: str) -> str:
    """Return what relative links of the page are relative to (HTML, the base element)."""
    href = next((found for tag in root.iter("base") if (found := tag.get("href"))), None)
    return (absolute(url, href) if href else None) or url


def links(root: Element, base: str) -> tuple[Link, ...]:
    """Return the http links of a page; one that asks not to be followed says so."""
    found: dict[str, bool] = {}
    for tag in islice(root.iter("a", "area"), MAX_LINKS):
        url = absolute(base, tag.get("href"))
        if url:
            nofollow = "nofollow" in (tag.get("rel") or "").lower().split()
            found[url] = found.get(url, True) and nofollow
    return tuple(Link(url=url, nofollow=nofollow) for url, nofollow in found.items())


def link_to(root: Element, rel: str, base: str) -> str | None:
    """Return where the page's first ``<link rel=…>`` of a kind leads."""
    for tag in root.iter("link"):
        if rel in (tag.get("rel") or "").lower().split():
            return absolute(base, tag.get("href"))
    return None


def absolute(base: str, href: str | None) -> str | None:
    """Return where a link leads, or None if that is not on the web."""
    if href is None or len(href) > _MAX_CHARACTERS:
        return None
    href = href.strip()
    # The most common form needs no taking apart (RFC 3986, section 5.2.2).
    if href.startswith("/") and not href.startswith("//") and "/." not in href:
        scheme, _, rest = base.partition("://")
        return f"{scheme}://{_HOST.split(rest, maxsplit=1)[0]}{href}"
    try:
        url = urljoin(base, href)
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None
