"""The title of a page, without the name of its site."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from indexer.extract.dom import ElementPath, text_of

if TYPE_CHECKING:
    from collections.abc import Collection, Mapping

    from lxml.etree import _Element as Element

# " - " and " – " stand inside titles too; the others hardly do.
_SEPARATOR = re.compile(r"\s+[|·•»«›/]\s+|\s+[–—-]\s+|\s*:\s+")
_HARD = re.compile(r"\s+[|·•»›]\s+")
_SITE_NAMES = ("og:site_name", "application-name", "dc.publisher", "apple-mobile-web-app-title")
_HEADINGS = tuple(
    map(ElementPath, ("//main//h1", "//*[@role='main']//h1", "//article//h1", "//h1"))
)
_MAX_TITLE = 300


def title(
    root: Element,
    metas: Mapping[str, list[str]],
    *,
    url: str,
    site_names: Collection[str] = (),
) -> tuple[str, str]:
    """Return the title of a page and where it was found.

    A heading that stands in ``<title>`` too, or that Open Graph repeats, is the title: what else
    ``<title>`` holds names the site. `site_names` are names that the site is known to have.
    """
    if cited := metas.get("citation_title"):
        return cited[0], "citation_title"
    element = next(root.iter("title"), None)
    full = text_of(element)[:_MAX_TITLE] if element is not None else ""
    names = {
        name.casefold() for name in (*site_names, *(metas.get(key, [""])[0] for key in _SITE_NAMES))
    }
    names |= _host_names(url)
    without = _without_site(full, names)
    og = _without_site(next(iter(metas.get("og:title", ())), ""), names)
    headings = [heading for heading in _headings(root) if heading.casefold() not in names]
    for heading in headings:
        if _says_the_same(heading, full) or heading.casefold() == og.casefold():
            return heading, "h1"
    if full and og and og.casefold() in full.casefold() and len(og) <= len(without):
        return og, "og:title"
    for found, how in ((without, "<title>"), (og, "og:title"), (next(iter(headings), ""), "h1")):
        if found:
            return found, how
    return "", ""


def _headings(root: Element) -> list[str]:
    found = (text_of(element)[:_MAX_TITLE] for path in _HEADINGS for element in path(root))
    return [text for text in dict.fromkeys(found) if text]


def _says_the_same(heading: str, full: str) -> bool:
    """Tell whether a heading is all of ``<title>``, or one or more of its parts."""
    if not full:
        return False
    folded, whole = heading.casefold(), full.casefold()
    start = whole.find(folded)
    if start < 0:
        return False
    before, after = full[:start], full[start + len(heading) :]
    return not re.search(r"\w$", before) and not re.match(r"\w", after)


def _without_site(full: str, names: Collection[str]) -> str:
    """Cut the site's name off a title, at either end."""
    parts = _SEPARATOR.split(full)
    if len(parts) == 1:
        return full
    first, last = parts[0], parts[-1]
    if last.casefold() in names:
        return _trimmed(full, ends_before=last)
    if first.casefold() in names:
        return full[len(first) :].lstrip(" |·•»«›/–—-:")
    if _HARD.search(full):
        return _HARD.split(full)[0]
    # "Forskning - Högskolan Väst", but not "Samverkan - så gör vi": names have capitals.
    if last[:1].isupper() and re.search(r"\s[–—-]\s+\S[^–—-]*$", full):
        return _trimmed(full, ends_before=last)
    return full


def _trimmed(full: str, *, ends_before: str) -> str:
    return full[: len(full) - len(ends_before)].rstrip(" |·•»«›/–—-:") or full


def _host_names(url: str) -> set[str]:
    """Return the labels of a host name: "learnpoint" of www.learnpoint.se."""
    return {label for label in (urlsplit(url).hostname or "").split(".")[:-1] if label != "www"}
