"""The operator's rules: which one is for a page, and what the selectors of its fields find."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from indexer.extract import dates
from indexer.extract.dom import text_of
from indexer.extract.selectors import select
from indexer.path_glob import PathGlob

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from lxml.etree import _Element as Element

    from indexer.model import SiteRule


def rule_for(url: str, rules: tuple[SiteRule, ...]) -> SiteRule | None:
    """Return the first rule whose glob matches the path of `url`."""
    parts = urlsplit(url)
    return next((rule for rule in rules if _glob(rule.match).matches(parts)), None)


class RuledFields:
    """What the selectors of a rule's fields find: in the content first, else on the whole page.

    `whole` is the page as it was before anything was cut out of it. `missed` are the fields that
    were asked for and not found.
    """

    def __init__(self, fields: Mapping[str, str], content: Element, whole: Element | None) -> None:
        self._fields = fields
        self._content = content
        self._whole = whole
        self.missed: set[str] = set()

    def elements(self, field: str) -> list[Element]:
        """Return the elements of a field; empty without a selector for it."""
        selector = self._fields.get(field)
        if not selector:
            return []
        found = select(self._content, selector)
        if not found and self._whole is not None:
            found = select(self._whole, selector)
        if not found:
            self.missed.add(field)
        return found

    def lines(self, field: str) -> list[str]:
        """Return the texts of a field's elements; an empty one is left out."""
        return [text for element in self.elements(field) if (text := text_of(element))]

    def day(self, field: str) -> dt.date | None:
        """Return the day that the elements of a date field say: in words, or in an attribute.

        A line may state both days of a page; only the one that is asked for counts.
        """
        for element in self.elements(field):
            text = text_of(element)
            published, modified = dates.stated([text])
            if published or modified:
                found = published if field == "published" else modified
            else:
                attribute = element.get("datetime") or element.get("content") or ""
                found = dates.day(attribute) or dates.day(text)
            if found:
                return found
        return None


@lru_cache(maxsize=1_000)
def _glob(text: str) -> PathGlob:
    return PathGlob(text)
