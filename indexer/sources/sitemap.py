"""Sitemaps (sitemaps.org, protocol 0.9): XML lists, indexes of lists, and plain text.

Pure: bytes in, URLs as they were written out. Entities are not expanded and nothing is loaded.
"""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Final
from urllib.parse import urlsplit

from lxml import etree

from indexer.fetch import BodyReader, Broken

if TYPE_CHECKING:
    from collections.abc import Iterator

MAX_URLS: Final = 50_000
MAX_BYTES: Final = 50_000_000

_GZIP_MAGIC: Final = b"\x1f\x8b"
_PIECE: Final = 65_536
_ROOTS: Final = frozenset({"urlset", "sitemapindex"})
_HEAD: Final = 2000
_BLANKS: Final = b" \t\r\n"
_BOM: Final = b"\xef\xbb\xbf"


@dataclass(frozen=True, slots=True, kw_only=True)
class Sitemap:
    """What one sitemap lists: pages, or further sitemaps.

    `problem` says why there may be more than was read; what came before it is here. `foreign`
    is a body that is something else altogether, such as a "not found" page with status 200.
    """

    urls: tuple[str, ...] = ()
    sitemaps: tuple[str, ...] = ()
    problem: str = ""
    foreign: bool = False


def parse_sitemap(body: bytes) -> Sitemap:
    """Read a sitemap, gzipped or not; never raises. At most 50 000 URLs and 50 MB of it."""
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
    return _from_xml(text) if text.startswith(b"<") or b"\x00" in text[:4] else _from_lines(text)


def _inflated(body: bytes) -> bytes:
    reader = BodyReader("gzip", limit=MAX_BYTES)
    for start in range(0, len(body), _PIECE):
        reader.feed(body[start : start + _PIECE])
    return reader.finish()


def _from_xml(text: bytes) -> Sitemap:
    found: dict[str, list[str]] = {"url": [], "sitemap": []}
    problem, foreign = "", False
    try:
        for kind, location in _entries(text):
            if len(found["url"]) + len(found["sitemap"]) == MAX_URLS:
                problem = f"it lists more than {MAX_URLS} URLs"
                break
            found[kind].append(location)
    except _ForeignRoot as error:
        problem, foreign = str(error), True
    except etree.XMLSyntaxError as error:
        problem = f"it is not well-formed XML: {error.msg}"
        foreign = not any(root.encode() in text[:_HEAD] for root in _ROOTS)
    return Sitemap(
        urls=tuple(found["url"]),
        sitemaps=tuple(found["sitemap"]),
        problem=problem,
        foreign=foreign,
    )


class _ForeignRoot(Exception):
    """The document is well-formed so far, and no sitemap."""


def _entries(text: bytes) -> Iterator[tuple[str, str]]:
    """Yield `url` or `sitemap`, and the location, for each entry in document order.

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
    depth = 0
    for event, element in events:
        if event == "start":
            depth += 1
            if depth == 1 and _name(element) not in _ROOTS:
                raise _ForeignRoot(f"its root element is <{_name(element)[:40]}>")
            continue
        depth -= 1
        if depth != 1:
            continue
        kind = _name(element)
        if kind in {"url", "sitemap"}:
            yield from ((kind, location) for location in _locations(element))
        element.clear()
        # The root keeps its emptied children otherwise: 50 000 of them add up.
        root = element.getparent()
        while root is not None and (previous := element.getprevious()) is not None:
            root.remove(previous)


def _locations(entry: etree._Element) -> Iterator[str]:
    for child in entry:
        if _name(child) == "loc" and (location := (child.text or "").strip()):
            yield location


def _name(element: etree._Element) -> str:
    # The stubs do not know that the tag of a comment is a function.
    is_element = isinstance(element.tag, str)
    return etree.QName(element).localname.lower() if is_element else ""


def _from_lines(text: bytes) -> Sitemap:
    """One URL a line, UTF-8; a file with none at all is no sitemap."""
    lines = [line.strip() for line in text.decode("utf-8", errors="replace").splitlines()]
    urls = [line for line in lines if _scheme(line) in {"http", "https"}]
    if not urls:
        return Sitemap(problem="it is neither XML nor a list of URLs", foreign=True)
    problem = f"it lists more than {MAX_URLS} URLs" if len(urls) > MAX_URLS else ""
    return Sitemap(urls=tuple(urls[:MAX_URLS]), problem=problem)


def _scheme(line: str) -> str:
    """The scheme of a line, or nothing if it is no URL at all."""
    try:
        return urlsplit(line).scheme
    except ValueError:
        return ""
