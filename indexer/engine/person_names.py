"""How people are written, and what the ways to write one name have in common."""

from __future__ import annotations

import re
import unicodedata
from typing import TYPE_CHECKING

from indexer.analysis.folding import fold

if TYPE_CHECKING:
    from collections.abc import Collection

_SUBJECT = (
    r"(?:fil|med|tekn|ekon|jur|teol|filosofie|medicine|teknologie|teknisk|ekonomie|juris|teologie)"
)
_TITLE = (
    r"(?:(?:bitr(?:ädande|\.)?|adj(?:ungerad|\.)?|senior|associate|assistant|adjunct)\s+)?"
    r"(?:(?:gäst)?prof(?:essor)?|docent|doc|(?:universitets|univ\.?\s?|gäst)?(?:lektor|adjunkt)|"
    r"lecturer|doktorand|doktor|dr|ph\.?\s?d|"
    rf"{_SUBJECT}\.?\s*(?:dr|doktor|lic|licentiat|mag|magister|kand|kandidat))"
    r"(?:\s+emerit(?:us|a))?\.?"
)
_BEFORE = re.compile(rf"(?:{_TITLE}(?:\s*,\s*|\s+|(?<=\.)))+(?=\S)", re.IGNORECASE)
_BEHIND = re.compile(rf"(?:[\s,(]+{_TITLE}\)?)+$", re.IGNORECASE)
_DEGREE = re.compile(r"\s*[,(]\s*(?:FD|FL|TD|MD|TeknD|MedD|FilD|EkonD|MSc|MA|BSc)\)?$")
_MAY_HOLD_MORE = re.compile(
    r"[,(.]|\b(?:bitr|adj|senior|ass|doc|dok|dr\b|ph|lekt|lecturer|prof|univ|gäst)", re.IGNORECASE
)
_APOSTROPHES = re.compile("[’'`´]")
_APART = re.compile(r"[\s\u2010\u2011-]+")

_WHOLE_NAME = 2
"""Words that make a name unmistakable: one alone may be any word of the language."""

_LONGEST = 200
"""Characters of a name that are looked at."""


def shown_name(name: str) -> str:
    """Return a name as one says it: Eva Ek for "Ek, Eva" and for "Docent Eva Ek (PhD)"."""
    plain = without_titles(name)
    if "," in plain:
        plain = _in_order([part.strip() for part in plain.split(",")])
    return plain or name.strip()


def without_titles(name: str) -> str:
    """Return a name, or the query for one, without "docent" before it and "PhD" behind it."""
    plain = " ".join(name[:_LONGEST].split())
    if not _MAY_HOLD_MORE.search(plain):
        return plain
    plain = _DEGREE.sub("", plain)
    if found := _BEFORE.match(plain):
        plain = plain[found.end() :]
    return _BEHIND.sub("", plain)


def name_key(name: str) -> str:
    """Return what the ways to write one name have in common.

    Case, titles, the order around a comma, hyphens and apostrophes do not count; letters do,
    with their diacritics.
    """
    plain = unicodedata.normalize("NFC", shown_name(name)).casefold()
    return _APART.sub(" ", _APOSTROPHES.sub("", plain)).strip()


def asks_for(words: Collection[str], name: str) -> bool:
    """Tell whether the words of a query name this person, by two words of the name or more.

    `words` are lower-case and folded, `name` is a `name_key`. "Vem är Eva Ek" names Eva Ek, and
    "eva ek" names Eva Maria Ek too.
    """
    of_name = fold(name).split()
    said = [part for part in of_name if part in words or f"{part}s" in words]
    if len(said) < _WHOLE_NAME:
        return False
    return len(said) == len(of_name) or len(set(said)) == len(set(words))


def shares_word(words: Collection[str], name: str) -> bool:
    """Tell whether the words of a query hold a word of this name; both as in `asks_for`."""
    return not set(fold(name).split()).isdisjoint(words)


def _in_order(parts: list[str]) -> str:
    """Return "Ek", "Eva" as Eva Ek; small letters behind a name are no part of it."""
    parts = [part for part in parts if part]
    if len(parts) < _WHOLE_NAME:
        return "".join(parts)
    family, given = parts[:2]
    return family if family[0].isupper() and not given[0].isupper() else f"{given} {family}"
