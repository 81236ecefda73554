"""Where a page states its own dates: labelled lines and ``<time>``, at the content only.

Not in running text, not in lists of other pages, and not in the foot of the site, whose dates are
those of the site.
"""

from __future__ import annotations

import re
from itertools import islice
from typing import TYPE_CHECKING

from indexer.extract import dates
from indexer.extract.dom import is_shorter, names, parts, text_of

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_LABEL = re.compile(
    r"uppdater|publicer|ändra[dt]|granska[dt]|revider|redigera|skapad|updated?|publish|modified|posted|"
    r"reviewed|publication date",
    re.IGNORECASE,
)
_OF_THIS_PAGE = re.compile(
    r"(?:den\s+här\s+|denna\s+|this\s+)?(?:webb)?(?:sidan|sida|page)\s+(?:är\s+|was\s+)?(?:senast\s+|last\s+)?"
    r"(?:uppdater|ändra|updated|modified)",
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
_EVENT = frozenset({"event", "events", "kalender", "calendar", "evenemang", "deadline"})
_LONGEST_DATELINE = 40
_MOST_LABELS = 200
_SHORT_BOX = 200
_LONGEST = 200
_NEAR_LEVELS = 3


def stated(root: Element, *, is_article: bool) -> tuple[dt.date | None, dt.date | None]:
    """Return the days on which the page says it was published and changed.

    `is_article` is a page that has a day of its own, as news do: one beside its title is that.
    """
    published, modified = dates.stated(islice(_lines(root), _MOST_LABELS))
    if published is None or modified is None:
        by_class, changed = _marked_times(root, is_article=is_article)
        published, modified = published or by_class, modified or changed
    return published or _dateline(root, is_article=is_article), modified


def _dateline(root: Element, *, is_article: bool) -> dt.date | None:
    """Return the day that stands alone beside the title, if it can be that of the page."""
    for element in _near_title(root):
        text = text_of(element) if is_shorter(element, _LONGEST_DATELINE) else ""
        if text and dates.is_day_alone(text) and _may_date(element):
            marks = _words(element)
            if marks & (_EVENT | _UPDATE) or not (is_article or marks & _DATELINE):
                continue
            return dates.day(text)
    return None


def _near_title(root: Element) -> Iterator[Element]:
    """Yield the short elements that stand beside the first heading of the page."""
    heading = next(root.iter("h1"), None)
    for _ in range(_NEAR_LEVELS):
        parent = heading.getparent() if heading is not None else None
        if heading is None or parent is None:
            return
        for beside in (*heading.itersiblings(preceding=True), *islice(heading.itersiblings(), 3)):
            if is_shorter(beside, _SHORT_BOX):
                yield from beside.iter("p", "span", "div", "small", "em", "strong", "li", "time")
        heading = parent


def _lines(root: Element) -> Iterator[str]:
    """Yield the short lines in which a page may date itself."""
    for element in next(root.iter("body"), root).iter():
        if element.tag in _RAW:
            continue
        if element.tag not in _NEVER_IN and _is_label(element.text) and _may_date(element):
            yield _with_date(element)
        if _is_label(element.tail):
            holder = element.getparent()
            if holder is not None and _may_date(holder):
                yield _with_date(holder)


def _is_label(text: str | None) -> bool:
    return text is not None and len(text) < _LONGEST and bool(_LABEL.search(text))


def _with_date(holder: Element) -> str:
    """Return the line of a label with the date that stands in it, or beside it."""
    if not is_shorter(holder, _LONGEST):
        return ""
    for element in (holder, holder.getparent()):
        if element is None:
            break
        if not is_shorter(element, _LONGEST):
            break
        line = text_of(element)
        if dates.day(line) is not None:
            return line
        moment = next((t.get("datetime") for t in element.iter("time") if t.get("datetime")), None)
        if moment:
            return f"{line} {moment}"
    following = holder.getnext()
    is_short = following is not None and is_shorter(following, _LONGEST)
    behind = text_of(following) if following is not None and is_short else ""
    return f"{text_of(holder)} {behind}"[:_LONGEST]


def _may_date(element: Element) -> bool:
    """Tell whether what stands here can be about the page, and not the site or another page."""
    for around in (element, *element.iterancestors()):
        tag = around.tag
        if tag in _NEVER_IN or (tag in {"li", "td"} and _leads_elsewhere(around)):
            return False
        if tag == "article" and _is_teaser(around):
            return False
        is_foot = tag == "footer" or around.get("role") == "contentinfo"
        if is_foot and next(around.iterancestors("main", "article"), None) is None:
            # The foot of the site dates itself; "Sidan uppdaterad" is about this page all the same.
            return bool(_OF_THIS_PAGE.match(text_of(element)))
    return True


def _is_teaser(article: Element) -> bool:
    """Tell whether an article is one of several on a page, each leading to its own."""
    if next(article.iter("h1"), None) is not None or not _leads_elsewhere(article):
        return False
    return (
        any(
            beside.tag == "article"
            for inner in (article, article.getparent())
            if inner is not None
            for beside in (*inner.itersiblings(preceding=True), *inner.itersiblings())
            for beside in (beside, *beside)
        )
        or next(article.iterancestors("article", "aside"), None) is not None
    )


def _leads_elsewhere(element: Element) -> bool:
    return any(
        not (link.get("href") or "#").startswith(("#", "mailto:", "tel:"))
        for link in element.iter("a")
    )


def _marked_times(root: Element, *, is_article: bool) -> tuple[dt.date | None, dt.date | None]:
    """Read ``<time>`` whose class says what it dates, or that stands beside an article's title."""
    published = modified = None
    titles = _around_titles(root)
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
            or (_is_beside(titles, element) and (is_article or _is_dateline(element)))
        ):
            published = published or (None if _is_labelled_otherwise(element) else found)
    return published, modified


def _is_labelled_otherwise(element: Element) -> bool:
    """Tell whether the line that an element stands in says that its day is of a change."""
    parent = element.getparent()
    if parent is None or not is_shorter(parent, _LONGEST):
        return False
    published, modified = dates.labelled(text_of(parent))
    return modified and not published


def _words(element: Element) -> set[str]:
    return {part for name in names(element) for part in parts(name)}


def _is_dateline(element: Element) -> bool:
    parent = element.getparent()
    around = _words(parent) if parent is not None else set()
    return bool((_words(element) | around) & _DATELINE)


def _around_titles(root: Element) -> frozenset[Element]:
    """Return what holds a first heading, at one remove or two."""
    return frozenset(
        around for heading in root.iter("h1") for around in islice(heading.iterancestors(), 2)
    )


def _is_beside(titles: frozenset[Element], element: Element) -> bool:
    return any(around in titles for around in islice(element.iterancestors(), _NEAR_LEVELS))
