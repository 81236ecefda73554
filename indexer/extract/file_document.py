"""A file that is no web page, such as a report in PDF, on its way to a document.

Each format is read into what a page's main text is: headings, paragraphs, lists and tables. What
understands a page then understands a file.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING
from urllib.parse import unquote, urlsplit

from lxml import etree

from indexer.extract import dates, facts, partnership, persons
from indexer.extract.charset import clean
from indexer.extract.digest import content_hash, summary
from indexer.extract.language import language, with_languages
from indexer.extract.names import is_name, is_organisation
from indexer.extract.robots_meta import robots
from indexer.extract.sections import sections
from indexer.extract.site_rule import rule_for
from indexer.model import Document, Extraction, Kind, document_id

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Callable, Iterator, Mapping, Sequence

    from lxml.etree import _Element as Element

    from indexer.extract.sections import Block
    from indexer.model import Page, Section, SiteRule, Vocabulary

# Of the words of a title, how many the file must say.
_TITLE_SHARE = 0.5
_MAX_TITLE = 200
# Where a file says when it was published: on its cover, or behind that.
_FIRST_LINES = 60
_SAMPLES, _SAMPLE_CHARACTERS, _SHORTEST_PROSE = 6, 100, 60
_JOINED_AUTHORS = re.compile(r"\s*[;&/]\s*|\s+(?:och|and)\s+")
# What programs write as a title: the name of a file, or that there is none.
_NO_TITLE = re.compile(
    r"""(?:microsoft\s+(?:word|powerpoint|excel)|powerpoint[\s-]*presentation|untitled|namnlös|unnamed
        | (?:document|dokument|presentation|layout|slide|bild|book|bok|blad|sheet)[\s_-]*\d*$
        | (?:titel|title|rubrik|no\s+title|ingen\s+titel|print|mall)$ | [a-z]:\\ | file: | https?:)
      | .*\.(?:docx?|dotx?|pptx?|xlsx?|odt|rtf|indd|qxd|pub|cdr|pm[56d]|pdf|ps|eps|tex|dvi
             |html?|txt)\s*$""",
    re.VERBOSE | re.IGNORECASE,
)
# Who made a file may be the account of a computer: "Windows User".
_ACCOUNT = re.compile(
    r"\b(?:user|användare|admin\w*|owner|microsoft|windows|scanner|kopiator)\b", re.IGNORECASE
)
_LETTERS = re.compile(r"[^\W\d_]{2}")


class Unreadable(Exception):
    """The file gives no document; `reason` says why, in the words of `Extraction.reason`."""

    def __init__(self, reason: str, detail: str) -> None:
        super().__init__(detail)
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class FileContent:
    """What a file holds: its text as elements and as the blocks made of them, and its metadata.

    `titles` are what may be its title, each with where it was found, the best first. `authors` is
    one text, as the metadata have it. `trace` tells of the reading, such as pages left out.
    """

    root: Element
    blocks: Sequence[Block]
    titles: Sequence[tuple[str, str]] = ()
    claimed_language: str = ""
    authors: str = ""
    subjects: str = ""
    created: dt.date | None = None
    modified: dt.date | None = None
    trace: Mapping[str, str] = field(default_factory=dict)


def read_file(
    page: Page,
    content_of: Callable[[bytes], FileContent],
    *,
    rules: tuple[SiteRule, ...],
    vocabulary: Vocabulary,
) -> Extraction:
    """Return what a file says, read by `content_of`, which may raise `Unreadable`."""
    noindex, nofollow = robots(etree.Element("html"), page.robots_tag)
    if noindex:
        return Extraction(document=None, reason="noindex", noindex=True, nofollow=nofollow)
    try:
        content = content_of(page.body)
    except Unreadable as unreadable:
        trace = {"parse": str(unreadable)}
        return Extraction(document=None, reason=unreadable.reason, nofollow=nofollow, trace=trace)
    reading = _Reading(page=page, content=content, vocabulary=vocabulary)
    return Extraction(
        document=reading.document(rule_for(page.url, rules)), nofollow=nofollow, trace=reading.trace
    )


def titles(said: str, shown: str, shown_as: str, *, text: str) -> Iterator[tuple[str, str]]:
    """Yield what may be the title: the metadata's, if the file bears it, and the one it shows.

    Programs write what nobody meant as a title, and keep that of the file that a new one was
    made from. `text` is what the file begins with.
    """
    is_part = said.casefold() in shown.casefold()
    if not is_part and _is_title(said) and (not shown or _bears(text, said)):
        yield said, "metadata"
    if shown:
        yield shown, shown_as


def _is_title(text: str) -> bool:
    """Tell whether a title in the metadata of a file is one that somebody wrote."""
    return bool(_LETTERS.search(text)) and not _NO_TITLE.match(text)


def _bears(text: str, title: str) -> bool:
    words = title.casefold().split()
    folded = text.casefold()
    return sum(word in folded for word in words) >= len(words) * _TITLE_SHARE


@dataclass(frozen=True, slots=True, kw_only=True)
class _Reading:
    page: Page
    content: FileContent
    vocabulary: Vocabulary
    trace: dict[str, str] = field(default_factory=dict)

    def document(self, rule: SiteRule | None) -> Document:
        self.trace.update(self.content.trace)
        title = self._title()
        parts = sections(self.content.blocks, title=title)
        spoken, self.trace["language"] = language(
            f"{title}\n{_sample(parts)}",
            claimed=self.content.claimed_language,
            path=urlsplit(self.page.url).path,
        )
        published, modified = self._days()
        document = Document(
            id=document_id(self.page.url),
            url=self.page.url,
            title=title,
            summary=summary(_first_prose(parts), parts),
            sections=with_languages(parts, spoken),
            kind=self._kind(rule),
            language=spoken,
            published=published,
            modified=modified,
            harvested=self.page.fetched_at,
            source=self.page.request.source,
        )
        document = self._understood(document)
        return replace(document, content_hash=content_hash(document))

    def _title(self) -> str:
        first = next((block.text for block in self.content.blocks if block.text), "")
        name = unquote(urlsplit(self.page.url).path).rpartition("/")[2].rpartition(".")[0]
        candidates = (
            *self.content.titles,
            (first, "first line"),
            (re.sub(r"[-_\s]+", " ", name).strip().capitalize(), "file name"),
        )
        for found, how in candidates:
            if _LETTERS.search(found):
                self.trace["title"] = how
                return _shortened(clean(found))
        return self.page.url

    def _kind(self, rule: SiteRule | None) -> Kind:
        if rule and rule.kind:
            self.trace["kind"] = f"site rule for {rule.match}"
            return rule.kind
        return "page"

    def _days(self) -> tuple[dt.date | None, dt.date | None]:
        """Return when the file was published and changed: what it states, else its metadata.

        Metadata know when it was exported, which is later than the day that a report names.
        """
        lines = [block.text for block in self.content.blocks[:_FIRST_LINES]]
        found: dict[str, dt.date] = {}
        known = (self.content.created, self.content.modified)
        for name, stated, said in zip(
            ("published", "modified"), dates.stated(lines), known, strict=True
        ):
            day = next((day for day in (stated, said) if day and dates.plausible(day)), None)
            if day:
                self.trace[name] = "stated in the text" if day == stated else "metadata"
                found[name] = day
        published, modified = found.get("published"), found.get("modified")
        if published and modified and modified < published:
            # A template's: the file was made of one.
            del self.trace["modified"]
            return published, None
        return published, modified

    def _understood(self, document: Document) -> Document:
        lines = [block for block in self.content.blocks if block.text]
        stated = facts.facts((self.content.root,), lines)
        places = partnership.Places(
            title=document.title,
            path=document.url,
            headings=[section.heading for section in document.sections],
            text="\n".join(section.text for section in document.sections),
        )
        partners, about = partnership.partners(
            places, self.vocabulary.partners, stated=stated.participants
        )
        areas, areas_from = partnership.areas(
            lines, places, self.vocabulary.areas, stated=stated.areas
        )
        people, people_from = persons.persons((self.content.root,), title=document.title)
        leaders = persons.named(stated.leaders, role=stated.leader_role)
        authors = tuple(_authors(self.content.authors))
        partners_from = "" if not partners else "about it" if about else "mentioned"
        self._note(partners=partners_from, areas=areas_from, persons=people_from)
        return replace(
            document,
            partners=partners,
            areas=areas,
            persons=persons.merge((*people, *leaders)),
            organisations=tuple(
                dict.fromkeys((*stated.participants, *filter(is_organisation, authors)))
            ),
            authors=authors or stated.authors,
            subjects=_subjects(self.content.subjects) or stated.subjects,
            identifiers=stated.identifiers,
            funder=stated.funder,
            period=stated.period,
        )

    def _note(self, **found: str) -> None:
        self.trace.update({name: how for name, how in found.items() if how})


def _shortened(title: str) -> str:
    if len(title) <= _MAX_TITLE:
        return title
    return title[: _MAX_TITLE - 1].rsplit(" ", 1)[0] + " …"


def _prose(parts: Sequence[Section]) -> list[str]:
    return [
        line
        for section in parts
        for line in section.text.split("\n")
        if len(line) >= _SHORTEST_PROSE
    ]


def _first_prose(parts: Sequence[Section]) -> str:
    """Return the first paragraph: a cover's lines are shorter, and summarise nothing."""
    return next((line for line in _prose(parts) if line.endswith((".", "!", "?"))), "")


def _sample(parts: Sequence[Section]) -> str:
    """Return pieces from all over a file: its abstract may be in another language."""
    prose = _prose(parts) or [section.text for section in parts]
    step = -(-len(prose) // _SAMPLES) or 1
    return "\n".join(line[:_SAMPLE_CHARACTERS] for line in prose[::step])


def _authors(said: str) -> Iterator[str]:
    """Yield the persons and organisations among the authors that metadata name.

    Others are accounts of the computer that the file was made with.
    """
    for raw in dict.fromkeys(_JOINED_AUTHORS.split(clean(said))):
        last, comma, first = (part.strip() for part in raw.partition(","))
        if comma and is_name(f"{first} {last}") and " " not in last:
            yield f"{first} {last}"
            continue
        for name in (part.strip() for part in raw.split(",")):
            if (is_name(name) and not _ACCOUNT.search(name)) or is_organisation(name):
                yield name


def _subjects(said: str) -> tuple[str, ...]:
    words = (clean(word) for word in re.split(r"[;,]", said))
    return tuple(dict.fromkeys(word for word in words if word))
