"""MODS 3 (loc.gov/standards/mods) as DiVA and others write it for SwePub."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.extract.records import identifiers as spelling
from indexer.extract.records.description import Abstract, Description, Name
from indexer.extract.records.elements import (
    attribute,
    below,
    children,
    day,
    distinct,
    first,
    in_order,
    name_of,
    organisation,
    said,
    texts,
    with_subtitle,
)
from indexer.extract.records.languages import two_letters
from indexer.extract.records.mods_related import funders, hosts, projects
from indexer.extract.records.plain_text import line, markup_of, paragraphs

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping

    from lxml.etree import _Element as Element

NAMESPACE = "http://www.loc.gov/mods/v3"

_MAX_ABSTRACTS = 8
_MAX_NAMES = 500
_MAX_AFFILIATIONS = 10
_MAX_ORGANISATIONS = 60
_MAX_SUBJECTS = 80
_MAX_URLS = 20

_ROLES = {
    "author": "aut",
    "creator": "cre",
    "editor": "edt",
    "thesis advisor": "ths",
    "supervisor": "ths",
    "publisher": "pbl",
    "funder": "fnd",
}
_ORGANISING = frozenset({"pbl", "org", "oth", "his", "aut", "cre", ""})
_OTHER_TITLES = frozenset({"alternative", "translated", "uniform"})
_IDENTIFIERS: Mapping[str, tuple[str, Callable[[str], str]]] = {
    "doi": ("doi", spelling.doi),
    "urn": ("urn", spelling.urn),
    "isbn": ("isbn", spelling.isbn),
    "issn": ("issn", spelling.issn),
    "eissn": ("issn", spelling.issn),
    "pmid": ("pmid", line),
    "isi": ("isi", line),
    "scopus": ("scopus", line),
    "hdl": ("handle", line),
    "diva": ("diva", spelling.diva),
}
# Codes of SwePub's output types and of svep, for the repositories that give no name of the type.
_TYPES = {
    "journal-article": ("Artikel i tidskrift", "Journal article"),
    "art": ("Artikel i tidskrift", "Journal article"),
    "review-article": ("Forskningsöversikt", "Review article"),
    "for": ("Forskningsöversikt", "Review article"),
    "conference-paper": ("Konferensbidrag", "Conference paper"),
    "kon": ("Konferensbidrag", "Conference paper"),
    "doctoral-thesis": ("Doktorsavhandling", "Doctoral thesis"),
    "dok": ("Doktorsavhandling", "Doctoral thesis"),
    "licentiate-thesis": ("Licentiatavhandling", "Licentiate thesis"),
    "lic": ("Licentiatavhandling", "Licentiate thesis"),
    "book": ("Bok", "Book"),
    "bok": ("Bok", "Book"),
    "book-chapter": ("Kapitel i bok", "Book chapter"),
    "kap": ("Kapitel i bok", "Book chapter"),
    "edited-book": ("Samlingsverk", "Edited book"),
    "sam": ("Samlingsverk", "Edited book"),
    "report": ("Rapport", "Report"),
    "rap": ("Rapport", "Report"),
}


def describe(mods: Element) -> Description:
    """Return what a ``mods`` element says of a publication."""
    titles = list(_titles(mods))
    main = next((title for title, kind, _ in titles if kind not in _OTHER_TITLES), "")
    known = _identifiers(mods)
    pages, fulltexts = _locations(mods)
    stated = [*pages, *texts(mods, "identifier")]
    return Description(
        title=main,
        other_titles=distinct((t for t, _, _ in titles if t != main), at_most=5),
        abstracts=tuple(_abstracts(mods))[:_MAX_ABSTRACTS],
        language=_language(mods, titles),
        names=tuple(_persons(mods))[:_MAX_NAMES],
        organisations=distinct(_organisations(mods), at_most=_MAX_ORGANISATIONS),
        subjects=distinct(_subjects(mods), at_most=_MAX_SUBJECTS),
        identifiers=known,
        links=spelling.landing_pages((*stated, *fulltexts), known),
        fulltexts=tuple(fulltexts),
        types=_types(mods),
        hosts=hosts(mods),
        projects=projects(mods),
        funders=funders(mods),
        published=_published(mods),
        trace=_TRACE,
    )


_TRACE = {
    "title": "mods titleInfo",
    "summary": "mods abstract",
    "language": "mods language",
    "authors": "mods name, by its role",
    "organisations": "mods affiliation, corporate name and publisher",
    "subjects": "mods subject",
    "identifiers": "mods identifier and recordIdentifier",
    "url": "mods identifier and location",
    "published": "mods dateIssued",
    "funder": "mods funder",
}


def _titles(mods: Element) -> Iterator[tuple[str, str, str]]:
    """Yield each title, its type and its language."""
    for info in children(mods, "titleInfo"):
        parts = [first(texts(info, name)) for name in ("nonSort", "title", "subTitle")]
        article, title, subtitle = parts
        number = first(texts(info, "partNumber")) or first(texts(info, "partName"))
        title = with_subtitle(f"{article} {title}".strip(), subtitle)
        if title:
            yield (
                f"{title}. {number}" if number else title,
                attribute(info, "type"),
                two_letters(attribute(info, "lang")),
            )


def _abstracts(mods: Element) -> Iterator[Abstract]:
    for element in children(mods, "abstract"):
        if text := paragraphs(markup_of(element)):
            yield Abstract(text=text, language=two_letters(attribute(element, "lang")))


def _language(mods: Element, titles: list[tuple[str, str, str]]) -> str:
    codes = (two_letters(text) for text in texts(mods, "language", "languageTerm"))
    return first(codes) or first(language for _, _, language in titles)


def _role(name: Element) -> str:
    terms = [text.lower() for text in texts(name, "role", "roleTerm")]
    codes = [_ROLES.get(term, term) for term in terms]
    return next((code for code in codes if code in {"aut", "cre"}), first(codes))


def _persons(mods: Element) -> Iterator[Name]:
    for element in children(mods, "name"):
        parts = {attribute(part, "type"): said(part) for part in children(element, "namePart")}
        is_person = attribute(element, "type") == "personal" or "family" in parts
        given, family = parts.get("given", ""), parts.get("family", "")
        name = f"{given} {family}".strip() or in_order(parts.get("", ""))
        if not is_person or not name:
            continue
        affiliations = (organisation(text) for text in texts(element, "affiliation"))
        yield Name(
            name=name[:200],
            role=_role(element) or "aut",
            affiliations=distinct(affiliations, at_most=_MAX_AFFILIATIONS),
            orcid=_orcid(element),
        )


def _orcid(name: Element) -> str:
    stated = [attribute(name, "href"), attribute(name, "valueURI")]
    stated += [text for text in texts(name, "description") if "orcid" in text.lower()]
    for identifier in children(name, "nameIdentifier"):
        if attribute(identifier, "type").lower() == "orcid" and not attribute(
            identifier, "invalid"
        ):
            stated.append(said(identifier))
    return first(spelling.orcid(text) for text in stated)


def _organisations(mods: Element) -> Iterator[str]:
    for element in children(mods, "name"):
        yield from (organisation(text) for text in texts(element, "affiliation"))
    for element in children(mods, "name"):
        if attribute(element, "type") == "corporate" and _role(element) in _ORGANISING:
            yield organisation(", ".join(texts(element, "namePart")))
    for text in texts(mods, "originInfo", "publisher"):
        yield organisation(text)


def _subjects(mods: Element) -> Iterator[str]:
    """Yield keywords, then the narrowest class of each classification."""
    classes: list[str] = []
    for subject in children(mods, "subject"):
        topics = list(texts(subject, "topic"))
        if attribute(subject, "authority"):
            classes += topics[-1:]
        else:
            yield from topics
    yield from classes


def _identifiers(mods: Element) -> dict[str, str]:
    found: dict[str, list[str]] = {}

    def note(key: str, value: str) -> None:
        if value and value not in found.setdefault(key, []):
            found[key].append(value)

    elements = [*children(mods, "identifier"), *_of_hosts(mods)]
    for element in elements:
        key, spelled = _IDENTIFIERS.get(attribute(element, "type").lower(), ("", str))
        if attribute(element, "invalid"):
            continue
        text = said(element)
        if key:
            note(key, spelled(text))
        else:
            note("urn", spelling.urn(text))
            note("handle", spelling.handle(text))
    for text in texts(mods, "recordInfo", "recordIdentifier"):
        note("diva", spelling.diva(text))
    # A book may have an ISBN for each binding; of everything else there is one.
    joined = {key: ", ".join(values[:4]) for key, values in found.items() if values}
    return {
        key: value if key == "isbn" else found[key][0] for key, value in joined.items() if value
    }


def _of_hosts(mods: Element) -> Iterator[Element]:
    """Yield the ISSN and ISBN of the journal or book that a publication is in."""
    for related in children(mods, "relatedItem"):
        if attribute(related, "type") in {"host", "series"}:
            for element in children(related, "identifier"):
                if attribute(element, "type").lower() in {"issn", "eissn", "isbn"}:
                    yield element


def _locations(mods: Element) -> tuple[list[str], list[str]]:
    """Return the addresses of pages about the publication, and of its full text."""
    pages: list[str] = []
    fulltexts: list[str] = []
    for element in list(below(mods, "location", "url"))[:_MAX_URLS]:
        url = spelling.web_url(element.text or "")
        label = attribute(element, "displayLabel").lower()
        is_file = "fulltext" in label or attribute(element, "access") == "raw object"
        if url:
            (fulltexts if is_file else pages).append(url)
    return pages, list(dict.fromkeys(fulltexts))


def _types(mods: Element) -> dict[str, str]:
    found: dict[str, str] = {}
    for genre in children(mods, "genre"):
        kind, language = attribute(genre, "type"), two_letters(attribute(genre, "lang"))
        if kind == "publicationType" and language and attribute(genre, "authority") != "kev":
            found.setdefault(language, said(genre))
    for genre in children(mods, "genre"):
        code = said(genre).rsplit("/", 1)[-1]
        if code in _TYPES and attribute(genre, "authority") in {"kb.se", "svep"}:
            swedish, english = _TYPES[code]
            found.setdefault("sv", swedish)
            found.setdefault("en", english)
    return found


def _published(mods: Element) -> dt.date | None:
    for name in ("dateIssued", "copyrightDate", "dateCreated"):
        for text in texts(mods, "originInfo", name):
            if found := day(text):
                return found
    for related in children(mods, "relatedItem"):
        if attribute(related, "type") == "host":
            for text in texts(related, "originInfo", "dateIssued"):
                if found := day(text):
                    return found
    return None


def is_mods(element: Element) -> bool:
    """Tell whether an element is a record in MODS."""
    return name_of(element) == "mods" and str(element.tag).startswith(f"{{{NAMESPACE}}}")
