"""What a publication belongs to, in MODS: journal or series, conference, project, funder."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.extract.records.elements import (
    attribute,
    children,
    distinct,
    first,
    organisation,
    said,
    texts,
    with_subtitle,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_PROJECTS = frozenset({"project", "programme", "grantAgreement", "initiative"})
_MAX_RELATED = 10


def hosts(mods: Element) -> tuple[str, ...]:
    """Return the journals, books, series and conferences that a publication is part of."""
    return distinct(_hosts(mods), at_most=_MAX_RELATED)


def projects(mods: Element) -> tuple[str, ...]:
    """Return the titles of the projects and programmes that a publication comes from."""
    found = (_title(related) for related in children(mods, "relatedItem") if _is_project(related))
    return distinct(found, at_most=_MAX_RELATED)


def funders(mods: Element) -> tuple[str, ...]:
    """Return who paid, by corporate names with that role, notes, or what funds the project."""
    return distinct(_funders(mods), at_most=_MAX_RELATED)


def _hosts(mods: Element) -> Iterator[str]:
    for related in children(mods, "relatedItem"):
        is_host = attribute(related, "type") in {"host", "series"}
        # With a genre it is a data set, an event or a project.
        has_genre = next(children(related, "genre"), None) is not None
        if is_host and not has_genre and (title := _title(related)):
            yield ", ".join((title, *_part(related)))
    for name in children(mods, "name"):
        if attribute(name, "type") == "conference":
            yield first(texts(name, "namePart"))


def _part(related: Element) -> Iterator[str]:
    """Yield volume, issue and pages as references write them: "44(4), 283–299"."""
    numbers = {
        attribute(detail, "type"): first(texts(detail, "number"))
        for part in children(related, "part")
        for detail in children(part, "detail")
    }
    volume = numbers.get("volume", "") or first(texts(related, "titleInfo", "partNumber"))
    issue = numbers.get("issue", "")
    if volume or issue:
        yield f"{volume}({issue})" if volume and issue else volume or issue
    start = first(texts(related, "part", "extent", "start"))
    end = first(texts(related, "part", "extent", "end"))
    if start:
        yield f"{start}–{end}" if end else start


def _title(related: Element) -> str:
    for info in children(related, "titleInfo"):
        title = with_subtitle(first(texts(info, "title")), first(texts(info, "subTitle")))
        if title:
            return title.rstrip(" ;")
    return ""


def _is_project(related: Element) -> bool:
    genres = {said(genre) for genre in children(related, "genre")}
    return attribute(related, "type") == "project" or bool(genres & _PROJECTS)


def _funders(mods: Element) -> Iterator[str]:
    related = list(children(mods, "relatedItem"))
    for parent in (mods, *related):
        for name in children(parent, "name"):
            if "fnd" in texts(name, "role", "roleTerm"):
                yield _funder(name)
    for item in related:
        if attribute(item, "type") == "funder":
            yield organisation(_title(item) or first(texts(item, "name", "namePart")))
    for note in children(mods, "note"):
        if attribute(note, "type") in {"funder", "funding"}:
            yield organisation(said(note))


def _funder(name: Element) -> str:
    """Return a funder's name; in two languages "Vetenskapsrådet (Swedish Research Council)"."""
    parts = list(children(name, "namePart"))
    if not any(attribute(part, "lang") for part in parts):
        return organisation(", ".join(texts(name, "namePart")))
    parts.sort(key=lambda part: attribute(part, "lang") != "swe")
    spoken = distinct((organisation(said(part)) for part in parts), at_most=2)
    return f"{spoken[0]} ({spoken[1]})" if spoken[1:] else first(spoken)
