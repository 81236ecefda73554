"""`/dokument/{id}`: what is known of one page, what is like it, and what has happened to it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import quote, urlencode

import falcon

from indexer.engine import Change, ChangesRequest, FilterName, find_changes, similar_documents
from search_api.serialize import safe_url
from search_api.view import Choice, Contact, fit_language, shown_address

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.engine import Document, Hit, Period
    from search_api.resources.pages import Pages
    from search_api.texts import Texts
    from search_api.values import Language

_EVENTS = 20
_ALIKE = 5
_IDENTIFIERS = {"doi": "https://doi.org/{}", "orcid": "https://orcid.org/{}"}
_URN = "https://urn.kb.se/resolve?{}"


class DocumentPage:
    """One document; names no more than the page that it was harvested from."""

    def __init__(self, pages: Pages, language: Language) -> None:
        self._pages = pages
        self._language = language

    def on_get(self, req: falcon.Request, resp: falcon.Response, document_id: str) -> None:
        unchanged = self._pages.conditional.is_unchanged(req, resp, "")
        with self._pages.live.searcher() as searcher:
            document = searcher.get(document_id)
            if document is None:
                raise falcon.HTTPNotFound
            if unchanged:
                return
            similar = similar_documents(searcher, document_id, limit=_ALIKE) or ()
            request = ChangesRequest(document_id=document_id, limit=_EVENTS)
            history = find_changes(searcher, request).changes
        view = DocumentView(document, similar, history, self._pages, self._language)
        here = f"/dokument/{document_id}"
        self._pages.show(resp, "document.html", self._language, here=here, view=view)


@dataclass(frozen=True, slots=True, kw_only=True)
class Fact:
    """Something known of a document: its label, and each value with where it leads, if anywhere."""

    label: str
    values: tuple[Choice, ...]


class DocumentView:
    """What the page of a document shows."""

    def __init__(
        self,
        document: Document,
        similar: tuple[Hit, ...],
        history: tuple[Change, ...],
        pages: Pages,
        language: Language,
    ) -> None:
        self.document = document
        self._texts = pages.texts(language)
        self._search = pages.path(language, "/sok")
        self.kind = self._texts.value("kind", document.kind)
        self.language = fit_language(document.language)
        self.url = safe_url(document.url)
        self.shown_url = shown_address(document.url)
        self.facts = tuple(fact for fact in self._facts() if fact.values)
        self.persons = tuple(map(Contact.of, document.persons))
        self.headings = tuple(
            section.heading for section in document.sections if section.heading.strip()
        )
        self.similar = tuple(
            Choice(
                label=hit.document.title,
                value=self._texts.value("kind", hit.document.kind),
                url=pages.path(language, f"/dokument/{hit.document.id}"),
            )
            for hit in similar
        )
        self.exports = pages.exports(urlencode({"id": document.id}))
        self.history = tuple(pages.told(change, language) for change in history)

    def _facts(self) -> Iterator[Fact]:
        document, texts = self.document, self._texts
        yield self._filters("partner", document.partners)
        yield self._filters("area", document.areas)
        yield self._plain("authors", document.authors)
        yield self._plain("organisations", document.organisations)
        yield self._plain("subjects", document.subjects)
        yield self._plain("funder", (document.funder,))
        yield self._plain("period", (period_text(document.period, texts),))
        for name, day in (("published", document.published), ("modified", document.modified)):
            yield self._plain(name, (texts.date(day),) if day else ())
        if document.harvested:
            yield self._plain("harvested", (texts.date(document.harvested.date()),))
        identifiers = tuple(_identifier(*pair) for pair in document.identifiers.items())
        yield Fact(label=texts["identifiers"], values=identifiers)

    def _plain(self, name: str, values: tuple[str, ...]) -> Fact:
        choices = tuple(Choice(label=value) for value in values if value)
        return Fact(label=self._texts[name], values=choices)

    def _filters(self, name: FilterName, values: tuple[str, ...]) -> Fact:
        choices = tuple(
            Choice(label=value, url=f"{self._search}?{urlencode([(name, value)])}")
            for value in values
        )
        return Fact(label=self._texts[f"facet_{name}"], values=choices)


def period_text(period: Period | None, texts: Texts) -> str:
    """Return a period as people write it, open ends and all; "" where there is none."""
    if period is None or not (period.start or period.end):
        return ""
    start = texts.date(period.start) if period.start else ""
    end = texts.date(period.end) if period.end else ""
    return f"{start} – {end}".strip()


def _identifier(scheme: str, value: str) -> Choice:
    template = _URN if value.startswith("urn:") else _IDENTIFIERS.get(scheme, "")
    url = safe_url(template.format(quote(value, safe="/:;.()"))) if template else None
    return Choice(label=f"{scheme.upper()} {value}", url=url or "")
