"""From the engine's answer to the JSON of the API: this is the contract, key by key."""

from __future__ import annotations

import html
import math
import re
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

from indexer.engine import MAX_WINDOW

if TYPE_CHECKING:
    import datetime as dt

    from indexer.engine import Generation, Person, Piece, RankedDocument, SearchAnswer, Snippet
    from search_api.params import SearchParams
    from search_api.settings import Settings


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
        "facets": {
            name: [{"value": item.value, "count": item.count} for item in values]
            for name, values in answer.facets.items()
        },
        "suggestion": (
            {"q": answer.suggestion.text, "total": answer.suggestion.total}
            if answer.suggestion
            else None
        ),
        "links": _links(answer, params, settings),
    }


def index_meta(generation: Generation) -> dict[str, str]:
    """Return what every answer says of the index that it comes from."""
    return {
        "index_version": generation.name,
        "indexed_at": generation.created.isoformat(timespec="seconds"),
    }


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


def _result(ranked: RankedDocument) -> dict[str, Any]:
    document = ranked.document
    return {
        "id": document.id,
        "url": safe_url(document.url),
        "title": document.title,
        "kind": document.kind,
        "language": document.language,
        "score": round(ranked.score, 4),
        "snippet": _snippet(ranked.snippet),
        "partners": document.partners,
        "areas": document.areas,
        "persons": [_person(person) for person in document.persons],
        "authors": document.authors,
        "published": _day(document.published),
        "modified": _day(document.modified),
        "source": document.source,
    }


def _snippet(snippet: Snippet) -> dict[str, Any]:
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
        "self": link(params.page),
        "next": link(params.page + 1) if params.page < last else None,
        "prev": link(min(params.page - 1, last)) if params.page > 1 and last else None,
    }
