"""What is read off a page before its chrome is cut out: much of it stands there."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.extract import kind, partnership, stated_dates
from indexer.extract.dom import text_of

if TYPE_CHECKING:
    import datetime as dt

    from lxml.etree import _Element as Element

    from indexer.extract.metadata import Metadata


@dataclass(frozen=True, slots=True, kw_only=True)
class PageFrame:
    """What stands around the content and is about the page.

    `full_title` is the ``<title>`` with the name of the site. `class_names` are those of
    ``<html>``, ``<body>`` and the article that holds the first heading.
    """

    breadcrumb: str
    claimed_language: str
    full_title: str
    first_heading: str
    published: dt.date | None
    modified: dt.date | None
    class_names: tuple[str, ...]


def page_frame(root: Element, head: Metadata, *, url: str) -> PageFrame:
    """Read the frame of a page; the tree is left as it is."""
    has_day = head.is_article or kind.is_below_news(url)
    published, modified = stated_dates.stated(root, is_article=has_day)
    title = next(root.iter("title"), None)
    heading = next(root.iter("h1"), None)
    return PageFrame(
        breadcrumb=partnership.breadcrumb(root),
        claimed_language=root.get("lang") or "",
        full_title=text_of(title) if title is not None else "",
        first_heading=text_of(heading) if heading is not None else "",
        published=published,
        modified=modified,
        class_names=_class_names(root, heading),
    )


def _class_names(root: Element, heading: Element | None) -> tuple[str, ...]:
    article = None if heading is None else next(heading.iterancestors("article"), None)
    marked = (root, next(root.iter("body"), None), article)
    return tuple(
        name for one in marked if one is not None for name in (one.get("class") or "").split()
    )
