"""Which partners and areas a page is about, in the words of the configured vocabulary."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from indexer.extract.charset import clean
from indexer.extract.dom import names, text_of, texts

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.etree import _Element as Element

    from indexer.model import Concept

_AREA_HEADING = re.compile(
    r"(utvecklingsområden|forskningsområden|prioriterade\s+(\w*områden|uppdrag|frågor|satsningar)|områden\s+(som|vi|för)|"
    r"fokusområden|(priority|focus|development|prioriti[sz]ed)\s+(\w+\s+)?areas|areas\s+(of|we))",
    re.IGNORECASE,
)
_BREADCRUMB = re.compile(r"breadcrumb|brödsmul|brodsmul|du är här|you are here", re.IGNORECASE)
_MAX_AREA_CHARACTERS = 100
_MAX_AREAS = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Places:
    """The texts of a page by how much they say about what it is about."""

    title: str
    path: str
    headings: Sequence[str]
    text: str
    breadcrumb: str = ""


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
    titles = _Text(places.title, places.breadcrumb)
    stated_text = _Text(*stated)
    text = _Text(*places.headings, places.text)
    for concept in concepts:
        if _in_path(concept, places.path) or titles.names(concept):
            about.append(concept.name)
        elif stated_text.names(concept) or text.names(concept):
            named.append(concept.name)
    return (*about, *named), bool(about)


def areas(
    parts: Iterable[Element], places: Places, concepts: Sequence[Concept], *, stated: Iterable[str]
) -> tuple[tuple[str, ...], str]:
    """Return the areas of a page, listed ones first, and how they were found."""
    listed = [*(area for part in parts for area in _listed(part)), *stated]
    found: dict[str, str] = {}
    for item in listed[:_MAX_AREAS]:
        name = _known_as(item, concepts)
        found.setdefault(name.casefold(), name)
    how = "list under an area heading" if found else ""
    text = _Text(places.title, *places.headings, places.text)
    for concept in concepts:
        if text.names(concept):
            found.setdefault(concept.name.casefold(), concept.name)
            how = how or "named in the text"
    return tuple(found.values()), how


def _listed(root: Element) -> Iterator[str]:
    for heading in root.iter("h2", "h3", "h4"):
        if not _AREA_HEADING.search(text_of(heading)):
            continue
        for element in heading.itersiblings():
            if element.tag in {"h1", "h2", "h3", "h4"}:
                break
            for item in element.iter("li"):
                text = text_of(item).strip(" .;,–-")
                if text and len(text) <= _MAX_AREA_CHARACTERS:
                    yield text


def _known_as(item: str, concepts: Sequence[Concept]) -> str:
    """Return the vocabulary's name for a listed area, or the area with a capital letter."""
    for concept in concepts:
        if any(name.casefold() == item.casefold() for name in (concept.name, *concept.aliases)):
            return concept.name
    for concept in concepts:
        # "Breddad rekrytering till högre studier" is about "Breddad rekrytering".
        if _names(concept).match(item):
            return concept.name
    return item[0].upper() + item[1:]


class _Text:
    """A text that is asked for many names: a plain search first, as most are not in it."""

    def __init__(self, *parts: str) -> None:
        self._text = "\n".join(parts)
        self._folded = self._text.casefold()

    def names(self, concept: Concept) -> bool:
        """Tell whether the text names a concept, as whole words."""
        if not any(literal in self._folded for literal in _literals(concept)):
            return False
        return bool(_names(concept).search(self._text))


@lru_cache(maxsize=2_000)
def _literals(concept: Concept) -> tuple[str, ...]:
    return tuple(
        name.casefold().split()[0] for name in (concept.name, *concept.aliases) if name.split()
    )


@lru_cache(maxsize=2_000)
def _names(concept: Concept) -> re.Pattern[str]:
    """Match any name of a concept as whole words; capitals count for an abbreviation."""
    forms = []
    for name in (concept.name, *concept.aliases):
        words = r"\s+".join(re.escape(word) for word in name.split())
        forms.append(words if name.isupper() else f"(?i:{words})")
    return re.compile(rf"(?<![\w-])(?:{'|'.join(forms)})(?::?s)?(?![\w-])")


def _in_path(concept: Concept, path: str) -> bool:
    slug = _slug(concept.name)
    segments = [unquote(part).lower() for part in urlsplit(path).path.split("/") if part]
    return bool(slug) and bool(segments) and segments[-1].split(".")[0] == slug


@lru_cache(maxsize=2_000)
def _slug(name: str) -> str:
    plain = unicodedata.normalize("NFKD", name.casefold())
    plain = "".join(char for char in plain if not unicodedata.combining(char))
    return re.sub(r"[^a-z0-9]+", "-", plain).strip("-")
