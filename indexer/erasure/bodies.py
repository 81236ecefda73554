"""What the bytes of a page say, to whoever looks for something in them."""

from __future__ import annotations

import html
import re
from typing import TYPE_CHECKING
from urllib.parse import urljoin

if TYPE_CHECKING:
    from collections.abc import Iterator

_TAG = re.compile(r"<[^>]*>")
_LINK = re.compile(r"(?:href|src|content|action)\s*=\s*[\"']?([^\"'\s>]+)", re.IGNORECASE)
_ESCAPED = re.compile(r"\\u([0-9a-fA-F]{4})")
_TEXTUAL = ("text/", "application/json", "application/ld+json")


def is_text(media_type: str) -> bool:
    """Tell whether the bytes of this type can be looked through as they are."""
    return media_type.startswith(_TEXTUAL) or media_type.endswith(("xml", "+json"))


def readable(body: bytes) -> str:
    """Return a body as text, with the references of HTML and the escapes of scripts resolved."""
    try:
        text = body.decode()
    except UnicodeDecodeError:
        text = body.decode("latin-1")
    text = html.unescape(text)
    if "\\u" in text:
        text = _ESCAPED.sub(lambda found: chr(int(found[1], 16)), text)
    return text


def without_tags(text: str) -> str:
    """Return a text with a space for every tag."""
    return _TAG.sub(" ", text)


def links(text: str, *, base: str) -> Iterator[str]:
    """Yield the absolute URLs that the attributes of a text name."""
    for found in _LINK.finditer(text):
        if not found[1].startswith(("#", "data:")):
            try:
                yield urljoin(base, found[1])
            except ValueError:
                yield found[1]
