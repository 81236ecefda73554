"""What spellings of one name have in common.

"Trollhättans Stads" is "Trollhättans stad"; "City of Trollhättan" is the same municipality, while
"Trollhättan Energi AB" is not, and "Region Stockholm" is not "Stockholms stad".
"""

from __future__ import annotations

import re
from functools import lru_cache
from typing import TYPE_CHECKING

import Stemmer

from indexer.analysis.folding import fold

if TYPE_CHECKING:
    from collections.abc import Mapping

Key = tuple[str, ...]

_WORD = re.compile(r"[^\W_]+")
_SUFFIX = re.compile(r"(?<=\w)[:’']s?(?=\W|$)")
_REGION = re.compile(r"(?<=\w{4})s?region$")
_SHORTEST_INFLECTED = 4
_MUNICIPALITY, _REGION_BODY, _HOSPITAL = "municipality", "region", "hospital"
_UNIVERSITY, _ASSOCIATION, _COUNTY, _AUTHORITY = "university", "association", "county", "authority"
_FORMS: Mapping[str, str] = {
    **dict.fromkeys(("kommun", "stad", "city", "town", "municipality"), _MUNICIPALITY),
    **dict.fromkeys(("region", "regionen"), _REGION_BODY),
    **dict.fromkeys(("sjukhus", "sjukhuset", "lasarett", "hospital"), _HOSPITAL),
    **dict.fromkeys(("universitet", "university", "högskola", "högskolan"), _UNIVERSITY),
    **dict.fromkeys(("kommunalförbund", "kommunförbund"), _ASSOCIATION),
    **dict.fromkeys(("länsstyrelse", "länsstyrelsen", "län"), _COUNTY),
    # Kinds of bodies that are capitalised where there was one of them.
    **dict.fromkeys(("affärsverk", "överstyrelse", "myndighet", "styrelse", "verk"), _AUTHORITY),
    **dict.fromkeys(("skattemyndighet", "tillsynsmyndighet"), _AUTHORITY),
    **dict.fromkeys(("regelverk", "nätverk", "hantverk", "kollektivavtal"), _AUTHORITY),
    # The form of a company tells no two apart.
    **dict.fromkeys(("ab", "aktiebolag", "publ", "ltd", "inc", "gmbh", "plc"), ""),
    **dict.fromkeys(("sweden", "sverige", "the", "of", "i", "in", "på"), ""),
}


def key(name: str) -> Key:
    """Return the stems of a name without diacritics: its case, endings and hyphens aside."""
    return tuple(map(_stem, _WORD.findall(_SUFFIX.sub("", name.casefold()))))


def variant_key(name: str) -> Key:
    """Return what an organisation's names have in common: who it is, and what kind of body."""
    who, forms = _parts(key(name))
    return (*who, *(f"({form})" for form in sorted(forms))) if who else key(name)


def is_bare_form(name: str) -> bool:
    """Tell whether a name says only what kind of body it is: "Kommunen", "Region"."""
    return not _parts(key(name))[0]


def _parts(stems: Key) -> tuple[list[str], set[str]]:
    who: list[str] = []
    forms: set[str] = set()
    for stem in stems:
        if stem in _STEMMED_FORMS:
            forms.add(_STEMMED_FORMS[stem])
        elif match := _REGION.search(stem):
            # Västra Götalandsregionen is Region Västra Götaland.
            who.append(stem[: match.start()])
            forms.add(_REGION_BODY)
        else:
            who.append(stem)
    return who, forms - {""}


@lru_cache(maxsize=100_000)
def _stem(word: str) -> str:
    # As often as there is an ending: "hållbara" is "hållbar", of which it would take one more.
    while len(word) >= _SHORTEST_INFLECTED and (stem := str(_swedish().stemWord(word))) != word:
        word = stem
    return fold(word)


@lru_cache(maxsize=1)
def _swedish() -> Stemmer.Stemmer:
    return Stemmer.Stemmer("swedish")


_STEMMED_FORMS: Mapping[str, str] = {_stem(word): form for word, form in _FORMS.items()}
