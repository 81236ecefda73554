"""The response headers that the crawler reads, each of them hostile until parsed."""

from __future__ import annotations

import datetime as dt
import re
from email.utils import parsedate_to_datetime
from typing import Final

UNKNOWN_TYPE: Final = "application/octet-stream"

_MEDIA_TYPE: Final = re.compile(r"[a-z0-9!#$&^_.+-]{1,80}/[a-z0-9!#$&^_.+-]{1,80}")
_CHARSET: Final = re.compile(r""";\s*charset\s*=\s*["']?([a-z0-9_.:+-]{1,40})""")
_MAX_VALIDATOR: Final = 1024


def parse_content_type(value: str) -> tuple[str, str | None]:
    """The media type in lower case, and the charset if there is one (RFC 9110, 8.3).

    The type is empty when none is named, and the most general one when it is no type.
    """
    text = value.strip().lower()
    if not text:
        return "", None
    media_type = text.partition(";")[0].strip()
    charset = _CHARSET.search(text)
    known = _MEDIA_TYPE.fullmatch(media_type)
    return media_type if known else UNKNOWN_TYPE, charset.group(1) if charset else None


def validator(value: str | None) -> str | None:
    """An ETag or Last-Modified that can be sent back as it is; None if it cannot."""
    if not value or len(value) > _MAX_VALIDATOR:
        return None
    return value if value.isascii() and value.isprintable() else None


def retry_after_s(value: str | None, *, now: dt.datetime) -> float | None:
    """The seconds to wait that Retry-After asks for, as a number or as a date (10.2.3)."""
    if not value:
        return None
    text = value.strip()
    if text.isascii() and text.isdigit():
        return float(text[:9])
    try:
        moment = parsedate_to_datetime(text)
    except ValueError:
        return None
    if moment.tzinfo is None:
        moment = moment.replace(tzinfo=dt.UTC)
    return max(0.0, (moment - now).total_seconds())
