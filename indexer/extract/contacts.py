"""Contacts as a page writes them, piece by piece: a name begins one, what follows belongs to it.

Cards, lists, paragraphs with line breaks and tables without a head all read alike this way,
whatever their markup. A name counts as a contact's where the place says so (a contact card, a
contact heading), or where an address or a number stands with it.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from indexer.extract.addresses import email_in, phone_in
from indexer.extract.contact_pieces import LONGEST_LINE, Piece, pieces
from indexer.extract.contact_words import bits, held, is_of_the_page, label_of, opens
from indexer.extract.names import is_name, is_role, sort_bit, split_name
from indexer.model import Person

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

_SHORTEST_SENTENCE = 40
_MOST_LINES = 14
_NEAR_LINES = 6
_LONGEST_BIT = 120
_TITLE = "title"
_WHOLE_HINTS = frozenset({"role", "academic", "organisation", "title"})
_PLAIN = str.maketrans("åäöéèüøæñç", "aaoeeuoanc")


def contacts(root: Element, *, about: str = "") -> Iterator[tuple[Person, str]]:
    """Yield the contacts of a part of a page, and what told that they are some.

    `about` is the name that is the page's title, if it is one: what comes first is about them.
    """
    yield from _read(root, _Reader(about=about))


def contacts_of(element: Element) -> Iterator[Person]:
    """Yield the contacts of an element that is known to describe some."""
    for person, _ in _read(element, _Reader(is_card=True)):
        yield person


def _read(root: Element, reader: _Reader) -> Iterator[tuple[Person, str]]:
    for piece in pieces(root):
        yield from reader.read(piece)
    yield from reader.close()


@dataclass(slots=True)
class _Contact:
    """A person on the way: what was read since the name. `under` is what the place promises."""

    name: str
    in_card: bool = False
    under: str = ""
    place: Element | None = None
    titles: list[str] = field(default_factory=list)
    role: str = ""
    organisation: str = ""
    email: str = ""
    phone: str = ""
    line: Piece | None = None
    raw: list[str] = field(default_factory=list)

    def add(self, text: str, hint: str) -> None:
        """Add what a part of a line says of the person."""
        if len(text) > _LONGEST_BIT:
            return
        if hint == "organisation":
            self.organisation = self.organisation or text
            return
        bit = sort_bit(text)
        title = text if hint == "academic" else bit.title
        if title:
            self.titles.append(title)
        if hint != "academic":
            said_as_role = text if hint in {"role", "title"} and not title else bit.role
            self.role = self.role or said_as_role
            self.organisation = self.organisation or ("" if said_as_role else bit.organisation)

    def note(self, piece: Piece) -> None:
        """Keep how to reach the person, and the words of what hides it."""
        self.raw.append(piece.text)
        self.email = self.email or piece.email or email_in(piece.text)
        self.phone = self.phone or piece.phone or phone_in(piece.text)

    def goes_on(self, name: str, piece: Piece, *, is_first: bool) -> bool:
        """Tell whether what looks like a name is still about this person, and keep it if so."""
        if piece.email and not set(name.split()).isdisjoint(self.name.split()):
            # "Mejla Eva", on the link that writes to her.
            return name != self.name
        if is_first or self.line is piece or not self.role:
            return False
        # "Personalchef, Kvarnsele Teknik": who comes behind the role on its line is the employer.
        self.organisation = self.organisation or name
        return True

    def has_left(self, piece: Piece) -> bool:
        """Tell whether a piece stands outside of what the person stands in, or too far below."""
        if len(self.raw) > (_MOST_LINES if self.in_card or self.under else _NEAR_LINES):
            return True
        if self.place is None or piece.place is self.place:
            return False
        around = () if piece.place is None else piece.place.iterancestors()
        return all(element is not self.place for element in around)

    def person(self) -> Person:
        """Return what was read; an address may be spread over several pieces."""
        together = " ".join(self.raw)
        return Person(
            name=self.name,
            role=self.role,
            title=", ".join(dict.fromkeys(self.titles)),
            email=self.email or email_in(together),
            phone=self.phone or phone_in(together),
            organisation=self.organisation,
        )


class _Reader:
    """Reads piece after piece; a name closes the contact before it."""

    def __init__(self, *, is_card: bool = False, about: str = "") -> None:
        self._is_card = is_card
        self._open = _Contact(about, under=_TITLE) if about else None
        self._level = 0
        self._under = ""
        self._role_before = ""
        self._skips = False

    def read(self, piece: Piece) -> Iterator[tuple[Person, str]]:
        """Take a piece; yield the contact that it closes."""
        if piece.heading:
            yield from self._at_heading(piece)
        of_the_page = is_of_the_page(piece.text)
        if of_the_page or _is_prose(piece) or (self._open and self._open.has_left(piece)):
            yield from self.close()
        if of_the_page or _is_prose(piece):
            self._role_before = ""
            # "Sidansvarig:" alone: whoever comes next is that.
            self._skips = of_the_page and (piece.text.endswith(":") or " " not in piece.text)
        elif piece.text.endswith(":"):
            label = piece.text.rstrip(": ")
            self._role_before = label if is_role(label) else ""
        else:
            yield from self._understand(piece)

    def close(self) -> Iterator[tuple[Person, str]]:
        """Yield the open contact, if it is one."""
        found, self._open = self._open, None
        if found is not None:
            person = found.person()
            if how := self._why(found, person):
                yield person, how

    def _why(self, found: _Contact, person: Person) -> str:
        """Return what tells that a name is a contact's; nothing if it is just a name."""
        if found.in_card or self._is_card:
            return "contact blocks"
        if found.under == _TITLE:
            return "below a title that is a name" if person.email or person.phone else ""
        says_more = person.email or person.phone or person.title or is_role(person.role)
        if found.under == "contacts" or (found.under and says_more):
            return "lines under a contact heading"
        has_address = person.email and _belongs(person.email, person.name)
        return "names beside e-mail addresses" if has_address else ""

    def _at_heading(self, piece: Piece) -> Iterator[tuple[Person, str]]:
        if self._open and self._open.name == piece.text:
            return
        yield from self.close()
        if is_name(split_name(piece.text)[0]):
            return
        self._role_before = ""
        if piece.heading <= self._level:
            self._level = 0
        if not self._level:
            self._under = opens(piece.text, level=piece.heading)
            self._level = piece.heading if self._under else 0

    def _understand(self, piece: Piece) -> Iterator[tuple[Person, str]]:
        whole = held(piece.text, piece.hint) if piece.hint in _WHOLE_HINTS else []
        if self._open and whole:
            for part in whole:
                self._open.add(part, piece.hint)
        else:
            for number, bit in enumerate(bits(piece.text)):
                yield from self._take(bit, piece, is_first=number == 0)
        self._skips = False
        if self._open:
            self._open.note(piece)

    def _take(self, bit: str, piece: Piece, *, is_first: bool) -> Iterator[tuple[Person, str]]:
        """Take a part of a line: the label before a name, a name, or what is said of one."""
        label, value = label_of(bit)
        name, title = split_name(value)
        is_person = is_name(name)
        if (
            is_person
            and not label
            and self._open
            and self._open.goes_on(name, piece, is_first=is_first)
        ):
            return
        if is_person and piece.hint not in {"role", "organisation"}:
            if not self._skips:
                yield from self._begin(name, title, label, piece)
            self._skips = False
        elif label and not is_role(label):
            # "Rum: C317" says nothing that is kept.
            return
        elif self._open is not None:
            self._open.add(value, piece.hint)
        elif is_role(bit) and not piece.heading:
            self._role_before = bit

    def _begin(
        self, name: str, title: str, label: str, piece: Piece
    ) -> Iterator[tuple[Person, str]]:
        titles = [title] if title else []
        if self._open and self._open.name == name and self._open.under == _TITLE:
            self._open.titles += titles
            self._open.in_card = piece.in_card
            return
        yield from self.close()
        self._open = _Contact(
            name,
            in_card=piece.in_card,
            under=self._under,
            place=piece.place,
            line=piece,
            titles=titles,
            role=label if is_role(label) else self._role_before,
        )
        self._role_before = ""


def _is_prose(piece: Piece) -> bool:
    """Tell whether a piece is a sentence, which says nothing of how to reach anybody."""
    if len(piece.text) > LONGEST_LINE:
        return True
    is_sentence = len(piece.text) > _SHORTEST_SENTENCE and piece.text.endswith((".", "!", "?"))
    return is_sentence and not (email_in(piece.text) or phone_in(piece.text))


def _belongs(email: str, name: str) -> bool:
    """Tell whether an address can be this person's: it shares letters with the name."""
    user = re.sub(r"[^a-z]", "", email.partition("@")[0].translate(_PLAIN))
    words = [re.sub(r"[^a-z]", "", word.casefold().translate(_PLAIN)) for word in name.split()]
    return any(len(word) > 1 and word[:3] in user for word in words)
