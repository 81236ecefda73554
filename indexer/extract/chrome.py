"""What stands around the content of a page and is none: banners, menus, share buttons, footers.

Told by elements and roles, and by the words of classes, ids and labels, in Swedish and English.
The words of a name decide together: "social-links" is chrome, "social-hallbarhet" is a subject.
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

from indexer.extract.dom import ElementPath, drop, length, names, parts

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable

    from lxml.etree import _Element as Element

_NEVER = (
    *("script", "style", "noscript", "template", "iframe", "object", "embed", "svg", "canvas"),
    *(
        "math",
        "audio",
        "video",
        "map",
        "dialog",
        "button",
        "select",
        "datalist",
        "input",
        "textarea",
    ),
    *("nav", "menu"),
)
_ROLES = frozenset(
    {"navigation", "search", "banner", "contentinfo", "dialog", "alertdialog", "alert", "menu"}
    | {"menubar", "toolbar", "tablist", "tooltip", "status"}
)

_TELLING = re.compile(
    r"cookie\w*|kakor|kakbanner|consent|gdpr|breadcrumbs?|brodsmul\w*|brödsmul\w*|skiplinks?|"
    r"navbar|navigation|navigering|\w*meny|\w*menu|megamenu|pagination|paginering|pager|"
    r"newsletter|nyhetsbrev\w*|sidfot|sidhuvud|disqus|addthis\w*|sharethis|sharedaddy|relatedposts?|yarpp\w*|addtoany\w*|sociable|taboola|outbrain|"
    r"advertisement|advert|annons|lightbox|readspeaker\w*|rsbtn\w*|rsskip"
)
"""Words that tell chrome wherever they stand in a name."""

_HINTING = frozenset(
    {"share", "sharing", "shares", "sharebar", "dela", "delning", "social", "socials", "related"}
    | {"relaterat", "relaterade", "relaterad", "recommended", "rekommenderat", "nav", "subnav"}
    | {"skip", "sidebar", "sidokolumn", "footer", "banner", "comments", "comment", "kommentarer"}
    | {"toolbar", "toc", "promo", "promos", "ad", "ads", "popup", "modal", "overlay", "feedback"}
    | {"subscribe", "prenumerera", "tags", "print", "noprint", "trending", "popular", "sponsored"}
    | {"login", "signup", "alert", "rating", "infinite"}
)
"""Words that tell chrome in a name that says nothing of a subject."""

_LAYOUT = frozenset(
    {"site", "page", "sida", "global", "main", "top", "bottom", "left", "right", "primary", "inner"}
    | {"secondary", "section", "block", "box", "bar", "list", "lists", "item", "items", "link", "c"}
    | {"links", "wrapper", "wrap", "container", "content", "area", "region", "module", "component"}
    | {"widget", "widgets", "media", "icon", "icons", "button", "buttons", "btn", "group", "row"}
    | {"col", "column", "article", "articles", "post", "posts", "news", "pages", "sidor", "stories"}
    | {"story", "entry", "body", "sv", "portlet", "webpart", "panel", "card", "cards", "teaser"}
    | {"teasers", "grid", "view", "m", "o", "u", "js", "the", "to", "on", "and", "this", "more"}
    | {
        "header",
        "title",
        "heading",
        "footer",
        "aside",
        "small",
        "large",
        "mobile",
        "desktop",
        "tools",
    }
    | {"text", "only", "projects", "documents", "resources", "form", "section", "layout", "field"}
)
_STATE = frozenset(
    {"has", "with", "no", "without", "is", "not", "show", "shows", "hide", "hides", "open", "med"}
    | {"utan", "enabled", "disabled", "active", "when", "after", "before", "above", "below"}
)
"""Words of names that say what a wrapper has, not what it is: "page-with-sidebar"."""

_HIDDEN_NAMES = frozenset(
    {"sr-only", "visually-hidden", "visuallyhidden", "screen-reader-text", "u-visually-hidden"}
    | {"env-assistive-text", "assistive-text", "element-invisible", "show-for-sr", "screenreader"}
)
_LABEL = re.compile(
    r"\b(cookies?|kakor|samtycke|brödsmul\w*|breadcrumbs?|du är här|you are here|dela|share|"
    r"relatera\w*|related|\w*meny|\w*menu|navig\w*|sidfot|footer|genvägar|shortcuts|paginering|"
    r"pagination|sidor i|sociala medier|social media)\b",
    re.IGNORECASE,
)
_MARKED = ElementPath(".//*[@hidden or @role or @aria-hidden or @style]")
_DISPLAY_NONE = re.compile(r"display\s*:\s*none|visibility\s*:\s*hidden", re.IGNORECASE)
_NAMED_TAGS = (
    "div",
    "section",
    "aside",
    "ul",
    "ol",
    "p",
    "header",
    "footer",
    "span",
    "a",
    "form",
    "dl",
)
_OPENING = ElementPath(".//*[@aria-controls or @data-target or @data-bs-target]")
_OPENS = ("aria-controls", "data-target", "data-bs-target")
_FOLDS = frozenset(
    {"accordion", "collapse", "collapsible", "expandable", "toggle", "faq", "dragspel"}
)
_HEADINGS = ("h1", "h2", "h3", "h4", "h5", "h6", "summary", "dt")
_MOST_OF_THE_PAGE = 0.5
_TELLS_MUCH = 400


def drop_chrome(root: Element, *, keep: Element | None = None) -> None:
    """Cut out of a page what is not its content; `keep` is known to be, and stays."""
    kept = frozenset() if keep is None else frozenset((keep, *keep.iterancestors()))
    opened = _opened_by_buttons(root)
    _keep_words_of_buttons(root)
    for element in list(root.iter(*_NEVER)):
        if element not in kept:
            drop(element)
    total = length(root)

    def holds_the_page(element: Element) -> bool:
        if element in kept or next(element.iter("main", "h1"), None) is not None:
            return True
        return length(element) > _MOST_OF_THE_PAGE * total and total > _TELLS_MUCH

    _drop_where(root.iter("form"), lambda _: True, unless=holds_the_page)
    _drop_where(_MARKED(root), lambda element: _is_hidden(element, opened), unless=holds_the_page)
    _drop_where(root.iter("header", "footer"), _is_of_the_site, unless=holds_the_page)
    _drop_where(root.iter(*_NAMED_TAGS), _is_named_chrome, unless=holds_the_page)
    _drop_where(root.iter("h2", "h3", "h4"), _is_for_screen_readers, unless=lambda _: False)


def _drop_where(
    elements: Iterable[Element],
    condition: Callable[[Element], bool],
    *,
    unless: Callable[[Element], bool],
) -> None:
    for element in [found for found in elements if condition(found)]:
        if not unless(element):
            drop(element)


def _opened_by_buttons(root: Element) -> frozenset[str]:
    """Return the ids of what the page's buttons open: folded away, but to be read."""
    return frozenset(
        id_
        for element in _OPENING(root)
        for name in _OPENS
        for id_ in (element.get(name) or "").replace("#", " ").split()
    )


