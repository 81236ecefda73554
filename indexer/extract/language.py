"""In which language a page is written: by its text, with what it claims as a prior."""

from __future__ import annotations

import functools
import re
from copy import copy
from dataclasses import replace
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
    from py3langid.langid import LanguageIdentifier

    from indexer.model import Section

_ENOUGH_CHARACTERS = 60
_LOOKED_AT = 600
_ENOUGH_WORDS = 25
_CLEARLY = 2
_SMALL_WORDS = {
    "sv": frozenset(
        [
            "och",
            "att",
            "det",
            "som",
            "en",
            "ett",
            "är",
            "för",
            "på",
            "med",
            "av",
            "till",
            "den",
            "har",
            "inte",
            "i",
            "vi",
            "de",
            "om",
        ]
    ),
    "en": frozenset(
        [
            "the",
            "and",
            "of",
            "to",
            "in",
            "is",
            "for",
            "that",
            "with",
            "on",
            "are",
            "as",
            "by",
            "we",
            "it",
            "this",
            "be",
            "at",
            "from",
        ]
    ),
}

_ENGLISH_PATH = re.compile(r"^/(?:en|eng|english)(?:/|$)")

# Norwegian is told as Danish by the model; neither is Swedish, which is all that matters here.
_CANDIDATES = ("sv", "en", "da", "no", "fi", "de", "fr", "es")


def language(
    text: str, *, claimed: str | None, path: str, marked: frozenset[str] = frozenset()
) -> tuple[str, str]:
    """Return the language of a page ("sv", "en" or another), and how it was found.

    `claimed` is the page's ``lang``, `marked` are those of the elements of its content. Short texts
    are what they claim, or what their path says; so are pages that say all in two languages.
    """
    prior = _code(claimed)
    if not prior:
        prior = "en" if _ENGLISH_PATH.search(path) else "sv"
    if prior in marked and len(marked) > 1:
        return prior, "lang, of a page that marks several languages"
    sample = text[:_LOOKED_AT]
    if len(sample) < _ENOUGH_CHARACTERS:
        return prior, "too little text to tell: lang or path"
    found = _identifier().classify(sample)[0]
    return found, "text" if found == prior else f"text, although the page says {prior}"


def with_languages(sections: tuple[Section, ...], spoken: str) -> tuple[Section, ...]:
    """Return the sections, each that is clearly in the other of Swedish and English marked so."""
    other = {"sv": "en", "en": "sv"}.get(spoken)
    if other is None:
        return sections
    return tuple(
        replace(section, language=other) if _is_in(other, spoken, section.text) else section
        for section in sections
    )


def _is_in(other: str, spoken: str, text: str) -> bool:
    """Tell whether a text is in the other language; most are told by their small words alone."""
    words = text[:_LOOKED_AT].casefold().split()
    if len(words) < _ENOUGH_WORDS:
        return False
    small = {name: sum(word in _SMALL_WORDS[name] for word in words) for name in (other, spoken)}
    if small[other] <= _CLEARLY * small[spoken]:
        return False
    return bool(_swedish_or_english().classify(text[:_LOOKED_AT])[0] == other)


def languages_marked(root: Element) -> frozenset[str]:
    """Return the languages that the elements of a content say they are written in."""
    found = (_code(element.get("lang")) for element in root.iter("span", "p", "div", "section"))
    return frozenset(code for code in found if code)


def _code(tag: str | None) -> str:
    return (tag or "").strip().lower().split("-")[0]


@functools.cache
def _swedish_or_english() -> LanguageIdentifier:
    identifier = copy(_identifier())
    identifier.set_languages(["sv", "en"])
    return identifier


@functools.cache
def _identifier() -> LanguageIdentifier:
    # Loading the model takes a third of a second, which only those pay who extract.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    of_all = LanguageIdentifier.from_model_file(MODEL_FILE)
    of_all.set_languages(list(_CANDIDATES))
    # A narrowed one keeps all languages beside its own, 28 MB; one made of its parts does not.
    return LanguageIdentifier(
        of_all.nb_ptc,
        of_all.nb_pc,
        of_all.nb_classes,
        of_all.tk_nextmove,
        of_all.tk_output,
        tk_row=of_all.tk_row,
    )
