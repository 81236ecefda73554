"""Bounds on pages that a site can make without end: calendars, counters, facets, visitor ids.

Such pages differ in a number, a date, an identifier or the value of a parameter. With those
collapsed their URLs are one pattern, and a pattern may only have so many pages.
"""

from __future__ import annotations

import re
from collections import Counter
from urllib.parse import urlsplit

_VARIABLE = re.compile(
    r"(?<![0-9a-z])(?=[0-9a-f-]*[0-9])[0-9a-f]{8,}(?:-[0-9a-f]{4,})*(?![0-9a-z])|[0-9]+",
    re.IGNORECASE,
)
"""A hexadecimal identifier of eight digits or more that holds a figure, or any number."""


def url_pattern(url: str) -> str:
    """Return the URL with numbers and identifiers as ``#`` and parameter values as ``*``.

    Parameters are sorted and named once each, so that the order of facets makes no new pattern.
    """
    parts = urlsplit(url)
    path = _VARIABLE.sub("#", parts.path)
    names = {piece.partition("=")[0] for piece in parts.query.split("&") if piece}
    query = "&".join(f"{_VARIABLE.sub('#', name)}=*" for name in sorted(names))
    return f"{parts.netloc}{path}?{query}" if query else f"{parts.netloc}{path}"


class PatternBudget:
    """At most `limit` URLs for each pattern that stands for more than one."""

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._used: Counter[str] = Counter()
        self._refused: Counter[str] = Counter()

    def admit(self, url: str) -> bool:
        """Count a new URL against its pattern; False when the budget is spent."""
        pattern = url_pattern(url)
        if not is_variable(pattern):
            return True
        if self._used[pattern] >= self._limit:
            self._refused[pattern] += 1
            return False
        self._used[pattern] += 1
        return True

    def enter(self, url: str) -> None:
        """Count a URL that is known already, whatever the budget."""
        pattern = url_pattern(url)
        if is_variable(pattern):
            self._used[pattern] += 1

    def withdraw(self, url: str) -> None:
        """Take back what `admit` counted."""
        pattern = url_pattern(url)
        if self._used[pattern] > 0:
            self._used[pattern] -= 1

    @property
    def spent(self) -> dict[str, int]:
        """The patterns that had to be cut, with the number of URLs refused, most first."""
        return dict(self._refused.most_common(20))


def is_variable(pattern: str) -> bool:
    """Whether a pattern stands for more than one URL."""
    return "#" in pattern or "*" in pattern
