"""From a record to a document: whatever its format, it is understood the same way."""

from __future__ import annotations

import logging
import re
from dataclasses import replace
from itertools import islice
from typing import TYPE_CHECKING

from indexer.extract import partnership
from indexer.extract.digest import content_hash, summary
from indexer.extract.language import language
from indexer.extract.records import dublin_core, mods
from indexer.extract.records.elements import MAX_ELEMENTS, distinct
from indexer.extract.records.safe_xml import BrokenXml, parse
from indexer.model import (
    Document,
    Extraction,
    Link,
    Page,
    Person,
    Section,
    Vocabulary,
    document_id,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterator, Mapping

    from lxml.etree import _Element as Element

    from indexer.extract.records.description import Abstract, Description, Name

logger = logging.getLogger(__name__)

_AUTHORS = frozenset({"aut", "cre"})
_LABELS = {
    "sv": ("Sammanfattning", "Om publikationen", "Annan titel", "Typ", "Publicerad i", "Projekt"),
    "en": ("Abstract", "About the publication", "Other title", "Type", "Published in", "Project"),
}
_PERSON_ROLES = {
    "edt": "Redaktör",
    "ths": "Handledare",
    "mon": "Examinator",
    "exm": "Examinator",
    "opn": "Opponent",
    "trl": "Översättare",
    "ill": "Illustratör",
    "ctb": "Medverkande",
}
_MAX_ORGANISATION = 400
_WORD = re.compile(r"\w\w")
_YEARS_AHEAD = 2
"""A publication may be dated ahead of its printing, but not further."""


def read_record(page: Page, vocabulary: Vocabulary) -> Extraction:
    """Turn a record into a document. Never raises: what is wrong stands in `Extraction.reason`.

    `page.url` is the record's identifier, of which the document's id is made; its URL is the
    page about the publication. A year alone is published on its first of January. An identifier
    ``orcid:2`` is that of the second author.
    """
    try:
        root, mended = parse(page.body)
        found = _described(root)
        if found is None:
            return Extraction(document=None, reason="unsupported_record")
        return _extraction(page, found, vocabulary, mended)
    except BrokenXml as broken:
        return Extraction(document=None, reason="parse_error", trace={"parse": str(broken)})
    except Exception as error:
        # One record must not stop a harvest, whatever it is made of; the log keeps what happened.
        logger.exception("%s could not be read", page.url)
        return Extraction(document=None, reason="parse_error", trace={"parse": repr(error)})


def _described(root: Element) -> Description | None:
    """Return what the first record says that is in a known format, maybe inside another one."""
    for element in islice(root.iter(), MAX_ELEMENTS):
        if mods.is_mods(element):
            return mods.describe(element)
        if dublin_core.is_dublin_core(element):
            return dublin_core.describe(element)
    return None


def _extraction(page: Page, found: Description, vocabulary: Vocabulary, mended: str) -> Extraction:
    trace = dict(found.trace) | ({"parse": mended} if mended else {})
    if not _WORD.search(found.title):
        return Extraction(document=None, reason="no_title", trace=trace)
    if not found.links:
        return Extraction(document=None, reason="no_url", trace=trace)
    spoken, how = _language(found)
    if how:
        trace["language"] = how
    document = _document(page, found, spoken)
    document = _understood(document, vocabulary, trace)
    document = replace(document, content_hash=content_hash(document))
    links = distinct((*found.fulltexts, *found.links), at_most=20)
    return Extraction(
        document=document,
        links=tuple(Link(url=url) for url in links if url != document.url),
        trace={name: how for name, how in trace.items() if _has(document, name)},
    )


def _has(document: Document, name: str) -> bool:
    return bool(getattr(document, name, True))


def _language(found: Description) -> tuple[str, str]:
    """Return the language of a publication, and how it was found if the record does not say."""
    if found.language:
        return found.language, ""
    text = "\n".join((found.title, *(abstract.text for abstract in found.abstracts)))
    claimed = found.abstracts[0].language if found.abstracts else ""
    return language(text, claimed=claimed, path="")


def _document(page: Page, found: Description, spoken: str) -> Document:
    abstracts = _in_order(found.abstracts, spoken)
    authors = _authors(found.names)
    return Document(
        id=document_id(page.url),
        url=found.links[0],
        title=found.title,
        summary=summary(abstracts[0].text.replace("\n", " "), ()) if abstracts else "",
        sections=tuple(_sections(found, abstracts, spoken)),
        kind="publication",
        language=spoken,
        persons=_persons(found.names),
        organisations=found.organisations,
        authors=distinct((name.name for name in authors), at_most=len(authors)),
        subjects=found.subjects,
        identifiers=dict(found.identifiers) | _orcids(authors),
        funder="; ".join(found.funders),
        published=_published(found.published, page.fetched_at),
        harvested=page.fetched_at,
        source=page.request.source,
    )


def _in_order(abstracts: tuple[Abstract, ...], spoken: str) -> list[Abstract]:
    """Return the abstracts with their languages: Swedish, the publication's own, the others."""
    known = [
        replace(
            abstract,
            language=abstract.language or language(abstract.text, claimed=spoken, path="")[0],
        )
        for abstract in abstracts
    ]
    return sorted(known, key=lambda one: (one.language != "sv", one.language != spoken))


def _sections(found: Description, abstracts: list[Abstract], spoken: str) -> Iterator[Section]:
    for abstract in abstracts:
        yield Section(
            heading=_labels(abstract.language)[0],
            text=abstract.text,
            language="" if abstract.language == spoken else abstract.language,
        )
    _, about, title, kind, host, project = _labels(spoken)
    lines = [
        *(f"{title}: {other}" for other in found.other_titles),
        *(f"{kind}: {name}" for name in _type(found.types, spoken)),
        *(f"{host}: {other}" for other in found.hosts),
        *(f"{project}: {other}" for other in found.projects),
    ]
    if lines:
        yield Section(heading=about, text="\n".join(lines))


def _labels(spoken: str) -> tuple[str, str, str, str, str, str]:
    return _LABELS["sv" if spoken == "sv" else "en"]


def _type(types: Mapping[str, str], spoken: str) -> list[str]:
    wanted = "sv" if spoken == "sv" else "en"
    named = types.get(wanted) or types.get("") or next(iter(types.values()), "")
    return [named] if named else []


def _authors(names: tuple[Name, ...]) -> list[Name]:
    """Return who wrote it; of a collection, who edited it."""
    for roles in (_AUTHORS, frozenset({"edt"})):
        if chosen := [name for name in names if name.role in roles]:
            return chosen
    return []


def _orcids(authors: list[Name]) -> dict[str, str]:
    positions = distinct((name.name for name in authors), at_most=len(authors))
    numbers = {name.casefold(): number for number, name in enumerate(positions, start=1)}
    found: dict[str, str] = {}
    for author in authors:
        if author.orcid:
            found.setdefault(f"orcid:{numbers[author.name.casefold()]}", author.orcid)
    return found


def _persons(names: tuple[Name, ...]) -> tuple[Person, ...]:
    """Return everybody with the organisations they belong to; an author needs no role."""
    found: dict[str, Person] = {}
    for name in names:
        person = Person(
            name=name.name,
            role=_PERSON_ROLES.get(name.role, ""),
            organisation="; ".join(name.affiliations)[:_MAX_ORGANISATION],
        )
        found.setdefault(name.name.casefold(), person)
    return tuple(found.values())


def _published(found: dt.date | None, harvested: dt.datetime) -> dt.date | None:
    return found if found and found.year <= harvested.year + _YEARS_AHEAD else None


def _understood(document: Document, vocabulary: Vocabulary, trace: dict[str, str]) -> Document:
    """Add the partners and areas that a publication names, also as affiliation or keyword."""
    said = [section.text for section in document.sections]
    places = partnership.Places(
        title=document.title,
        path="",
        headings=(),
        text="\n".join((*said, *document.subjects, document.funder)),
    )
    partners, about = partnership.partners(
        places, vocabulary.partners, stated=document.organisations
    )
    areas, how = partnership.areas((), places, vocabulary.areas, stated=())
    if partners:
        trace["partners"] = "about it" if about else "mentioned, or an affiliation"
    if areas:
        trace["areas"] = how
    return replace(document, partners=partners, areas=areas)
