"""Where the text of an article stands: trafilatura finds the place, the page gives the text.

News pages put teasers, adverts and comments into their main element, and trafilatura knows them
better than any landmark. Its own output loses headings' ids, contact cards and what it takes for
furniture; so only the place is taken from it: the smallest element that holds nine tenths of what
it found, from the first line of that to the last.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, NamedTuple

from lxml import etree, html

from indexer.extract.article_noise import drop_captions, is_noise
from indexer.extract.charset import clean
from indexer.extract.dom import drop, length, text_of, texts
from indexer.extract.sections import Block, blocks

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_LINK_BLOCKS = ("ul", "ol", "div", "section", "aside", "p", "table", "dl")
_TELLING_CHARACTERS = 25
_SHARE_IN_PLACE = 0.9
_SHARE_FOUND_AGAIN = 0.3
_LINK_DENSITY = 0.5
# What trafilatura leaves out at the end of an article, and a reader of ours looks for.
_TO_KEEP = re.compile(
    r"\b(kontakt|contact|fakta|facts|finansi|funding|projekt|project|område|areas?\b|referens|references)",
    re.IGNORECASE,
)


class Article(NamedTuple):
    """The place of an article (None when only its text is known), and its blocks."""

    root: Element | None
    blocks: list[Block]


def article(root: Element) -> Article | None:
    """Return the article of a page, or None if there is none."""
    # Takes 0.1 s and 7 MB, which only those pay who extract.
    import trafilatura  # noqa: PLC0415

    drop_captions(root)
    # Trafilatura wants lxml.html's elements, which take longer to walk: it gets a copy.
    markup = etree.tostring(root, encoding="unicode", method="html")
    found = trafilatura.bare_extraction(
        html.fromstring(markup), fast=True, include_comments=False, with_metadata=False
    )
    body = getattr(found, "body", None)
    if body is None:
        return None
    lines = list(_lines(body))
    keys = {key for block in lines if (key := _key(block.text))}
    place = _place(root, keys)
    if place is None:
        return Article(None, [block for block in lines if not is_noise(block)])
    _drop_links(place, keys)
    return Article(place, _between(list(blocks(place)), keys))


def _lines(body: Element) -> Iterator[Block]:
    """Yield what trafilatura found, in the lines that the page breaks it into."""
    for element in body.iter("head", "p", "item", "row", "quote", "code"):
        if element.tag == "row":
            cells = (text_of(cell) for cell in element)
            lines = [" | ".join(filter(None, cells))]
        elif element.find(".//p") is not None:
            lines = [element.text or ""]
        else:
            for line_break in element.iter("lb"):
                line_break.text = "\n"
            lines = "".join(texts(element)).split("\n")
        for line in lines:
            if text := clean(line):
                yield Block(text, is_heading=element.tag == "head")


def _key(text: str) -> str:
    return re.sub(r"\W+", "", text).casefold()


def _place(root: Element, keys: set[str]) -> Element | None:
    """Return the smallest element that holds most of the text that was found."""
    held: dict[Element, int] = {}
    for block in blocks(root):
        key = _key(block.text)
        if block.holder is not None and len(key) > _TELLING_CHARACTERS and key in keys:
            for around in (block.holder, *block.holder.iterancestors()):
                held[around] = held.get(around, 0) + len(key)
    total = held.get(root, 0)
    if total < _SHARE_FOUND_AGAIN * sum(map(len, keys)) or not total:
        return None
    fitting = (element for element, size in held.items() if size >= _SHARE_IN_PLACE * total)
    return max(fitting, key=lambda element: sum(1 for _ in element.iterancestors()))


def _drop_links(place: Element, keys: set[str]) -> None:
    """Cut out what is mostly links and nothing of the article."""
    for element in list(place.iter(*_LINK_BLOCKS)):
        if element is place or link_density(element) <= _LINK_DENSITY:
            continue
        if not any(_key(block.text) in keys for block in blocks(element)):
            drop(element)


def link_density(element: Element) -> float:
    """Return the share of an element's text that stands in links."""
    linked = sum(length(link) for link in element.iter("a"))
    return linked / length(element) if linked else 0.0


def _between(found: list[Block], keys: set[str]) -> list[Block]:
    """Return the blocks from the first of the article to the last, and the facts behind it."""
    inside = [number for number, block in enumerate(found) if _key(block.text) in keys]
    if not inside:
        return found
    kept = [block for block in found[inside[0] : inside[-1] + 1] if not is_noise(block)]
    keep = False
    for block in found[inside[-1] + 1 :]:
        keep = bool(_TO_KEEP.search(block.text)) if block.is_heading else keep
        if keep:
            kept.append(block)
    return kept
