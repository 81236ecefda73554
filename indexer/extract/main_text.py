"""The content of a page, in sections, and nothing of what stands around it on every page.

The site rule is tried first, then the landmarks of HTML; a page that declares itself an article,
or has no landmark, is read as an article.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from functools import cached_property
from itertools import islice
from typing import TYPE_CHECKING

from indexer.extract.article import article, link_density
from indexer.extract.article_noise import drop_captions
from indexer.extract.chrome import drop_chrome
from indexer.extract.columns import take_columns
from indexer.extract.contact_words import opens
from indexer.extract.dom import ElementPath, drop, is_shorter, length, text_of
from indexer.extract.sections import blocks, sections
from indexer.extract.selectors import select

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

    from indexer.extract.metadata import Metadata
    from indexer.extract.sections import Block
    from indexer.model import Section, SiteRule

_LANDMARKS = (
    *("main", "[role=main]", "#main-content", "#content-main", "#maincontent", "#innehall"),
    *("#mainContent", "#main_content", "#huvudinnehall", "#Mittenspalt", "#Mitten", ".pagecontent"),
    *("#content", "#main", ".main-content", ".page-content", ".entry-content", ".content-main"),
)
_BODIES = ElementPath(
    ".//*[contains(concat(' ', normalize-space(@class), ' '), ' entry-content ')"
    " or contains(concat(' ', normalize-space(@class), ' '), ' post-content ')"
    " or contains(concat(' ', normalize-space(@class), ' '), ' article-body ')"
    " or @itemprop='articleBody']"
)
_ENOUGH_CHARACTERS = 15
_LITTLE_CHARACTERS = 300
_LITTLE_SHARE = 0.1
_MOSTLY_LINKS = 0.5
_FEW_LINKS = 0.3
_LONGEST_HEADING = 60
_POINTS_ELSEWHERE = re.compile(
    r"^(?:relatera\w+|läs\s+(?:mer|också|även)|mer\s+(?:om|från|nyheter|läsning)|se\s+(?:även|också)|"
    r"genvägar|snabblänkar|dela|fler\s+(?:nyheter|artiklar)|andra\s+har|senaste\s+nytt|"
    r"related|read\s+(?:more|also)|more\s+(?:about|from|news|stories)|see\s+also|quick\s*links|"
    r"shortcuts|share|latest\s+news|you\s+may\s+also|on\s+this\s+page|på\s+(?:den\s+här\s+|denna\s+)?sidan|"
    r"innehåll|contents)\b",
    re.IGNORECASE,
)
_OF_THE_SITE = ("footer", "header", "nav")
_LONGEST_BOX = 3_000
_CONTACT = re.compile(r"kontakt|contact|vcard|person", re.IGNORECASE)


@dataclass(frozen=True)
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

    @cached_property
    def lines(self) -> tuple[Block, ...]:
        """All lines worth understanding: where an article was found, those around it too."""
        found = () if self.found_by == "trafilatura" else self.blocks
        around = self.parts if self.found_by == "trafilatura" else self.beside
        return (*found, *(block for part in around for block in blocks(part)))

    def sections(self, *, title: str) -> tuple[Section, ...]:
        """Return the content under its headings."""
        return sections(self.blocks, title=title)


def main_text(root: Element, *, rule: SiteRule | None, head: Metadata) -> MainText:
    """Return the content of a page. The tree is not what it was afterwards: chrome is cut out."""
    ruled = _by_rule(root, rule) if rule else None
    boxes = _contact_boxes(root)
    drop_chrome(root, keep=ruled)
    drop_captions(root)
    missed = rule.main if rule and rule.main and ruled is None else ""
    if ruled is not None and rule is not None:
        found = _at(ruled, f"site rule: {rule.main}")
    else:
        found = _by_heuristics(root, head)
    boxes = (*boxes, *found.beside)
    return replace(found, beside=_beside(boxes, found.root), missed=missed)


def _by_heuristics(root: Element, head: Metadata) -> MainText:
    landmark, name = _landmark(root)
    body = _own_text(landmark)
    if body is not None and not head.is_article:
        return _at(body, f"landmark: {name}, its text")
    if landmark is None or head.is_article or head.claims_article:
        found = article(root)
        if found is not None and (found.root is not None or landmark is None):
            place = landmark if landmark is not None else found.root
            return MainText(_body(root) if place is None else place, found.blocks, "trafilatura")
    if landmark is not None:
        columns = (*take_columns(landmark), *_contact_columns(landmark))
        return replace(_at(landmark, f"landmark: {name}"), beside=columns)
    return _at(_body(root), "the whole body")


def _own_text(landmark: Element | None) -> Element | None:
    """Return the one element inside a landmark that is named as its text, as WordPress does."""
    if landmark is None:
        return None
    found = [element for element in _BODIES(landmark) if _has_enough(element)]
    return found[0] if len(found) == 1 else None


def _at(place: Element, found_by: str) -> MainText:
    _drop_pointers(place)
    return MainText(place, list(blocks(place)), found_by)


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
        if found and not _says_little(largest := max(found, key=length), root):
            return largest, selector
    articles = [element for element in root.iter("article") if _has_enough(element)]
    return (articles[0], "article") if len(articles) == 1 else (None, "")


def _says_little(landmark: Element, root: Element) -> bool:
    """Tell whether most of a page stands outside of what claims to be its content."""
    said = length(landmark)
    return said < _LITTLE_CHARACTERS and said < _LITTLE_SHARE * length(_body(root))


def _has_enough(element: Element) -> bool:
    return not is_shorter(element, _ENOUGH_CHARACTERS)


def _body(root: Element) -> Element:
    return next(root.iter("body"), root)


def _contact_boxes(root: Element) -> tuple[Element, ...]:
    """Return the boxes of a page that may name contacts, before any is cut out."""
    return tuple(
        element
        for element in root.iter("aside", "section", "div", "ul")
        if (element.tag == "aside" or _is_about_contacts(element))
        and next(element.iterancestors(*_OF_THE_SITE), None) is None
        and is_shorter(element, _LONGEST_BOX)
        and _has_enough(element)
    )


def _beside(boxes: tuple[Element, ...], place: Element) -> tuple[Element, ...]:
    """Return the outermost boxes that stand outside the content."""
    around = {place, *place.iterancestors()}
    outside = [box for box in boxes if box not in around and place not in box.iterancestors()]
    known = set(outside)
    return tuple(box for box in outside if known.isdisjoint(box.iterancestors()))


def _contact_columns(landmark: Element) -> tuple[Element, ...]:
    """Return what a layout puts beside a landmark, where a heading in it opens contacts."""
    return tuple(
        box
        for inner in (landmark, *islice(landmark.iterancestors(), 1))
        for box in (*inner.itersiblings(preceding=True), *inner.itersiblings())
        if box.tag in {"div", "section"}
        and is_shorter(box, _LONGEST_BOX)
        and any(
            opens(text_of(heading), level=2) == "contacts" for heading in box.iter("h2", "h3", "h4")
        )
    )


def _is_about_contacts(element: Element) -> bool:
    return bool(_CONTACT.search(f"{element.get('class') or ''} {element.get('id') or ''}"))


def _leads_elsewhere(aside: Element) -> bool:
    """Tell whether an aside is links to other pages, and not a box of facts."""
    share = _FEW_LINKS if aside.get("role") == "complementary" else _MOSTLY_LINKS
    return link_density(aside) > share or bool(_POINTS_ELSEWHERE.match(text_of(aside)))


def _drop_pointers(place: Element) -> None:
    """Cut out lists of links that a heading or a label says lead elsewhere."""
    for aside in list(place.iter("aside")):
        if aside is not place and _leads_elsewhere(aside):
            drop(aside)
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
