"""Query parameters, checked: what each may be, and what to say when it is something else."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from dataclasses import dataclass, field, replace
from functools import partial
from typing import TYPE_CHECKING, Literal, TypeVar
from urllib.parse import urlencode

from indexer.engine import (
    FILTERS,
    KINDS,
    MAX_QUERY,
    MAX_WINDOW,
    SORTS,
    FilterName,
    SearchRequest,
    Sort,
)

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    import falcon

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")

T = TypeVar("T")
S = TypeVar("S", bound=str)

DEFAULT_FACETS: tuple[FilterName, ...] = ("partner", "area", "person", "kind", "language", "year")
DEFAULT_SIZE = 10
MAX_SIZE = 100
MAX_VALUES = 50
"""Values of one filter in one request."""

_NUMBER = re.compile(r"[0-9]{1,6}")
_YEAR = re.compile(r"[0-9]{4}")
_KNOWN = ("q", *FILTERS, "from", "to", "sort", "page", "size", "facets", "expand", "lang")


class BadParameter(Exception):
    """A parameter cannot be understood; `message` has a Swedish and an English text."""

    def __init__(self, parameter: str, message: Mapping[Language, str]) -> None:
        super().__init__(f"{parameter}: {message['en']}")
        self.parameter = parameter
        self.message = message


@dataclass(frozen=True, slots=True, kw_only=True)
class SearchParams:
    """The parameters of a search, as they were given."""

    q: str = ""
    filters: Mapping[FilterName, tuple[str, ...]] = field(default_factory=dict)
    start: dt.date | None = None
    end: dt.date | None = None
    sort: Sort = "relevance"
    page: int = 1
    size: int = DEFAULT_SIZE
    facets: tuple[FilterName, ...] = DEFAULT_FACETS
    expand: bool = True
    lang: Language = "sv"

    def request(self) -> SearchRequest:
        """Return what the engine is asked."""
        return SearchRequest(
            text=self.q,
            filters=self.filters,
            start=self.start,
            end=self.end,
            facets=self.facets,
            sort=self.sort,
            offset=(self.page - 1) * self.size,
            limit=self.size,
            expand=self.expand,
        )

    def on_page(self, page: int) -> SearchParams:
        """Return the same search, another page of it."""
        return replace(self, page=page)

    def query_string(self, *, with_lang: bool = True) -> str:
        """Return the parameters in one normal form, those at their default left out."""
        pairs: list[tuple[str, str]] = [("q", self.q)] if self.q else []
        pairs += [(name, value) for name in FILTERS for value in self.filters.get(name, ())]
        optional = (
            ("from", self.start.isoformat() if self.start else ""),
            ("to", self.end.isoformat() if self.end else ""),
            ("sort", self.sort if self.sort != "relevance" else ""),
            ("page", str(self.page) if self.page != 1 else ""),
            ("size", str(self.size) if self.size != DEFAULT_SIZE else ""),
            ("facets", ",".join(self.facets) if self.facets != DEFAULT_FACETS else ""),
            ("expand", "" if self.expand else "false"),
            ("lang", self.lang if with_lang and self.lang != "sv" else ""),
        )
        pairs += [(name, value) for name, value in optional if value]
        return urlencode(pairs)


def strict(req: falcon.Request) -> SearchParams:
    """Return the parameters of an API request.

    Raises:
        BadParameter: At the first that is unknown, given twice, or out of its range.
    """
    for name in req.params:
        if name not in _KNOWN:
            raise _unknown(name)
    values = _Values(req)
    size = values.number("size", DEFAULT_SIZE, MAX_SIZE)
    page = values.number("page", 1, 999_999)
    if page * size > MAX_WINDOW:
        raise BadParameter(
            "page",
            {
                "sv": f"page gånger size får vara högst {MAX_WINDOW}; begränsa sökningen i stället",
                "en": f"page times size can be at most {MAX_WINDOW}; narrow the search instead",
            },
        )
    start, end = values.day("from"), values.day("to")
    if start and end and end < start:
        raise BadParameter("to", {"sv": "to ligger före from", "en": "to is before from"})
    return SearchParams(
        q=values.text("q", MAX_QUERY),
        filters={name: found for name in FILTERS if (found := values.filter(name))},
        start=start,
        end=end,
        sort=values.sort(),
        page=page,
        size=size,
        facets=values.facets(),
        expand=values.choice("expand", ("true", "false"), "true") == "true",
        lang=values.choice("lang", LANGUAGES, "sv"),
    )


def lenient(req: falcon.Request, language: Language) -> SearchParams:
    """Return the parameters of a page: whatever cannot be understood is as if it were not there."""
    values = _Values(req)
    nothing: tuple[str, ...] = ()
    size = _else(partial(values.number, "size", DEFAULT_SIZE, MAX_SIZE), DEFAULT_SIZE)
    return SearchParams(
        q=values.visible("q")[:MAX_QUERY],
        filters={
            name: found
            for name in FILTERS
            if (found := _else(partial(values.filter, name), nothing))
        },
        start=_else(partial(values.day, "from"), None),
        end=_else(partial(values.day, "to"), None),
        sort=_else(partial(values.sort), "relevance"),
        page=_else(partial(values.number, "page", 1, MAX_WINDOW // size), 1),
        size=size,
        expand=_else(partial(values.choice, "expand", ("true", "false"), "true"), "true") == "true",
        lang=language,
    )


def _else(read: Callable[[], T], otherwise: T) -> T:
    try:
        return read()
    except BadParameter:
        return otherwise


class _Values:
    """The parameters of a request, each read as what it should be."""

    def __init__(self, req: falcon.Request) -> None:
        self._req = req

    def all(self, name: str) -> list[str]:
        value = self._req.params.get(name, [])
        return [value] if isinstance(value, str) else list(value)

    def one(self, name: str) -> str:
        values = self.all(name)
        if len(values) > 1:
            raise BadParameter(
                name, {"sv": f"{name} kan bara ges en gång", "en": f"{name} can be given only once"}
            )
        return values[0] if values else ""

    def visible(self, name: str) -> str:
        """Return a text in composed form (NFC), control characters taken for spaces."""
        text = unicodedata.normalize("NFC", (self.all(name) or [""])[0])
        return " ".join("".join(" " if _is_control(c) else c for c in text).split())

    def text(self, name: str, most: int) -> str:
        text = unicodedata.normalize("NFC", self.one(name))
        if len(text) > most:
            raise BadParameter(
                name,
                {
                    "sv": f"{name} får ha högst {most} tecken och har {len(text)}",
                    "en": f"{name} can have at most {most} characters and has {len(text)}",
                },
            )
        _refuse_control(name, text)
        return text

    def number(self, name: str, default: int, most: int) -> int:
        text = self.one(name)
        if not text:
            return default
        if not _NUMBER.fullmatch(text) or not 1 <= int(text) <= most:
            raise BadParameter(
                name,
                {
                    "sv": f"{name} är ett heltal från 1 till {most}",
                    "en": f"{name} is a whole number from 1 to {most}",
                },
            )
        return int(text)

    def day(self, name: str) -> dt.date | None:
        text = self.one(name)
        if not text:
            return None
        try:
            # Python reads 20260131 and 2026-W05-6 too; a date has one form here.
            return dt.datetime.strptime(text, "%Y-%m-%d").replace(tzinfo=dt.UTC).date()
        except ValueError:
            raise BadParameter(
                name,
                {
                    "sv": f"{name} är ett datum som 2026-01-31",
                    "en": f"{name} is a date such as 2026-01-31",
                },
            ) from None

    def choice(self, name: str, allowed: tuple[S, ...], default: S) -> S:
        text = self.one(name)
        if not text:
            return default
        for value in allowed:
            if value == text:
                return value
        listed = ", ".join(allowed)
        raise BadParameter(
            name,
            {"sv": f"{name} är något av {listed}", "en": f"{name} is one of {listed}"},
        )

    def sort(self) -> Sort:
        return self.choice("sort", SORTS, "relevance")

    def filter(self, name: FilterName) -> tuple[str, ...]:
        given = (unicodedata.normalize("NFC", value) for value in self.all(name) if value)
        values = tuple(dict.fromkeys(given))
        if len(values) > MAX_VALUES or any(len(value) > MAX_QUERY for value in values):
            raise BadParameter(
                name,
                {
                    "sv": f"{name} får ha högst {MAX_VALUES} värden om {MAX_QUERY} tecken",
                    "en": f"{name} can have at most {MAX_VALUES} values of {MAX_QUERY} characters",
                },
            )
        for value in values:
            _refuse_control(name, value)
        if name == "kind" and (unknown := [value for value in values if value not in KINDS]):
            listed = ", ".join(KINDS)
            raise BadParameter(
                name,
                {
                    "sv": f"{unknown[0]!r} finns inte; kind är något av {listed}",
                    "en": f"there is no {unknown[0]!r}; kind is one of {listed}",
                },
            )
        if name == "year" and not all(_YEAR.fullmatch(value) for value in values):
            raise BadParameter(
                name,
                {"sv": "year är fyra siffror, som 2026", "en": "year is four digits, as in 2026"},
            )
        return values

    def facets(self) -> tuple[FilterName, ...]:
        if "facets" not in self._req.params:
            return DEFAULT_FACETS
        asked = dict.fromkeys(part for part in self.one("facets").split(",") if part)
        unknown = [name for name in asked if name not in FILTERS]
        if unknown:
            listed = ", ".join(FILTERS)
            raise BadParameter(
                "facets",
                {
                    "sv": f"{unknown[0]!r} finns inte; facets är en lista av {listed}",
                    "en": f"there is no {unknown[0]!r}; facets is a list of {listed}",
                },
            )
        return tuple(name for name in FILTERS if name in asked)


def _is_control(char: str) -> bool:
    return unicodedata.category(char) == "Cc"


def _refuse_control(name: str, text: str) -> None:
    if any(map(_is_control, text)):
        raise BadParameter(
            name,
            {
                "sv": f"{name} innehåller styrtecken",
                "en": f"{name} contains control characters",
            },
        )


def _unknown(name: str) -> BadParameter:
    near = difflib.get_close_matches(name, _KNOWN, n=1, cutoff=0.6)
    listed = ", ".join(_KNOWN)
    shown = "".join(char if char.isprintable() else " " for char in name)[:40]
    return BadParameter(
        shown,
        {
            "sv": f"det finns ingen parameter {shown!r}"
            + (f"; menade du {near[0]}?" if near else f"; det finns {listed}"),
            "en": f"there is no parameter {shown!r}"
            + (f"; did you mean {near[0]}?" if near else f"; there are {listed}"),
        },
    )
