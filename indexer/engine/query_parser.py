"""The query language of a search box: words, "a phrase", -word, OR; anything else is text.

Total and linear: whatever is typed has a meaning, and nothing that is typed can fail. A quote
that is not closed runs to the end; a lone dash is nothing; an OR without a word on either side
is a word.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from itertools import groupby
from typing import TYPE_CHECKING, Literal

if TYPE_CHECKING:
    from collections.abc import Iterator

_QUOTES = '"“”„‟«»'
_PARTS = re.compile(
    rf"""
    (?P<minus> (?<!\S) [-−] (?=[^\s-]) )?
    (?:
        [{_QUOTES}] (?P<phrase> [^{_QUOTES}]* ) (?:[{_QUOTES}]|$)
      | (?P<word> [^\s{_QUOTES}]+ )
    )
    """,
    re.VERBOSE,
)
_OR = "OR"

Kind = Literal["words", "phrase"]


@dataclass(frozen=True, slots=True)
class Wanted:
    """A stretch of plain words that stood next to each other, or a quoted phrase."""

    kind: Kind
    text: str


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedQuery:
    """What was typed, taken apart.

    All of `wanted` are, in the order of typing; each is a choice of one or, with OR, several.
    `excluded` are the words and phrases behind a minus sign.
    """

    wanted: tuple[tuple[Wanted, ...], ...] = ()
    excluded: tuple[str, ...] = ()


def parse(text: str) -> ParsedQuery:
    """Take a query apart."""
    choices: list[list[Wanted]] = []
    excluded: list[str] = []
    joins = False
    for match in _PARTS.finditer(text):
        quoted = match["word"] is None
        typed = (match["phrase"] if quoted else match["word"]).strip()
        if not typed:
            continue
        if match["minus"]:
            excluded.append(typed)
            joins = False
        elif typed == _OR and not quoted and choices and not joins and text[match.end() :].strip():
            joins = True
        else:
            item = Wanted("phrase" if quoted else "words", typed)
            if joins:
                choices[-1].append(item)
            else:
                choices.append([item])
            joins = False
            continue
        if not joins:
            # Words on either side of what is excluded are not each other's neighbours.
            choices.append([])
    return ParsedQuery(wanted=tuple(_with_runs(choices)), excluded=tuple(excluded))


def _with_runs(choices: list[list[Wanted]]) -> Iterator[tuple[Wanted, ...]]:
    """Join plain words that are no choices to runs, in which analysis sees neighbours."""
    for plain, stretch in groupby(choices, key=_is_plain):
        if plain:
            yield (Wanted("words", " ".join(choice[0].text for choice in stretch)),)
        else:
            yield from (tuple(choice) for choice in stretch if choice)


def _is_plain(choice: list[Wanted]) -> bool:
    return len(choice) == 1 and choice[0].kind == "words"
