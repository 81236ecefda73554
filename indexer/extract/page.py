"""From the bytes of a page to a document: each step in a module of its own."""

from __future__ import annotations

import functools
import hashlib
import logging
from copy import deepcopy
from dataclasses import dataclass, field, replace
from importlib.metadata import version
from importlib.resources import files
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

import orjson

from indexer.extract import dates, facts, kind, partnership, persons, stated_dates
from indexer.extract.addresses import reveal_addresses
from indexer.extract.charset import clean, decode
from indexer.extract.digest import content_hash, summary
from indexer.extract.dom import TooHostile, parse, text_of
from indexer.extract.language import language, languages_marked
from indexer.extract.links import base_url, links
from indexer.extract.main_text import main_text
from indexer.extract.metadata import metadata
from indexer.extract.robots_meta import robots
from indexer.extract.site_rule import RuledFields, rule_for
from indexer.model import (
    Document,
    Extraction,
    Kind,
    Page,
    Person,
    Section,
    SiteRule,
    Vocabulary,
    document_id,
)

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from lxml.etree import _Element as Element

    from indexer.extract.facts import Facts
    from indexer.extract.main_text import MainText
    from indexer.extract.metadata import Metadata

_HTML = frozenset({"text/html", "application/xhtml+xml"})
_PLAIN = "text/plain"
_MAX_TITLE = 200
_NO_VOCABULARY = Vocabulary()
_LIBRARIES = ("beautifulsoup4", "lxml", "py3langid", "soupsieve", "trafilatura")

logger = logging.getLogger(__name__)


@functools.cache
def code_version() -> str:
    """Name this version of the extraction: its source, and the libraries that read with it."""
    sources = sorted(
        (file.name, file.read_bytes())
        for file in files(__package__).iterdir()
        if file.name.endswith(".py")
    )
    said = [*(f"{name}:{text!r}" for name, text in sources), *map(version, _LIBRARIES)]
    return hashlib.sha256("\n".join(said).encode()).hexdigest()[:16]


def fingerprint(rules: tuple[SiteRule, ...], vocabulary: Vocabulary) -> str:
    """Name all that the reading of a page depends on, besides the page."""
    said = orjson.dumps([code_version(), rules, vocabulary], option=orjson.OPT_SORT_KEYS)
    return hashlib.sha256(said).hexdigest()[:16]


