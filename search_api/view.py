"""What the results page shows, worked out before any template sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING, Self
from urllib.parse import unquote, urlsplit

from indexer.engine import SORTS, FilterName, RankedDocument, SearchAnswer
from search_api.serialize import pages, safe_mailto, safe_url

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.engine import Document, Person, PersonHit
    from search_api.params import SearchParams
    from search_api.texts import Texts

SHOWN_FACETS: tuple[FilterName, ...] = ("partner", "area", "kind", "year", "person", "language")
_OPEN_VALUES = 6
_NEIGHBOURS = 2
_CHIPS = 4
_CONTACTS = 3
_WITH_CONTACTS = {"partner", "project"}
_LANGUAGE = re.compile(r"[a-z]{2,3}")


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """Something that can be chosen: its label, where it leads, and how many there are."""

    label: str
    url: str = ""
    value: str = ""
    count: int = 0
    chosen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class FacetView:
    """A group of checkboxes; `more` are folded away."""

    name: str
    label: str
    first: tuple[Choice, ...]
    more: tuple[Choice, ...]
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Contact:
    """Somebody to turn to. Without `mailto` the address is no link."""

    name: str
    role: str
    email: str
    mailto: str | None
    phone: str = ""
    organisation: str = ""

    @classmethod
    def of(cls, person: Person | PersonHit) -> Self:
        """Return what a page shows of a person; role and title stand together."""
        return cls(
            name=person.name,
            role=", ".join(part for part in (person.role, person.title) if part),
            email=person.email,
            mailto=safe_mailto(person.email),
            phone=person.phone,
            organisation=person.organisation,
        )


@dataclass(frozen=True, slots=True, kw_only=True)
class HitView:
    """One hit. Without `url` the title is no link; `own_url` is our page about the document."""

    ranked: RankedDocument
    url: str | None
    own_url: str
    shown_url: str
    language: str
    kind: str
    contacts: tuple[Contact, ...]
    chips: tuple[Choice, ...]
    date: str
    date_label: str
    section_url: str | None


class ResultsView:
    """The results page of one answer."""

    def __init__(
        self,
        answer: SearchAnswer,
        params: SearchParams,
        texts: Texts,
        *,
        path: str,
        feed: str = "",
        exports: tuple[Choice, ...] = (),
    ) -> None:
        self.feed = feed
        self.exports = exports
        self.answer = answer
        self.params = params
        self._texts = texts
        self._path = path
        self.pages = pages(answer.total, params.size)
        self.count = texts.count(answer.total, exact=answer.total_exact)
        self.indexed = texts.date(answer.generation.created.date())
        self.hits = tuple(self._hit(ranked) for ranked in answer.results)
        self.first_number = (params.page - 1) * params.size + 1
        self.facets = tuple(
            facet for name in SHOWN_FACETS if (facet := self._facet(name)) is not None
        )
        self.unlisted = tuple(
            (name, value)
            for name, values in params.filters.items()
            if name not in {facet.name for facet in self.facets}
            for value in values
        )
        """Filters without a checkbox, which the form must carry along."""
        self.active = (*self._active_values(), *self._active_days())
        self.sorts = tuple(
            Choice(label=texts[f"sort_{sort}"], value=sort, chosen=sort == params.sort)
            for sort in SORTS
        )

    @property
    def cleared_url(self) -> str:
        """The search without its filters."""
        return self._url(replace(self.params, filters={}, start=None, end=None, page=1))

    @property
    def searched(self) -> str:
        """The words that these are the hits of: those typed, or their other spelling.

        Empty where signs alone were typed: all pages are shown, as if nothing had been.
        """
        if self.answer.suggestion:
            return self.answer.suggestion.text
        return self.params.q if any(map(str.isalnum, self.params.q)) else ""

    @property
    def relaxed(self) -> str:
        """What to say when not every hit holds all the words."""
        count = self.answer.with_all_words
        if self.answer.alike:
            return self._texts["alike"]
        if not count:
            return self._texts["relaxed"]
        return self._texts["relaxed_after"].format(count=self._texts.counted("pages", count))

    @property
    def exact_url(self) -> str:
        """The same search for the words as they were typed, and nothing else."""
        return self._url(replace(self.params, expand=False, page=1))

    @property
    def wide_url(self) -> str:
        """The same search, with synonyms and other spellings again."""
        return self._url(replace(self.params, expand=True, page=1))

    def page_url(self, page: int) -> str:
        """The address of a page of these results."""
        return self._url(self.params.on_page(page))

    def page_numbers(self) -> list[int | None]:
        """The pages to link: the first, the last, those around this one; None for a gap."""
        here = self.params.page
        near = range(here - _NEIGHBOURS, here + _NEIGHBOURS + 1)
        shown = sorted({1, self.pages, *(page for page in near if 1 <= page <= self.pages)})
        numbers: list[int | None] = []
        for page in shown:
            if numbers and numbers[-1] is not None and page - numbers[-1] > 1:
                numbers.append(None)
            numbers.append(page)
        return numbers

    def _url(self, params: SearchParams) -> str:
        query = params.query_string(with_lang=False)
        return f"{self._path}?{query}" if query else self._path

    def _active_values(self) -> Iterator[Choice]:
        for name, values in self.params.filters.items():
            for value in values:
                yield Choice(
                    label=self._texts.value(name, value),
                    value=self._texts[f"facet_{name}"],
                    url=self._url(self._without(name, value)),
                )

    def _active_days(self) -> Iterator[Choice]:
        start, end = self.params.start, self.params.end
        if start:
            url = self._url(replace(self.params, start=None, page=1))
            label = self._texts["from_day"].format(day=self._texts.date(start))
            yield Choice(label=label, value=self._texts["period"], url=url)
        if end:
            url = self._url(replace(self.params, end=None, page=1))
            label = self._texts["to_day"].format(day=self._texts.date(end))
            yield Choice(label=label, value=self._texts["period"], url=url)

    def _without(self, name: FilterName, value: str) -> SearchParams:
        left = tuple(other for other in self.params.filters[name] if other != value)
        filters = {**self.params.filters, name: left}
        kept = {key: values for key, values in filters.items() if values}
        return replace(self.params, filters=kept, page=1)

    def _with(self, name: FilterName, value: str) -> str:
        return self._url(replace(self.params, filters={name: (value,)}, page=1, q=""))

    def _facet(self, name: FilterName) -> FacetView | None:
        selected = self.params.filters.get(name, ())
        choices = [
            Choice(
                label=self._texts.value(name, item.value),
                value=item.value,
                count=item.count,
                chosen=item.value in selected,
            )
            for item in self.answer.facets.get(name, ())
        ]
        if not choices or (len(choices) == 1 and not selected):
            return None
        choices.sort(key=lambda choice: not choice.chosen)
        return FacetView(
            name=name,
            label=self._texts[f"facet_{name}"],
            first=tuple(choices[:_OPEN_VALUES]),
            more=tuple(choices[_OPEN_VALUES:]),
            chosen=bool(selected),
        )

    def _hit(self, ranked: RankedDocument) -> HitView:
        document = ranked.document
        # A partner's own page need not be labelled with its name.
        partners = (name for name in document.partners if name != document.title)
        names: list[tuple[FilterName, str]] = [("partner", name) for name in partners]
        names += [("area", name) for name in document.areas]
        day = document.modified or document.published
        return HitView(
            ranked=ranked,
            url=safe_url(document.url),
            own_url=f"{self._path.removesuffix('/sok')}/dokument/{document.id}",
            shown_url=shown_address(document.url),
            language=fit_language(document.language),
            contacts=_contacts(document),
            kind=self._texts.value("kind", document.kind),
            chips=tuple(
                Choice(label=value, url=self._with(name, value)) for name, value in names[:_CHIPS]
            ),
            date=self._texts.date(day) if day else "",
            date_label=self._texts["modified" if document.modified else "published"],
            section_url=safe_url(ranked.snippet.url) if ranked.snippet.section else None,
        )


def fit_language(language: str) -> str:
    """Return a language fit for the attribute `lang`: what a page claims may be anything."""
    return language if _LANGUAGE.fullmatch(language) else "und"


def _contacts(document: Document) -> tuple[Contact, ...]:
    if document.kind not in _WITH_CONTACTS:
        return ()
    return tuple(
        Contact(
            name=person.name,
            role=person.role,
            email=person.email,
            mailto=safe_mailto(person.email),
        )
        for person in document.persons[:_CONTACTS]
    )


def shown_address(url: str) -> str:
    """Return an address as people read it: host and path, letters instead of percent signs."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return ""
    text = unquote(f"{parts.netloc}{parts.path}").rstrip("/")
    return "".join(char if char.isprintable() else "\ufffd" for char in text)
