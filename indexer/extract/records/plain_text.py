"""Text out of the markup that repositories put into their fields, escaped once or twice.

Only known elements count as markup: "p < 0.05" and "List<T>" are text.
"""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING

from lxml import etree

from indexer.extract.charset import clean

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

MAX_TEXT = 50_000
"""Characters of one field that are read; a long abstract has some five thousand."""

_BREAK = "\u2029"
_BLOCK_NAMES = """
p br div li ul ol dl dt dd h1 h2 h3 h4 h5 h6 table tr section article header blockquote pre hr
title sec list
"""
_BLOCKS = frozenset(_BLOCK_NAMES.split())
_INLINE_NAMES = """
a abbr acronym b bdi bdo big bold cite code del dfn em font i img ins italic kbd mark q s samp
sc small span strike strong sub sup tbody td th thead tt u var wbr
"""
_INLINE = frozenset(_INLINE_NAMES.split())
_SILENT = re.compile(
    r"<!--.*?(?:-->|\Z)|<(script|style)\b[^>]{0,500}>.*?(?:</\1\s*>|\Z)", re.DOTALL | re.IGNORECASE
)
_TAG = re.compile(
    r"</?(?P<prefix>[a-z]{1,8}:)?(?P<name>[a-z][a-z0-9-]{0,20})(?:\s[^<>]{0,500})?/?>",
    re.IGNORECASE,
)
# Python's own function also reads "&copy=1" of a URL, without a semicolon.
_ENTITY = re.compile(r"&(?:#[0-9]{1,8}|#[xX][0-9A-Fa-f]{1,7}|[A-Za-z][A-Za-z0-9]{1,31});")
_EMPTY_LINE = re.compile(r"\n[ \t\r]*\n")


def paragraphs(markup: str) -> str:
    """Return the text of a field, its paragraphs as lines."""
    text = markup[:MAX_TEXT]
    for _ in range(2):
        text = _ENTITY.sub(lambda match: html.unescape(match[0]), _stripped(text))
    text = _EMPTY_LINE.sub(_BREAK, text)
    return "\n".join(line for raw in text.split(_BREAK) if (line := clean(raw)))


def line(markup: str, *, at_most: int = 500) -> str:
    """Return the text of a field as one line of limited length, cut between words."""
    text = paragraphs(markup[: 4 * at_most]).replace("\n", " ")
    return text if len(text) <= at_most else text[:at_most].rsplit(" ", 1)[0] + " …"


def markup_of(element: Element) -> str:
    """Return what an element holds: its text, and its children as if they were escaped."""
    if not len(element):
        return element.text or ""
    parts: list[str] = []
    for event, inner in etree.iterwalk(element, events=("start", "end")):
        is_block = inner is not element and etree.QName(inner).localname.lower() in _BLOCKS
        parts.append(_BREAK if is_block else "")
        text = inner.text if event == "start" else inner.tail
        parts.append((text or "") if inner is not element or event == "start" else "")
    return "".join(parts)


def _stripped(text: str) -> str:
    if "<" not in text:
        return text
    return _TAG.sub(_instead, _SILENT.sub(" ", text))


def _instead(match: re.Match[str]) -> str:
    name = match["name"].lower()
    if name in _BLOCKS:
        return _BREAK
    # Crossref's abstracts are JATS, formulas are MathML: both come with a prefix.
    return "" if name in _INLINE or match["prefix"] else match[0]
