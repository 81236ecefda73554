"""Which development areas a page lists or names, in the words of the vocabulary where it has any.

A heading such as "Särskilt prioriterade utvecklingsområden" is followed by a list, by headings, by
parts that fold out, or by paragraphs that begin in bold. A sentence may say the same: "Vi samverkar
inom områdena digitalisering, folkhälsa och kultur."
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.extract.concepts import ConceptText, matches_start
from indexer.extract.dom import text_of
from indexer.extract.labels import is_label, values

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.etree import _Element as Element

    from indexer.extract.concepts import Places
    from indexer.extract.sections import Block
    from indexer.model import Concept

_AREA_HEADING = re.compile(
    r"\b(?:(?:utvecklings|forsknings|fokus|samverkans|samarbets|insats|tema|profil|prioriterings)områden\b|"
    r"prioriterade\s+(?:\w*områden|uppdrag|frågor|satsningar|teman)|"
    r"(?:våra|gemensamma|strategiska|viktiga|utvalda)\s+(?:\w+\s+)?(?:\w*områden|satsningar)|"
    r"områden\s+(?:som|vi|för|där|i\s+(?:partnerskapet|samarbetet|samverkan))|"
    r"(?:samverkar|samarbetar|utvecklar|arbetar)\s+(?:vi\s+|tillsammans\s+|gemensamt\s+)*(?:inom|kring|om\b|med\b)|"
    r"(?:priority|focus|development|prioriti[sz]ed|strategic|key|joint|common)\s+(?:\w+\s+)?areas|"
    r"areas\s+(?:of|we|for)\b|(?:collaboration|cooperation|partnership)\s+areas|"
    r"(?:shared|common|joint|our)\s+priorities|(?:våra\s+|gemensamma\s+)?prioriteringar|"
    r"fields\s+of\s+(?:cooperation|collaboration)|we\s+(?:collaborate|cooperate)\s+(?:on|in|within))",
    re.IGNORECASE,
)
_RESEARCH = re.compile(r"forskning|research", re.IGNORECASE)
_NO_AREA_HEADING = re.compile(
    r"\b(?:relatera\w*|related|läs\s+mer|kontakt\w*|contact)\b", re.IGNORECASE
)
_SAYS_AREAS = re.compile("områden|areas|fields", re.IGNORECASE)
_SENTENCE = re.compile(
    r"(?:samverkar|samarbetar|arbetar|prioritera\w*|fokuser\w*|utvecklings|fokus|samverkans|samarbets)[^.:;]{0,60}?"
    r"områden(?:a)?(?:\s+(?:är|omfattar|som))?\s*:?\s+(?P<sv>[^.:;!?]{5,300})(?:[.;]|$)"
    r"|(?:collaborat|cooperat|work|focus|priorit)[^.:;]{0,60}?(?:areas|fields)\s*(?:of|are|:|include)\s+"
    r"(?P<en>[^.:;!?]{5,300})(?:[.;]|$)",
    re.IGNORECASE,
)
_LIST = re.compile(r"\s*[,;]\s*(?:(?:och|samt|and)\s+)?|\s*[|•·]\s*")
_AND = re.compile(r"\s+(?:och|samt|and)\s+")
_DESCRIPTION = re.compile(r"\s+[–—-]\s+|:\s+|\s*\((?=[A-ZÅÄÖ]{2,6}\)$)")
_NO_LEVEL = 5
_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}
_MAX_CHARACTERS = 100
_LONGEST_NAME = 60
_MAX_AREAS = 40
_FEWEST_IN_SENTENCE = 2


def areas(
    lines: Sequence[Block], places: Places, concepts: Sequence[Concept], *, stated: Iterable[str]
) -> tuple[tuple[str, ...], str]:
    """Return the areas of a page, and how they were found: listed ones, else those it names.

    `lines` are those of its content and of what stands beside that.
    """
    found: dict[str, str] = {}
    for item in [*listed(lines), *stated][:_MAX_AREAS]:
        name = _known_as(item, concepts)
        found.setdefault(name.casefold(), name)
    if found:
        text, how = ConceptText(places.title), "list under an area heading"
    else:
        text, how = ConceptText(places.title, *places.headings, places.text), "named in the text"
    for concept in concepts:
        if text.names(concept):
            found.setdefault(concept.name.casefold(), concept.name)
    return tuple(found.values()), how if found else ""


def listed(lines: Sequence[Block]) -> Iterator[str]:
    """Yield the areas that stand below an area heading, or that a sentence lists."""
    is_found = False
    for number, block in enumerate(lines):
        if _is_area_heading(block):
            for item in _below(lines, number):
                is_found = True
                yield item
    if not is_found:
        for block in lines:
            if not _SAYS_AREAS.search(block.text) or block.is_heading:
                continue
            if match := _SENTENCE.search(block.text):
                yield from _in_sentence(match["sv"] or match["en"])


def names_partnership_areas(heading: str) -> bool:
    """Tell whether a heading opens the areas of a partnership, and not those of research."""
    return bool(_AREA_HEADING.search(heading)) and not _RESEARCH.search(heading)


def _is_area_heading(block: Block) -> bool:
    if not (block.is_heading or block.text.endswith(":") or is_label(block)):
        return False
    is_said = len(block.text) <= _MAX_CHARACTERS and _AREA_HEADING.search(block.text)
    return bool(is_said) and not _NO_AREA_HEADING.search(block.text)


def _below(lines: Sequence[Block], number: int) -> Iterator[str]:
    """Yield the areas below a heading, in the form in which they stand there."""
    stretch = list(_stretch(lines, number))
    headings = [block for block in stretch if _is_subheading(block)]
    items = [block for block in stretch if _item(block) is not None]
    if headings and _is_area_heading(headings[0]):
        return
    if headings and (not items or stretch.index(headings[0]) < stretch.index(items[0])):
        yield from filter(None, map(_named, (block.text for block in headings)))
    elif items:
        yield from _first_list(stretch)
    elif len(alike := list(values(lines, number))) > 1:
        yield from filter(None, (_named(value.text) for value in alike))
    else:
        yield from _in_paragraphs(stretch)


def _stretch(lines: Sequence[Block], number: int) -> Iterator[Block]:
    """Yield what stands below a heading, up to the next that is not below it."""
    level = _level(lines[number])
    for block in lines[number + 1 :]:
        if block.is_heading and _level(block) <= level:
            return
        if level == _NO_LEVEL and is_label(block) and _form_of(block) == _form_of(lines[number]):
            return
        yield block


def _level(block: Block) -> int:
    tag = str(block.holder.tag) if block.holder is not None else ""
    return _LEVELS.get(tag, _NO_LEVEL)


def _form_of(block: Block) -> tuple[object, str]:
    return (
        (None, "") if block.holder is None else (block.holder.tag, block.holder.get("class") or "")
    )


def _is_subheading(block: Block) -> bool:
    return block.is_heading or (
        block.holder is not None and _around(block.holder, "summary") is not None
    )


def _around(element: Element, *tags: str) -> Element | None:
    if element.tag in tags:
        return element
    return next(element.iterancestors(*tags), None)


def _item(block: Block) -> Element | None:
    """Return the list item, row or term that a line begins."""
    if block.holder is None or block.is_heading:
        return None
    return _around(block.holder, "li", "tr", "dt")


def _first_list(stretch: list[Block]) -> Iterator[str]:
    seen: set[Element] = set()
    for block in stretch:
        item = _item(block)
        if item is None:
            if seen:
                return
        elif item not in seen:
            seen.add(item)
            if item.tag != "tr" or item.find("td") is not None:
                first = (
                    block.text.partition(" | ")[0] if item.tag == "tr" else _lead(item, block.text)
                )
                if name := _named(first):
                    yield name


def _lead(item: Element, text: str) -> str:
    """Return what an item begins with in bold, or all of its line."""
    bold = next(iter(item.iter("strong", "b")), None)
    lead = text_of(bold) if bold is not None else ""
    return lead if lead and text.startswith(lead) else text


def _in_paragraphs(stretch: list[Block]) -> Iterator[str]:
    """Yield what paragraphs begin with in bold, else what a line of short parts lists."""
    bold = [
        name
        for block in stretch
        if block.holder is not None
        and (lead := _around(block.holder, "strong", "b", "dt")) is not None
        and block.text.startswith(text_of(lead))
        and (name := _named(text_of(lead)))
    ]
    if bold:
        yield from bold
        return
    for block in stretch:
        if len(parts := _parts(block.text)) >= _FEWEST_IN_SENTENCE and not block.is_heading:
            yield from parts


def _in_sentence(text: str) -> Iterator[str]:
    parts = _parts(text)
    if len(parts) >= _FEWEST_IN_SENTENCE:
        yield from parts


def _parts(text: str) -> list[str]:
    """Take "a, b och c" apart; empty if a part is too long to be an area."""
    parts = _LIST.split(text.strip(" ."))
    if len(parts) > 1:
        parts = [*parts[:-1], *_AND.split(parts[-1])]
    elif len(text) <= _LONGEST_NAME:
        parts = _AND.split(parts[0])
    if any(len(part) > _LONGEST_NAME for part in parts):
        return []
    return [name for part in parts if (name := _named(part))]


def _named(text: str) -> str:
    """Return the name of an area: without the description behind it."""
    text = text.strip(" .;,–-:•·*")
    name = _DESCRIPTION.split(text, maxsplit=1)[0].strip(" .;,–-")
    return name if 1 < len(name) <= _MAX_CHARACTERS else ""


def _known_as(item: str, concepts: Sequence[Concept]) -> str:
    """Return the vocabulary's name for a listed area, or the area with a capital letter."""
    for concept in concepts:
        if any(name.casefold() == item.casefold() for name in (concept.name, *concept.aliases)):
            return concept.name
    for concept in concepts:
        # "Breddad rekrytering till högre studier" is about "Breddad rekrytering".
        if matches_start(concept, item):
            return concept.name
    return item[0].upper() + item[1:]
