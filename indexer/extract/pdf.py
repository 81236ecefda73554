"""PDF files: what their lines mean.

A file is a report more often than a page is: its title stands large on the first page, its
headings are larger than its text, and its metadata name who wrote it, and when.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

from lxml import etree

from indexer.extract.file_document import FileContent, Unreadable, read_file, titles
from indexer.extract.pdf_lines import Piece, pieces
from indexer.extract.pdfium import RawPdf, read
from indexer.extract.sections import Block

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from lxml.etree import _Element as Element

    from indexer.model import Extraction, Page, SiteRule, Vocabulary

_MEDIA_TYPES = frozenset({"application/pdf", "application/x-pdf"})
# What servers say of files that they do not know.
_VAGUE = frozenset({"", "application/octet-stream", "text/html", "text/plain"})
_MARK = b"%PDF-"

# A file without headings is parted by its pages, so that a hit leads near its place.
_PAGES_OF_A_PART = 5
_HEADINGS = ("p", "h2", "h3", "h4")
_SHORTEST_PROSE = 100
_WORD = re.compile(r"[^\W\d_]{2}")
_DATE = re.compile(r"D?:?(\d{4})-?(\d\d)?-?(\d\d)?")


def is_pdf(page: Page) -> bool:
    """Tell whether a page is a PDF, by its media type, or by its first bytes if that is vague."""
    return page.media_type in _MEDIA_TYPES or (
        page.media_type in _VAGUE and page.body.startswith(_MARK)
    )


def read_pdf(page: Page, *, rules: tuple[SiteRule, ...], vocabulary: Vocabulary) -> Extraction:
    """Return what a PDF says; encrypted, scanned and broken ones give a reason instead."""
    return read_file(page, _content, rules=rules, vocabulary=vocabulary)


def _content(body: bytes) -> FileContent:
    raw = read(body)
    found = pieces(raw.lines)
    if not any(_WORD.search(piece.text) for piece in found):
        if raw.broken:
            raise Unreadable("parse_error", f"{raw.broken} pages cannot be read")
        raise Unreadable("without_text", f"{raw.pages} pages without text: pictures of pages?")
    root, blocks = _blocks(found)
    return FileContent(
        root=root,
        blocks=blocks,
        titles=tuple(_titles(raw.info["Title"], found)),
        claimed_language=raw.language,
        authors=raw.info["Author"],
        subjects=raw.info["Keywords"],
        created=_day(raw.info["CreationDate"]),
        modified=_day(raw.info["ModDate"]),
        trace={"text": "PDF", "pages": _pages_read(raw)},
    )


def _pages_read(raw: RawPdf) -> str:
    broken = f", {raw.broken} of them broken" if raw.broken else ""
    read = f"{raw.pages_read} of {raw.pages}" if raw.is_cut else str(raw.pages)
    return f"{read}{broken}{': cut off' if raw.is_cut else ''}"


# --- what it means ------------------------------------------------------------------------------


def _blocks(found: Sequence[Piece]) -> tuple[Element, list[Block]]:
    """Return the text as a page would have it: elements, and the blocks of sections.

    An anchor names the page where a section begins, which every reader of PDF follows (RFC 8118).
    """
    root = etree.Element("div")
    items: Element | None = None
    blocks: list[Block] = []
    has_headings = any(piece.level for piece in found)
    part = 0
    for piece in found:
        if not has_headings and (piece.page - 1) // _PAGES_OF_A_PART > part:
            part = (piece.page - 1) // _PAGES_OF_A_PART
            blocks.append(Block("", is_heading=True, anchor=f"page={piece.page}"))
        if piece.is_item:
            items = etree.SubElement(root, "ul") if items is None else items
            element = etree.SubElement(items, "li")
        else:
            items = None
            element = etree.SubElement(root, _HEADINGS[piece.level])
        element.text = piece.text
        anchor = f"page={piece.page}" if piece.level else ""
        blocks.append(Block(piece.text, bool(piece.level), anchor, element))
    return root, blocks


def _titles(said: str, found: Sequence[Piece]) -> Iterator[tuple[str, str]]:
    begins = (piece.text for piece in found if piece.page <= found[0].page + 1)
    return titles(
        said, _shown_title(found), "largest text of its first page", text=" ".join(begins)
    )


def _shown_title(found: Sequence[Piece]) -> str:
    """Return the largest heading of the first page, if no paragraph stands above it."""
    first = [piece for piece in found if piece.page == found[0].page]
    largest = max(first, key=lambda piece: (bool(piece.level), piece.size))
    above = (piece.text for piece in first if piece.y > largest.y)
    return "" if not largest.level or any(map(_is_prose, above)) else largest.text


def _is_prose(text: str) -> bool:
    return len(text) >= _SHORTEST_PROSE


def _day(text: str) -> dt.date | None:
    """Return the day of a date in the metadata: "D:20240315120000+01'00'" (ISO 32000-1, 7.9.4)."""
    match = _DATE.match(text)
    if not match or not match[2]:
        return None
    try:
        return dt.date(int(match[1]), int(match[2]), int(match[3] or 1))
    except ValueError:
        return None
