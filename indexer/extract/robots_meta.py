"""What a page asks of indexers: the robots meta tag and the X-Robots-Tag header."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element

_DIRECTIVES = frozenset({"noindex", "nofollow", "none"})
_FOR_US = frozenset({"robots", "samsok"})
# Directives that have a colon of their own, which no crawler's name stands before.
_WITH_VALUE = frozenset(
    {"unavailable_after", "max-snippet", "max-image-preview", "max-video-preview"}
)


def robots(root: Element, header: str | None) -> tuple[bool, bool]:
    """Return whether the page asks not to be indexed, and not to be followed.

    A directive for another crawler ("googlebot: noindex") is not for us.
    """
    asked: set[str] = set()
    for tag in root.iter("meta"):
        if (tag.get("name") or "").strip().lower() in _FOR_US:
            asked |= _words(tag.get("content") or "")
    for value in (header or "").split("\n"):
        agent, colon, directives = value.partition(":")
        name = agent.strip().lower()
        if colon and name in {"samsok", "*"}:
            asked |= _words(directives)
        elif not colon or name.split(",")[-1].strip() in _WITH_VALUE:
            asked |= _words(value)
    return bool(asked & {"noindex", "none"}), bool(asked & {"nofollow", "none"})


def _words(text: str) -> set[str]:
    return {word.strip().lower() for word in text.split(",")} & _DIRECTIVES
