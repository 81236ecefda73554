"""Unqualified Dublin Core (oai_dc), which every repository can give (OAI-PMH 2.0, section 5).

Fifteen elements, each as often as one likes and with any text: what a value is, its form tells.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.extract.records import identifiers as spelling
from indexer.extract.records.description import Abstract, Description, Name
from indexer.extract.records.elements import (
    attribute,
    children,
    day,
    distinct,
    in_order,
    name_of,
    organisation,
    said,
    texts,
    with_subtitle,
)
from indexer.extract.records.languages import two_letters
from indexer.extract.records.plain_text import markup_of, paragraphs

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

NAMESPACE = "http://www.openarchives.org/OAI/2.0/oai_dc/"

_MAX_ABSTRACTS = 8
_MAX_NAMES = 500
_MAX_ORGANISATIONS = 60
_MAX_SUBJECTS = 80
_LEAST_ABSTRACT = 80
"""Shorter descriptions are notes of cataloguers, such as a date of quality control."""

_PERSON = re.compile(r"[^,;()]{2,60}, [^,;()]{1,60}")
_GRANT = re.compile(r"info:eu-repo/grantAgreement/([^/\s]{1,80})/([^/\s]{0,80})", re.IGNORECASE)
_NOT_A_TYPE = re.compile(
    r"info:|https?:|text$|image$|dataset$|nonpeerreviewed|peerreviewed", re.IGNORECASE
)
_ISBN_STATED = re.compile(r"isbn", re.IGNORECASE)
_IN_SERIES = re.compile(r"[^\n]{3,400}[;,] ?\S{1,40}")

_TRACE = {
    "title": "dc title",
    "summary": "dc description",
    "language": "dc language",
    "authors": "dc creator",
    "organisations": "dc publisher and contributor",
    "subjects": "dc subject",
    "identifiers": "dc identifier and relation",
    "url": "dc identifier",
    "published": "dc date",
    "funder": "dc relation",
}


def describe(dc: Element) -> Description:
    """Return what a ``dc`` element says of a publication."""
    titles = [with_subtitle(text, "") for text in texts(dc, "title")]
    stated = [*texts(dc, "identifier")]
    known = _identifiers(dc)
    urls = [url for text in stated if (url := spelling.web_url(text))]
    fulltexts = tuple(url for url in urls if url.lower().endswith(".pdf"))
    return Description(
        title=titles[0] if titles else "",
        other_titles=distinct(titles[1:], at_most=5),
        abstracts=tuple(_abstracts(dc))[:_MAX_ABSTRACTS],
        language=next(filter(None, map(two_letters, texts(dc, "language"))), ""),
        names=tuple(_names(dc))[:_MAX_NAMES],
        organisations=distinct(_organisations(dc), at_most=_MAX_ORGANISATIONS),
        subjects=distinct(_subjects(dc), at_most=_MAX_SUBJECTS),
        identifiers=known,
        links=spelling.landing_pages((*(u for u in urls if u not in fulltexts), *fulltexts), known),
        fulltexts=fulltexts,
        types={"": kind} if (kind := _type(dc)) else {},
        hosts=distinct(_hosts(dc), at_most=5),
        funders=distinct(_funders(dc), at_most=10),
        # Repositories add the days on which they took the record in, which come later.
        published=min(filter(None, map(day, texts(dc, "date"))), default=None),
        trace=_TRACE,
    )


def is_dublin_core(element: Element) -> bool:
    """Tell whether an element is a record in Dublin Core."""
    return element.tag == f"{{{NAMESPACE}}}dc" or name_of(element) == "dc"


def _abstracts(dc: Element) -> Iterator[Abstract]:
    found = [
        Abstract(text=text, language=two_letters(attribute(element, "lang")))
        for element in children(dc, "description")
        if (text := paragraphs(markup_of(element)))
    ]
    longer = [abstract for abstract in found if len(abstract.text) >= _LEAST_ABSTRACT]
    yield from longer or found[:1]


def _names(dc: Element) -> Iterator[Name]:
    for element in children(dc, "creator", "contributor"):
        text = said(element)
        name = _ORCID_TAIL.sub("", text).strip(" ,;")
        is_creator = name_of(element) == "creator"
        if name and (is_creator or _PERSON.fullmatch(name)):
            yield Name(
                name=in_order(name)[:200],
                role="aut" if is_creator else "ctb",
                orcid=spelling.orcid(text),
            )


_ORCID_TAIL = re.compile(
    r"[\s(\[;,]*(?:https?://orcid\.org/|orcid[:\s]*)?\d{4}-\d{4}-\d{4}-.*$", re.IGNORECASE
)


def _organisations(dc: Element) -> Iterator[str]:
    yield from (organisation(text) for text in texts(dc, "publisher"))
    for text in texts(dc, "contributor"):
        if not _PERSON.fullmatch(text):
            yield organisation(text)


def _subjects(dc: Element) -> Iterator[str]:
    for text in texts(dc, "subject"):
        if not text.startswith(("http:", "https:", "info:")):
            yield text


def _identifiers(dc: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    isbns: list[str] = []
    for element in children(dc, "identifier", "relation", "source"):
        text = said(element)
        own = name_of(element) == "identifier"
        values = {
            "doi": spelling.doi(text) if own else "",
            "urn": spelling.urn(text) if own else "",
            "handle": spelling.handle(text) if own else "",
            "diva": spelling.diva(text) if own else "",
            "issn": spelling.issn(text) if "isbn" not in text.lower() else "",
        }
        for key, value in values.items():
            if value:
                found.setdefault(key, value)
        if _ISBN_STATED.search(text) and (isbn := spelling.isbn(text)):
            isbns.append(isbn)
    if isbns:
        found["isbn"] = ", ".join(dict.fromkeys(isbns[:4]))
    return found


def _type(dc: Element) -> str:
    found = (text for text in texts(dc, "type") if not _NOT_A_TYPE.match(text))
    return next(found, "").removeprefix("doc-type:")


def _hosts(dc: Element) -> Iterator[str]:
    yield from (text for text in texts(dc, "source") if not spelling.web_url(text))
    for text in texts(dc, "relation"):
        if spelling.issn(text) and _IN_SERIES.fullmatch(text) and not spelling.web_url(text):
            yield text.replace(" ; ", "; ")


def _funders(dc: Element) -> Iterator[str]:
    for text in texts(dc, "relation"):
        if grant := _GRANT.match(text):
            yield organisation(" ".join(filter(None, grant.groups())))
