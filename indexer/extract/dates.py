"""Days that a page states about itself: "Senast uppdaterad 3 mars 2025", 2025-03-03, <time>.

Only lines that say what the date is are read: a date in running text is about something else.
"""

from __future__ import annotations

import datetime as dt
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Iterable

MONTHS = {
    name: number
    for number, names in enumerate(
        (
            ("januari", "january", "jan"),
            ("februari", "february", "feb", "febr"),
            ("mars", "march", "mar"),
            ("april", "apr"),
            ("maj", "may"),
            ("juni", "june", "jun"),
            ("juli", "july", "jul"),
            ("augusti", "august", "aug"),
            ("september", "sep", "sept"),
            ("oktober", "october", "okt", "oct"),
            ("november", "nov"),
            ("december", "dec"),
        ),
        start=1,
    )
    for name in names
}
"""The number of each month, by its Swedish and English names."""

_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_YEAR = r"(?:19|20)\d\d"
_DAY = re.compile(
    rf"""
    (?<![\d/.-])(?P<y1>{_YEAR})(?P<sep>[-/.])(?P<m1>\d\d)(?P=sep)(?P<d1>\d\d)(?!\d)   # 2025-03-03
  | (?<!\d)(?P<d2>\d{{1,2}})(?:st|nd|rd|th|:e|\.)?\s+(?:of\s+)?(?P<m2>{_MONTH})\.?,?\s+
      (?P<y2>{_YEAR})(?!\d)                                                       # 3 mars 2025
  | \b(?P<m3>{_MONTH})\.?\s+(?P<d3>\d{{1,2}})(?:st|nd|rd|th)?,?\s+(?P<y3>{_YEAR})(?!\d)
  | (?<![\d/.-])(?P<d4>\d{{1,2}})[/.](?P<m4>\d{{1,2}})[-\s/.]+(?P<y4>{_YEAR})(?!\d)  # 3/3 2025
  | (?<!\d)(?P<y5>{_YEAR})(?P<m5>[01]\d)(?P<d5>[0-3]\d)(?!\d)                    # 20250303
    """,
    re.VERBOSE | re.IGNORECASE,
)
_SUBJECT = (
    r"(?:(?:den\s+här\s+|denna\s+|this\s+)?(?:webb?)?(?:sidan|sida|artikeln?|nyheten|texten|innehållet"
    r"|informationen|page|article|content)\s+(?:är\s+|blev\s+|har\s+|was\s+|has\s+been\s+)?)?"
)
# A statement begins a line, or stands behind a date, a name or a dash in one.
_BEGINS = r"(?:^|(?<=[|•·,;.:()–—\d/-])\s*|(?<=\d)\s+|\s(?=(?-i:[A-ZÅÄÖ])))"
_MODIFIED = re.compile(
    rf"{_BEGINS}{_SUBJECT}(?:(?:senast|senaste|last|latest)\s+)?(?:uppdater(?:ad|ades|at|ats|ing)|"
    r"ändra(?:d|des|t|ts)|granska(?:d|des|t|ts)|revidera(?:d|des)|redigera(?:d|des)|updated?|modified|"
    r"reviewed|changed|edited|revised)\b",
    re.IGNORECASE,
)
_REVIEWED = re.compile(r"granska|reviewed", re.IGNORECASE)
_PUBLISHED = re.compile(
    rf"{_BEGINS}{_SUBJECT}(?:(?:först|first)\s+)?(?:publicera(?:d|des|t|ts)|publiceringsdatum|published|"
    r"posted|publication\s+date|date\s+published|skapad)\b",
    re.IGNORECASE,
)
_AROUND_DATES = re.compile(
    r"""\bkl(?:ockan|\.)?\s*\d{1,2}[.:]\d\d | \b\d{1,2}[.:]\d\d(?:[.:]\d\d)?\b
      | T\d\d:\d\d\S* | \b(?:cest|cet|utc|gmt)\b
      | \b(?i:av|by|den|on|of|the|at|i|in|och|and|kl|sid(?:an)?ansvarig|ansvarig|webbredaktör|
            redaktör|skribent|kontakt|datum|date|(?:mån|tis|ons|tors|fre|lör|sön)dag(?:en)?|
            (?:mon|tues|wednes|thurs|fri|satur|sun)day|senast|last)\b
      | (?-i:\b[A-ZÅÄÖ][\w’'-]*)""",
    re.VERBOSE,
)
_AROUND_A_DAY = re.compile(
    r"\bkl(?:ockan|\.)?\b|\b(?:mån|tis|ons|tors|fre|lör|sön)(?:dag)?(?:en)?\b|\bden\b|\bT\d\d|"
    r"\b(?:mon|tues|wednes|thurs|fri|satur|sun)day\b|\b(?:cest|cet|utc|gmt)\b",
    re.IGNORECASE,
)
_LONGEST_LINE = 160
_LONGEST_REST = 12
_LONGEST_DAY = 40
_EARLIEST = dt.date(1990, 1, 1)


