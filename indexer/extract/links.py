"""The links of a page, absolute, in the order in which they stand."""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING
from urllib.parse import urljoin, urlsplit

from indexer.model import Link

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_LINKS = 5_000
_MAX_CHARACTERS = 2_000
_HOST = re.compile(r"[/?#]")
_QUERY = re.compile(r"[?#]")
_SCHEME = re.compile(r"[A-Za-z][A-Za-z0-9+.-]*:")
_IGNORED = {ord(mark): None for mark in "\t\r\n"}
_REFRESH = re.compile(
    r"""^\s*\d*(?:\.\d*)?\s*[;,]\s*(?:url\s*=\s*)?["']?(?P<url>[^"'>]+)""", re.IGNORECASE
)
# An absolute address in which nothing is to be resolved; most links of a WordPress page are such.
_PLAIN = re.compile(
    r"https?://[A-Za-z0-9.-]+(?::\d+)?/(?:[A-Za-z0-9_~%+=&?,@!$'():*-]|/(?!\.)|\.)*(?:#[A-Za-z0-9_-]+)?\Z"
)


def base_url(root: Element, url: str) -> str:
    """Return what relative links of the page are relative to (HTML, the base element)."""
    href = next((found for tag in root.iter("base") if (found := tag.get("href"))), None)
    return (absolute(url, href) if href else None) or url


def links(root: Element, base: str) -> tuple[Link, ...]:
    """Return the http links of a page, and where it refreshes to; `rel=nofollow` is kept."""
    found: dict[str, bool] = {}
    for tag in islice(root.iter("a", "area"), MAX_LINKS):
        url = absolute(base, tag.get("href"))
        if url:
            nofollow = "nofollow" in (tag.get("rel") or "").lower().split()
            found[url] = found.get(url, True) and nofollow
    for tag in root.iter("meta"):
        if (tag.get("http-equiv") or "").strip().lower() == "refresh":
            refresh = _REFRESH.match(tag.get("content") or "")
            if refresh and (url := absolute(base, refresh["url"])):
                found.setdefault(url, False)
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
    if _PLAIN.match(href):
        return href
    # The most common form needs no taking apart (RFC 3986, section 5.2.2).
    if href.startswith("/") and not href.startswith("//") and "/." not in href:
        return _origin(base) + href
    try:
        url = _resolved(base, href)
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def _resolved(base: str, href: str) -> str:
    r"""Resolve a reference (RFC 3986, section 5.2.2) as browsers do (WHATWG URL, section 4.4).

    Line breaks inside mean nothing, and \ is a slash. Empty segments stay, which `urljoin` drops.
    """
    cut = _QUERY.search(href)
    path, rest = (href[: cut.start()], href[cut.start() :]) if cut else (href, "")
    path = path.translate(_IGNORED).replace("\\", "/")
    if not path or _SCHEME.match(path):
        return urljoin(base, path + rest)
    if path.startswith("//"):
        return f"{urlsplit(base).scheme}:{path}{rest}"
    if path.startswith("/"):
        return f"{_origin(base)}{_without_dots(path)}{rest}"
    folder = urlsplit(base).path.rpartition("/")[0]
    return f"{_origin(base)}{_without_dots(f'{folder}/{path}')}{rest}"


def _without_dots(path: str) -> str:
    """Remove "." and ".." from a path (RFC 3986, section 5.2.4); empty segments stay."""
    if "/." not in path:
        return path
    kept: list[str] = []
    segments = path.split("/")[1:]
    for segment in segments:
        if segment == "..":
            kept = kept[:-1]
        elif segment != ".":
            kept.append(segment)
    if segments[-1] in {".", ".."}:
        kept.append("")
    return "/" + "/".join(kept)


@lru_cache(maxsize=100)
def _origin(base: str) -> str:
    scheme, _, rest = base.partition("://")
    return f"{scheme}://{_HOST.split(rest, maxsplit=1)[0]}"
