"""A part of a page in the pieces that contacts are read from.

Each element of a line is a piece, a table row is one, and a piece knows what its element is said to
hold, where it links to, and which card, item or row it stands in.
"""

from __future__ import annotations

import re
from functools import lru_cache
from itertools import islice
from typing import TYPE_CHECKING, NamedTuple

from indexer.extract.addresses import is_mailto, mailto_address, phone, phone_in
from indexer.extract.charset import clean
from indexer.extract.contact_words import is_labelled
from indexer.extract.dom import is_shorter, parts, texts
from indexer.extract.names import is_name, split_name
from indexer.extract.sections import Words, walk

if TYPE_CHECKING:
    from collections.abc import Iterator

    from lxml.etree import _Element as Element

LONGEST_LINE = 200
"""Characters; a longer line is prose, and says nothing of how to reach anybody."""

_CARD_WORDS = re.compile(
    r"(?:contact|kontakt)\w*|persons?|person(?:kort|al|lista|block)\w*|vcards?|hcard|staff\w*|employees?|"
    r"medarbetare\w*|profiles?|profil|team|members?"
)
_NEVER_IN_CARDS = frozenset({"author", "byline", "posted", "meta"})
# What is of one field, or of no person: "contact-card__name", "contact-form".
_NO_CARD_WORDS = frozenset(
    {
        "form",
        "formular",
        "us",
        "oss",
        "name",
        "namn",
        "title",
        "titel",
    }
    | {"role", "email", "epost", "mail", "phone", "telefon", "tel", "image", "img", "photo", "bild"}
    | {"link", "header", "heading", "icon", "label", "text", "page", "sida"}
)
_HINTS = (
    ("name", frozenset({"fn", "name", "namn", "fullname"})),
    ("academic", frozenset({"academic", "honorific", "degree"})),
    ("role", frozenset({"role", "job", "jobtitle", "befattning", "roll", "position", "funktion"})),
    ("role", frozenset({"occupation", "uppdrag"})),
    (
        "organisation",
        frozenset({"org", "organisation", "organization", "department", "institution"})
        | {"avdelning", "enhet", "company", "affiliation", "arbetsplats", "unit"},
    ),
    ("title", frozenset({"title", "titel"})),
)
_LARGEST_CARD = 2_000
_MOST_PIECES = 3_000
_HEADING_LEVELS = {"h1": 1, "h2": 2, "h3": 3, "h4": 4}
_OWN_PLACE = frozenset({"li", "tr", "article"})
_HINT_LEVELS = 2
_WHOLE = frozenset({"tr", "h1", "h2", "h3", "h4"})
_NEVER_CARDS = frozenset({"body", "main", "html", "a", "strong", "b", "p", "h2", "h3", "h4"})
_HINTED = frozenset(
    {"p", "span", "div", "li", "dd", "td", "strong", "b", "em", "i", "a", "h3", "h4", "small"}
)


class Piece(NamedTuple):
    """A text with what its element is said to hold, and the address or number it links to.

    `place` is the card, item or row that holds it; `heading` is its level, 0 for none.
    """

    text: str
    hint: str = ""
    email: str = ""
    phone: str = ""
    place: Element | None = None
    in_card: bool = False
    heading: int = 0


def pieces(root: Element) -> Iterator[Piece]:
    """Yield the pieces of an element in reading order, not without end."""
    yield from islice(_Part(root).pieces(), _MOST_PIECES)


class _Part:
    """A part of a page, with what is asked of its elements again and again."""

    def __init__(self, root: Element) -> None:
        self._root = root
        self._addresses = _addresses_inside(root)
        self._is_small: dict[Element, bool] = {}

    def pieces(self) -> Iterator[Piece]:
        joined: list[Words] = []
        for item in walk(self._root):
            ends = not isinstance(item, Words) or (
                bool(joined) and _is_apart(joined[-1].holder, item.holder)
            )
            if ends and (piece := self._joined(joined)):
                yield piece
            joined = [] if ends else joined
            if isinstance(item, Words):
                joined.append(item)
            elif item.text and item.holder is not None:
                yield self._piece(item.text, item.holder)

    def _joined(self, words: list[Words]) -> Piece | None:
        text = clean("".join(word.text for word in words))
        if not text:
            return None
        if len(text) > LONGEST_LINE:
            return Piece(text)
        return self._piece(text, next(word.holder for word in words if word.text.strip()))

    def _piece(self, text: str, holder: Element) -> Piece:
        place, hint, in_card, heading = None, "", False, 0
        links = [*holder.iter("a")] if holder.tag in _WHOLE else []
        text = _as_said(text, holder)
        is_item = not (is_labelled(text) or _is_whole_item(holder, text))
        for level, element in enumerate(_up_to(holder, self._root)):
            look = _look_of(element)
            hint = hint or (look.hint if level < _HINT_LEVELS else "")
            if element.tag == "a":
                links.append(element)
            heading = heading or _HEADING_LEVELS.get(element.tag, 0)
            holds_one = place is None or self._addresses.get(element, 0) <= 1
            if holds_one and (look.is_card or (is_item and element.tag in _OWN_PLACE)):
                place = element
            in_card = in_card or (look.is_card and self._is_no_page(element))
        email, number = _linked(links)
        return Piece(text, hint, email, number, place, in_card, heading)

    def _is_no_page(self, card: Element) -> bool:
        if card not in self._is_small:
            self._is_small[card] = is_shorter(card, _LARGEST_CARD)
        return self._is_small[card]


