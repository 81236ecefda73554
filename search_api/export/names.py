"""Names of authors, taken apart as reference formats want them."""

from __future__ import annotations

import re
from dataclasses import dataclass

_PARTICLES = {
    *("af", "av", "da", "de", "del", "den", "der", "di", "do", "dos", "du", "el", "la", "le"),
    *("ten", "ter", "van", "vom", "von", "zu", "zum", "zur"),
}
_ORGANISATION = re.compile(
    r"\d|\b(?-i:AB|Inc|Ltd)\b|\bredaktionen\b"
    r"|(?:universitet|högskola|kommun|region|förvaltning|institut|myndighet|förbund)(?:en|et|n|s)?\b"
    r"|\b(?:university|college|council|agency|authority|institute|department|city)\b",
    re.IGNORECASE,
)
_MOST_WORDS = 6
"""A name with more words is hardly a person's."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A person's name in two parts, or an organisation's in `literal`."""

    family: str = ""
    given: str = ""
    literal: str = ""

    @property
    def inverted(self) -> str:
        """The family name first; a comma ends the name of an organisation, as in RIS."""
        return f"{self.literal}," if self.literal else f"{self.family}, {self.given}"


def split_name(text: str, *, organisations: frozenset[str] = frozenset()) -> Name:
    """Return a name in parts; particles belong to the family name: "von Essen, Anna".

    What is one of `organisations`, one word, or looks like no person stays as it is.
    """
    family, comma, given = (part.strip() for part in text.partition(","))
    if comma and family and given and "," not in given and text not in organisations:
        return Name(family=family, given=given)
    words = text.split()
    is_person = 1 < len(words) <= _MOST_WORDS and not comma
    if text in organisations or not is_person or _ORGANISATION.search(text):
        return Name(literal=text)
    first = len(words) - 1
    while first > 1 and words[first - 1] in _PARTICLES:
        first -= 1
    return Name(family=" ".join(words[first:]), given=" ".join(words[:first]))
