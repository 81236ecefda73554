"""What of a document is searched, filtered and sorted by: one table for every backend."""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any, Literal

import orjson

from indexer.model import Document, Period, Person, Section

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from indexer.engine.query import FilterName

VERSION = "4"
"""What generations are built as; changes whenever one that is built now would differ."""

READABLE: tuple[str, ...] = (VERSION, "3")
"""The versions that can be searched, the newest first. An older one stays here for as long as
its files mean what they did: after an upgrade it goes on serving until a job has built its
successor, which is never an update of it."""

LONGEST_PROJECT_YEARS = 30
"""A period that claims more years than this is counted by its first and last year only."""


def _names(document: Document) -> str:
    persons = (f"{person.name} {person.role} {person.email}" for person in document.persons)
    return "\n".join(
        (
            *persons,
            *document.authors,
            *document.organisations,
            document.funder,
            *document.identifiers.values(),
        )
    )


FieldName = Literal["title", "headings", "text", "names", "vocabulary"]

FIELDS: Mapping[FieldName, Callable[[Document], str]] = {
    "title": lambda document: document.title,
    "headings": lambda document: "\n".join(section.heading for section in document.sections),
    "text": lambda document: "\n".join(
        (document.summary, *(section.text for section in document.sections))
    ),
    "names": _names,
    "vocabulary": lambda document: "\n".join(
        (*document.partners, *document.areas, *document.subjects)
    ),
}
"""The searched fields and the text of each. Lines are apart: no phrase crosses them."""

FIELD_WEIGHTS: Mapping[FieldName, float] = {
    "title": 2.0,
    "headings": 1.0,
    "text": 1.0,
    "names": 1.0,
    "vocabulary": 0.5,
}
"""How much a term counts in each field; part of every generation's scores."""

GRAM_WEIGHTS: Mapping[FieldName, float] = {**FIELD_WEIGHTS, "title": 0.5}
"""The same for grams: a title has so few that those of other words would decide."""

MOST_COMMON = 0.2
"""A gram that a larger share of the documents holds says nothing, and is not looked up."""

MOST_COMMON_FROM = 1_000
"""Documents from which on `MOST_COMMON` holds: in a small index nothing is too common."""


def span(document: Document) -> tuple[dt.date | None, dt.date | None]:
    """Return the first and last day that a document is about; None where it is open.

    A project counts by its period, a publication by when it was published, anything else by
    when it was last modified. Without any of these both are None, and no date filter keeps it.
    """
    period = document.period
    if document.kind == "project" and period and (period.start or period.end):
        return period.start, period.end
    if document.kind == "publication":
        day = document.published or document.modified
    else:
        day = document.modified or document.published
    return day, day


def overlaps(document: Document, start: dt.date | None, end: dt.date | None) -> bool:
    """Tell whether the span of a document shares a day with that from `start` to `end`."""
    first, last = span(document)
    if first is None and last is None:
        return False
    return (end is None or first is None or first <= end) and (
        start is None or last is None or last >= start
    )


def day(document: Document) -> dt.date | None:
    """Return the day that sorting by date goes by: the start of a project, else `span`."""
    first, last = span(document)
    return first or last


def latest(document: Document) -> dt.date | None:
    """Return the last day that a document is about, or its first where the end is open."""
    first, last = span(document)
    return last or first


def years(document: Document) -> tuple[str, ...]:
    """Return every year of the span of a document; an open end counts as its known one."""
    first, last = span(document)
    known = [day.year for day in (first, last) if day]
    if not known:
        return ()
    if known[-1] - known[0] > LONGEST_PROJECT_YEARS:
        return (str(known[0]), str(known[-1]))
    return tuple(str(year) for year in range(known[0], known[-1] + 1))


def _persons(document: Document) -> tuple[str, ...]:
    """Return the contacts and the authors, but for the university as the author of a report."""
    nobody = {*document.partners, *document.organisations}
    authors = (name for name in document.authors if name not in nobody)
    return tuple(dict.fromkeys((*(person.name for person in document.persons), *authors)))


FILTER_VALUES: Mapping[FilterName, Callable[[Document], tuple[str, ...]]] = {
    "partner": lambda document: document.partners,
    "area": lambda document: document.areas,
    "person": _persons,
    "kind": lambda document: (document.kind,),
    "language": lambda document: (document.language,),
    "source": lambda document: (document.source,) if document.source else (),
    "year": years,
}
"""The values of a document under each filter."""

FACET_VALUES = 20
"""A facet lists this many of its most frequent values, and those that are selected."""

# Swedish sorts å, ä, ö after z; other accented letters beside their base letter.
_COLLATION = str.maketrans("åäæöøéèêëüáàâóòôíìîúùûñç", "{||}}eeeeyaaaoooiiiuuunc")


def title_key(title: str) -> str:
    """Return what a title sorts by in Swedish, with or without capitals."""
    return title.strip().casefold().translate(_COLLATION)


# --- the stored form, private to the backends ---------------------------------------------------


def dump(document: Document) -> bytes:
    """Return a document as JSON; the inverse of `load`."""
    return orjson.dumps(document)


def load(stored: bytes) -> Document:
    """Return the document that `dump` stored."""
    fields: dict[str, Any] = orjson.loads(stored)
    fields["sections"] = tuple(Section(**section) for section in fields["sections"])
    fields["persons"] = tuple(Person(**person) for person in fields["persons"])
    for name in ("partners", "areas", "organisations", "authors", "subjects"):
        fields[name] = tuple(fields[name])
    for name in ("published", "modified"):
        fields[name] = _day(fields[name])
    if fields["harvested"]:
        fields["harvested"] = dt.datetime.fromisoformat(fields["harvested"])
    if fields["period"]:
        fields["period"] = Period(
            start=_day(fields["period"]["start"]), end=_day(fields["period"]["end"])
        )
    return Document(**fields)


def _day(text: str | None) -> dt.date | None:
    return dt.date.fromisoformat(text) if text else None
