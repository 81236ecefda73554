"""How a judgment names a page, and which document that is.

A path (``/samverkan/``) is that page on any host, so that judgments outlive a move and fit a
copy of the site. A URL is that page on its host, whatever the scheme. Anything else is the id
of a document.
"""

from __future__ import annotations

import unicodedata
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, unquote, urlsplit

if TYPE_CHECKING:
    from indexer.engine import Document


def page_name(written: str) -> str:
    """Return the one form of a page's name: escapes undone, without scheme and fragment.

    Raises:
        ValueError: If it looks like a URL and is none.
    """
    parts = urlsplit(written)
    if parts.netloc and parts.scheme in {"http", "https", ""}:
        return f"//{parts.netloc.lower()}{_path(parts)}"
    return _path(parts) if written.startswith("/") else written


def names(document: Document) -> tuple[str, ...]:
    """Return the names that `document` answers to, the most particular first."""
    try:
        parts = urlsplit(document.url)
    except ValueError:
        return (document.id,)
    path = _path(parts)
    return document.id, f"//{parts.netloc.lower()}{path}", path


def _path(parts: SplitResult) -> str:
    path = unquote(parts.path) or "/"
    return unicodedata.normalize("NFC", f"{path}?{unquote(parts.query)}" if parts.query else path)
