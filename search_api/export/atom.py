"""Atom (RFC 4287): what a search finds, the newest first, for who wants to follow it."""

from __future__ import annotations

import datetime as dt
import uuid
from dataclasses import dataclass
from typing import TYPE_CHECKING
from xml.etree import ElementTree as ET

from search_api.export.lines import address, one_line
from search_api.serialize import safe_url

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.engine import Document

MEDIA_TYPE = "application/atom+xml"

_NAMESPACE = "http://www.w3.org/2005/Atom"
_LANGUAGE = "{http://www.w3.org/XML/1998/namespace}lang"
_MOST_AUTHORS = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Feed:
    """What a feed says of itself; addresses are absolute, for feeds travel.

    `documents_url` is what the ids of documents are below. `otherwise` is the time of documents
    that do not say when they were changed, and of a feed without any.
    """

    title: str
    language: str
    self_url: str
    page_url: str
    description_url: str
    documents_url: str
    otherwise: dt.datetime


def write(feed: Feed, documents: Sequence[Document]) -> bytes:
    """Return the feed of `documents`."""
    root = ET.Element("feed", {"xmlns": _NAMESPACE, _LANGUAGE: feed.language})
    _text(root, "id", _id(feed.self_url))
    _text(root, "title", feed.title)
    stamps = (_updated(document, feed) for document in documents)
    _text(root, "updated", max(stamps, default=_moment(feed.otherwise)))
    _text(ET.SubElement(root, "author"), "name", "Samsök")
    _text(root, "generator", "Samsök")
    _link(root, "self", feed.self_url, MEDIA_TYPE)
    _link(root, "alternate", feed.page_url, "text/html")
    _link(root, "search", feed.description_url, "application/opensearchdescription+xml")
    for document in documents:
        _entry(ET.SubElement(root, "entry"), document, feed)
    written: bytes = ET.tostring(root, encoding="utf-8", xml_declaration=True)
    return written


def _entry(entry: ET.Element, document: Document, feed: Feed) -> None:
    own = f"{feed.documents_url}{address(document.id)}"
    # Of the document's id alone, which stays when the service moves to another address.
    _text(entry, "id", _id(f"samsok:document:{document.id}"))
    _text(entry, "title", document.title)
    _text(entry, "updated", _updated(document, feed))
    if document.published:
        _text(entry, "published", _midnight(document.published))
    if url := safe_url(document.url):
        _link(entry, "alternate", address(url))
        _link(entry, "related", own, "application/json")
    else:
        # An entry without content has an alternate (RFC 4287, section 4.1.2).
        _link(entry, "alternate", own, "application/json")
    for author in document.authors[:_MOST_AUTHORS]:
        _text(ET.SubElement(entry, "author"), "name", author)
    for term in (document.kind, *document.partners, *document.areas):
        ET.SubElement(entry, "category", term=one_line(term))
    _text(entry, "summary", document.summary)


def _text(parent: ET.Element, name: str, text: str) -> None:
    ET.SubElement(parent, name).text = one_line(text)


def _link(parent: ET.Element, rel: str, href: str, media_type: str = "") -> None:
    of_type = {"type": media_type} if media_type else {}
    ET.SubElement(parent, "link", {"rel": rel, "href": href, **of_type})


def _id(name: str) -> str:
    return uuid.uuid5(uuid.NAMESPACE_URL, name).urn


def _updated(document: Document, feed: Feed) -> str:
    day = document.modified or document.published
    return _midnight(day) if day else _moment(document.harvested or feed.otherwise)


def _midnight(day: dt.date) -> str:
    return f"{day.isoformat()}T00:00:00Z"


def _moment(moment: dt.datetime) -> str:
    return moment.astimezone(dt.UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
