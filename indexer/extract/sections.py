"""An element of a page as its reader sees it: headings, and lines under each.

Paragraphs, list items and table rows are a line each; the cells of a row are joined by " | ".
"""

from __future__ import annotations

from typing import TYPE_CHECKING, NamedTuple

from indexer.extract.charset import clean
from indexer.extract.dates import is_date_line
from indexer.extract.dom import text_of, texts
from indexer.model import Section

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

_HEADINGS = frozenset({"h1", "h2", "h3", "h4"})
_BLOCKS = frozenset(
    {"address", "article", "aside", "blockquote", "caption", "dd", "details", "div", "dl", "dt"}
    | {"fieldset", "figcaption", "figure", "footer", "form", "h5", "h6", "header", "hr", "li"}
    | {"main", "ol", "p", "pre", "section", "summary", "table", "tbody", "thead", "tfoot", "ul"}
    | {"br", "body", "html", "center", "legend", "option", "label", "tr"}
    | _HEADINGS
)
_WHOLE = _HEADINGS | {"tr"}
_CELLS = ("td", "th")
# A table that holds these is for layout, or too rich for a line.
_NOT_IN_ROWS = ("table", "h2", "h3", "p", "li")


class Block(NamedTuple):
    """A heading (with the id that links lead to) or a line of text."""

    text: str
    is_heading: bool = False
    anchor: str = ""


_END_OF_LINE = Block("")


def sections(blocks: Iterable[Block], *, title: str) -> tuple[Section, ...]:
    """Return the text under each heading.

    The heading that is the page's title opens nothing, and a line that only says when the page
    was changed is no text.
    """
    found: list[Section] = []
    heading = Block("")
    lines: list[str] = []

    def close() -> None:
        if lines or heading.text:
            found.append(
                Section(heading=heading.text, anchor=heading.anchor, text="\n".join(lines))
            )

    for block in blocks:
        if not block.is_heading:
            if not is_date_line(block.text):
                lines.append(block.text)
        elif block.text.casefold() != title.casefold():
            close()
            heading, lines = block, []
    close()
    return tuple(found)


def holds_blocks(element: Element) -> bool:
    """Tell whether an element has blocks among its children, and so is more than one line."""
    return any(child.tag in _BLOCKS for child in element)


def blocks(root: Element) -> Iterator[Block]:
    """Yield the headings and lines of an element in reading order."""
    words: list[str] = []
    for item in _walk(root):
        if isinstance(item, str):
            words.append(item)
            continue
        if words and (text := clean("".join(words))):
            yield Block(text)
        words.clear()
        if item.text:
            yield item


def _walk(root: Element) -> Iterator[str | Block]:
    """Yield pieces of text, and a block wherever a line ends (empty if nothing else begins).

    Walks with a stack of its own: a page may be nested deeper than Python recurses.
    """
    # What is left to visit: an element and whether its children were visited.
    pending: list[tuple[Element, bool]] = [(root, False)]
    while pending:
        element, is_done = pending.pop()
        if _breaks_line(element):
            yield _END_OF_LINE
        if is_done:
            if element is not root and element.tail:
                yield element.tail
            continue
        pending.append((element, True))
        whole = _whole(element) if element.tag in _WHOLE else None
        if whole is not None:
            yield whole
            continue
        if element.text:
            yield element.text
        pending.extend((child, False) for child in reversed(element))
    yield _END_OF_LINE


def _breaks_line(element: Element) -> bool:
    return element.tag in _BLOCKS or (element.tag == "span" and _is_translation(element))


def _is_translation(element: Element) -> bool:
    """Tell whether an inline element says in another language what the one beside it says."""
    return bool(element.get("lang")) and any(
        beside is not None and beside.tag == "span" and beside.get("lang")
        for beside in (element.getprevious(), element.getnext())
    )


def _whole(element: Element) -> Block | None:
    """Return what a heading or a table row comes to, or None for what is walked into."""
    if element.tag in _HEADINGS:
        return Block(clean("".join(texts(element))), is_heading=True, anchor=_anchor(element))
    if next(element.iter(*_NOT_IN_ROWS), None) is None:
        return Block(" | ".join(filter(None, map(text_of, element.iter(*_CELLS)))))
    return None


def _anchor(heading: Element) -> str:
    own = heading.get("id")
    if own:
        return clean(own)
    parent = heading.getparent()
    inside = next((named.get("id") for named in heading.iter("a", "span") if named.get("id")), None)
    around = parent.get("id") if parent is not None and parent.tag == "section" else None
    return clean(inside or around or "")