def _keep_words_of_buttons(root: Element) -> None:
    """Let a button that is all of a heading, as in accordions, count as the heading's text."""
    for button in list(root.iter("button")):
        if next(button.iterancestors(*_HEADINGS), None) is not None:
            button.tag = "span"


def _is_hidden(element: Element, opened: frozenset[str]) -> bool:
    if element.get("role") in _ROLES:
        return True
    hidden = (
        element.get("hidden") is not None
        or element.get("aria-hidden") == "true"
        or bool(_DISPLAY_NONE.search(element.get("style") or ""))
    )
    return hidden and element.get("id") not in opened and not _folds(element)


def _folds(element: Element) -> bool:
    """Tell whether an element is hidden only until its reader unfolds it."""
    return any(not _FOLDS.isdisjoint(parts(name)) for name in names(element))


def _is_of_the_site(element: Element) -> bool:
    return next(element.iterancestors("main", "article", "section"), None) is None


def _is_for_screen_readers(heading: Element) -> bool:
    return not _HIDDEN_NAMES.isdisjoint(names(heading))


def _is_named_chrome(element: Element) -> bool:
    label = element.get("aria-label")
    if label and _LABEL.search(label):
        return True
    return any(is_chrome_name(name) for name in names(element))


@lru_cache(maxsize=10_000)
def is_chrome_name(name: str) -> bool:
    """Tell whether a class or an id names chrome."""
    if name in _HIDDEN_NAMES:
        return True
    words = parts(name.partition("--")[0])
    if _STATE.intersection(words):
        return False
    if any(_TELLING.fullmatch(word) for word in words):
        return True
    return bool(_HINTING.intersection(words)) and all(
        word in _HINTING or word in _LAYOUT for word in words
    )
