"""The values of query parameters, checked: what each may be, and what to say when it is not."""

from __future__ import annotations

import datetime as dt
import difflib
import re
import unicodedata
from typing import TYPE_CHECKING, Literal, Self, TypeVar

from indexer.engine import FILTERS, KINDS, MAX_QUERY, MAX_WINDOW, FilterName

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import falcon

Language = Literal["sv", "en"]
LANGUAGES: tuple[Language, ...] = ("sv", "en")

S = TypeVar("S", bound=str)

DEFAULT_SIZE = 10
MAX_SIZE = 100
MAX_PAGE = 999_999
MAX_VALUES = 50
"""Values of one filter in one request."""

_NUMBER = re.compile(r"[0-9]{1,6}")
_YEAR = re.compile(r"[0-9]{4}")


class BadParameter(Exception):
    """A parameter cannot be understood; `message` has a Swedish and an English text."""

    def __init__(self, parameter: str, message: Mapping[Language, str]) -> None:
        super().__init__(f"{parameter}: {message['en']}")
        self.parameter = parameter
        self.message = message


class DocumentMissing(Exception):
    """The index has no document with the id that was asked for; `parameter` if it was one."""

    def __init__(self, parameter: str = "") -> None:
        super().__init__("there is no such document")
        self.parameter = parameter


class Values:
    """The parameters of a request, each read as what it should be.

    Each reader but `visible` raises BadParameter.
    """

    def __init__(self, req: falcon.Request) -> None:
        self._req = req

    @classmethod
    def strict(cls, req: falcon.Request, known: tuple[str, ...]) -> Self:
        """Return the parameters of a request that may have no others than `known`.

        Raises:
            BadParameter: If there is one that is not known; the message names the nearest.
        """
        for name in req.params:
            if name not in known:
                raise _unknown(name, known)
        return cls(req)

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
        return self.required(name, allowed) if self.one(name) else default

    def required(self, name: str, allowed: tuple[S, ...]) -> S:
        text = self.one(name)
        for value in allowed:
            if value == text:
                return value
        listed = ", ".join(allowed)
        raise BadParameter(
            name,
            {"sv": f"{name} är något av {listed}", "en": f"{name} is one of {listed}"},
        )

    def several(self, name: str, *, most: int) -> tuple[str, ...]:
        """Return the values of a parameter that may be repeated, each once."""
        given = (unicodedata.normalize("NFC", value) for value in self.all(name) if value)
        values = tuple(dict.fromkeys(given))
        if len(values) > most or any(len(value) > MAX_QUERY for value in values):
            raise BadParameter(
                name,
                {
                    "sv": f"{name} får ha högst {most} värden om {MAX_QUERY} tecken",
                    "en": f"{name} can have at most {most} values of {MAX_QUERY} characters",
                },
            )
        for value in values:
            _refuse_control(name, value)
        return values

    def flag(self, name: str, *, default: bool) -> bool:
        return self.choice(name, ("true", "false"), str(default).lower()) == "true"

    def language(self) -> Language:
        return self.choice("lang", LANGUAGES, "sv")

    def paging(self) -> tuple[int, int]:
        """Return the page and its size; together they lie within what can be ranked."""
        size = self.number("size", DEFAULT_SIZE, MAX_SIZE)
        page = self.number("page", 1, MAX_PAGE)
        if page * size > MAX_WINDOW:
            raise BadParameter(
                "page",
                {
                    "sv": f"page gånger size får vara högst {MAX_WINDOW}; "
                    "begränsa sökningen i stället",
                    "en": f"page times size can be at most {MAX_WINDOW}; narrow the search instead",
                },
            )
        return page, size

    def filters(self) -> dict[FilterName, tuple[str, ...]]:
        return {name: found for name in FILTERS if (found := self.filter(name))}

    def filter(self, name: FilterName) -> tuple[str, ...]:
        values = self.several(name, most=MAX_VALUES)
        if name == "kind" and (unknown := [value for value in values if value not in KINDS]):
            listed = ", ".join(KINDS)
            raise BadParameter(
                name,
                {
                    "sv": f"{_shown(unknown[0])!r} finns inte; kind är något av {listed}",
                    "en": f"there is no {_shown(unknown[0])!r}; kind is one of {listed}",
                },
            )
        if name == "year" and not all(_YEAR.fullmatch(value) for value in values):
            raise BadParameter(
                name,
                {"sv": "year är fyra siffror, som 2026", "en": "year is four digits, as in 2026"},
            )
        return values

    def listed(self, name: str, allowed: tuple[S, ...], default: tuple[S, ...]) -> tuple[S, ...]:
        """Return the values of a comma list in the order of `allowed`, each once."""
        if name not in self._req.params:
            return default
        asked = dict.fromkeys(part for part in self.one(name).split(",") if part)
        unknown = [part for part in asked if part not in allowed]
        if unknown:
            listed = ", ".join(allowed)
            shown = _shown(unknown[0])
            raise BadParameter(
                name,
                {
                    "sv": f"{shown!r} finns inte; {name} är en kommaseparerad lista av {listed}",
                    "en": f"there is no {shown!r}; {name} is a comma-separated list of {listed}",
                },
            )
        return tuple(value for value in allowed if value in asked)


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


def _shown(text: str) -> str:
    return "".join(char if char.isprintable() else " " for char in text)[:40]


def _unknown(name: str, known: tuple[str, ...]) -> BadParameter:
    shown = _shown(name)
    near = difflib.get_close_matches(name[:40], known, n=1, cutoff=0.6)
    return BadParameter(
        shown,
        {
            "sv": f"det finns ingen parameter {shown!r}{_way_out(near, known, 'sv')}",
            "en": f"there is no parameter {shown!r}{_way_out(near, known, 'en')}",
        },
    )


def _way_out(near: Iterable[str], known: tuple[str, ...], language: Language) -> str:
    listed = ", ".join(known)
    for name in near:
        return {"sv": f"; menade du {name}?", "en": f"; did you mean {name}?"}[language]
    if not known:
        return {"sv": "; här finns inga", "en": "; there are none here"}[language]
    return {"sv": f"; det finns {listed}", "en": f"; there are {listed}"}[language]
