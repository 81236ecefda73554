"""Columns beside the content: what a layout puts next to the column that holds the heading.

Contacts and facts stand in them, so they are read; but their words are no part of the text.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.extract.dom import drop, length, names

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_COLUMN = re.compile(
    r"(?:^|[-_\s])(?:cols?|columns?|kolumn\w*|spalt\w*|\w+spalt|side\w*|right|left|hoger\w*|höger\w*|"
    r"grid[-_]*(?:item|cell|col)\w*|cell|vanster\w*|vänster\w*|secondary|complementary|aside|tertiary|extra)(?:$|[-_\s\d])",
    re.IGNORECASE,
)
_TELLING_CHARACTERS = 200
_BOXES = frozenset({"div", "section", "aside"})


def take_columns(content: Element) -> tuple[Element, ...]:
    """Take the columns beside the heading's out of a content, and return them."""
    heading = next(content.iter("h1"), None)
    if heading is None:
        return ()
    found = [
        box for inner in _between(heading, content) for box in _beside(inner) if box.tag in _BOXES
    ]
    for box in found:
        drop(box)
    return tuple(found)


def _between(heading: Element, content: Element) -> Iterator[Element]:
    """Yield what stands around the heading inside the content, and is more than the heading."""
    for around in heading.iterancestors():
        if around is content:
            return
        yield around


def _beside(column: Element) -> Iterator[Element]:
    """Yield what stands beside a column that holds the heading, and less than it does."""
    if column.tag == "header":
        return
    held = length(column)
    for box in (*column.itersiblings(preceding=True), *column.itersiblings()):
        # Columns of one width share a text between them.
        is_column = box.tag == "aside" or (
            _is_named_column(box) and box.get("class") != column.get("class")
        )
        if is_column and (box.tag == "aside" or held > max(length(box), _TELLING_CHARACTERS)):
            yield box


def _is_named_column(box: Element) -> bool:
    return any(_COLUMN.search(name) for name in names(box)) or box.get("role") == "complementary"
