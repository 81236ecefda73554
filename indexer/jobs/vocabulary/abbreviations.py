"""Short forms that a text explains: "verksamhetsförlagd utbildning (VFU)".

After Schwartz and Hearst, "A simple algorithm for identifying abbreviation definitions in
biomedical text" (PSB 2003), but stricter: a letter must begin a word or a part of a compound, and
no word of the long form goes without a letter, other than "och", "för" and their like.
"""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

from indexer.analysis.wordlists import word_list
from indexer.extract.names import is_name
from indexer.jobs.vocabulary.organisations import looks_like

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

_WORD = r"[^\W\d_](?:[\w-]{0,60}\w)?"
_SHORT = r"[A-ZÅÄÖ]{2,6}"
_LONG_FIRST = re.compile(rf"((?:(?<![\w-]){_WORD}[ \u00a0]+){{1,9}})\(({_SHORT})(?::s)?\)")
_SHORT_FIRST = re.compile(
    rf"(?<![\w-])({_SHORT})[ \u00a0]+\(({_WORD}(?:[ \u00a0]{_WORD}){{0,8}})\)"
)
_NO_ABBREVIATION = frozenset({"PDF", "DOC", "DOCX", "OBS", "SEK", "EUR", "USD", "ISBN", "ISSN"})
_LINKS = frozenset({"och", "för", "i", "av", "om", "på", "till", "med", "vid", "inom"}) | frozenset(
    {"and", "for", "of", "the", "in", "on", "to", "with", "at"}
)
_SHORTEST_COMPOUND, _SHORTEST_PART = 8, 3
_MOST_INITIALS, _LONGEST = 2, 120


def explained(text: str) -> Iterator[tuple[str, str]]:
    """Yield each short form of a text with what it stands for."""
    for match in _LONG_FIRST.finditer(text):
        words = match[1].split()
        for first in range(len(words) - 1, -1, -1):
            if _stands_for(words[first:], match[2]):
                yield match[2], " ".join(words[first:])
                break
    for match in _SHORT_FIRST.finditer(text):
        if _stands_for(words := match[2].split(), match[1]):
            yield match[1], " ".join(words)


def _stands_for(words: Sequence[str], short: str) -> bool:
    """Tell whether a long form gives the letters of a short one, in order and all of it."""
    if short in _NO_ABBREVIATION or words[0].casefold() in _stop_words():
        return False
    if len(short) == len(words) <= _MOST_INITIALS and _is_person(" ".join(words)):
        return False
    parts = [part for word in words for part in word.casefold().split("-") if part]
    # A word of one letter for each letter explains nothing, nor does a single short word.
    if len(" ".join(words)) > _LONGEST:
        return False
    is_long = len(parts) > 1 or len(parts[0]) >= _SHORTEST_COMPOUND
    return is_long and len("".join(parts)) > 2 * len(short) and _spells(parts, short.casefold())


def _spells(parts: Sequence[str], letters: str) -> bool:
    if not parts or not letters:
        return not parts and not letters
    first, rest = parts[0], parts[1:]
    if first in _LINKS and rest and _spells(rest, letters):
        return True
    if first[0] != letters[0]:
        return False
    return any(_spells(rest, letters[taken:]) for taken in _takes(first, letters))


def _takes(word: str, letters: str) -> Iterator[int]:
    """Yield how many letters a word may give: its first, and those that begin its parts."""
    yield 1
    at = 0
    for taken, letter in enumerate(letters[1:], start=2):
        at = word.find(letter, at + _SHORTEST_PART, len(word) - _SHORTEST_PART + 1)
        if at < 0 or len(word) < _SHORTEST_COMPOUND:
            return
        yield taken


def _is_person(name: str) -> bool:
    """Tell whether a long form is "Signe Åkerö" and the short one her initials."""
    return is_name(name) and not looks_like(name)


def _stop_words() -> frozenset[str]:
    return word_list("stopwords_sv") | word_list("stopwords_en")
