"""Text to a tree, once a page, and never longer than a page is worth.

The tree is lxml's, which is an order of magnitude quicker to make and to walk than any other;
what needs CSS selectors gets Beautiful Soup's view of the part it looks at.

Parsers can be made to freeze: libxml2 compares each attribute of a tag with all before it, so
40 000 of them on one tag take seconds. A look at the text comes first, and is linear.
"""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING, cast

from bs4 import BeautifulSoup
from lxml import etree

from indexer.extract.charset import clean

if TYPE_CHECKING:
    from collections.abc import Iterator

    from bs4 import Tag
    from lxml.etree import _Element as Element

MAX_CHARACTERS = 5_000_000
MAX_TAGS = 100_000
_MAX_ATTRIBUTES = 1_000
_LONG_TAG_CHARACTERS = 4_000
# A parser that recovers from whatever a page holds fails with these two only when malloc does.
_NO_MEMORY = frozenset({etree.ErrorTypes.ERR_NO_MEMORY, etree.ErrorTypes.ERR_INTERNAL_ERROR})

# A tag as a browser's tokenizer sees it: a quote opens a value only behind "=". Comments and raw
# text come first, as what looks like a tag in them is none. Possessive, so nothing is read twice.
_TAG = re.compile(
    r"""<!--.*?(?:-->|\Z)
      | <(?P<raw>script|style|textarea|title)\b.*?(?:</(?P=raw)|\Z)
      | <[a-z](?:[^>=]++|=\s*+(?:"[^"]*+"?|'[^']*+'?)?)*+""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
_TAG_START = re.compile("<[a-zA-Z]")
_END_IN_VALUE = re.compile(r"""=\s*+(?:"[^">]*+>|'[^'>]*+>)""")
_VALUE = re.compile(r"""=\s*(?:"[^"]*"?|'[^']*'?)""")
_NAME_PART = re.compile(r"[A-ZÅÄÖ]?[a-zåäö]+|[A-ZÅÄÖ]+(?![a-zåäö])")


class TooHostile(Exception):
    """The page would cost more to parse than any page is worth."""


def parse(text: str) -> Element:
    """Parse a page.

    Raises:
        TooHostile: If it is too large, has a monstrous tag, or is nested too deeply.
    """
    if len(text) > MAX_CHARACTERS:
        raise TooHostile(f"more than {MAX_CHARACTERS:,} characters")
    if text.count("<") > MAX_TAGS:
        raise TooHostile(f"more than {MAX_TAGS:,} tags")
    if _may_hold_long_tags(text) and any(
        _attributes(tag) > _MAX_ATTRIBUTES for tag in _long_tags(text)
    ):
        raise TooHostile(f"a tag with more than {_MAX_ATTRIBUTES:,} attributes")
    if not unicodedata.is_normalized("NFC", text):
        # Decomposed letters would be other letters to every pattern and name that follows.
        text = unicodedata.normalize("NFC", text)
    parser = etree.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True)
    root = etree.fromstring(text.replace("\0", "").encode(errors="replace") or b" ", parser)
    # libxml2 stops at 256 open tags; pages that people wrote have some fifty.
    if any(entry.type == etree.ErrorTypes.ERR_RESOURCE_LIMIT for entry in parser.error_log):
        raise TooHostile("more than 256 tags inside each other")
    return root if root is not None else etree.Element("html")


def _may_hold_long_tags(text: str) -> bool:
    """Tell whether to look for long tags: no ">" for long behind a "<", or one inside a value."""
    if _END_IN_VALUE.search(text):
        return True
    return any(
        (start := _TAG_START.search(between)) is not None
        and len(between) - start.start() > _LONG_TAG_CHARACTERS
        for between in text.split(">")
        if len(between) > _LONG_TAG_CHARACTERS
    )


def _long_tags(text: str) -> Iterator[str]:
    for match in _TAG.finditer(text):
        is_tag = not match["raw"] and match[0][1] != "!"
        if is_tag and match.end() - match.start() > _LONG_TAG_CHARACTERS:
            yield match[0]


def _attributes(tag: str) -> int:
    return len(_VALUE.sub("=_", tag).split())


def names(element: Element) -> list[str]:
    """Return the classes of an element, and its id."""
    return [*(element.get("class") or "").split(), *(element.get("id") or "").split()]


def parts(name: str) -> list[str]:
    """Return the words that a class or an id is made of: "siteFooter__share-links"."""
    return [part.lower() for part in _NAME_PART.findall(name)]


def texts(element: Element) -> Iterator[str]:
    """Yield the texts of an element in reading order, as they stand in the markup."""
    return cast("Iterator[str]", element.itertext())


def text_of(element: Element) -> str:
    """Return the text of an element as one line."""
    return clean(" ".join(texts(element)))


def is_lack_of_memory(error: Exception) -> bool:
    """Tell whether lxml failed for want of memory, which libxml2 has words of its own for."""
    if isinstance(error, etree.XMLSyntaxError):
        return error.code in _NO_MEMORY  # type: ignore[attr-defined]  # its stubs do not know it
    return isinstance(error, etree.SerialisationError)


class ElementPath:
    """An XPath expression that finds elements, and nothing else."""

    def __init__(self, path: str) -> None:
        self._path = etree.XPath(path)

    def __call__(self, root: Element) -> list[Element]:
        return cast("list[Element]", self._path(root))


def length(element: Element) -> int:
    """Return how many characters of text an element holds, white space folded."""
    text = etree.tostring(element, method="text", encoding="unicode", with_tail=False)
    return len(" ".join(text.split()))


def is_shorter(element: Element, characters: int) -> bool:
    """Tell whether an element holds less text than that, looking no further than needed."""
    found = 0
    for text in texts(element):
        found += len(text.strip())
        if found >= characters:
            return False
    return True


def drop(element: Element) -> None:
    """Take an element out of its tree; the text behind it stays."""
    parent = element.getparent()
    if parent is None:
        return
    tail = element.tail
    if tail:
        before = element.getprevious()
        if before is None:
            parent.text = (parent.text or "") + tail
        else:
            before.tail = (before.tail or "") + tail
    parent.remove(element)


def soup_of(*elements: Element) -> BeautifulSoup:
    """Return a copy of elements, one behind the other, in which CSS selectors can be asked."""
    markup = "".join(
        etree.tostring(element, encoding="unicode", method="html", with_tail=False)
        for element in elements
    )
    return BeautifulSoup(markup, "lxml")


def tag_of(element: Element) -> Tag | None:
    """Return a copy of one element for Beautiful Soup."""
    body = soup_of(element).body
    return body.find(True) if body is not None else None
