"""The words of the pages, in each language, from `locale/`."""

from __future__ import annotations

from importlib.resources import files
from typing import TYPE_CHECKING, Any

import orjson

if TYPE_CHECKING:
    import datetime as dt

    from search_api.params import Language

_NBSP = "\u00a0"


class Texts:
    """The texts of one language; ``texts["search"]`` in templates is `texts.search`."""

    def __init__(self, language: Language) -> None:
        self.language = language
        source = files("search_api").joinpath("locale", f"{language}.json")
        self._texts: dict[str, Any] = orjson.loads(source.read_bytes())

    def __getitem__(self, name: str) -> str:
        text: str = self._texts[name]
        return text

    def number(self, value: int) -> str:
        """Return a number with its thousands apart: 12 345 in Swedish, 12,345 in English."""
        text = f"{value:,}"
        return text.replace(",", _NBSP) if self.language == "sv" else text

    def date(self, day: dt.date) -> str:
        """Return a day as people write it: 3 mars 2025."""
        return f"{day.day} {self._texts['months'][day.month - 1]} {day.year}"

    def counted(self, what: str, number: int) -> str:
        """Return a number and what there are so many of: 1 sida, 2 sidor."""
        text = self[f"{what}_one" if number == 1 else f"{what}_many"]
        return text.format(count=self.number(number))

    def count(self, total: int, *, exact: bool) -> str:
        """Return how many results there are, in words."""
        if total == 0:
            return self["results_none"]
        if total == 1 and exact:
            return self["results_one"]
        number = self.number(total)
        if not exact:
            number = f"{self['at_least']} {number}"
        return self["results_many"].format(count=number)

    def outcome(self, word: str) -> str:
        """Return how a run ended; a word that we do not know is what it is."""
        text: str = self._texts.get(f"outcome_{word}", word)
        return text

    def reason(self, word: str) -> str:
        """Return why a page cannot be had; a reason that has no words here is what it is called."""
        code = word.removeprefix("http_")
        if code != word and code.isdecimal():
            return self["reason_http"].format(code=code)
        text: str = self._texts.get(f"reason_{word}", word)
        return text

    def value(self, facet: str, value: str) -> str:
        """Return what a value of a facet is called; names are called what they are."""
        if facet in {"kind", "language"}:
            text: str = self._texts.get(f"{facet}_{value}", value)
            return text
        return value
