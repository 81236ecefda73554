"""Who a page names as its contacts: name, role, academic title, e-mail, telephone, organisation.

Contact persons are personal data that their employer published; only what a contact block says
is kept, and nothing is put together from elsewhere.
"""

from __future__ import annotations

import re
from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.extract import json_ld
from indexer.extract.addresses import email_in, is_mailto, mailto_address, phone, phone_in
from indexer.extract.charset import clean
from indexer.extract.contacts import contacts, contacts_of
from indexer.extract.dom import text_of
from indexer.extract.names import is_academic, is_name, split_name
from indexer.model import Person

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from lxml.etree import _Element as Element

    from indexer.extract.json_ld import Node

__all__ = ["from_element", "is_name", "merge", "named", "persons", "stated"]

_COLUMNS = {
    "name": re.compile(r"namn|name", re.IGNORECASE),
    "role": re.compile(r"roll|role|befattning|position|uppdrag|funktion", re.IGNORECASE),
    "title": re.compile(r"titel|title", re.IGNORECASE),
    "email": re.compile(r"e-?post|e-?mail|mejl", re.IGNORECASE),
    "phone": re.compile(r"telefon|phone|tel\b|mobil", re.IGNORECASE),
    "organisation": re.compile(r"organi[sz]ation|arbetsplats|avdelning|department", re.IGNORECASE),
}
_MAX_PERSONS = 100
_MAX_NAME, _MAX_ROLE = 80, 160


def persons(parts: Sequence[Element], *, title: str = "") -> tuple[tuple[Person, ...], str]:
    """Return the contact persons in parts of a page, and how they were found."""
    name = split_name(title)[0]
    about = [name if is_name(name) else "", *("" for _ in parts[1:])]
    in_tables = [person for part in parts for person in _in_tables(part)]
    in_lines = [
        found for part, who in zip(parts, about, strict=True) for found in contacts(part, about=who)
    ]
    how = "table of contacts" if in_tables else in_lines[0][1] if in_lines else ""
    return merge((*in_tables, *(person for person, _ in in_lines))), how


def from_element(element: Element) -> tuple[Person, ...]:
    """Return the persons whom an element is about that a site rule names."""
    return merge((*_in_tables(element), *contacts_of(element)))


def merge(found: Iterable[Person]) -> tuple[Person, ...]:
    """Return each person once, with what any mention adds."""
    by_name: dict[str, Person] = {}
    for person in found:
        key = person.name.casefold()
        known = by_name.get(key)
        by_name[key] = _together(known, person) if known else _shortened(person)
        if len(by_name) == _MAX_PERSONS:
            break
    return tuple(by_name.values())


def stated(nodes: Iterable[Node]) -> tuple[Person, ...]:
    """Return the persons whom a page's JSON-LD says how to reach: no authors, no publishers."""
    return merge(person for node in nodes for person in _in_node(node))


def named(names: Iterable[str], *, role: str) -> list[Person]:
    """Return the persons among the names that a page's facts state; others are organisations."""
    found: list[Person] = []
    for stated_name in names:
        name, title = split_name(stated_name)
        if is_name(name):
            found.append(Person(name=name, title=title, role=role))
        elif found and is_academic(stated_name) and not found[-1].title:
            # "Eva Ek, docent" is a list of one.
            found[-1] = replace(found[-1], title=stated_name)
    return found


def _together(known: Person, more: Person) -> Person:
    return replace(
        known,
        role=known.role or more.role,
        title=known.title or more.title,
        email=known.email or more.email,
        phone=known.phone or more.phone,
        organisation=known.organisation or more.organisation,
    )


def _shortened(person: Person) -> Person:
    return replace(
        person,
        name=person.name[:_MAX_NAME],
        role=person.role[:_MAX_ROLE],
        title=person.title[:_MAX_ROLE],
        organisation=person.organisation[:_MAX_ROLE],
    )


# --- tables with a head -------------------------------------------------------------------------


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
        if "name" not in columns or not columns.keys() & {"email", "phone", "role", "title"}:
            continue
        for row in rows[1:]:
            yield from _from_row(list(row.iter("td", "th")), columns)


def _from_row(cells: list[Element], columns: dict[str, int]) -> Iterator[Person]:
    def cell(name: str) -> str:
        at = columns.get(name, len(cells))
        return text_of(cells[at]) if at < len(cells) else ""

    named, _, behind = cell("name").partition(",")
    name, title = split_name(named)
    if not is_name(name):
        return
    linked = (
        mailto_address(link.get("href") or "")
        for of_row in cells
        for link in of_row.iter("a")
        if is_mailto(link.get("href") or "")
    )
    role, titles = cell("role"), cell("title") or behind.strip() or title
    if titles and not role and not is_academic(titles):
        role, titles = titles, ""
    yield Person(
        name=name,
        role=role,
        title=titles,
        email=next(linked, "") or email_in(cell("email")),
        phone=phone_in(cell("phone")),
        organisation=cell("organisation"),
    )


# --- JSON-LD ------------------------------------------------------------------------------------


def _in_node(node: Node) -> Iterator[Person]:
    if "person" in json_ld.types(node):
        name, title = split_name(clean(_text(node, "name")))
        said = clean(_text(node, "jobTitle"))
        email = email_in(_text(node, "email").removeprefix("mailto:"))
        number = phone(_text(node, "telephone"))
        if is_name(name) and (email or number or said):
            academic = (
                clean(_text(node, "honorificPrefix") or _text(node, "honorificSuffix")) or title
            )
            if is_academic(said):
                said, academic = "", academic or said
            yield Person(
                name=name,
                role=said,
                title=academic,
                email=email,
                phone=number,
                organisation=next(map(clean, json_ld.named(node.get("worksFor"))), ""),
            )
    for key in ("mainEntity", "about", "employee", "member", "contactPoint"):
        inner = node.get(key)
        for one in inner if isinstance(inner, list) else [inner]:
            if isinstance(one, dict) and "person" in json_ld.types(one):
                yield from _in_node({**one, "mainEntity": None, "about": None})


def _text(node: Node, key: str) -> str:
    return next(iter(json_ld.strings(node.get(key))), "")