def day(text: str) -> dt.date | None:
    """Return the first plausible day that `text` holds."""
    for match in _DAY.finditer(text):
        form = next(number for number in "12345" if match[f"y{number}"])
        month = match[f"m{form}"]
        number = MONTHS.get(month.lower()) or (int(month) if month.isdigit() else 0)
        try:
            found = dt.date(int(match[f"y{form}"]), number, int(match[f"d{form}"]))
        except ValueError:
            continue
        if plausible(found):
            return found
    return None


def plausible(found: dt.date) -> bool:
    """Tell whether a page can have been published or changed on that day."""
    return _EARLIEST <= found <= dt.datetime.now(dt.UTC).date() + dt.timedelta(days=2)


def is_date_line(line: str) -> bool:
    """Tell whether a line says when the page was published or changed, and little else."""
    if len(line) > _LONGEST_LINE or not (_MODIFIED.search(line) or _PUBLISHED.search(line)):
        return False
    if day(line) is None:
        return False
    rest = line
    for pattern in (_DAY, _MODIFIED, _PUBLISHED, _AROUND_DATES):
        rest = pattern.sub(" ", rest)
    return len(re.sub(r"[\W\d_]", "", rest)) <= _LONGEST_REST


def stated(lines: Iterable[str]) -> tuple[dt.date | None, dt.date | None]:
    """Return the days on which the page says it was published and changed.

    A day on which somebody only looked it over counts where it says of no change.
    """
    published = modified = reviewed = None
    for line in lines:
        if is_date_line(line):
            published = published or _behind(_PUBLISHED, line, before=_MODIFIED)
            changed, looked_over = _changes(line)
            modified, reviewed = modified or changed, reviewed or looked_over
    return published, modified or reviewed


def labelled(text: str) -> tuple[bool, bool]:
    """Tell whether a text says that something was published, or changed."""
    return bool(_PUBLISHED.search(text)), bool(_MODIFIED.search(text))


def is_day_alone(text: str) -> bool:
    """Tell whether a text is a day, perhaps with an hour, and nothing else."""
    if len(text) > _LONGEST_DAY or day(text) is None:
        return False
    rest = _AROUND_A_DAY.sub(" ", _DAY.sub(" ", text))
    return not re.sub(r"[\W\d_]", "", rest)


def _changes(line: str) -> tuple[dt.date | None, dt.date | None]:
    """Return the first day of a change that a line states, and of a review."""
    changed = reviewed = None
    labels = list(_MODIFIED.finditer(line))
    ends = [*(label.start() for label in labels), len(line)][1:]
    for label, end in zip(labels, ends, strict=True):
        rest = line[label.end() : end]
        other = _PUBLISHED.search(rest)
        found = day(rest[: other.start()] if other and other.start() else rest)
        if _REVIEWED.search(label[0]):
            reviewed = reviewed or found
        else:
            changed = changed or found
    return changed, reviewed


def _behind(label: re.Pattern[str], line: str, *, before: re.Pattern[str]) -> dt.date | None:
    """Return the day that stands behind a label, and before the next label."""
    match = label.search(line)
    if match is None:
        return None
    rest = line[match.end() :]
    following = before.search(rest)
    return day(rest[: following.start()] if following and following.start() else rest)
