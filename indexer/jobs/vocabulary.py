"""Words that the pages have and the vocabulary has not: partners, areas, abbreviations.

What a page's structure says weighs more than what its text mentions, and what several pages say
more than what one does. Precision comes first: an operator reads the list from the top.
"""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Literal

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

    from indexer.model import Concept, Document, Vocabulary

Kind = Literal["partner", "area", "abbreviation"]
KINDS: tuple[Kind, ...] = ("partner", "area", "abbreviation")

_MAX_EVIDENCE = 3
_MAX_NAME = 80
_ABOUT, _STATED, _MENTIONED = 4, 3, 1
_ENOUGH = 2
"""Weight below which a proposal is not made: one mention in running text is chance."""

_ORGANISATION = re.compile(
    r"\b(?:[A-ZÅÄÖ][\w.&-]*\s+){1,4}(?:kommun|stad|AB|Science Park|sjukhus|universitet|"
    r"kommunalförbund|myndigheten|skolförbund|region|county council|municipality)\b"
    r"|\b(?:Region|Länsstyrelsen i|Högskolan i|City of|Municipality of)\s+[A-ZÅÄÖ]\w+"
)
_SHORT = re.compile(r"((?:[\wåäöÅÄÖ-]+\s+){1,6})\(([A-ZÅÄÖ]{2,6})\)")
_ENDING = re.compile(r"(?:s|:s)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """A page that says so, and where on it."""

    url: str
    place: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Proposal:
    """A name that may belong into the vocabulary; `pages` counts the pages that have it.

    `aliases` are other spellings that pages have; for an abbreviation, what it stands for.
    """

    kind: Kind
    name: str
    aliases: tuple[str, ...]
    pages: int
    weight: int
    evidence: tuple[Evidence, ...]

    def plain(self) -> dict[str, Any]:
        """Return the proposal as plain JSON values."""
        return {
            "kind": self.kind,
            "name": self.name,
            "aliases": list(self.aliases),
            "pages": self.pages,
            "weight": self.weight,
            "evidence": [{"url": one.url, "place": one.place} for one in self.evidence],
        }


@dataclass(slots=True)
class _Found:
    spellings: Counter[str] = field(default_factory=Counter)
    long_forms: Counter[str] = field(default_factory=Counter)
    urls: dict[str, str] = field(default_factory=dict)
    weight: int = 0


def suggest(documents: Iterable[Document], vocabulary: Vocabulary) -> list[Proposal]:
    """Return what the documents have and the vocabulary has not, the best founded first."""
    known = set(_known(vocabulary))
    found: dict[tuple[Kind, str], _Found] = {}
    for document in documents:
        people = {_key(person.name) for person in document.persons}
        for kind, name, place, weight, long_form in _said(document):
            key = _key(name)
            if not key or key in known or key in people or len(name) > _MAX_NAME:
                continue
            one = found.setdefault((kind, key), _Found())
            one.spellings[name] += 1
            if long_form:
                one.long_forms[long_form] += 1
            if document.url not in one.urls:
                one.urls[document.url] = place
                one.weight += weight
    made = (_proposal(kind, one) for (kind, _), one in found.items() if one.weight >= _ENOUGH)
    return sorted(made, key=lambda one: (-one.weight, one.name))


def as_yaml(proposals: Iterable[Proposal]) -> Iterator[str]:
    """Yield the lines that belong into the vocabulary of the configuration."""
    chosen = list(proposals)
    yield "vocabulary:"
    for kind, key in (("partner", "partners"), ("area", "areas")):
        of_kind = [one for one in chosen if one.kind == kind]
        if of_kind:
            yield f"  {key}:"
        for one in of_kind:
            yield f"    - name: {_quoted(one.name)}"
            if one.aliases:
                yield f"      aliases: [{', '.join(map(_quoted, one.aliases))}]"
    short = [one for one in chosen if one.kind == "abbreviation"]
    if short:
        yield "  abbreviations:"
    for one in short:
        yield f"    {one.name}: [{', '.join(map(_quoted, one.aliases))}]"


def _said(document: Document) -> Iterator[tuple[Kind, str, str, int, str]]:
    """Yield kind, name, place, weight and, of an abbreviation, what it stands for."""
    for name in document.partners:
        about = document.kind == "partner"
        place = "the page is about it" if about else "named as a partner"
        yield "partner", name, place, _ABOUT if about else _STATED, ""
    for name in document.organisations:
        yield "partner", name, "named as a participant", _STATED, ""
    for name in document.areas:
        yield "area", name, "listed as an area", _STATED, ""
    text = "\n".join(section.text for section in document.sections)
    for match in _ORGANISATION.finditer(text):
        yield "partner", " ".join(match[0].split()), "mentioned in the text", _MENTIONED, ""
    for match in _SHORT.finditer(text):
        if long_form := _stands_for(match[1].split(), match[2]):
            yield "abbreviation", match[2], "explained in the text", _STATED, long_form


def _stands_for(words: list[str], short: str) -> str:
    """Return the last words before a short form whose letters it is made of, if they are.

    Each letter begins a word, or stands inside the one before: VFU is verksamhetsförlagd
    utbildning.
    """
    letters = short.casefold()
    for count in range(1, len(words) + 1):
        chosen = [word.casefold() for word in words[-count:]]
        if chosen[0][:1] == letters[0] and _spells(chosen, letters):
            return " ".join(words[-count:])
    return ""


def _spells(words: list[str], letters: str) -> bool:
    if len(words) > len(letters):
        return False
    at = 0
    for number, word in enumerate(words):
        if at >= len(letters) or word[:1] != letters[at]:
            return False
        at += 1
        rest = len(words) - number - 1
        place = 1
        # A compound may give more letters, as long as every word after it still has one.
        while len(letters) - at > rest and (place := word.find(letters[at], place)) > 0:
            at, place = at + 1, place + 1
    return at == len(letters)


def _known(vocabulary: Vocabulary) -> Iterator[str]:
    concepts: tuple[Concept, ...] = (*vocabulary.partners, *vocabulary.areas)
    for concept in concepts:
        yield from map(_key, (concept.name, *concept.aliases))
    for short, long_forms in vocabulary.abbreviations.items():
        yield from map(_key, (short, *long_forms))


def _proposal(kind: Kind, found: _Found) -> Proposal:
    name, *others = (spelling for spelling, _ in found.spellings.most_common())
    aliases = found.long_forms if kind == "abbreviation" else others
    return Proposal(
        kind=kind,
        name=name,
        aliases=tuple(dict.fromkeys(aliases))[:_MAX_EVIDENCE],
        pages=len(found.urls),
        weight=found.weight,
        evidence=tuple(
            Evidence(url=url, place=place)
            for url, place in list(found.urls.items())[:_MAX_EVIDENCE]
        ),
    )


def _key(name: str) -> str:
    """Return what spellings of one name have in common: case, blanks and a genitive differ."""
    words = name.casefold().split()
    if words:
        words[-1] = _ENDING.sub("", words[-1])
    return " ".join(_ENDING.sub("", word) for word in words)


def _quoted(text: str) -> str:
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'
