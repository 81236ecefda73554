"""The values that travel.

    Source.seeds() -> CrawlRequest -> Fetcher -> FetchResult
    Page -> extract -> Extraction(Document) -> DocumentStore -> IndexWriter -> generation -> hit

Each is frozen: a stage answers with a new value and never edits the one it got.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

Kind = Literal["partner", "project", "research", "publication", "news", "person", "page"]
KINDS: tuple[Kind, ...] = (
    "partner",
    "project",
    "research",
    "publication",
    "news",
    "person",
    "page",
)


# --- what the operator wrote, as the stages below the configuration see it ---------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class HttpSettings:
    """How politely and how patiently to fetch. Seconds and megabytes (10^6 bytes)."""

    delay_s: float = 1.0
    per_host: int = 1
    concurrency: int = 8
    timeout_s: float = 30.0
    deadline_s: float = 60.0
    max_body_mb: float = 20.0


@dataclass(frozen=True, slots=True, kw_only=True)
class SiteRule:
    """How to read the pages of a site whose path matches `match`; selectors are CSS."""

    match: str
    kind: Kind | None = None
    main: str | None = None
    remove: tuple[str, ...] = ()
    fields: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True, kw_only=True)
class Concept:
    """A partner or an area: the name that is shown, and the other names pages use for it."""

    name: str
    aliases: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Vocabulary:
    """The words of this partnership: its partners, its areas, its abbreviations."""

    partners: tuple[Concept, ...] = ()
    areas: tuple[Concept, ...] = ()
    abbreviations: Mapping[str, tuple[str, ...]] = field(default_factory=dict)


# --- fetching -----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlRequest:
    """A URL to fetch, how we came to know of it, and what we hold of it already.

    `lastmod` is when the page changed last by the word of the list that names it.
    """

    url: str
    source: str
    depth: int = 0
    referrer: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    lastmod: dt.datetime | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Page:
    """A response worth reading.

    `url` is where it was found after redirects; `body` is decompressed, not decoded;
    `media_type` is lower-case without parameters, `charset` is the one of the HTTP header.
    """

    request: CrawlRequest
    url: str
    body: bytes
    media_type: str
    charset: str | None = None
    etag: str | None = None
    last_modified: str | None = None
    robots_tag: str | None = None
    fetched_at: dt.datetime
    elapsed_s: float = 0.0


@dataclass(frozen=True, slots=True, kw_only=True)
class NotModified:
    """The page is as we last saw it (RFC 9110, section 15.4.5)."""

    request: CrawlRequest


@dataclass(frozen=True, slots=True, kw_only=True)
class Denied:
    """We may not, or do not want to, fetch the URL; `reason` says which rule, `detail` where."""

    request: CrawlRequest
    reason: str
    detail: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failed:
    """The URL could not be fetched. `status` is the HTTP status, if there was an answer."""

    request: CrawlRequest
    reason: str
    detail: str = ""
    status: int | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Deferred:
    """The host asks to be left alone; `wait_s` seconds from now the URL may be asked for again."""

    request: CrawlRequest
    wait_s: float
    reason: str
    detail: str = ""
    status: int | None = None


FetchResult = Page | NotModified | Denied | Failed


# --- documents ----------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True, kw_only=True)
class Section:
    """A stretch of a document under one heading; the first may have none.

    `anchor` is the id that a fragment of the page's URL can name. Paragraphs, list items and
    table rows are lines of `text`. `language` is empty where it is that of the document.
    """

    heading: str = ""
    anchor: str = ""
    text: str = ""
    language: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody whom a page names as a contact or a participant, as their employer published it."""

    name: str
    role: str = ""
    title: str = ""
    email: str = ""
    phone: str = ""
    organisation: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Period:
    """From the first day to the last; None where the page does not say."""

    start: dt.date | None = None
    end: dt.date | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """A page as its reader sees it: what the store keeps and the index finds."""

    id: str
    url: str
    title: str
    summary: str = ""
    sections: tuple[Section, ...] = ()
    kind: Kind = "page"
    language: str = "sv"
    partners: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    persons: tuple[Person, ...] = ()
    organisations: tuple[str, ...] = ()
    authors: tuple[str, ...] = ()
    subjects: tuple[str, ...] = ()
    identifiers: Mapping[str, str] = field(default_factory=dict)
    funder: str = ""
    period: Period | None = None
    published: dt.date | None = None
    modified: dt.date | None = None
    harvested: dt.datetime | None = None
    source: str = ""
    content_hash: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class FactChange:
    """A fact of a document, and its values that are gone and that are new."""

    fact: str
    removed: tuple[str, ...] = ()
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Difference:
    """What changed in a document: its facts, and of its text some sentences that are new.

    What a page says no more is counted and not quoted, and people who are named no more are not
    named here either: their employer has taken it back.
    """

    facts: tuple[FactChange, ...] = ()
    words_added: int = 0
    words_removed: int = 0
    added: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Link:
    """A link of a page: absolute URL, and whether the page asks not to follow it."""

    url: str
    nofollow: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Extraction:
    """What a page turned out to be.

    `document` is None when there is nothing to index; `reason` then says why. `canonical` is
    what the page claims; whether it is believed is the crawler's to decide. `trace` names the
    rule or heuristic behind each field, for `samsok extract` and `samsok explain`. `rule` is the
    `match` of the site rule that was applied, and `missed` are its keys that found nothing.
    `simhash` is alike for texts that are, and None for those too short to tell.
    """

    document: Document | None
    simhash: int | None = None
    reason: str = ""
    links: tuple[Link, ...] = ()
    canonical: str | None = None
    noindex: bool = False
    nofollow: bool = False
    rule: str = ""
    missed: tuple[str, ...] = ()
    trace: Mapping[str, str] = field(default_factory=dict)


def difference_from_plain(raw: Mapping[str, Any]) -> Difference:
    """Return the difference whose plain JSON values are `raw`.

    Raises:
        TypeError, KeyError: If they are those of something else.
    """
    facts = tuple(
        FactChange(fact=it["fact"], removed=tuple(it["removed"]), added=tuple(it["added"]))
        for it in raw["facts"]
    )
    return Difference(
        facts=facts,
        words_added=raw["words_added"],
        words_removed=raw["words_removed"],
        added=tuple(raw["added"]),
    )


def document_id(identity: str) -> str:
    """Return the id of the document whose canonical URL or record identifier is `identity`.

    80 bits of SHA-256 in hexadecimal: stable between runs, machines and backends.
    """
    return hashlib.sha256(identity.encode()).hexdigest()[:20]
