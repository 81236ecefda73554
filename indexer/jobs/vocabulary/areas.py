"""Areas that are one: a longer one begins with what it is about.

"Kompetensförsörjning i små kommuner" and "Kompetensförsörjning på landsbygden" are both about
"Kompetensförsörjning"; "Studentstad Trollhättan" is about "Studentstad".
"""

from __future__ import annotations

import re
from collections import defaultdict
from typing import TYPE_CHECKING

from indexer.analysis.wordlists import place_names
from indexer.jobs.vocabulary.found import Found
from indexer.jobs.vocabulary.statements import is_area
from indexer.jobs.vocabulary.wording import key

if TYPE_CHECKING:
    from indexer.jobs.vocabulary.wording import Key

_BEHIND = re.compile(
    r"\s+(?:i|på|för|till|med|av|inom|bland|hos|mellan|från|om|in|for|to|with|of|among|within|at)\s.*$",
    re.IGNORECASE,
)
_SHORTEST_HEAD = 8
_FEWEST_ALIKE = 2


def join_areas(areas: dict[Key, Found]) -> None:
    """Let areas that begin alike be one, named by what they begin with."""
    by_head: dict[Key, list[Key]] = defaultdict(list)
    names: dict[Key, str] = {}
    for name_key, one in areas.items():
        name = one.name
        head = _head(name)
        if head != name and is_area(head) and len(head) >= _SHORTEST_HEAD:
            by_head[key(head)].append(name_key)
            names.setdefault(key(head), head)
    for head_key, longer in by_head.items():
        if (
            head_key not in areas
            and len(longer) < _FEWEST_ALIKE
            and not _is_place_cut(areas[longer[0]], names[head_key])
        ):
            continue
        whole = areas.setdefault(head_key, Found())
        if not whole.spellings:
            whole.spellings[names[head_key]] = 1
        for name_key in longer:
            whole.take_in(areas.pop(name_key))


def _head(name: str) -> str:
    head = _BEHIND.sub("", name)
    words = head.split()
    while len(words) > 1 and _is_place(words[-1]):
        words.pop()
    return " ".join(words)


def _is_place_cut(one: Found, head: str) -> bool:
    """Tell whether only the name of a place was cut off."""
    return all(map(_is_place, one.name[len(head) :].split()))


def _is_place(word: str) -> bool:
    return word[:1].isupper() and word.casefold().removesuffix("s") in _places()


def _places() -> frozenset[str]:
    return frozenset({*place_names(), *(name.removesuffix("s") for name in place_names())})
