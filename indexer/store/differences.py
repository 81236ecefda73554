"""What two editions of a document say differently."""

from __future__ import annotations

import re
from collections import Counter
from dataclasses import replace
from typing import TYPE_CHECKING

from indexer.model import Difference, FactChange

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping

    from indexer.model import Document

SENTENCES = 3
"""Of the sentences that are new, this many are quoted."""

QUOTED = 200
"""Characters of a sentence that are quoted."""

_LOOKED_AT = 200_000
_SENTENCE_END = re.compile(r"(?<=[.!?…])\s+|\n+")
_ADDRESS = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+|\+?\(?\d(?:[\s()/–-]{0,2}\d){6,14}")

NAMES = frozenset({"persons", "authors"})
"""The facts that are names of people: of those only the new ones are told."""

_FACTS: Mapping[str, Callable[[Document], Iterable[str]]] = {
    "title": lambda document: (document.title,),
    "kind": lambda document: (document.kind,),
    "language": lambda document: (document.language,),
    "url": lambda document: (document.url,),
    "partners": lambda document: document.partners,
    "areas": lambda document: document.areas,
    "persons": lambda document: (person.name for person in document.persons),
    "authors": lambda document: document.authors,
    "organisations": lambda document: document.organisations,
    "subjects": lambda document: document.subjects,
    "funder": lambda document: (document.funder,),
    "published": lambda document: (str(document.published or ""),),
    "period": lambda document: (_days(document),),
}


def difference(before: Document, after: Document) -> Difference:
    """Return what `after` says that `before` did not, and the reverse.

    Quoted sentences hold no e-mail addresses and no telephone numbers, and who is named no more
    is not named. Sentences that only moved are no difference. The time it takes
    grows with the length of the texts, and no faster.
    """
    gone, new = _sentences(before), _sentences(after)
    added, removed = _left(new, gone), _left(gone, new)
    return Difference(
        facts=tuple(_facts(before, after)),
        words_added=sum(len(sentence.split()) for sentence in added),
        words_removed=sum(len(sentence.split()) for sentence in removed),
        added=tuple(_quoted(sentence) for sentence in added[:SENTENCES]),
    )


def still_said(told: Difference, document: Document) -> Difference:
    """Return a difference without the sentences and the people that the document has no more."""
    named = {name: set(_FACTS[name](document)) for name in NAMES}
    facts = tuple(
        replace(fact, added=tuple(name for name in fact.added if name in named[fact.fact]))
        if fact.fact in NAMES
        else fact
        for fact in told.facts
    )
    said = {_quoted(sentence) for sentence in _sentences(document)} if told.added else set()
    added = tuple(sentence for sentence in told.added if sentence in said)
    return replace(told, facts=facts, added=added)


def _facts(before: Document, after: Document) -> Iterable[FactChange]:
    for name, read in _FACTS.items():
        old = dict.fromkeys(value for value in read(before) if value)
        new = dict.fromkeys(value for value in read(after) if value)
        if old.keys() != new.keys():
            yield FactChange(
                fact=name,
                removed=() if name in NAMES else tuple(value for value in old if value not in new),
                added=tuple(value for value in new if value not in old),
            )


def _sentences(document: Document) -> list[str]:
    text = "\n".join(f"{section.heading}\n{section.text}" for section in document.sections)
    sentences = (" ".join(it.split()) for it in _SENTENCE_END.split(text[:_LOOKED_AT]))
    return [sentence for sentence in sentences if sentence]


def _left(sentences: list[str], others: list[str]) -> list[str]:
    """Return those of `sentences` that `others` lack, in their order."""
    there = Counter(others)
    left = []
    for sentence in sentences:
        if there[sentence]:
            there[sentence] -= 1
        else:
            left.append(sentence)
    return left


def _quoted(sentence: str) -> str:
    shown = _ADDRESS.sub("…", sentence)
    return shown if len(shown) <= QUOTED else shown[: QUOTED - 2].rstrip() + " …"


def _days(document: Document) -> str:
    period = document.period
    return f"{period.start or ''}/{period.end or ''}" if period else ""
