"""Crawled text that has to fit on one line of a file."""

from __future__ import annotations

import re
from urllib.parse import quote

from indexer.engine import one_line

__all__ = ["address", "one_line"]

_NOT_IN_ADDRESSES = re.compile(r"[\s\x00-\x20\x7f-\x9f{}\\]")
"""What no address has (RFC 3986, appendix A) and ends a field in one of the formats."""


def address(text: str) -> str:
    """Return a URL or DOI for fields that are read as they stand, without escapes."""
    return one_line(_NOT_IN_ADDRESSES.sub(lambda found: quote(found[0]), text))
