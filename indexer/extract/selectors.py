"""An operator's CSS selectors, asked of the tree.

Most are names of elements, classes and ids, which XPath finds in the tree that there is. All
others ("h2:-soup-contains('Kontakt') ~ ul") are asked of a copy for Beautiful Soup, whose elements
carry the number of the one they are copies of.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from soupsieve import SelectorSyntaxError

from indexer.extract.dom import ElementPath, soup_of, texts

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_STEP = re.compile(
    r"(?P<tag>[a-zA-Z][\w-]*|\*)?(?P<tests>(?:[.#][\w-]+|\[[\w-]+(?:=(?:\"[^\"']*\"|'[^\"']*'|[\w-]+))?\])*)"
)
_TEST = re.compile(r"[.#][\w-]+|\[[^\]]+\]")
_CONTAINS = re.compile(r":-soup-contains(?:-own)?\(\s*([\"'])([^\"']*)\1\s*\)")
_CONTAINS_INSIDE = re.compile(r"\([^()]*:-soup-contains")
_IN_PARENTHESES = re.compile(r"\([^()]*\)")
_NUMBER = "data-samsok-number"


def select(root: Element, selector: str) -> list[Element]:
    """Return the elements that a CSS selector finds, in the order of the page."""
    path = _as_xpath(selector)
    if path is not None:
        return path(root)
    if not _can_match(root, selector):
        return []
    elements = list(root.iter())
    for number, element in enumerate(elements):
        element.set(_NUMBER, str(number))
    try:
        chosen = [str(tag.get(_NUMBER)) for tag in soup_of(root).select(selector)]
    except (SelectorSyntaxError, NotImplementedError):
        chosen = []
    for element in elements:
        del element.attrib[_NUMBER]
    return [elements[int(number)] for number in chosen if number.isdigit()]


@lru_cache(maxsize=1_000)
def _as_xpath(selector: str) -> ElementPath | None:
    """Return a simple selector as XPath; None for what only Beautiful Soup understands."""
    paths = [_path(part.strip()) for part in selector.split(",")]
    if not all(paths):
        return None
    return ElementPath("|".join(path for path in paths if path))


def _can_match(root: Element, selector: str) -> bool:
    """Tell whether the page holds the words that a selector asks for; the copy is dear."""
    words = [match[2] for match in _CONTAINS.finditer(selector)]
    around = _CONTAINS.sub("", selector)
    if not words or "," in _IN_PARENTHESES.sub("", around) or _CONTAINS_INSIDE.search(selector):
        return True
    text = "".join(texts(root))
    return all(word in text for word in words)


def _path(selector: str) -> str | None:
    path = "descendant-or-self::"
    for number, step in enumerate(re.split(r"(\s*>\s*|\s+)", selector)):
        if number % 2:
            path += "/" if ">" in step else "//"
            continue
        match = _STEP.fullmatch(step)
        if not match or not step:
            return None
        path += (match["tag"] or "*").lower() + "".join(
            f"[{_predicate(test)}]" for test in _TEST.findall(match["tests"])
        )
    return path


def _predicate(test: str) -> str:
    if test[0] == ".":
        return f"contains(concat(' ',normalize-space(@class),' '),' {test[1:]} ')"
    if test[0] == "#":
        return f"@id='{test[1:]}'"
    name, equals, value = test[1:-1].partition("=")
    plain = value.strip("\"'")
    return f"@{name}='{plain}'" if equals else f"@{name}"
