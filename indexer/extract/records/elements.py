"""Walking a record's elements by their local names, and bounds on how many of them count."""

from __future__ import annotations

import datetime as dt
import re
from itertools import islice
from typing import TYPE_CHECKING

from lxml import etree

from indexer.extract.records.plain_text import line, markup_of

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from lxml.etree import _Element as Element

MAX_ELEMENTS = 2_000
"""Children of one element that are looked at; a paper of a large experiment has 3 000 authors."""

_DATE = re.compile(r"(?<!\d)(1[5-9]\d\d|20\d\d)(?:-(\d\d)(?:-(\d\d))?)?(?!\d)")
_EMAIL = re.compile(r"\S+@\S+")


def name_of(element: Element) -> str:
    """Return the local name of an element; "" for what is none."""
    # The stubs do not know that the tag of an entity is a function.
    is_element = isinstance(element.tag, str)
    return etree.QName(element).localname if is_element else ""


def attribute(element: Element, name: str) -> str:
    """Return an attribute in whichever namespace, or ""."""
    for key, value in element.attrib.items():
        if etree.QName(str(key)).localname == name:
            return str(value)
    return ""


def children(element: Element, *names: str) -> Iterator[Element]:
    """Yield the children of those names, in order."""
    for child in islice(element, MAX_ELEMENTS):
        if name_of(child) in names:
            yield child


def below(element: Element, *path: str) -> Iterator[Element]:
    """Yield what stands at the end of a path of names."""
    found = [element]
    for name in path:
        found = [child for parent in found for child in children(parent, name)]
    yield from found


def said(element: Element | None) -> str:
    """Return what an element says, as one line."""
    return "" if element is None else line(markup_of(element))


def texts(element: Element, *path: str) -> Iterator[str]:
    """Yield what each element at the end of a path says, if anything."""
    for found in below(element, *path):
        if text := said(found):
            yield text


def first(found: Iterable[str]) -> str:
    """Return the first text that says something."""
    return next((text for text in found if text), "")


def distinct(found: Iterable[str], *, at_most: int) -> tuple[str, ...]:
    """Return texts without those that differ by capitals only."""
    by_key: dict[str, str] = {}
    for text in found:
        if text:
            by_key.setdefault(text.casefold(), text)
    return tuple(islice(by_key.values(), at_most))


def day(text: str) -> dt.date | None:
    """Return the first day of the year, month or day that a text such as "2019-05" states."""
    found = _DATE.search(text)
    if not found:
        return None
    year, month, day_of_month = (int(part) if part else 1 for part in found.groups())
    try:
        return dt.date(year, month, day_of_month)
    except ValueError:
        return dt.date(year, 1, 1)


def in_order(name: str) -> str:
    """Return "Ek, Eva" as "Eva Ek", and any other name as it is."""
    family, comma, given = name.partition(", ")
    is_turned = bool(family and comma and given) and "," not in given
    return f"{given} {family}" if is_turned else name


def organisation(text: str) -> str:
    """Return the name of an organisation without the e-mail addresses that imports leave in it."""
    return line(_EMAIL.sub("", text), at_most=200).strip(" .,;")


def with_subtitle(title: str, subtitle: str) -> str:
    """Return a title as catalogues write it: "Title: subtitle"."""
    main = title.rstrip(" :;/").replace(" : ", ": ")
    if not main or not subtitle:
        return main
    return f"{main} {subtitle}" if main.endswith(("?", "!")) else f"{main}: {subtitle}"
