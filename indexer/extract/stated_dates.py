"""Where a page states its own dates: labelled lines and ``<time>``, at the content only.

Not in running text, not in lists of other pages, and not in the foot of the site, whose dates are
those of the site.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.extract import dates
from indexer.extract.dom import names, parts, text_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_LABEL = re.compile(
    r"uppdater|publicer|ändra[dt]|granska[dt]|revider|redigera|skapad|updated?|publish|modified|posted|"
    r"reviewed|publication date",
    re.IGNORECASE,
)
_NEVER_IN = frozenset(
    {"script", "style", "title", "noscript", "nav", "head", "a", "button", "option"}
)
_RAW = frozenset({"script", "style", "noscript", "svg"})
_DATELINE = frozenset(
    {"date", "dates", "datum", "dateline", "published", "publicerad", "pubdate", "byline", "meta"}
    | {"publish", "publicering", "timestamp"}
)
_UPDATE = frozenset({"updated", "modified", "uppdaterad", "datemodified", "andrad"})
_LONGEST = 200
_NEAR_LEVELS = 3


def stated(root: Element, *, is_article: bool) -> tuple[dt.date | None, dt.date | None]:
    """Return the days on which the page says it was published and changed."""
    published, modified = dates.stated(_lines(root))
    if published is None or modified is None:
        by_class, changed = _marked_times(root, is_article=is_article)
        published, modified = published or by_class, modified or changed
    return published, modified


def _lines(root: Element) -> Iterator[str]:
    """Yield the short lines in which a page may date itself."""
    for element in next(root.iter("body"), root).iter():
        if element.tag in _RAW:
            continue
        for text, holder in ((element.text, element), (element.tail, element.getparent())):
            if _is_label(text) and holder is not None and _may_date(holder):
                yield _with_date(holder)


def _is_label(text: str | None) -> bool:
    return text is not None and len(text) < _LONGEST and bool(_LABEL.search(text))


def _with_date(holder: Element) -> str:
    """Return the line of a label with the date that stands in it, or beside it."""
    for element in (holder, holder.getparent()):
        if element is None:
            break
        line = text_of(element)
        if len(line) > _LONGEST:
            break
        if dates.day(line) is not None:
            return line
        moment = next((t.get("datetime") for t in element.iter("time") if t.get("datetime")), None)
        if moment:
            return f"{line} {moment}"
    following = holder.getnext()
    behind = text_of(following) if following is not None else ""
    return f"{text_of(holder)} {behind}"[:_LONGEST]


def _may_date(element: Element) -> bool:
    """Tell whether what stands here can be about the page, and not the site or another page."""
    in_content = False
    for around in (element, *element.iterancestors()):
        tag = around.tag
        if tag in _NEVER_IN or (tag in {"li", "td"} and _leads_elsewhere(around)):
            return False
        if tag == "article" and next(around.iter("h1"), None) is None and _leads_elsewhere(around):
            return False
        in_content = in_content or tag in {"main", "article"}
        if not in_content and (tag == "footer" or around.get("role") == "contentinfo"):
            return False
    return True


def _leads_elsewhere(element: Element) -> bool:
    return any(
        not (link.get("href") or "#").startswith(("#", "mailto:", "tel:"))
        for link in element.iter("a")
    )


def _marked_times(root: Element, *, is_article: bool) -> tuple[dt.date | None, dt.date | None]:
    """Read ``<time>`` whose class says what it dates, or that stands beside an article's title."""
    published = modified = None
    for element in root.iter("time"):
        if not _may_date(element):
            continue
        found = dates.day(element.get("datetime") or "") or dates.day(text_of(element))
        own = _words(element)
        if own & _UPDATE or element.get("itemprop") == "dateModified":
            modified = modified or found
        elif (
            element.get("itemprop") == "datePublished"
            or element.get("pubdate") is not None
            or (_is_beside_title(element) and (is_article or _is_dateline(element)))
        ):
            published = published or found
    return published, modified


def _words(element: Element) -> set[str]:
    return {part for name in names(element) for part in parts(name)}


def _is_dateline(element: Element) -> bool:
    parent = element.getparent()
    around = _words(parent) if parent is not None else set()
    return bool((_words(element) | around) & _DATELINE)


def _is_beside_title(element: Element) -> bool:
    around = element
    for _ in range(_NEAR_LEVELS):
        parent = around.getparent()
        if parent is None:
            return False
        around = parent
        if any(child.tag == "h1" or child.find("h1") is not None for child in around):
            return True
    return False
