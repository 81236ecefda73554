"""What a page says about itself in its head: canonical, dates, authors, identifiers, types."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexer.extract import json_ld, persons
from indexer.extract.charset import clean
from indexer.extract.dates import day
from indexer.extract.dom import ElementPath
from indexer.extract.links import link_to
from indexer.extract.title import title

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection, Mapping

    from lxml.etree import _Element as Element

    from indexer.extract.json_ld import Node
    from indexer.model import Person

_NAMES_OF_IDENTIFIERS = (
    *("citation_doi", "dc.identifier", "dc.identifier.doi", "dcterms.identifier", "prism.doi"),
    *("citation_author_orcid", "citation_isbn", "citation_issn"),
)
_DOI = re.compile(r"\b10\.\d{4,9}/[^\s\"<>]+")
_ORCID = re.compile(r"\b\d{4}-\d{4}-\d{4}-\d{3}[\dX]\b")
_PUBLISHED = (
    *("article:published_time", "og:article:published_time", "citation_publication_date"),
    *(
        "citation_online_date",
        "citation_date",
        "dc.date.issued",
        "dcterms.issued",
        "dcterms.created",
    ),
    *("dc.date", "dcterms.date", "datepublished", "pubdate", "date"),
)
_MODIFIED = (
    *("article:modified_time", "og:updated_time", "dcterms.modified", "dc.date.modified"),
    *("datemodified", "last-modified", "revised"),
)
_ARTICLES = re.compile(r"(?:article|blogposting|report|discussionforumposting)$")
_ARTICLE_BODY = ElementPath("//*[@itemprop='articleBody']")
_MAX_DESCRIPTION = 2_000


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """The head of a page, understood.

    `types` are schema.org's, in lower case. `is_article` is a page that declares itself one text
    with a date of its own, as news do; `claims_article` one that only Open Graph calls an article,
    as some systems call every page; `is_citation` one that describes a publication.
    """

    title: str = ""
    title_from: str = ""
    description: str = ""
    canonical: str | None = None
    types: frozenset[str] = frozenset()
    published: dt.date | None = None
    modified: dt.date | None = None
    authors: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    identifiers: Mapping[str, str] = field(default_factory=dict)
    is_citation: bool = False
    is_article: bool = False
    claims_article: bool = False
    persons: tuple[Person, ...] = ()


def metadata(root: Element, base: str, *, url: str, site_names: Collection[str] = ()) -> Metadata:
    """Read the head of a page (Open Graph, Dublin Core, Highwire citation tags, JSON-LD)."""
    metas = _metas(root)
    nodes = list(json_ld.nodes(root))
    types = frozenset(kind for node in nodes for kind in json_ld.types(node))
    found, found_from = title(root, metas, url=url, site_names=site_names)
    return Metadata(
        title=found,
        title_from=found_from,
        description=_first(metas, "description", "og:description", "dc.description"),
        canonical=link_to(root, "canonical", base),
        types=types,
        published=_date(metas, nodes, _PUBLISHED, "datePublished"),
        modified=_date(metas, nodes, _MODIFIED, "dateModified"),
        authors=_authors(metas, nodes),
        subjects=_subjects(metas),
        identifiers=_identifiers(metas),
        is_citation="citation_title" in metas,
        persons=persons.stated(nodes),
        is_article=_is_article(root, metas, types),
        claims_article="article" in (kind.lower() for kind in metas.get("og:type", ())),
    )


def _metas(root: Element) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for tag in root.iter("meta"):
        name = tag.get("name") or tag.get("property") or tag.get("itemprop")
        if name and (content := clean(tag.get("content") or "")):
            found.setdefault(name.strip().lower(), []).append(content)
    return found


def _is_article(root: Element, metas: Mapping[str, list[str]], types: frozenset[str]) -> bool:
    return (
        any(_ARTICLES.search(kind) for kind in types)
        or "article:published_time" in metas
        or bool(_ARTICLE_BODY(root))
    )


def _first(metas: Mapping[str, list[str]], *names: str) -> str:
    return next((metas[name][0][:_MAX_DESCRIPTION] for name in names if name in metas), "")


def _date(
    metas: Mapping[str, list[str]], nodes: list[Node], names: tuple[str, ...], key: str
) -> dt.date | None:
    said = [text for node in nodes for text in json_ld.strings(node.get(key))]
    said += [text for name in names for text in metas.get(name, ())]
    return next((found for text in said if (found := day(text))), None)


def _authors(metas: Mapping[str, list[str]], nodes: list[Node]) -> tuple[str, ...]:
    cited = metas.get("citation_author") or metas.get("dc.creator") or metas.get("dcterms.creator")
    if cited:
        return tuple(dict.fromkeys(_in_order(name) for name in cited))
    people = (
        author
        for node in nodes
        for author in (
            node["author"] if isinstance(node.get("author"), list) else [node.get("author")]
        )
        if not (isinstance(author, dict) and _is_organisation(author))
    )
    found = (clean(name) for author in people for name in json_ld.named(author))
    return tuple(dict.fromkeys(name for name in found if not name.startswith("http")))


def _is_organisation(node: Node) -> bool:
    return any("organization" in kind or "university" in kind for kind in json_ld.types(node))


def _in_order(name: str) -> str:
    """Return "Förnamn Efternamn" of what may be "Efternamn, Förnamn"."""
    last, comma, first = name.partition(",")
    return f"{first.strip()} {last.strip()}" if comma and first.strip() else name


def _subjects(metas: Mapping[str, list[str]]) -> tuple[str, ...]:
    values = [*metas.get("citation_keywords", ()), *metas.get("dc.subject", ())]
    words = (word.strip() for value in values for word in re.split(r"[;,]", value))
    return tuple(dict.fromkeys(word for word in words if word))


def _identifiers(metas: Mapping[str, list[str]]) -> dict[str, str]:
    found: dict[str, str] = {}
    for name in _NAMES_OF_IDENTIFIERS:
        for value in metas.get(name, ()):
            if identified := _identifier(name, value):
                found.setdefault(*identified)
    return found


def _identifier(name: str, value: str) -> tuple[str, str] | None:
    if match := _DOI.search(value):
        return "doi", match[0].rstrip(".,;")
    if match := _ORCID.search(value):
        return "orcid", match[0]
    if value.lower().startswith("urn:"):
        return "urn", value
    kind = name.removeprefix("citation_")
    return (kind, value) if kind in {"isbn", "issn"} else None
