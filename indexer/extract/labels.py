"""Labels that stand on a line of their own: "Finansiär" above "Vinnova"."""

from __future__ import annotations

from itertools import takewhile
from typing import TYPE_CHECKING

from indexer.extract.dom import names, parts

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.extract.sections import Block

_TAGS = frozenset({"strong", "b", "dt", "th", "label", "legend", "caption", "h5", "h6"})
_WORDS = frozenset(
    {
        "label",
        "labels",
        "etikett",
        "ledtext",
        "rubrik",
        "heading",
        "header",
        "subheading",
        "key",
        "term",
    }
)
_LONGEST = 80
_LONGEST_VALUE = 120
_MOST_VALUES = 30


def is_label(block: Block) -> bool:
    """Tell whether a line only says what the next ones hold."""
    if len(block.text) > _LONGEST or block.holder is None:
        return False
    return (
        block.is_heading
        or block.text.endswith(":")
        or block.holder.tag in _TAGS
        or _is_named(block)
    )


def values(lines: Sequence[Block], number: int) -> Iterator[Block]:
    """Yield the short lines below a label, as long as they are marked up alike."""
    below = lines[number + 1 : number + 1 + _MOST_VALUES]
    if not below:
        return
    first = _form(below[0])
    yield from takewhile(lambda line: _is_value(line) and _form(line) == first, below)


def _is_value(line: Block) -> bool:
    if len(line.text) > _LONGEST_VALUE or line.text.endswith((".", ":", "?")):
        return False
    return not is_label(line)


def _form(line: Block) -> tuple[str, str]:
    holder = line.holder
    return ("", "") if holder is None else (str(holder.tag), holder.get("class") or "")


def _is_named(block: Block) -> bool:
    holder = block.holder
    return holder is not None and any(
        not _WORDS.isdisjoint(parts(name)[-1:]) for name in names(holder)
    )
