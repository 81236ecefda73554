"""The body of a Word file as a page would have it: headings, paragraphs, lists, tables.

Its XML is walked here (ECMA-376, part 1, section 17): python-docx passes over insertions, content
controls and text boxes, which are text like any other to a reader.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree

from indexer.extract.charset import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

MAX_CHARACTERS = 2_000_000

_W = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_FALLBACK = "{http://schemas.openxmlformats.org/markup-compatibility/2006}Fallback"
_P, _TBL, _TR, _TC, _BOX = (f"{_W}{name}" for name in ("p", "tbl", "tr", "tc", "txbxContent"))
_VAL = f"{_W}val"
# What was deleted or moved away, how things look, and what is shown a second time.
_NOT_READ = frozenset({f"{_W}{name}" for name in ("del", "moveFrom", "pPr", "rPr", "sectPr")}) | {
    _FALLBACK
}
_SAID_BY = {f"{_W}tab": " ", f"{_W}br": "\n", f"{_W}cr": "\n", f"{_W}noBreakHyphen": "-"}
_HEADING_NAME = re.compile(r"(?:heading|rubrik)\s*(\d)$", re.IGNORECASE)
_TITLE_NAME = re.compile(r"(?:title|titel|rubrik)$", re.IGNORECASE)
_CONTENTS_NAME = re.compile(r"(?:toc|innehåll)\s*(?:\d|heading)", re.IGNORECASE)
_LIST_NAME = re.compile(r"list(?:\s|a\b|e\b|-)", re.IGNORECASE)
_BODY_LEVEL = 9
_LONGEST_CHAIN = 10
_HEADINGS = ("h2", "h3", "h4")
_LONGEST_BOLD_HEADING = 100
_NO_HEADING_ENDS = (".", ",", ";", ":")
_OFF = frozenset({"0", "false", "off", "none"})


class _Style(NamedTuple):
    level: int | None = None
    is_title: bool = False
    is_list: bool = False
    is_contents: bool = False


class WordStyles:
    """What the styles of a file say of the paragraphs that have them."""

    def __init__(self, root: Element) -> None:
        self._elements = {style.get(f"{_W}styleId", ""): style for style in root.iter(f"{_W}style")}
        self._known: dict[str, _Style] = {}
        spoken = next(root.iter(f"{_W}lang"), None)
        self.language = "" if spoken is None else spoken.get(_VAL, "")

    def of(self, paragraph: Element) -> _Style:
        """Return what a paragraph is, by its style and by itself."""
        look = paragraph.find(f"{_W}pPr")
        if look is None:
            return _Style()
        named = look.find(f"{_W}pStyle")
        style = self._named("" if named is None else named.get(_VAL, ""))
        own = _level_of(look)
        return style._replace(
            level=style.level if own is None else _heading_level(own),
            is_list=style.is_list or look.find(f"{_W}numPr") is not None,
        )

    def _named(self, name: str) -> _Style:
        if name not in self._known:
            self._known[name] = self._resolved(name)
        return self._known[name]

    def _resolved(self, name: str) -> _Style:
        """Return a style with what it has from those that it is based on."""
        found = _Style()
        for _ in range(_LONGEST_CHAIN):
            style = self._elements.get(name)
            if style is None:
                break
            found = _merged(found, style)
            based_on = style.find(f"{_W}basedOn")
            if based_on is None:
                break
            name = based_on.get(_VAL, "")
        return found._replace(level=_heading_level(found.level))


def _merged(found: _Style, style: Element) -> _Style:
    name = style.find(f"{_W}name")
    said = "" if name is None else name.get(_VAL, "")
    look = style.find(f"{_W}pPr")
    by_name = _HEADING_NAME.match(said)
    level = int(by_name[1]) - 1 if by_name else _level_of(look) if look is not None else None
    has_numbers = look is not None and look.find(f"{_W}numPr") is not None
    return _Style(
        level=level if found.level is None else found.level,
        is_title=found.is_title or bool(_TITLE_NAME.match(said)),
        is_list=found.is_list or has_numbers or bool(_LIST_NAME.match(said)),
        is_contents=found.is_contents or bool(_CONTENTS_NAME.match(said)),
    )


def _heading_level(level: int | None) -> int | None:
    return None if level == _BODY_LEVEL else level


def _level_of(look: Element) -> int | None:
    level = look.find(f"{_W}outlineLvl")
    said = "" if level is None else level.get(_VAL, "")
    return int(said) if said.isdecimal() and len(said) == 1 else None


# --- the body -----------------------------------------------------------------------------------


class WordBody:
    """The body as a page would have it: headings, paragraphs, lists, tables."""

    def __init__(self, styles: WordStyles) -> None:
        self.root = etree.Element("div")
        self.title = ""
        self.has_headings = False
        self.is_full = False
        self._styles = styles
        self._characters = 0
        self._bold: list[Element] = []

    def add(self, container: Element) -> None:
        """Add the paragraphs and tables of a container; walks with a stack of its own."""
        pending = list(reversed(container))
        while pending and not self.is_full:
            element = pending.pop()
            if element.tag == _P:
                self._add_paragraph(element)
                pending.extend(reversed(list(_boxes(element))))
            elif element.tag == _TBL and (rows := _rows(element)):
                self._add_table(rows)
            elif element.tag not in _NOT_READ:
                pending.extend(reversed(element))

    def make_bold_lines_headings(self) -> None:
        """Take short paragraphs in bold for headings, where no style marks any."""
        for element in self._bold:
            element.tag = "h3"

    def _add_paragraph(self, paragraph: Element) -> None:
        style = self._styles.of(paragraph)
        lines = _lines(paragraph)
        if not lines or style.is_contents:
            return
        if style.is_title and not self.title:
            self.title = " ".join(lines)
        if style.is_title or style.level is not None:
            self.has_headings = self.has_headings or not style.is_title
            level = min(style.level or 0, len(_HEADINGS) - 1)
            self._put(self.root, _HEADINGS[level], [" ".join(lines)])
        elif style.is_list:
            last = self.root[-1] if len(self.root) else None
            items = last if last is not None and last.tag == "ul" else None
            self._put(etree.SubElement(self.root, "ul") if items is None else items, "li", lines)
        else:
            element = self._put(self.root, "p", lines)
            if _is_bold_line(paragraph, lines):
                self._bold.append(element)

    def _add_table(self, rows: list[list[Element]]) -> None:
        table = etree.SubElement(self.root, "table")
        for cells in rows:
            row = etree.SubElement(table, "tr")
            for cell in cells:
                said = (line for paragraph in cell.iter(_P) for line in _lines(paragraph))
                self._put(row, "td", [" ".join(said)])

    def _put(self, parent: Element, tag: str, lines: list[str]) -> Element:
        element = etree.SubElement(parent, tag)
        element.text = lines[0]
        for line in lines[1:]:
            etree.SubElement(element, "br").tail = line
        self._characters += sum(map(len, lines))
        self.is_full = self._characters >= MAX_CHARACTERS
        return element


def _rows(table: Element) -> list[list[Element]]:
    """Return the cells of a table; nothing for one of one column, which only lays out."""
    rows = [list(_own(row, _TC)) for row in _own(table, _TR)]
    return rows if any(len(cells) > 1 for cells in rows) else []


def _own(parent: Element, tag: str) -> Iterator[Element]:
    """Yield the rows or cells of a table, also those in a content control, and no table's in it."""
    pending = list(reversed(parent))
    while pending:
        element = pending.pop()
        if element.tag == tag:
            yield element
        elif element.tag not in {_TBL, _P} and element.tag not in _NOT_READ:
            pending.extend(reversed(element))


