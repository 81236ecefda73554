"""What a stored page shows in its markup: its links, and what its head and its rule lack."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.extract.charset import decode
from indexer.extract.dom import TooHostile, parse, text_of
from indexer.extract.links import base_url, link_to, links
from indexer.extract.selectors import select
from indexer.extract.site_rule import rule_for

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

    from indexer.model import Page, SiteRule

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_DESCRIPTIONS = frozenset({"description", "og:description", "dc.description"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Markup:
    """What stands in the markup of a page.

    `rule` is the `match` of the site rule that it is read by, and `missed` are its keys whose
    selectors find nothing.
    """

    links: tuple[str, ...]
    canonical: str | None
    has_description: bool
    has_heading: bool
    has_language: bool
    rule: str = ""
    missed: tuple[str, ...] = ()


def markup_of(page: Page, rules: tuple[SiteRule, ...]) -> Markup | None:
    """Return what a page shows; None for what is no HTML, or too hostile to be parsed."""
    if page.media_type not in _HTML:
        return None
    try:
        root = parse(decode(page.body, declared=page.charset)[0])
    except TooHostile:
        return None
    base = base_url(root, page.url)
    rule = rule_for(page.url, rules)
    return Markup(
        links=tuple(link.url for link in links(root, base)),
        canonical=link_to(root, "canonical", base),
        has_description=any(
            (meta.get("name") or meta.get("property") or "").lower() in _DESCRIPTIONS
            and (meta.get("content") or "").strip()
            for meta in root.iter("meta")
        ),
        has_heading=any(text_of(heading) or _is_named(heading) for heading in root.iter("h1")),
        has_language=any((html.get("lang") or "").strip() for html in root.iter("html")),
        rule=rule.match if rule else "",
        missed=tuple(_missed(root, rule)) if rule else (),
    )


def _is_named(heading: Element) -> bool:
    return any((image.get("alt") or "").strip() for image in heading.iter("img"))


def _missed(root: Element, rule: SiteRule) -> Iterator[str]:
    if rule.main and not select(root, rule.main):
        yield "main"
    for name, selector in rule.fields.items():
        if not select(root, selector):
            yield str(name)
