"""Which partners a page is about, and which it only names."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from indexer.extract.areas import areas
from indexer.extract.charset import clean
from indexer.extract.concepts import ConceptText, Places, slug
from indexer.extract.dom import names, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from lxml.etree import _Element as Element

    from indexer.model import Concept

__all__ = ["PARTNER_FOLDERS", "Places", "areas", "breadcrumb", "partners", "unlisted_partner"]

_BREADCRUMB = re.compile(r"breadcrumb|brödsmul|brodsmul|du är här|you are here", re.IGNORECASE)
PARTNER_FOLDERS = frozenset(
    {"strategiska-partners", "strategiska-partner", "partners", "partner", "vara-partners"}
    | {
        "vara-partner",
        "our-partners",
        "strategic-partners",
        "samarbetspartners",
        "samarbetspartner",
    }
    | {"partnerskap", "strategiska-partnerskap", "partnerships", "strategic-partnerships"}
)
_ABOUT = re.compile(
    r"^(?:om|about|partnerskap(?:et)?\s+med|samverkan\s+med|samarbete(?:t)?\s+med|partnership\s+with|"
    r"collaboration\s+with|cooperation\s+with)\s+(?:the\s+)?",
    re.IGNORECASE,
)
_LONGEST_PARTNER = 60


def breadcrumb(root: Element) -> str:
    """Return the titles of the pages above a page, as its breadcrumb names them."""
    for element in root.iter("nav", "ol", "ul", "div", "p"):
        marks = f"{element.get('aria-label') or ''} {' '.join(names(element))}"
        if _BREADCRUMB.search(marks):
            return " / ".join(text for raw in texts(element) if (text := clean(raw)))
    return ""


def partners(
    places: Places, concepts: Sequence[Concept], *, stated: Iterable[str]
) -> tuple[tuple[str, ...], bool]:
    """Return the partners of a page, the one it is about first, and whether it is about one.

    A page is about a partner that its title or its address names. Others count when the page
    states them as participants or mentions them by name.
    """
    about: list[str] = []
    named: list[str] = []
    titles = ConceptText(places.title, places.breadcrumb)
    stated_text = ConceptText(*stated)
    text = ConceptText(*places.headings, places.text)
    for concept in concepts:
        if _in_path(concept, places.path) or titles.names(concept):
            about.append(concept.name)
        elif stated_text.names(concept) or text.names(concept):
            named.append(concept.name)
    return (*about, *named), bool(about)


def unlisted_partner(places: Places) -> str:
    """Return the partner that a page below a folder of partners is about, by its title.

    For partners that the vocabulary does not know: the page must stand directly in the folder,
    and its address must repeat its title.
    """
    segments = _segments(places.path)
    if len(segments) < 2 or segments[-2] not in PARTNER_FOLDERS:  # noqa: PLR2004 - folder and page
        return ""
    name = _ABOUT.sub("", places.title).strip()
    own = segments[-1].split(".")[0]
    fits = name[:1].isupper() and len(name) <= _LONGEST_PARTNER
    return name if fits and own.startswith(slug(name)[: len(own)]) else ""


def _in_path(concept: Concept, path: str) -> bool:
    segments = _segments(path)
    own = segments[-1].split(".")[0] if segments else ""
    return bool(own) and any(own == slug(name) for name in (concept.name, *concept.aliases))


def _segments(url: str) -> list[str]:
    return [unquote(part).lower() for part in urlsplit(url).path.split("/") if part]
