"""Where the words of a text begin and end, and what each is before any grammar.

A token is one of

* an e-mail address, a DOI (``10.1234/…``), a URN, kept whole;
* a number with its separators (``3,5``, ``12:30``) or a registry number (``2023/118-2``);
* a word, with a genitive after a colon or an apostrophe (``EU:s``), with dots inside
  (``hv.se``, ``t.ex``) and with hyphens (``AIL-forskning``).

Soft hyphens, zero-width characters and combining marks belong to the word that they stand in.
Every repetition below is possessive or bounded: the time is linear in the length of the text.
"""

from __future__ import annotations

import re
import unicodedata

from indexer.analysis.types import Token

MAX_SEGMENTS = 8
"""Segments of one hyphenated token; what follows begins a new token."""

MAX_WORD = 80
"""Characters of a word that grammar is tried on. Longer ones are cut, and only matched exactly."""

_LONGEST_WITH_PARTS = 512

_INVISIBLE = "\u00ad\u200b-\u200d\u2060\ufeff"
_MARKS = _INVISIBLE + "\u0300-\u036f"
_WORD = rf"[^\W_]++(?:[{_MARKS}][^\W_]*+)*+"
_HYPHENS = "-\u2010\u2011"
_SUFFIX = r"(?:s|n|t|r|a|e|en|ens|et|ets|ns|na|nas|er|erna|ernas|ar|arna|arnas|are|d|ll|m|re|ve)"
_URI_CHARACTERS = r"[^\s\"<>]{0,200}[^\s\"<>.,;:!?)\]}'”»]"

_TOKEN = re.compile(
    rf"""
    [^\W_][\w.+%-]{{0,63}}@[^\W_][\w-]{{0,62}}(?:\.[^\W_][\w-]{{0,62}}){{1,5}}   # e-mail
  | 10\.\d{{4,9}}/{_URI_CHARACTERS}                                              # DOI
  | [Uu][Rr][Nn]:[A-Za-z0-9][A-Za-z0-9-]{{1,31}}:{_URI_CHARACTERS}               # URN, RFC 8141
  | {_WORD}
    (?:
        (?<=\d)/(?=\d) {_WORD}                  # 2023/118
      | (?<=\d)[,:](?=\d) {_WORD}               # 3,5 and 12:30
      | \.(?=[a-zåäöé\d]) {_WORD}               # hv.se, but not "slut.Nästa"
      | [:’'] {_SUFFIX} (?![^\W_])              # EU:s
      | [{_HYPHENS}] {_WORD}
    ){{0,{MAX_SEGMENTS - 1}}}+
    """,
    re.VERBOSE,
)
_IDENTIFIER = re.compile(r"10\.\d{4,9}/.|urn:[^:]+:.|.[^@]*@.", re.IGNORECASE)
_SEPARATOR = re.compile(rf"[{_HYPHENS}/]")
_INVISIBLE_CHARACTER = re.compile(f"[{_INVISIBLE}]")
_COLON_SUFFIX = re.compile(rf"(?<=\w\w)[:’']{_SUFFIX}$")

find_tokens = _TOKEN.findall
"""The surface forms alone, for those who need no offsets."""


def tokenize(text: str) -> list[Token]:
    """Return the tokens of `text`; offsets count code points of `text` as it is given."""
    tokens = []
    position = 0
    for match in _TOKEN.finditer(text):
        surface = match[0]
        tokens.append(Token(surface, match.start(), match.end(), position))
        position += len(segments(normalize(surface)))
    return tokens


def word_forms(text: str) -> set[str]:
    """Return the distinct words of `text` as `build_bundle` wants them counted.

    Of a hyphenated word, the segments and the word written as one.
    """
    forms: set[str] = set()
    for surface in set(find_tokens(text)):
        pieces = segments(normalize(surface))
        forms.update(pieces)
        if len(pieces) > 1 and any(piece.isalpha() for piece in pieces):
            forms.add("".join(pieces))
    return {form for form in forms if len(form) <= MAX_WORD}


def normalize(surface: str) -> str:
    """Return a surface form in NFC and lower case, without invisible characters."""
    if surface.isascii():
        return surface.lower()
    visible = _INVISIBLE_CHARACTER.sub("", surface)
    return unicodedata.normalize("NFC", unicodedata.normalize("NFC", visible).lower())


def segments(word: str) -> list[str]:
    """Return what the hyphens and slashes of a normalized word divide; an identifier is whole."""
    if word.isalpha() or is_identifier(word):
        return [word]
    return [segment for segment in _SEPARATOR.split(word) if segment] or [word]


def is_identifier(word: str) -> bool:
    """Tell whether a normalized word is an e-mail address, a DOI or a URN."""
    return _IDENTIFIER.match(word) is not None


def without_suffix(word: str) -> str:
    """Return a normalized word without its genitive or ending after a colon: eu:s -> eu."""
    return word if word.isalpha() else _COLON_SUFFIX.sub("", word)


def offsets(surface: str, normalized: str) -> list[int] | None:
    """Return where each character of `normalized` begins in `surface`, and where it ends.

    The list is one longer than `normalized`. None when the characters cannot be told apart, or
    are so many that nobody looks for parts.
    """
    if len(surface) > _LONGEST_WITH_PARTS:
        return None
    if len(surface) == len(normalized) and surface.isascii():
        return list(range(len(surface) + 1))
    starts: list[int] = []
    spelled = ""
    at = 0
    while at < len(surface):
        end = at + 1
        while end < len(surface) and _belongs_to_the_letter_before(surface[end]):
            end += 1
        letter = normalize(surface[at:end])
        starts.extend([at] * len(letter))
        spelled += letter
        at = end
    return [*starts, len(surface)] if spelled == normalized else None


def _belongs_to_the_letter_before(character: str) -> bool:
    return unicodedata.combining(character) > 0 or _INVISIBLE_CHARACTER.match(character) is not None
