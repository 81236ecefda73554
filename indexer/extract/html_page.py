"""An HTML page on its way to a document: each step in a module of its own, in this order."""

from __future__ import annotations

from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import urlsplit

from indexer.extract import dates, facts, kind, partnership, persons
from indexer.extract.addresses import reveal_addresses
from indexer.extract.areas import names_partnership_areas
from indexer.extract.boilerplate import without_repeated
from indexer.extract.digest import content_hash, summary
from indexer.extract.language import language, languages_marked, with_languages
from indexer.extract.links import base_url, links
from indexer.extract.main_text import main_text
from indexer.extract.metadata import metadata
from indexer.extract.page_frame import page_frame
from indexer.extract.robots_meta import robots
from indexer.extract.site_rule import RuledFields, rule_for
from indexer.extract.soft_404 import is_soft_404
from indexer.model import Document, Extraction, Person, document_id

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Collection

    from lxml.etree import _Element as Element

    from indexer.extract.facts import Facts
    from indexer.extract.main_text import MainText
    from indexer.extract.metadata import Metadata
    from indexer.extract.page_frame import PageFrame
    from indexer.model import Kind, Page, Section, SiteRule, Vocabulary


def read_html(
    page: Page,
    root: Element,
    *,
    rules: tuple[SiteRule, ...],
    vocabulary: Vocabulary,
    site_names: Collection[str],
    repeated: Collection[str],
    trace: dict[str, str],
) -> Extraction:
    """Return what a parsed page says. `trace` gets what gave each field; the tree is used up."""
    reading = _Reading(
        page=page,
        root=root,
        rule=rule_for(page.url, rules),
        vocabulary=vocabulary,
        site_names=site_names,
        repeated=repeated,
        trace=trace,
    )
    return reading.extraction()


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    page: Page
    root: Element
    rule: SiteRule | None
    vocabulary: Vocabulary
    site_names: Collection[str]
    repeated: Collection[str]
    trace: dict[str, str] = field(default_factory=dict)
    missed: set[str] = field(default_factory=set)

    def extraction(self) -> Extraction:
        base = base_url(self.root, self.page.url)
        noindex, nofollow = robots(self.root, self.page.robots_tag)
        found_links = links(self.root, base)
        head = metadata(self.root, base, url=self.page.url, site_names=self.site_names)
        read = "noindex" if noindex else self._document(head)
        document, reason = (read, "") if isinstance(read, Document) else (None, read)
        return Extraction(
            document=document,
            reason=reason,
            links=found_links,
            canonical=head.canonical,
            noindex=noindex,
            nofollow=nofollow,
            rule=self.rule.match if self.rule else "",
            missed=tuple(sorted(self.missed)),
            trace=self.trace,
        )

    def _document(self, head: Metadata) -> Document | str:
        """Return the document of the page, or the reason why there is none."""
        reveal_addresses(self.root)
        before = page_frame(self.root, head, url=self.page.url)
        fields = self.rule.fields if self.rule else {}
        whole = deepcopy(self.root) if fields else None
        main = main_text(self.root, rule=self.rule, head=head)
        main = replace(main, blocks=without_repeated(main.blocks, self.repeated))
        self._note("text", main.found_by, missed=main.missed)
        ruled = RuledFields(fields, main.root, whole)
        title = self._title(head, ruled)
        sections = main.sections(title=title)
        if _says_it_is_missing(before, title, main):
            return "soft_404"
        if not any(section.text for section in sections):
            return "empty_text"
        spoken = self._language(title, sections, before, main)
        document = Document(
            id=document_id(self.page.url),
            url=self.page.url,
            title=title or self.page.url,
            summary=summary(" ".join(ruled.lines("summary")) or head.description, sections),
            sections=with_languages(sections, spoken),
            language=spoken,
            published=self._day("published", ruled, head.published, before.published),
            modified=self._day("modified", ruled, before.modified, head.modified),
            harvested=self.page.fetched_at,
            source=self.page.request.source,
        )
        document = self._understood(document, head, main, ruled, before)
        self.missed.update(ruled.missed, ["main"] if main.missed else [])
        return replace(document, content_hash=content_hash(document))

    def _title(self, head: Metadata, ruled: RuledFields) -> str:
        by_rule = ruled.lines("title")
        self._note("title", "site rule" if by_rule else head.title_from)
        return by_rule[0] if by_rule else head.title

    def _language(
        self, title: str, sections: tuple[Section, ...], before: PageFrame, main: MainText
    ) -> str:
        text = "\n".join(section.text for section in sections)
        found, how = language(
            f"{title}\n{text}",
            claimed=before.claimed_language,
            path=urlsplit(self.page.url).path,
            marked=languages_marked(main.root),
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
        by_rule = ruled.day(name)
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
        before: PageFrame,
    ) -> Document:
        stated = facts.facts(main.parts, (*main.blocks, *main.lines))
        places = partnership.Places(
            title=document.title,
            path=self.page.url,
            breadcrumb=before.breadcrumb,
            headings=[section.heading for section in document.sections],
            text="\n".join(section.text for section in document.sections),
        )
        partners, about = self._partners(places, stated, ruled)
        document = replace(
            document,
            partners=partners,
            areas=self._areas(main, places, stated, ruled),
            persons=self._persons(main, document.title, head, stated, ruled),
            organisations=stated.participants,
            authors=head.authors or stated.authors or _as_authors(stated),
            subjects=head.subjects or stated.subjects,
            identifiers=dict(head.identifiers) | dict(stated.identifiers),
            funder=stated.funder,
            period=stated.period,
        )
        found = self._kind(document, head, before, stated, about=about)
        if found == "partner" and not about and (name := partnership.unlisted_partner(places)):
            document = replace(document, partners=(name, *document.partners))
            self._note("partners", "its title and address, below a folder of partners")
        return replace(document, kind=found)

    def _partners(
        self, places: partnership.Places, stated: Facts, ruled: RuledFields
    ) -> tuple[tuple[str, ...], bool]:
        by_rule = ruled.lines("partners")
        found, about = partnership.partners(
            places, self.vocabulary.partners, stated=(*by_rule, *stated.participants)
        )
        if by_rule:
            self._note("partners", "site rule")
        elif found:
            self._note("partners", "about it" if about else "mentioned")
        return found, about

    def _areas(
        self, main: MainText, places: partnership.Places, stated: Facts, ruled: RuledFields
    ) -> tuple[str, ...]:
        by_rule = ruled.lines("areas")
        found, how = partnership.areas(
            () if by_rule else main.lines,
            places,
            self.vocabulary.areas,
            stated=by_rule or stated.areas,
        )
        self._note("areas", "site rule" if by_rule else how)
        return found

    def _persons(
        self, main: MainText, title: str, head: Metadata, stated: Facts, ruled: RuledFields
    ) -> tuple[Person, ...]:
        by_rule = [
            person
            for element in ruled.elements("persons")
            for person in persons.from_element(element)
        ]
        if by_rule:
            self._note("persons", "site rule")
            return persons.merge(by_rule)
        people, how = persons.persons(main.parts, title=title)
        taking_part = persons.named(stated.leaders, role=stated.leader_role)
        if stated.is_project:
            taking_part += persons.named((*stated.members, *stated.researchers), role="")
        self._note(
            "persons",
            how or ("JSON-LD" if head.persons else "project facts" if taking_part else ""),
        )
        return persons.merge((*people, *head.persons, *taking_part))

    def _kind(
        self,
        document: Document,
        head: Metadata,
        before: PageFrame,
        stated: Facts,
        *,
        about: bool,
    ) -> Kind:
        if self.rule and self.rule.kind:
            self._note("kind", f"site rule for {self.rule.match}")
            return self.rule.kind
        headings = [section.heading for section in document.sections]
        found, how = kind.kind(
            kind.Signs(
                url=self.page.url,
                head=head,
                headings=headings,
                has_project_facts=stated.is_project,
                about_partner=about,
                about_person=_is_about_a_person(document),
                lists_areas=any(map(names_partnership_areas, headings)),
                class_names=before.class_names,
            )
        )
        self._note("kind", how)
        return found

    def _note(self, name: str, how: str, *, missed: str = "") -> None:
        if how:
            self.trace[name] = f"{how} (the site rule {missed!r} finds nothing)" if missed else how


def _says_it_is_missing(before: PageFrame, title: str, main: MainText) -> bool:
    headings = [block.text for block in main.blocks if block.is_heading]
    return is_soft_404(
        title=title,
        full_title=before.full_title,
        headings=[*filter(None, [before.first_heading]), *headings],
        text="\n".join(block.text for block in main.blocks if not block.is_heading),
    )


def _as_authors(stated: Facts) -> tuple[str, ...]:
    """Return the researchers of what is no project: a summary of what they found."""
    return () if stated.is_project else stated.researchers


def _is_about_a_person(document: Document) -> bool:
    name = document.title.casefold()
    return any(
        person.name.casefold() == name and (person.email or person.phone or person.title)
        for person in document.persons
    )
