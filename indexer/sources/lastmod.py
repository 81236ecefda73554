"""What a list says of when its pages changed, as far as it can be believed.

The dates are those of sitemaps: the W3C's profile of ISO 8601 (NOTE-datetime), and what
generators make of it.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from collections.abc import Collection

_W3C: Final = re.compile(
    r"(?P<year>\d{4})(?:-(?P<month>\d\d)(?:-(?P<day>\d\d)(?P<time>[T ].*)?)?)?",
    re.ASCII | re.IGNORECASE,
)
_TIME: Final = re.compile(
    r"[T ](?P<hour>\d\d):(?P<minute>\d\d)(?::(?P<second>\d\d)(?:[.,]\d{1,9})?)?"
    r" ?(?P<zone>Z|UTC|GMT|(?P<sign>[+-])(?P<ahead_h>\d\d):?(?P<ahead_min>\d\d)?)?",
    re.ASCII | re.IGNORECASE,
)
_DAY: Final = dt.timedelta(days=1)
_FEW: Final = 20
_AT_ONCE: Final = dt.timedelta(minutes=1)


def parse_lastmod(text: str, *, now: dt.datetime) -> dt.datetime | None:
    """Return the moment that a `<lastmod>` means, in UTC; None if it is none or in the future.

    A day without a time of day means its end, or `now` while it lasts: a page that was visited
    at night may have changed at noon. A month or a year means its beginning, for its end would
    call the page changed in every run. A time without a zone is taken for UTC.
    """
    found = _W3C.fullmatch(text.strip()[:64])
    if found is None:
        return None
    try:
        day = dt.datetime(
            int(found["year"]), int(found["month"] or 1), int(found["day"] or 1), tzinfo=dt.UTC
        )
        moment = day if found["time"] is None else _at(day, found["time"])
    except (ValueError, OverflowError):
        return None
    if moment is None or moment > now:
        return None
    is_day = found["day"] is not None and found["time"] is None
    return min(day + _DAY - dt.timedelta(seconds=1), now) if is_day else moment


def _at(day: dt.datetime, text: str) -> dt.datetime | None:
    found = _TIME.fullmatch(text)
    if found is None:
        return None
    ahead = dt.timedelta(hours=int(found["ahead_h"] or 0), minutes=int(found["ahead_min"] or 0))
    moment = day.replace(
        hour=int(found["hour"]), minute=int(found["minute"]), second=int(found["second"] or 0)
    )
    return moment + ahead if found["sign"] == "-" else moment - ahead


def is_about_the_list(
    moments: Collection[dt.datetime | None], *, now: dt.datetime, made: dt.datetime | None = None
) -> bool:
    """Tell whether the moments of a list's entries say when the list was made, and no more.

    Some generators write the time of the request to every entry. That is assumed when more than
    20 entries all have one moment and it is that of the request, `now`, or the one at which the
    list was `made` by the word of the index that names it.
    """
    known = [moment for moment in moments if moment is not None]
    if len(known) <= _FEW or len(known) < len(moments) or max(known) - min(known) > _AT_ONCE:
        return False
    return now - max(known) <= _AT_ONCE or (made is not None and abs(made - max(known)) <= _AT_ONCE)