def extract(
    page: Page,
    *,
    rules: tuple[SiteRule, ...] = (),
    vocabulary: Vocabulary = _NO_VOCABULARY,
    site_names: Collection[str] = (),
) -> Extraction:
    """Turn a page into a document. Never raises: what is wrong stands in `Extraction.reason`.

    `site_names` are names that the page's site is known by, which its titles may repeat.
    """
    if page.media_type == _PLAIN:
        return _plain(page, vocabulary)
    if page.media_type not in _HTML:
        return Extraction(
            document=None,
            reason="unsupported_media_type",
            trace={"media type": page.media_type},
        )
    try:
        text, encoding = decode(page.body, declared=page.charset)
        root = parse(text)
        reading = _Reading(
            page=page,
            root=root,
            rule=rule_for(page.url, rules),
            vocabulary=vocabulary,
            site_names=site_names,
        )
        reading.trace["encoding"] = encoding
        return reading.extraction()
    except TooHostile as hostile:
        return Extraction(document=None, reason="parse_limit", trace={"parse": str(hostile)})
    except Exception as error:
        # One page must not stop a crawl, whatever it is made of; the log keeps what happened.
        logger.exception("%s could not be read", page.url)
        return Extraction(document=None, reason="parse_error", trace={"parse": repr(error)})


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    """One page on its way to a document; `trace` fills with what gave each field."""

    page: Page
    root: Element
    rule: SiteRule | None
    vocabulary: Vocabulary
    site_names: Collection[str]
    trace: dict[str, str] = field(default_factory=dict)

    def extraction(self) -> Extraction:
        base = base_url(self.root, self.page.url)
        noindex, nofollow = robots(self.root, self.page.robots_tag)
        found_links = links(self.root, base)
        head = metadata(self.root, base, url=self.page.url, site_names=self.site_names)
        document = None if noindex else self._document(head)
        reason = "noindex" if noindex else "" if document else "empty_text"
        return Extraction(
            document=document,
            reason=reason,
            links=found_links,
            canonical=head.canonical,
            noindex=noindex,
            nofollow=nofollow,
            trace=self.trace,
        )

    def _document(self, head: Metadata) -> Document | None:
        reveal_addresses(self.root)
        # Dates and breadcrumbs stand in what is cut out next.
        stated_days = stated_dates.stated(self.root, is_article=head.is_article)
        breadcrumb = partnership.breadcrumb(self.root)
        claimed = self.root.get("lang") or ""
        fields = self.rule.fields if self.rule else {}
        whole = deepcopy(self.root) if fields else None
        main = main_text(self.root, rule=self.rule, is_article=head.is_article)
        self._note("text", main.found_by, missed=main.missed)
        ruled = RuledFields(fields, main.root, whole)
        title = self._title(head, ruled)
        sections = main.sections(title=title)
        if not any(section.text for section in sections):
            return None
        document = Document(
            id=document_id(self.page.url),
            url=self.page.url,
            title=title or self.page.url,
            summary=summary(" ".join(ruled.lines("summary")) or head.description, sections),
            sections=sections,
            language=self._language(title, sections, claimed, main),
            published=self._day("published", ruled, head.published, stated_days[0]),
            modified=self._day("modified", ruled, stated_days[1], head.modified),
            harvested=self.page.fetched_at,
            source=self.page.request.source,
        )
        document = self._understood(document, head, main, ruled, breadcrumb)
        return replace(document, content_hash=content_hash(document))

    def _title(self, head: Metadata, ruled: RuledFields) -> str:
        by_rule = ruled.lines("title")
        self._note("title", "site rule" if by_rule else head.title_from)
        return by_rule[0] if by_rule else head.title

    def _language(
        self, title: str, sections: tuple[Section, ...], claimed: str, main: MainText
    ) -> str:
        text = "\n".join(section.text for section in sections)
        path = urlsplit(self.page.url).path
        found, how = language(
            f"{title}\n{text}", claimed=claimed, path=path, marked=languages_marked(main.root)
        )
        self._note("language", how)
        return found

    def _day(
        self, name: str, ruled: RuledFields, first: dt.date | None, second: dt.date | None
    ) -> dt.date | None:
        """Return a day by rule, or the first that there is: metadata for what is published."""
        orders = {
            "published": ("metadata", "stated on the page"),
            "modified": ("stated on the page", "metadata"),
        }
        by_rule = dates.day(" ".join(_said(ruled, name)))
        for how, found in zip(("site rule", *orders[name]), (by_rule, first, second), strict=True):
            if found and dates.plausible(found):
                self._note(name, how)
                return found
        return None

    def _understood(
        self,
        document: Document,
        head: Metadata,
        main: MainText,
        ruled: RuledFields,
        breadcrumb: str,
    ) -> Document:
        stated = facts.facts(main.parts, main.lines())
        places = partnership.Places(
            title=document.title,
            path=self.page.url,
            breadcrumb=breadcrumb,
            headings=[section.heading for section in document.sections],
            text="\n".join(section.text for section in document.sections),
        )
        partners, about = partnership.partners(
            places,
            self.vocabulary.partners,
            stated=(*ruled.lines("partners"), *stated.participants),
        )
        by_rule = ruled.lines("areas")
        areas, how = partnership.areas(
            main.parts, places, self.vocabulary.areas, stated=(*by_rule, *stated.areas)
        )
        self._note("partners", ("about it" if about else "mentioned") if partners else "")
        self._note("areas", "site rule" if by_rule else how)
        return replace(
            document,
            kind=self._kind(document, head, stated, about=about),
            partners=partners,
            areas=areas,
            persons=self._persons(main, stated, ruled),
            organisations=stated.participants,
            authors=head.authors or stated.authors,
            subjects=head.subjects or stated.subjects,
            identifiers=dict(head.identifiers) | dict(stated.identifiers),
            funder=stated.funder,
            period=stated.period,
        )

    def _persons(self, main: MainText, stated: Facts, ruled: RuledFields) -> tuple[Person, ...]:
        by_rule = [
            person
            for element in ruled.elements("persons")
            if (person := persons.from_block(element)) is not None
        ]
        if by_rule:
            self._note("persons", "site rule")
            return persons.merge(by_rule)
        people, how = persons.persons(main.parts)
        leading = [
            Person(name=name, role="Projektledare")
            for name in stated.leaders
            if persons.is_name(name)
        ]
        self._note("persons", how or ("project leader" if leading else ""))
        return persons.merge((*people, *leading))

    def _kind(self, document: Document, head: Metadata, stated: Facts, *, about: bool) -> Kind:
        if self.rule and self.rule.kind:
            self._note("kind", f"site rule for {self.rule.match}")
            return self.rule.kind
        found, how = kind.kind(
            url=self.page.url,
            head=head,
            headings=[section.heading for section in document.sections],
            has_project_facts=bool(stated.period and (stated.funder or stated.leaders)),
            about_partner=about,
        )
        self._note("kind", how)
        return found

    def _note(self, name: str, how: str, *, missed: str = "") -> None:
        if how:
            self.trace[name] = f"{how} (the site rule {missed!r} finds nothing)" if missed else how


def _said(ruled: RuledFields, name: str) -> list[str]:
    """Return what the elements of a date field say: in words, or in their attribute."""
    return [
        said
        for element in ruled.elements(name)
        for said in (element.get("datetime") or element.get("content") or "", text_of(element))
    ]


def _plain(page: Page, vocabulary: Vocabulary) -> Extraction:
    text, encoding = decode(page.body, declared=page.charset)
    found = [line for raw in text.splitlines() if (line := clean(raw))]
    if not found:
        return Extraction(document=None, reason="empty_text")
    body = "\n".join(found)
    spoken, how = language(body, claimed=None, path=urlsplit(page.url).path)
    places = partnership.Places(title=found[0], path=page.url, headings=(), text=body)
    partners, _ = partnership.partners(places, vocabulary.partners, stated=())
    sections = (Section(text=body),)
    document = Document(
        id=document_id(page.url),
        url=page.url,
        title=found[0][:_MAX_TITLE],
        sections=sections,
        summary=summary("", sections),
        language=spoken,
        partners=partners,
        harvested=page.fetched_at,
        source=page.request.source,
    )
    document = replace(document, content_hash=content_hash(document))
    return Extraction(document=document, trace={"encoding": encoding, "language": how})