def _boxes(paragraph: Element) -> Iterator[Element]:
    """Yield the text boxes that are anchored in a paragraph."""
    pending = list(reversed(paragraph))
    while pending:
        element = pending.pop()
        if element.tag == _BOX:
            yield element
        elif element.tag not in _NOT_READ:
            pending.extend(reversed(element))


def _lines(paragraph: Element) -> list[str]:
    """Return the text of a paragraph, parted at its line breaks; what is deleted is left out."""
    said: list[str] = []
    pending = list(reversed(paragraph))
    while pending:
        element = pending.pop()
        if element.tag == f"{_W}t":
            said.append(element.text or "")
        elif element.tag in _SAID_BY:
            said.append(_SAID_BY[str(element.tag)])
        elif element.tag not in {_BOX, _P} and element.tag not in _NOT_READ:
            pending.extend(reversed(element))
    return [line for raw in "".join(said).split("\n") if (line := clean(raw))]


def _is_bold_line(paragraph: Element, lines: list[str]) -> bool:
    if len(lines) > 1 or len(lines[0]) > _LONGEST_BOLD_HEADING:
        return False
    if lines[0].endswith(_NO_HEADING_ENDS):
        return False
    runs = [run for run in paragraph.iter(f"{_W}r") if run.find(f"{_W}t") is not None]
    return all(_is_on(run.find(f"{_W}rPr/{_W}b")) for run in runs)


def _is_on(mark: Element | None) -> bool:
    return mark is not None and mark.get(_VAL, "1") not in _OFF
