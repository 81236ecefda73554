"""In which language a page is written: by its text, with what it claims as a prior."""

from __future__ import annotations

import functools
import re
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from lxml.etree import _Element as Element
    from py3langid.langid import LanguageIdentifier

_ENOUGH_CHARACTERS = 60
_LOOKED_AT = 1_000

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


def languages_marked(root: Element) -> frozenset[str]:
    """Return the languages that the elements of a content say they are written in."""
    found = (_code(element.get("lang")) for element in root.iter("span", "p", "div", "section"))
    return frozenset(code for code in found if code)


def _code(tag: str | None) -> str:
    return (tag or "").strip().lower().split("-")[0]


@functools.cache
def _identifier() -> LanguageIdentifier:
    # Loading the model takes a third of a second, which only those pay who extract.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier  # noqa: PLC0415

    identifier = LanguageIdentifier.from_model_file(MODEL_FILE)
    identifier.set_languages(list(_CANDIDATES))
    return identifier
