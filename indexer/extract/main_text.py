"""The content of a page, in sections, and nothing of what stands around it on every page.

The site rule is tried first, then the landmarks of HTML; a page that declares itself an article,
or has no landmark, is read as an article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.extract.article import article, link_density
from indexer.extract.chrome import drop_chrome
from indexer.extract.dom import drop, is_shorter, length, text_of
from indexer.extract.sections import blocks, sections
from indexer.extract.selectors import select

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from indexer.extract.sections import Block
    from indexer.model import Section, SiteRule

_LANDMARKS = (
    *("main", "[role=main]", "#main-content", "#content-main", "#maincontent", "#innehall"),
    *("#content", "#main", ".main-content", ".page-content", ".entry-content", ".content-main"),
)
_ENOUGH_CHARACTERS = 15
_MOSTLY_LINKS = 0.8
_LONGEST_HEADING = 60
_POINTS_ELSEWHERE = re.compile(
    r"^(?:relatera\w+|läs\s+(?:mer|också|även)|mer\s+(?:om|från|nyheter|läsning)|se\s+(?:även|också)|"
    r"genvägar|snabblänkar|dela|fler\s+(?:nyheter|artiklar)|andra\s+har|senaste\s+nytt|"
    r"related|read\s+(?:more|also)|more\s+(?:about|from|news|stories)|see\s+also|quick\s*links|"
    r"shortcuts|share|latest\s+news|you\s+may\s+also|on\s+this\s+page|på\s+(?:den\s+här\s+|denna\s+)?sidan|"
    r"innehåll|contents)\b",
    re.IGNORECASE,
)
_CONTACT = re.compile(r"kontakt|contact|vcard|person", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class MainText:
    """The content of a page.

    `root` is the element that holds it. `beside` are boxes outside of it that may say who to
    turn to. `found_by` names the rule or heuristic, `missed` a rule that found nothing.
    """

    root: Element
    blocks: list[Block]
    found_by: str
    beside: tuple[Element, ...] = ()
    missed: str = ""

    @property
    def parts(self) -> tuple[Element, ...]:
        """All that is worth understanding: the content, and what stands beside it."""
        return (self.root, *self.beside)

    def lines(self) -> Iterator[str]:
        """Yield the lines of all that is worth understanding; an article's end counts too."""
        for part in self.parts if self.found_by == "trafilatura" else self.beside:
            yield from (block.text for block in blocks(part) if not block.is_heading)
        yield from (block.text for block in self.blocks if not block.is_heading)

    def sections(self, *, title: str) -> tuple[Section, ...]:
        """Return the content under its headings."""
        return sections(self.blocks, title=title)


def main_text(root: Element, *, rule: SiteRule | None, is_article: bool) -> MainText:
    """Return the content of a page. The tree is not what it was afterwards: chrome is cut out."""
    ruled = _by_rule(root, rule) if rule else None
    drop_chrome(root, keep=ruled)
    if ruled is not None and rule is not None:
        _drop_pointers(ruled)
        return _found(root, ruled, f"site rule: {rule.main}")
    missed = rule.main if rule and rule.main else ""
    landmark, name = _landmark(root)
    if landmark is not None and not is_article:
        _drop_pointers(landmark)
        return _found(root, landmark, f"landmark: {name}", missed=missed)
    return _as_article(root, landmark, name, missed=missed)


def _by_rule(root: Element, rule: SiteRule) -> Element | None:
    for selector in rule.remove:
        for element in select(root, selector):
            drop(element)
    if not rule.main:
        return None
    return next((found for found in select(root, rule.main) if length(found)), None)


def _landmark(root: Element) -> tuple[Element | None, str]:
    for selector in _LANDMARKS:
        found = [element for element in select(root, selector) if _has_enough(element)]
        if found:
            return max(found, key=length), selector
    articles = [element for element in root.iter("article") if _has_enough(element)]
    return (articles[0], "article") if len(articles) == 1 else (None, "")


def _has_enough(element: Element) -> bool:
    return not is_shorter(element, _ENOUGH_CHARACTERS)


def _as_article(root: Element, landmark: Element | None, name: str, *, missed: str) -> MainText:
    found = article(root)
    if found is not None:
        around = landmark if landmark is not None else found.root
        place = around if around is not None else _body(root)
        return MainText(place, found.blocks, "trafilatura", _beside(root, place), missed)
    if landmark is not None:
        return _found(root, landmark, f"landmark: {name}", missed=missed)
    return _found(root, _body(root), "the whole body", missed=missed)


def _found(root: Element, place: Element, found_by: str, *, missed: str = "") -> MainText:
    return MainText(place, list(blocks(place)), found_by, _beside(root, place), missed)


def _body(root: Element) -> Element:
    return next(root.iter("body"), root)


def _beside(root: Element, place: Element) -> tuple[Element, ...]:
    """Return the boxes outside the content that may name contacts."""
    if place is root:
        return ()
    return tuple(
        element
        for box in _around(place)
        for element in box.iter("aside", "section", "div")
        if _has_enough(element) and (element.tag == "aside" or _is_about_contacts(element))
    )


def _around(place: Element) -> Iterator[Element]:
    for inner in (place, *place.iterancestors()):
        yield from inner.itersiblings(preceding=True)
        yield from inner.itersiblings()


def _is_about_contacts(element: Element) -> bool:
    return bool(_CONTACT.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _drop_pointers(place: Element) -> None:
    """Cut out lists of links that a heading or a label says lead elsewhere."""
    for heading in list(place.iter("h2", "h3", "h4", "h5", "strong", "p")):
        text = text_of(heading) if is_shorter(heading, _LONGEST_HEADING) else ""
        if not _POINTS_ELSEWHERE.match(text):
            continue
        following = heading.getnext()
        if (
            following is not None
            and following.tag in {"ul", "ol", "div"}
            and link_density(following) > _MOSTLY_LINKS
        ):
            drop(following)
            drop(heading)
