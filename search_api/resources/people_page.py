"""`/personer`: who works with a topic, and the pages that say so."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING
from urllib.parse import urlencode

from indexer.engine import MAX_QUERY, PeopleRequest, find_people
from search_api.serialize import pages as pages_of
from search_api.values import BadParameter, Values
from search_api.view import Choice, Contact

if TYPE_CHECKING:
    import falcon

    from indexer.engine import Evidence, PeopleAnswer, PersonHit
    from search_api.resources.pages import Pages
    from search_api.values import Language

_SIZE = 10
_MOST_PAGES = 10


class PeoplePage:
    """People by topic. Names are personal data: the page is kept out of search engines."""

    def __init__(self, pages: Pages, language: Language) -> None:
        self._pages = pages
        self._language = language

    def on_get(self, req: falcon.Request, resp: falcon.Response) -> None:
        values = Values(req)
        q = values.visible("q")[:MAX_QUERY]
        try:
            page, partners = values.number("page", 1, _MOST_PAGES), values.filter("partner")
        except BadParameter:
            page, partners = 1, ()
        query = _query(q, partners, page)
        unchanged = self._pages.conditional.is_unchanged(req, resp, query)
        # As in the API: no proxy keeps a list of people for others.
        resp.set_header("Cache-Control", "private, no-cache")
        if unchanged:
            return
        request = PeopleRequest(
            text=q,
            filters={"partner": partners} if partners else {},
            offset=(page - 1) * _SIZE,
            limit=_SIZE,
            language=self._language,
        )
        with self._pages.live.searcher() as searcher:
            answer = find_people(searcher, request)
        view = PeopleView(answer, self._pages, self._language, q=q, partners=partners, page=page)
        here = f"/personer?{query}" if query else "/personer"
        resp.set_header("X-Robots-Tag", "noindex")
        self._pages.show(resp, "people.html", self._language, here=here, view=view)


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonView:
    """A person with where to reach them, and the pages that name them."""

    contact: Contact
    pages: str
    evidence: tuple[tuple[Choice, Evidence], ...]


class PeopleView:
    """What the page of people shows."""

    def __init__(
        self,
        answer: PeopleAnswer,
        pages: Pages,
        language: Language,
        *,
        q: str,
        partners: tuple[str, ...],
        page: int,
    ) -> None:
        self._texts = texts = pages.texts(language)
        self._path = pages.path(language, "/personer")
        self._partners = partners
        self.q, self.page, self.total = q, page, answer.total
        self.partner = ", ".join(partners)
        self.asked = bool(q or partners)
        self.searched = answer.suggestion.text if answer.suggestion else q
        self.corrected = answer.suggestion is not None
        self.pages = min(pages_of(answer.total, _SIZE), _MOST_PAGES)
        self.count = texts.counted("people", answer.total)
        self.people = tuple(self._person(hit, pages, language) for hit in answer.people)

    def page_url(self, page: int) -> str:
        """The address of a page of these people."""
        query = _query(self.q, self._partners, page)
        return f"{self._path}?{query}" if query else self._path

    def _person(self, hit: PersonHit, pages: Pages, language: Language) -> PersonView:
        return PersonView(
            contact=Contact.of(hit),
            pages=self._texts.counted("named", hit.pages),
            evidence=tuple(
                (Choice(label=it.title, url=pages.path(language, f"/dokument/{it.id}")), it)
                for it in hit.evidence
            ),
        )


def _query(q: str, partners: tuple[str, ...], page: int) -> str:
    pairs = [("q", q)] if q else []
    pairs += [("partner", partner) for partner in partners]
    pairs += [("page", str(page))] if page > 1 else []
    return urlencode(pairs)
