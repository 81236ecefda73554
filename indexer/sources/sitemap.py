"""Sitemaps (sitemaps.org, protocol 0.9): XML lists, indexes of lists, and plain text.

Pure: bytes in, URLs as they were written out. Entities are not expanded and nothing is loaded.
Other languages of a page (`xhtml:link` with `hreflang`) are pages too.
"""

from __future__ import annotations

import io
import re
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from lxml import etree

from indexer.fetch import BodyReader, Broken
from indexer.sources.lastmod import parse_lastmod

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

MAX_URLS: Final = 50_000
MAX_BYTES: Final = 50_000_000

_GZIP_MAGIC: Final = b"\x1f\x8b"
_PIECE: Final = 65_536
_ROOTS: Final = frozenset({"urlset", "sitemapindex"})
_ENTRIES: Final = frozenset({"url", "sitemap"})
# No "<" stands in a tag, so this bounds its attributes, which are all kept until it ends.
_MAX_TAG: Final = 100_000
_LONG_TAG: Final = re.compile(rb"<[^<]{%d}" % _MAX_TAG)
_MAX_INSIDE: Final = 10_000
_MAX_ALTERNATES: Final = 2 * MAX_URLS
_HEAD: Final = 2000
_BLANKS: Final = b" \t\r\n"
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class SitemapEntry:
    """A page, or a sitemap that an index names."""

    url: str
    lastmod: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What one sitemap lists: pages, or further sitemaps.

    `alternates` are its pages in other languages, as far as they are not among `pages`.
    `problem` says why there may be more than was read; what came before it is here. `foreign`
    is a body that is something else altogether, such as a "not found" page with status 200.
    """

    pages: tuple[SitemapEntry, ...] = ()
    alternates: tuple[str, ...] = ()
    sitemaps: tuple[SitemapEntry, ...] = ()
    problem: str = ""
    foreign: bool = False


def parse_sitemap(body: bytes, *, now: dt.datetime) -> Sitemap:
    """Read a sitemap, gzipped or not; never raises. At most 50 000 URLs and 50 MB of it.

    A `<lastmod>` after `now`, the time of the answer, is left out.
    """
    try:
        text = _inflated(body) if body.startswith(_GZIP_MAGIC) else body
    except Broken as problem:
        return Sitemap(problem=problem.detail)
    if len(text) > MAX_BYTES:
        return Sitemap(problem=f"it is larger than {MAX_BYTES} bytes")
    # A blank line before the XML declaration is common, and meant by nobody.
    text = text.lstrip(_BLANKS).removeprefix(_BOM).lstrip(_BLANKS)
    if not text:
        return Sitemap(problem="it is empty", foreign=True)
    if not text.startswith(b"<") and b"\x00" not in text[:4]:
        return _from_lines(text)
    if _LONG_TAG.search(text):
        return Sitemap(problem=f"it has a tag or a text of more than {_MAX_TAG} bytes")
    return _from_xml(text, now)


def _inflated(body: bytes) -> bytes:
    reader = BodyReader("gzip", limit=MAX_BYTES)
    for start in range(0, len(body), _PIECE):
        reader.feed(body[start : start + _PIECE])
    return reader.finish()


def _from_xml(text: bytes, now: dt.datetime) -> Sitemap:
    found: dict[str, list[SitemapEntry]] = {"url": [], "sitemap": []}
    alternates: dict[str, None] = {}
    problem, foreign = "", False
    try:
        for element in _entries(text):
            if (entry := _entry(element, now)) is None:
                continue
            if len(found["url"]) + len(found["sitemap"]) == MAX_URLS:
                problem = f"it lists more than {MAX_URLS} URLs"
                break
            found[_name(element)].append(entry)
            alternates |= dict.fromkeys(_other_languages(element))
            if len(alternates) > _MAX_ALTERNATES:
                problem = f"it names more than {_MAX_ALTERNATES} pages in other languages"
                break
    except _ForeignRoot as error:
        problem, foreign = str(error), True
    except _Overgrown as error:
        problem = str(error)
    except etree.XMLSyntaxError as error:
        problem = f"it is not well-formed XML: {error.msg}"
        foreign = not any(root.encode() in text[:_HEAD] for root in _ROOTS)
    pages = {entry.url for entry in found["url"]}
    return Sitemap(
        pages=tuple(found["url"]),
        alternates=tuple(url for url in alternates if url not in pages),
        sitemaps=tuple(found["sitemap"]),
        problem=problem,
        foreign=foreign,
    )


class _Overgrown(Exception):
    """An entry is so large that it would have to be kept in memory to be read."""


class _ForeignRoot(Exception):
    """The document is well-formed so far, and no sitemap."""


def _entries(text: bytes) -> Iterator[etree._Element]:
    """Yield the elements `url` and `sitemap` in document order; each is emptied afterwards.

    The namespace is not looked at: several generators write it wrong. An image's location
    has another parent, so it is not taken for a page.
    """
    events = etree.iterparse(
        io.BytesIO(text),
        events=("start", "end"),
        resolve_entities=False,
        no_network=True,
        load_dtd=False,
        huge_tree=False,
        remove_comments=True,
        remove_pis=True,
    )
    depth = inside = 0
    for event, element in events:
        if event == "start":
            depth, inside = depth + 1, inside + 1
            if inside > _MAX_INSIDE:
                raise _Overgrown(f"an entry has more than {_MAX_INSIDE} elements")
            if depth == 1 and _name(element) not in _ROOTS:
                raise _ForeignRoot(f"its root element is <{_name(element)[:40]}>")
            continue
        depth -= 1
        if depth != 1:
            continue
        inside = 0
        if _name(element) in _ENTRIES:
            yield element
        element.clear()
        # The root keeps its emptied children otherwise: 50 000 of them add up.
        root = element.getparent()
        while root is not None and (previous := element.getprevious()) is not None:
            root.remove(previous)


def _entry(element: etree._Element, now: dt.datetime) -> SitemapEntry | None:
    said: dict[str, str] = {}
    for child in element:
        if text := (child.text or "").strip():
            said.setdefault(_name(child), text)
    if "loc" not in said:
        return None
    return SitemapEntry(url=said["loc"], lastmod=parse_lastmod(said.get("lastmod", ""), now=now))


def _other_languages(element: etree._Element) -> Iterator[str]:
    """The pages that the `xhtml:link` elements of an entry name."""
    for child in element:
        is_alternate = "alternate" in child.get("rel", "").lower().split()
        url = child.get("href", "").strip() if child.get("hreflang") else ""
        if url and is_alternate and _name(child) == "link":
            yield url


def _name(element: etree._Element) -> str:
    # Not by QName, which refuses names that a parser lets pass.
    return str(element.tag).rpartition("}")[2].lower()


def _from_lines(text: bytes) -> Sitemap:
    """One URL a line, UTF-8; a file with none at all is no sitemap."""
    lines = [line.strip() for line in text.decode("utf-8", errors="replace").splitlines()]
    urls = [line for line in lines if _scheme(line) in {"http", "https"}]
    if not urls:
        return Sitemap(problem="it is neither XML nor a list of URLs", foreign=True)
    problem = f"it lists more than {MAX_URLS} URLs" if len(urls) > MAX_URLS else ""
    return Sitemap(pages=tuple(SitemapEntry(url=url) for url in urls[:MAX_URLS]), problem=problem)


def _scheme(line: str) -> str:
    """The scheme of a line, or nothing if it is no URL at all."""
    try:
        return urlsplit(line).scheme
    except ValueError:
        return ""
