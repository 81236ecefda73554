"""What a page states as label and value: funder, period, leader, participants, diary number."""

from __future__ import annotations

import calendar
import datetime as dt
import re
from dataclasses import dataclass, field
from itertools import takewhile
from typing import TYPE_CHECKING

from indexer.extract import labels
from indexer.extract.charset import clean
from indexer.extract.dates import MONTHS
from indexer.extract.dom import is_shorter, text_of
from indexer.model import Period

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from lxml.etree import _Element as Element

    from indexer.extract.sections import Block

_LABELS: Mapping[str, tuple[str, ...]] = {
    "funder": (
        "finansiär",
        "finansiärer",
        "finansiering",
        "finansieras av",
        "finansierat av",
        "huvudfinansiär",
        "forskningsfinansiär",
        "externa finansiärer",
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
        "löptid",
        "tidsram",
        "projektår",
        "project duration",
        "time period",
        "time frame",
    ),
    "leader": (
        "projektledare",
        "project leader",
        "projektansvarig",
        "principal investigator",
        "forskningsledare",
        "huvudsökande",
        "vetenskaplig ledare",
        "huvudansvarig",
        "ansvarig forskare",
        "project manager",
    ),
    "participants": (
        "samarbetspartner",
        "samarbetspartners",
        "deltagande partner",
        "partner",
        "deltagande partners",
        "samverkanspartner",
        "samverkanspartners",
        "samarbeten",
        "samverkan med",
        "samarbetar med",
        "i samarbete med",
        "collaborators",
        "collaboration partners",
        "in collaboration with",
        "partners",
        "medverkande organisationer",
        "partner organisations",
        "participating partners",
    ),
    "members": (
        "medverkande",
        "medverkande forskare",
        "deltagare",
        "deltagande forskare",
        "projektdeltagare",
        "projektmedlemmar",
        "projektgrupp",
        "forskargrupp",
        "participants",
        "participating researchers",
        "project members",
        "project participants",
        "project team",
        "team",
    ),
    "researchers": ("forskare", "researchers", "researcher"),
    "authors": ("författare", "authors", "author"),
    "diary": (
        "diarienummer",
        "dnr",
        "diarienr",
        "projektnummer",
        "project number",
        "reference number",
        "registration number",
    ),
    "areas": (
        "område",
        "områden",
        "utvecklingsområde",
        "utvecklingsområden",
        "area",
        "areas",
        "focus area",
    ),
    "start": ("projektstart", "startdatum", "start", "start date", "project start"),
    "end": ("projektslut", "slutdatum", "slut", "end date", "project end"),
    "subjects": ("ämne", "ämnen", "nyckelord", "subject", "subjects", "keywords"),
}
_BY_LABEL = {label: name for name, labels in _LABELS.items() for label in labels}
_LINE = re.compile(r"^([^:|]{2,40})[:|]\s*(.{1,400})$")
_LONGEST_VALUE = 150
_OF_PERSONS = frozenset({"leader", "members", "researchers", "authors"})
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
    leader_role: str = ""
    members: tuple[str, ...] = ()
    researchers: tuple[str, ...] = ()
    participants: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    identifiers: Mapping[str, str] = field(default_factory=dict)

    @property
    def is_project(self) -> bool:
        """Tell whether these are the facts of a project."""
        return bool(self.period and (self.funder or self.leaders))


def facts(parts: Iterable[Element], lines: Iterable[Block]) -> Facts:
    """Read definition lists, tables of two columns, and lines such as "Finansiär: Vinnova".

    A label may also stand on a line or in a heading of its own, and the value below it.
    """
    said = _labelled(parts, list(lines))
    return Facts(
        funder=said.get("funder", ""),
        period=_stated_period(said),
        members=_list(said.get("members", "")),
        researchers=_list(said.get("researchers", "")),
        leaders=_list(said.get("leader", "")),
        leader_role=said.get("leader label", ""),
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


def _stated_period(said: Mapping[str, str]) -> Period | None:
    if "period" in said:
        return period(said["period"])
    first = period(said.get("start", ""))
    last = period(said.get("end", ""))
    start = first.start if first else None
    end = (last.end or last.start) if last else None
    return Period(start=start, end=end) if start or end else None


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


def _labelled(parts: Iterable[Element], lines: list[Block]) -> dict[str, str]:
    """Return the first value of each label: of terms, on the label's line, beside it, below it."""
    found: dict[str, str] = {}
    said = (*_in_terms(parts), *_in_lines(lines), *_in_pairs(parts), *_below_labels(lines))
    for label, value in said:
        name = _name_of(label)
        if name and value and name not in found:
            found[name] = value
            found[f"{name} label"] = label.strip(" :")
    return found


def _in_terms(parts: Iterable[Element]) -> Iterator[tuple[str, str]]:
    for term in (term for part in parts for term in part.iter("dt")):
        said = takewhile(lambda sibling: sibling.tag == "dd", term.itersiblings())
        yield text_of(term), "; ".join(filter(None, map(text_of, said)))


def _in_lines(lines: list[Block]) -> Iterator[tuple[str, str]]:
    for line in lines:
        if not line.is_heading and (match := _LINE.match(line.text)):
            yield match[1], match[2].strip()


def _in_pairs(parts: Iterable[Element]) -> Iterator[tuple[str, str]]:
    """Yield labels that have an element of their own, with the text or the element behind each."""
    for label in (element for part in parts for element in part.iter("span", "strong", "b")):
        if len(label) or not label.text or not _name_of(label.text):
            continue
        beside = label.getnext()
        value = clean(label.tail or "").lstrip(" :")
        if not value and beside is not None and beside.tag == label.tag:
            value = text_of(beside) if is_shorter(beside, _LONGEST_VALUE) else ""
        if value and len(value) <= _LONGEST_VALUE and not value.endswith("."):
            yield label.text, value


def _below_labels(lines: list[Block]) -> Iterator[tuple[str, str]]:
    for number, line in enumerate(lines):
        name = _name_of(line.text)
        # Whom a heading opens a list of, the contacts are read for.
        of_contacts = line.is_heading and name in _OF_PERSONS
        if name and not of_contacts and labels.is_label(line):
            yield line.text, "; ".join(value.text for value in labels.values(lines, number))


def _name_of(label: str) -> str:
    return _BY_LABEL.get(label.strip(" :").casefold(), "")


def _list(text: str, *, and_splits: bool = True) -> tuple[str, ...]:
    parts = _LIST.split(text) if and_splits else re.split(r"\s*[,;]\s*", text)
    return tuple(dict.fromkeys(part.strip(" .") for part in parts if part.strip(" .")))