def _is_whole_item(holder: Element, text: str) -> bool:
    """Tell whether a name is all of its item: what is said of it stands in the next ones."""
    item = holder if holder.tag in _OWN_PLACE else next(holder.iterancestors(*_OWN_PLACE), None)
    if item is None or not is_shorter(item, LONGEST_LINE) or not is_name(split_name(text)[0]):
        return False
    return clean("".join(texts(item))) == text


def _as_said(text: str, holder: Element) -> str:
    """Return a row of two as the label and the value it is, unless it begins with a name."""
    text = clean(text)
    if holder.tag != "tr" or text.count(" | ") != 1:
        return text
    first, _, second = text.partition(" | ")
    return text if is_name(split_name(first.partition(",")[0])[0]) else f"{first}: {second}"


def _addresses_inside(root: Element) -> dict[Element, int]:
    """Return how many different addresses each element around a ``mailto:`` link holds."""
    found: dict[Element, set[str]] = {}
    for link in root.iter("a"):
        href = link.get("href") or ""
        if is_mailto(href):
            for around in link.iterancestors():
                found.setdefault(around, set()).add(href)
    return {element: len(hrefs) for element, hrefs in found.items()}


def _is_apart(one: Element, other: Element) -> bool:
    """Tell whether two neighbours of a line say different things: a link, or a class of its own."""
    if one is other or _are_of_one_name(one, other):
        return False
    return any(
        element.tag in {"a", "strong", "b", "dt", "dd"}
        or (element.tag == "span" and (element.get("class") or element.get("itemprop")))
        for element in (one, other)
    )


def _are_of_one_name(one: Element, other: Element) -> bool:
    """Tell whether both stand in an element that holds a name: given and family name."""
    around = {element for start in (one, other) for element in (start, start.getparent())}
    return any(
        element is not None
        and _look_of(element).hint == "name"
        and all(element in (start, start.getparent()) for start in (one, other))
        for element in around
    )


def _up_to(element: Element, root: Element) -> Iterator[Element]:
    yield element
    if element is not root:
        for around in element.iterancestors():
            yield around
            if around is root:
                return


class _Look(NamedTuple):
    hint: str
    is_card: bool


def _look_of(element: Element) -> _Look:
    is_person = (element.get("itemtype") or "").rstrip("/").endswith("schema.org/Person")
    look = _look(element.get("class") or "", element.get("itemprop") or "", element.tag)
    return _Look(look.hint, is_card=True) if is_person else look


@lru_cache(maxsize=10_000)
def _look(classes: str, itemprop: str, tag: str) -> _Look:
    """Tell what the names of an element say that it holds."""
    whole = [parts(name) for name in classes.split() if "__" not in name]
    own = {word for name in classes.split() for word in parts(name)[-2:]} | set(parts(itemprop))
    if tag not in _HINTED:
        own = set()
    is_card = (
        tag not in _NEVER_CARDS
        and not any(_NEVER_IN_CARDS.intersection(words) for words in whole)
        and any(
            any(_CARD_WORDS.fullmatch(word) for word in words) and _NO_CARD_WORDS.isdisjoint(words)
            for words in whole
        )
    )
    return _Look(next((name for name, said in _HINTS if own & said), ""), is_card)


def _linked(links: list[Element]) -> tuple[str, str]:
    """Return the address and the number that links lead to."""
    email = number = ""
    for link in links:
        href = link.get("href") or ""
        if is_mailto(href):
            email = email or mailto_address(href)
        elif href.startswith("tel:"):
            shown = phone_in(clean("".join(texts(link))))
            number = number or shown or phone(href.removeprefix("tel:"))
    return email, number
