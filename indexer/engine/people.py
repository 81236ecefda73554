"""Who works with a topic: the people on the pages about it, and those pages as evidence.

    PeopleRequest -> the best pages -> their votes -> one person per identity -> PeopleAnswer

Nothing here is stored or logged.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

from indexer.analysis.folding import fold
from indexer.engine.marks import Marker
from indexer.engine.person_names import asks_for, name_key, shares_word, without_titles
from indexer.engine.query import FilterName, Query
from indexer.engine.searching import MAX_QUERY, Found, SearchRequest, Suggestion, find
from indexer.engine.snippets import Snippet, snippet
from indexer.engine.votes import Candidate, Relation, appearances, candidates
from indexer.model import KINDS

if TYPE_CHECKING:
    from collections.abc import Mapping, Sequence

    from indexer.engine.ports import Searcher
    from indexer.engine.results import Generation

PAGES = 100
"""This many of the best pages vote; without text, of the newest that pass the filters."""

EVIDENCE = 3
"""This many of the pages that name a person are shown."""

ELSEWHERE_PAGES = 30
"""Addresses that those pages do not say are looked for in this many others, the newest."""

NAMED = 2.0
"""The factor of a person whose name has a word of the query."""

ELSEWHERE = 20
"""People whom more pages outside the topic name than this are worth less: half at four times it.

Without it the press officer whom all the news name works with everything.
"""


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleRequest:
    """A topic, or the name of somebody; without text, filters that say whom to list.

    Role, title and organisation are taken from pages in `language` where those say them. Raises
    ValueError if `offset` or `limit` is negative.
    """

    text: str = ""
    filters: Mapping[FilterName, tuple[str, ...]] = field(default_factory=dict)
    limit: int = 10
    offset: int = 0
    expand: bool = True
    language: str = "sv"

    def __post_init__(self) -> None:
        if self.offset < 0 or self.limit < 0:
            raise ValueError("offset and limit must not be negative")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A page that names the person, and the text that shows what it has to do with the topic."""

    id: str
    url: str
    title: str
    relation: Relation
    snippet: Snippet


@dataclass(frozen=True, slots=True, kw_only=True)
class PersonHit:
    """Somebody who works with the topic.

    Each of role, title, email, phone and organisation is that of the page changed last that says
    it; empty where none does. All but the role may come from a page outside the topic. `pages`
    counts the pages that name them, of which `evidence` are
    the best. Scores compare within one answer only.
    """

    name: str
    role: str
    title: str
    email: str
    phone: str
    organisation: str
    score: float
    pages: int
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class PeopleAnswer:
    """The people, best first; `total` counts everybody named on the pages that voted.

    `expanded` and `suggestion` are those of `SearchAnswer`.
    """

    people: tuple[PersonHit, ...]
    total: int
    expanded: tuple[str, ...]
    suggestion: Suggestion | None
    generation: Generation


def find_people(searcher: Searcher, request: PeopleRequest) -> PeopleAnswer:
    """Answer who works with the topic, from the generation that `searcher` has open.

    People whom the query or a filter names come first, then the others by score; those who tie
    are in order of name, then of e-mail address. Without words and filters nobody is found.
    """
    found = _pages(searcher, request)
    wanted = found.meant.clauses or found.meant.phrases or any(request.filters.values())
    known = candidates(found.results.hits if wanted else ())
    asked = _Asked.of(found, request, searcher)
    elsewhere = _elsewhere(searcher, known)
    ranked = sorted((_Ranked.of(person, asked, elsewhere) for person in known), key=_Ranked.place)
    shown = _reachable(searcher, ranked[request.offset : request.offset + request.limit])
    marker = Marker(found.meant.clauses, found.meant.phrases, searcher.analyzer)
    cut: dict[str, Snippet] = {}
    return PeopleAnswer(
        people=tuple(_hit(person, request.language, marker, cut) for person in shown),
        total=len(ranked),
        expanded=found.meant.expanded,
        suggestion=found.suggestion,
        generation=searcher.generation,
    )


def _pages(searcher: Searcher, request: PeopleRequest) -> Found:
    return find(
        searcher,
        SearchRequest(
            text=request.text,
            filters=request.filters,
            sort="relevance" if request.text.strip() else "newest",
            limit=PAGES,
            expand=request.expand,
        ),
    )


