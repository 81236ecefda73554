"""From the engine's answer to the JSON of the API: this is the contract, key by key."""

from __future__ import annotations

import html
import math
import re
from dataclasses import asdict
from typing import TYPE_CHECKING, Any
from urllib.parse import quote, urlsplit

from indexer.engine import MAX_WINDOW

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable

    from indexer.engine import (
        Document,
        Facets,
        Generation,
        Person,
        Piece,
        RankedDocument,
        SearchAnswer,
        Section,
        Snippet,
        Suggestion,
    )
    from search_api.params import SearchParams
    from search_api.settings import Settings


FORMATS = ("ris", "bibtex", "csl-json", "csv", "jsonl")
"""What references and tables can be exported as."""

_EMAIL = re.compile(r"[\w.+'-]+@[\w-]+(?:\.[\w-]+)+")


def search_response(
    answer: SearchAnswer, params: SearchParams, settings: Settings, *, took_ms: float
) -> dict[str, Any]:
    """Return the body of `GET /api/v1/search`."""
    return {
        "meta": {
            "q": params.q,
            "total": answer.total,
            "total_exact": answer.total_exact,
            "page": params.page,
            "size": params.size,
            "pages": pages(answer.total, params.size),
            "took_ms": round(took_ms, 1),
            **index_meta(answer.generation),
            "expanded": answer.expanded,
            "relaxed": answer.relaxed,
            "alike": answer.alike,
            "with_all_words": answer.with_all_words,
        },
        "results": [_result(ranked) for ranked in answer.results],
        "facets": facets_body(answer.facets),
        "suggestion": suggestion_body(answer.suggestion),
        "links": _links(answer, params, settings),
    }


def index_meta(generation: Generation) -> dict[str, str]:
    """Return what every answer says of the index that it comes from."""
    return {
        "index_version": generation.name,
        "indexed_at": generation.created.isoformat(timespec="seconds"),
    }


def facets_body(facets: Facets) -> dict[str, Any]:
    """Return the values of each facet with their counts."""
    return {
        name: [{"value": item.value, "count": item.count} for item in values]
        for name, values in facets.items()
    }


def suggestion_body(suggestion: Suggestion | None) -> dict[str, Any] | None:
    """Return the spelling that was searched instead, if another was."""
    return {"q": suggestion.text, "total": suggestion.total} if suggestion else None


def page_links(link: Callable[[int], str], *, page: int, last: int) -> dict[str, str | None]:
    """Return where this page is, and those beside it; `last` is 0 where there is none."""
    return {
        "self": link(page),
        "next": link(page + 1) if page < last else None,
        "prev": link(min(page - 1, last)) if page > 1 and last else None,
    }


def export_links(settings: Settings, query: str) -> dict[str, str]:
    """Return where the documents of a query can be had in each format."""
    also = f"&{query}" if query else ""
    return {name: settings.link(f"/api/v1/export?format={name}{also}") for name in FORMATS}


def feed_link(params: SearchParams, settings: Settings) -> str:
    """Return where a search can be followed."""
    followed = params.followed().query_string()
    return settings.link("/feed.atom" + (f"?{followed}" if followed else ""))


def pages(total: int, size: int) -> int:
    """Return how many pages of `size` hits can be asked for: none lies beyond the window."""
    return min(math.ceil(total / size), MAX_WINDOW // size)


def safe_url(url: str) -> str | None:
    """Return `url` if it may become a link: only the web's own schemes may, with a host."""
    try:
        parts = urlsplit(url)
    except ValueError:
        return None
    return url if parts.scheme in {"http", "https"} and parts.netloc else None


def safe_mailto(email: str) -> str | None:
    """Return a link that writes to `email`, or None for what is more than one plain address.

    A crawled address could otherwise bring recipients and a text of its own (RFC 6068).
    """
    return f"mailto:{email}" if _EMAIL.fullmatch(email) else None


def snippet_html(pieces: tuple[Piece, ...]) -> str:
    """Return pieces as HTML: everything escaped, and `mark` the only element."""
    return "".join(
        f"<mark>{html.escape(piece.text)}</mark>" if piece.marked else html.escape(piece.text)
        for piece in pieces
    )


def document_body(document: Document) -> dict[str, Any]:
    """Return all that is known of a document."""
    return {
        "id": document.id,
        "url": safe_url(document.url),
        "title": document.title,
        "summary": document.summary,
        "sections": [_section(section, document.url) for section in document.sections],
        "kind": document.kind,
        "language": document.language,
        "partners": document.partners,
        "areas": document.areas,
        "persons": [asdict(person) for person in document.persons],
        "organisations": document.organisations,
        "authors": document.authors,
        "subjects": document.subjects,
        "identifiers": dict(document.identifiers),
        "funder": document.funder,
        "period": (
            {"start": _day(document.period.start), "end": _day(document.period.end)}
            if document.period
            else None
        ),
        "published": _day(document.published),
        "modified": _day(document.modified),
        "harvested": (
            document.harvested.isoformat(timespec="seconds") if document.harvested else None
        ),
        "source": document.source,
        "content_hash": document.content_hash,
    }


def listed(document: Document, score: float) -> dict[str, Any]:
    """Return what a list says of each of its documents."""
    return {
        "id": document.id,
        "url": safe_url(document.url),
        "title": document.title,
        "kind": document.kind,
        "language": document.language,
        "score": round(score, 4),
        "partners": document.partners,
        "areas": document.areas,
        "persons": [_person(person) for person in document.persons],
        "authors": document.authors,
        "published": _day(document.published),
        "modified": _day(document.modified),
        "source": document.source,
    }


def _result(ranked: RankedDocument) -> dict[str, Any]:
    return listed(ranked.document, ranked.score) | {"snippet": snippet_body(ranked.snippet)}


def _section(section: Section, url: str) -> dict[str, Any]:
    page = url.partition("#")[0]
    return {
        "heading": section.heading,
        "anchor": section.anchor,
        "text": section.text,
        "language": section.language,
        "url": safe_url(f"{page}#{quote(section.anchor)}") if section.anchor else None,
    }


def snippet_body(snippet: Snippet) -> dict[str, Any]:
    """Return the text that shows why a document was found."""
    return {
        "text": "".join(piece.text for piece in snippet.pieces),
        "html": snippet_html(snippet.pieces),
        "section": snippet.section,
        "url": safe_url(snippet.url),
    }


def _person(person: Person) -> dict[str, str]:
    return {"name": person.name, "role": person.role, "email": person.email}


def _day(day: dt.date | None) -> str | None:
    return day.isoformat() if day else None


def _links(answer: SearchAnswer, params: SearchParams, settings: Settings) -> dict[str, Any]:
    last = pages(answer.total, params.size)

    def link(page: int) -> str:
        query = params.on_page(page).query_string()
        return settings.link("/api/v1/search") + (f"?{query}" if query else "")

    return {
        **page_links(link, page=params.page, last=last),
        "feed": feed_link(params, settings),
        "export": export_links(settings, params.without_paging().query_string()),
    }
