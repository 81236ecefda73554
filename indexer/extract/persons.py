"""Who a page names as its contacts: name, role, academic title, e-mail, telephone.

Contact persons are personal data that their employer published; only what a contact block says
is kept, and nothing is put together from elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.extract.addresses import email_in, mailto_address, phone_in, without_addresses
from indexer.extract.charset import clean
from indexer.extract.dom import ElementPath, soup_of, text_of
from indexer.extract.sections import blocks
from indexer.model import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from bs4 import Tag
    from lxml.etree import _Element as Element

_BLOCKS = frozenset(
    {"contact-card", "contact-person", "contactperson", "contact-info", "kontaktperson"}
    | {"kontaktkort", "kontaktruta", "person-card", "personkort", "vcard", "h-card"}
)
_CANDIDATES = ElementPath(
    "descendant-or-self::*[contains(@class, 'ontakt') or contains(@class, 'ontact')"
    " or contains(@class, 'card') or contains(@class, 'person') or contains(@itemtype, 'Person')]"
)
_NAMED = ".fn, .p-name, [itemprop=name], .name, h2, h3, h4, h5, strong, b, dt"
_ROLE = ".role, .p-job-title, [itemprop=jobTitle], .job-title, .befattning"
_TITLE = ".academic-title, .title, .honorific-suffix, [itemprop=honorificSuffix]"

_NAME_WORD = r"(?:[A-ZÅÄÖÉÜØÆ][\w’'-]+|[A-ZÅÄÖ]\.|von|af|de|van|der|la|el|al|bin)"
_NAME = re.compile(rf"[A-ZÅÄÖÉÜØÆ][\w’'-]+(?:\s+{_NAME_WORD}){{1,4}}$")
_ACADEMIC = re.compile(
    r"\b(professor\w*|docent\w*|universitets(?:lektor|adjunkt)\w*|lektor|adjunkt|doktorand|"
    r"(?:fil|med|tekn)\.?\s*(?:dr|lic)\.?|filosofie doktor|medicine doktor|teknologie doktor|"
    r"ekonomie doktor|ph\.?d\.?|postdok\w*|senior lecturer|associate professor|civilingenjör|"
    r"doctoral student|lecturer)\b",
    re.IGNORECASE,
)
_NO_PERSON = re.compile(
    r"\b(office|team|department|unit|centre|center|library|support|enhet\w*|avdelning\w*|kansli\w*|"
    r"bibliotek\w*|växel\w*|reception\w*|högskola\w*|universitet|kommun|university|college)\b",
    re.IGNORECASE,
)
_CONTACT = re.compile(
    r"^(?:dina\s+|våra\s+|mer\s+)?(kontakt\w*|contacts?\b|contact persons?)", re.IGNORECASE
)
_COLUMNS = {
    "name": re.compile(r"namn|name", re.IGNORECASE),
    "role": re.compile(r"roll|role|befattning|position|uppdrag|funktion", re.IGNORECASE),
    "title": re.compile(r"titel|title", re.IGNORECASE),
    "email": re.compile(r"e-?post|e-?mail|mejl", re.IGNORECASE),
    "phone": re.compile(r"telefon|phone|tel\b", re.IGNORECASE),
}
_MAX_PERSONS = 100
_MAX_NAME, _MAX_ROLE = 80, 160


def persons(parts: Sequence[Element]) -> tuple[tuple[Person, ...], str]:
    """Return the contact persons in parts of a page, and how they were found."""
    for read, how in (
        (_in_blocks, "contact blocks"),
        (_in_tables, "table of contacts"),
        (_under_headings, "lines under a contact heading"),
        (_behind_addresses, "names on e-mail links"),
    ):
        merged = merge(person for part in parts for person in read(part))
        if merged:
            return merged, how
    return (), ""


def merge(found: Iterable[Person]) -> tuple[Person, ...]:
    """Return each person once, with what any mention adds."""
    by_name: dict[str, Person] = {}
    for person in found:
        key = person.name.casefold()
        known = by_name.get(key)
        by_name[key] = (
            replace(
                known,
                role=known.role or person.role,
                title=known.title or person.title,
                email=known.email or person.email,
                phone=known.phone or person.phone,
            )
            if known
            else person
        )
        if len(by_name) == _MAX_PERSONS:
            break
    return tuple(by_name.values())


def from_text(text: str) -> Person | None:
    """Return the person that a text such as "Eva Ek, docent, eva.ek@example.org" describes."""
    email, phone = email_in(text), phone_in(text)
    rest = without_addresses(text)
    parts = [part for raw in re.split(r"[,;|\n]", rest) if (part := clean(raw).strip(" :–-"))]
    name = next((part for part in parts if is_name(part)), "")
    if not name:
        return None
    others = [part for part in parts if part != name and not _is_label(part)]
    return _person(
        name=name,
        role=next((part for part in others if not _ACADEMIC.search(part)), ""),
        title=", ".join(part for part in others if _ACADEMIC.search(part)),
        email=email,
        phone=phone,
    )


def is_name(text: str) -> bool:
    """Tell whether a text looks like the name of a person."""
    fits = len(text) <= _MAX_NAME and bool(_NAME.match(text))
    return fits and not _ACADEMIC.search(text) and not _NO_PERSON.search(text)


# --- where contacts stand -----------------------------------------------------------------------


def _in_blocks(root: Element) -> Iterator[Person]:
    for element in _CANDIDATES(root):
        is_block = not _BLOCKS.isdisjoint((element.get("class") or "").split()) or (
            element.get("itemtype") or ""
        ).endswith("schema.org/Person")
        if is_block and (person := from_block(element)):
            yield person


def from_block(element: Element) -> Person | None:
    """Return the person whom an element such as a contact card is about."""
    block = soup_of(element)
    text = block.get_text("\n")
    named = next(
        (
            name
            for tag in block.select(_NAMED)
            if is_name(name := _without_title(clean(tag.get_text(" ")))[0])
        ),
        None,
    )
    if named is None:
        return from_text(text)
    role, title = _inner(block, _ROLE), _inner(block, _TITLE)
    if not role and not title:
        loose = from_text(text)
        role, title = (loose.role, loose.title) if loose else ("", "")
    tel = block.select_one("a[href^='tel:']")
    return _person(
        name=named,
        role=role,
        title=title,
        email=_linked_email(block) or email_in(text),
        phone=clean(tel.get_text(" ")) if tel else phone_in(text),
    )


def _in_tables(root: Element) -> Iterator[Person]:
    for table in root.iter("table"):
        rows = list(table.iter("tr"))
        header = [text_of(cell) for cell in rows[0].iter("th", "td")] if rows else []
        columns = {
            name: number
            for name, pattern in _COLUMNS.items()
            for number, label in reversed(list(enumerate(header)))
            if pattern.search(label)
        }
        if "name" not in columns or not columns.keys() & {"email", "phone", "role"}:
            continue
        for row in rows[1:]:
            yield from _from_row(list(row.iter("td", "th")), columns)


def _from_row(cells: list[Element], columns: dict[str, int]) -> Iterator[Person]:
    def cell(name: str) -> str:
        at = columns.get(name, len(cells))
        return text_of(cells[at]) if at < len(cells) else ""

    name, title = _without_title(cell("name"))
    if not is_name(name):
        return
    at = columns.get("email", len(cells))
    linked = _linked_email(soup_of(cells[at])) if at < len(cells) else ""
    yield _person(
        name=name,
        role=cell("role"),
        title=cell("title") or title,
        email=linked or email_in(cell("email")),
        phone=phone_in(cell("phone")),
    )


def _under_headings(root: Element) -> Iterator[Person]:
    for heading in root.iter("h2", "h3", "h4"):
        if not _CONTACT.match(text_of(heading)):
            continue
        lines: list[str] = []
        for element in heading.itersiblings():
            if element.tag in {"h1", "h2"} or element.tag == heading.tag:
                break
            lines += (block.text for block in blocks(element))
        yield from _from_lines([line for line in lines if line])


def _from_lines(lines: list[str]) -> Iterator[Person]:
    """Take lines apart where a name begins the next person."""
    block: list[str] = []
    for line in lines:
        starts = is_name(re.split(r"[,;|]", line)[0].strip())
        if starts and block:
            if person := from_text("\n".join(block)):
                yield person
            block = []
        block.append(line)
    if block and (person := from_text("\n".join(block))):
        yield person


def _behind_addresses(root: Element) -> Iterator[Person]:
    for link in root.iter("a"):
        href = link.get("href") or ""
        if href.startswith("mailto:") and is_name(name := text_of(link)):
            yield _person(name=name, email=mailto_address(href))


# --- pieces -------------------------------------------------------------------------------------


def _person(
    *, name: str, role: str = "", title: str = "", email: str = "", phone: str = ""
) -> Person:
    return Person(
        name=name[:_MAX_NAME],
        role=role[:_MAX_ROLE],
        title=title[:_MAX_ROLE],
        email=email,
        phone=phone,
    )


def _without_title(text: str) -> tuple[str, str]:
    name, _, title = text.partition(",")
    return name.strip(), title.strip()


def _inner(block: Tag, selector: str) -> str:
    tag = block.select_one(selector)
    return clean(tag.get_text(" ")) if tag else ""


def _linked_email(block: Tag) -> str:
    link = block.select_one("a[href^='mailto:']")
    return mailto_address(str(link["href"])) if link else ""


def _is_label(text: str) -> bool:
    return any(pattern.fullmatch(text) for pattern in _COLUMNS.values()) or len(text) < 3  # noqa: PLR2004 - "–", "m."