def _elsewhere(searcher: Searcher, known: Sequence[Candidate]) -> dict[str, int]:
    """Return how many pages outside the topic hold each of these names, as it is written."""
    here: dict[str, set[str]] = defaultdict(set)
    for person in known:
        for appearance in person.appearances:
            here[appearance.person.name].add(appearance.document.id)
    if not here:
        return {}
    # A facet counts the values that the query selects, however rare they are.
    query = Query(filters={"person": tuple(sorted(here))}, facets=("person",), limit=0)
    counted = searcher.search(query).facets["person"]
    return {facet.value: max(0, facet.count - len(here[facet.value])) for facet in counted}


def _reachable(searcher: Searcher, shown: Sequence[_Ranked]) -> list[_Ranked]:
    """Look outside the topic for the addresses of those whose pages do not say them."""
    silent = [ranked.person for ranked in shown if not ranked.person.said("email")]
    written = tuple(sorted({it for person in silent for it in (*person.written, person.name)}))
    if not written:
        return list(shown)
    # Records of publications name many people and hardly ever say how to reach one.
    kinds = tuple(kind for kind in KINDS if kind != "publication")
    query = Query(filters={"person": written, "kind": kinds}, sort="newest", limit=ELSEWHERE_PAGES)
    elsewhere = appearances(searcher.search(query).hits)
    return [
        replace(ranked, person=ranked.person.found_at(elsewhere))
        if not ranked.person.said("email")
        else ranked
        for ranked in shown
    ]


@dataclass(frozen=True, slots=True, kw_only=True)
class _Asked:
    """Whom the request names: by the words of the query, or by a filter."""

    words: frozenset[str]
    names: frozenset[str]

    @classmethod
    def of(cls, found: Found, request: PeopleRequest, searcher: Searcher) -> _Asked:
        text = found.suggestion.text if found.suggestion else request.text[:MAX_QUERY]
        # A title is no part of a name in a query either.
        surfaces = searcher.analyzer.surfaces(without_titles(text))
        return cls(
            words=frozenset(fold(word) for it in surfaces for word in name_key(it).split()),
            names=frozenset(map(name_key, request.filters.get("person", ()))),
        )

    def chose(self, person: Candidate) -> bool:
        return not self.names.isdisjoint(person.keys)

    def names_one(self, person: Candidate) -> bool:
        return any(asks_for(self.words, key) for key in person.keys)

    def has_word_of(self, person: Candidate) -> bool:
        return any(shares_word(self.words, key) for key in person.keys)


@dataclass(frozen=True, slots=True, kw_only=True)
class _Ranked:
    """A candidate and what decides over their place."""

    person: Candidate
    named: bool
    score: float

    @classmethod
    def of(cls, person: Candidate, asked: _Asked, elsewhere: Mapping[str, int]) -> _Ranked:
        others = sum(elsewhere.get(name, 0) for name in person.written)
        related = asked.has_word_of(person)
        score = person.votes * (ELSEWHERE / max(others, ELSEWHERE)) ** 0.5
        return cls(
            person=person,
            named=asked.chose(person) or (related and asked.names_one(person)),
            score=score * (NAMED if related else 1.0),
        )

    def place(self) -> tuple[bool, float, str, str]:
        # Sums of floats differ in the last bits; the name must decide then.
        known = self.person.best_known.mention
        return (
            not self.named,
            -round(self.score, 9),
            known.name,
            self.person.said("email"),
        )


def _hit(ranked: _Ranked, language: str, marker: Marker, cut: dict[str, Snippet]) -> PersonHit:
    """Return a person with their evidence; `cut` are the snippets made for others before."""
    person = ranked.person
    evidence = []
    for appearance in person.pages[:EVIDENCE]:
        document = appearance.document
        if document.id not in cut:
            cut[document.id] = snippet(document, marker)
        evidence.append(
            Evidence(
                id=document.id,
                url=document.url,
                title=document.title,
                relation=appearance.relation,
                snippet=cut[document.id],
            )
        )
    return PersonHit(
        name=person.name,
        role=person.said("role", language),
        title=person.said("title", language),
        email=person.said("email"),
        phone=person.said("phone"),
        organisation=person.said("organisation", language),
        score=ranked.score,
        pages=len(person.pages),
        evidence=tuple(evidence),
    )
