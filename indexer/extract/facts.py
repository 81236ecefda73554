"""What a page states as label and value: funder, period, leader, participants, diary number."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexer.extract.dates import MONTHS
from indexer.extract.dom import text_of
from indexer.model import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from lxml.etree import _Element as Element

_LABELS: Mapping[str, tuple[str, ...]] = {
    "funder": (
        "finansiär",
        "finansiärer",
        "finansiering",
        "finansieras av",
        "funder",
        "funders",
        "funding",
        "funded by",
    ),
    "period": (
        "projekttid",
        "projektperiod",
        "period",
        "tidsperiod",
        "tid",
        "project period",
        "duration",
        "projektets löptid",
    ),
    "leader": (
        "projektledare",
        "project leader",
        "projektansvarig",
        "principal investigator",
        "forskningsledare",
        "huvudsökande",
        "project manager",
    ),
    "participants": (
        "samarbetspartner",
        "samarbetspartners",
        "deltagande partner",
        "partner",
        "deltagande partners",
        "partners",
        "medverkande organisationer",
        "partner organisations",
        "participating partners",
    ),
    "authors": ("författare", "authors", "author", "forskare", "researchers"),
    "diary": ("diarienummer", "dnr", "reference number", "registration number"),
    "areas": (
        "område",
        "områden",
        "utvecklingsområde",
        "utvecklingsområden",
        "area",
        "areas",
        "focus area",
    ),
    "subjects": ("ämne", "ämnen", "nyckelord", "subject", "subjects", "keywords"),
}
_BY_LABEL = {label: name for name, labels in _LABELS.items() for label in labels}
_LINE = re.compile(r"^([^:|]{2,40})[:|]\s*(.{1,400})$")
_LIST = re.compile(r"\s*(?:[,;]|\n|\boch\b|\band\b)\s*")

_YEAR = r"(?:19|20)\d\d"
_MONTH = "|".join(sorted(MONTHS, key=len, reverse=True))
_MOMENT = rf"""
    (?: (?P<?d> {_YEAR}-\d\d-\d\d )
      | (?: (?P<?m> {_MONTH} )\.?\s+ )? (?P<?y> {_YEAR} ) (?: -(?P<?n>\d\d)(?!\d) )?
    )
"""
_PERIOD = re.compile(
    _MOMENT.replace("<?", "<a")
    + r"(?P<to> \s* (?:–|—|-|till|to|until|t\.o\.m\.) \s* (?:"
    + _MOMENT.replace("<?", "<b")
    + ")? )?",
    re.IGNORECASE | re.VERBOSE,
)
_UNTIL = re.compile(r"\b(?:till|until|t\.o\.m\.|tom|to)\s*$", re.IGNORECASE)


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """What a page states about itself in so many words; empty where it does not."""

    funder: str = ""
    period: Period | None = None
    leaders: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    identifiers: Mapping[str, str] = field(default_factory=dict)


def facts(parts: Iterable[Element], lines: Iterable[str]) -> Facts:
    """Read definition lists, tables of two columns, and lines such as "Finansiär: Vinnova"."""
    said = _labelled(parts, lines)
    return Facts(
        funder=said.get("funder", ""),
        period=period(said["period"]) if "period" in said else None,
        leaders=_list(said.get("leader", "")),
        participants=_list(said.get("participants", "")),
        authors=_list(said.get("authors", "")),
        areas=_list(said.get("areas", ""), and_splits=False),
        subjects=_list(said.get("subjects", ""), and_splits=False),
        identifiers={"diary": said["diary"]} if "diary" in said else {},
    )


def period(text: str) -> Period | None:
    """Return the period that a text such as "2022–2025" or "mars 2023 – maj 2024" means."""
    match = _PERIOD.search(text)
    if not match:
        return None
    if _UNTIL.search(text[: match.start()]):
        return Period(end=_moment(match, "a", last=True))
    start = _moment(match, "a", last=False)
    if match["to"] is None:
        whole_year = not match["am"] and not match["ad"]
        return Period(start=start, end=_moment(match, "a", last=True) if whole_year else None)
    end = _moment(match, "b", last=True) if match["bd"] or match["by"] else None
    if start and end and end < start:
        return None
    return Period(start=start, end=end)


def _moment(match: re.Match[str], which: str, *, last: bool) -> dt.date | None:
    """Return the first or last day of what one end of a period names."""
    try:
        if match[f"{which}d"]:
            return dt.date.fromisoformat(match[f"{which}d"])
        year = int(match[f"{which}y"])
        name, number = match[f"{which}m"], match[f"{which}n"]
        month = MONTHS[name.lower()] if name else int(number) if number else 0
        if not month:
            return dt.date(year, 12, 31) if last else dt.date(year, 1, 1)
        day = calendar.monthrange(year, month)[1] if last else 1
        return dt.date(year, month, day)
    except (ValueError, calendar.IllegalMonthError):
        return None


def _labelled(parts: Iterable[Element], lines: Iterable[str]) -> dict[str, str]:
    found: dict[str, str] = {}

    def note(label: str, value: str) -> None:
        name = _BY_LABEL.get(label.strip(" :").casefold())
        if name and value:
            found.setdefault(name, value)

    for term in (term for part in parts for term in part.iter("dt")):
        values = []
        for sibling in term.itersiblings():
            if sibling.tag != "dd":
                break
            values.append(text_of(sibling))
        note(text_of(term), "; ".join(filter(None, values)))
    for line in lines:
        if match := _LINE.match(line):
            note(match[1], match[2].strip())
    return found


def _list(text: str, *, and_splits: bool = True) -> tuple[str, ...]:
    parts = _LIST.split(text) if and_splits else re.split(r"\s*[,;]\s*", text)
    return tuple(dict.fromkeys(part.strip(" .") for part in parts if part.strip(" .")))
