"""An element of a page as its reader sees it: headings, and lines under each.

Paragraphs, list items and table rows are a line each; the cells of a row are joined by " | ".
"""

from __future__ import annotations

import re
from itertools import pairwise
from typing import TYPE_CHECKING, NamedTuple

from indexer.extract.charset import clean
from indexer.extract.dates import is_date_line, is_day_alone
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


# A day that stands alone near the top says when the page is from.
_DATELINES = 2
_KEEPER = re.compile(
    r"(?:(?:sid|sidans?|innehålls|informations|webb|webbplats)\s?ansvarig|sidägare|page\s+(?:manager|owner|editor)|"
    r"content\s+(?:manager|owner)|webb?redaktör|ansvarig\s+utgivare)\b",
    re.IGNORECASE,
)
_LONGEST_KEEPER = 100
_TOOL = re.compile(
    r"(?:lyssna|listen|skriv ut|print|(?:tillbaka )?(?:till|upp) toppen|(?:back )?to top|"
    r"tipsa en vän|dela(?: sidan| artikeln| på)?|share(?: this page)?|(?:visa|dölj) alla|"
    r"(?:show|hide) all|"
    r"(?:öppna|stäng|expandera|fäll ut) alla)\W*",
    re.IGNORECASE,
)


class Block(NamedTuple):
    """A heading (with the id that links lead to) or a line of text.

    `holder` is the element in which it begins; None for a text without a place.
    """

    text: str
    is_heading: bool = False
    anchor: str = ""
    holder: Element | None = None


class Words(NamedTuple):
    """A piece of a line, and the element in which it stands."""

    text: str
    holder: Element


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
            if not _is_about_the_page(block.text, near_top=len(lines) < _DATELINES):
                lines.append(block.text)
        elif block.text.casefold() != title.casefold():
            close()
            heading, lines = block, []
    close()
    return tuple(found)


def _is_about_the_page(line: str, *, near_top: bool) -> bool:
    """Tell whether a line says who keeps the page, or when it was changed, and not what it says."""
    if is_date_line(line) or (near_top and is_day_alone(line)) or _TOOL.fullmatch(line):
        return True
    return len(line) <= _LONGEST_KEEPER and bool(_KEEPER.match(line))


def holds_blocks(element: Element) -> bool:
    """Tell whether an element has blocks among its children, and so is more than one line."""
    return any(child.tag in _BLOCKS for child in element)


def blocks(root: Element) -> Iterator[Block]:
    """Yield the headings and lines of an element in reading order."""
    words: list[Words] = []
    for item in walk(root):
        if isinstance(item, Words):
            words.append(item)
            continue
        if words and (text := clean(_joined(words))):
            holder = next((word.holder for word in words if not word.text.isspace()), None)
            yield Block(text, holder=holder)
        words.clear()
        if item.text:
            yield item


def _joined(words: list[Words]) -> str:
    """Join the pieces of a line; cards set spans and links apart by style alone, with no space."""
    line = words[0].text
    for before, word in pairwise(words):
        if _needs_space(before, word):
            line += " "
        line += word.text
    return line


def _needs_space(before: Words, word: Words) -> bool:
    if before.text[-1:].isspace() or word.text[:1].isspace() or not (before.text and word.text):
        return False
    if before.holder is word.holder:
        return False
    if any(
        (one.holder.get("href") or "").startswith(("mailto:", "tel:")) for one in (before, word)
    ):
        return before.text[-1:].isalnum() and word.text[:1].isalnum()
    if before.text[-1].islower() and word.text[0].isupper():
        return True
    # Elements side by side are label and value; "CO<sub>2</sub>" is not.
    are_beside = before.holder.getparent() is word.holder.getparent()
    return are_beside and before.text[-1].isalpha() and word.text[0].isdigit()


def walk(root: Element) -> Iterator[Words | Block]:
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
                parent = element.getparent()
                yield Words(element.tail, element if parent is None else parent)
            continue
        pending.append((element, True))
        whole = _whole(element) if element.tag in _WHOLE else None
        if whole is not None:
            yield whole
            continue
        if element.text:
            yield Words(element.text, element)
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
        return Block(clean("".join(texts(element))), True, _anchor(element), element)
    if next(element.iter(*_NOT_IN_ROWS), None) is None:
        text = " | ".join(filter(None, map(text_of, element.iter(*_CELLS))))
        return Block(text, holder=element)
    return None


def _anchor(heading: Element) -> str:
    own = heading.get("id")
    if own:
        return clean(own)
    parent = heading.getparent()
    inside = next((named.get("id") for named in heading.iter("a", "span") if named.get("id")), None)
    around = parent.get("id") if parent is not None and parent.tag == "section" else None
    return clean(inside or around or "")
