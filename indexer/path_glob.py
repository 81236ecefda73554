"""Globs of paths, as the configuration writes them: the same in scope rules and in site rules.

They match the path as a person reads it: percent-decoded and in NFC. ``*`` stays within a
segment, ``**`` crosses slashes, ``/**/`` may be a single slash, and ``/x/**`` covers ``/x`` too.
A glob with a question mark, which is a plain character here, matches path and query.
"""

from __future__ import annotations

import re
import unicodedata
from urllib.parse import SplitResult, unquote

_PARTS = re.compile(r"/\*\*/|/\*\*$|\*\*|\*|[^*/]+|/")
_MEANING = {"/**/": "/(?:.*/)?", "/**": "(?:/.*)?", "**": ".*", "*": "[^/]*"}


class PathGlob:
    """A compiled glob; `text` is as the operator wrote it."""

    def __init__(self, text: str) -> None:
        self.text = text
        parts: list[str] = _PARTS.findall(unicodedata.normalize("NFC", text))
        pattern = "".join(_MEANING.get(part, re.escape(part)) for part in parts)
        self._pattern = re.compile(pattern, re.DOTALL)
        self._with_query = "?" in text

    def matches(self, url: SplitResult) -> bool:
        """Tell whether the path of `url` (and its query, if the glob has one) matches."""
        path = readable_path(url)
        if self._with_query and url.query:
            path = f"{path}?{unicodedata.normalize('NFC', unquote(url.query))}"
        return self._pattern.fullmatch(path) is not None


def readable_path(url: SplitResult) -> str:
    """Return the path of a URL percent-decoded and in NFC, ``/`` when it has none."""
    return unicodedata.normalize("NFC", unquote(url.path)) or "/"
