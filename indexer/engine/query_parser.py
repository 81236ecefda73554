"""The query language of a search box: words, "a phrase", -word; anything else is text.

Total and linear: whatever is typed has a meaning, and nothing that is typed can fail. A quote
that is not closed runs to the end; a lone dash is nothing.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

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


@dataclass(frozen=True, slots=True, kw_only=True)
class ParsedQuery:
    """What was typed, taken apart.

    `runs` are stretches of plain words that stood next to each other; `phrases` were quoted;
    `excluded` are the words and phrases behind a minus sign.
    """

    runs: tuple[str, ...] = ()
    phrases: tuple[str, ...] = ()
    excluded: tuple[str, ...] = ()


def parse(text: str) -> ParsedQuery:
    """Take a query apart."""
    runs: list[list[str]] = [[]]
    phrases: list[str] = []
    excluded: list[str] = []
    for match in _PARTS.finditer(text):
        wanted = match["phrase"] if match["word"] is None else match["word"]
        if match["minus"]:
            excluded.append(wanted)
        elif match["word"] is None:
            phrases.append(wanted)
        else:
            runs[-1].append(wanted)
            continue
        # Words on either side of a phrase are not each other's neighbours.
        runs.append([])
    return ParsedQuery(
        runs=tuple(" ".join(run) for run in runs if run),
        phrases=tuple(phrase.strip() for phrase in phrases if phrase.strip()),
        excluded=tuple(word.strip() for word in excluded if word.strip()),
    )
