"""The lines of a paged file put together again: paragraphs, headings, list items.

A PDF knows where each line of ink stands, and not which of them are one paragraph. What a reader
goes by is gone through here: gaps, indents, sizes, and lines that end early.
"""

from __future__ import annotations

import itertools
import re
from collections import Counter, defaultdict
from typing import TYPE_CHECKING, NamedTuple

from indexer.extract.charset import clean

if TYPE_CHECKING:
    from collections.abc import Collection, Iterable, Iterator, Sequence

# A heading is larger than the text, or as large and in bold.
_LARGER = 1.12
_SAME_SIZE = 0.06
_LONGEST_HEADING = 200
_LONGEST_BOLD_HEADING = 100
_LEVELS = 3
# Gaps between lines, in sizes of their letters.
_USUAL_GAP, _SMALLEST_GAP, _LARGEST_GAP = 1.2, 0.9, 2.2
_WIDER_GAP = 1.3
_INDENT = 0.8
_LETTER_WIDTH = 0.5
_COLUMN_POINTS = 36
_LINES_OF_A_COLUMN = 8
# How many lines at the top and the foot of a page may be its header and footer.
_EDGE_LINES = 3
_LONGEST_PAGE_NUMBER = 30
_REPEATED_ON_SHARE, _REPEATED_ON_PAGES = 0.4, 3

_BULLET = re.compile(r"(?:[•▪▫■□●○◦‣∙·►➢✓✔\uf000-\uf0ff]|[–—-](?=\s)|o(?=\s+[A-ZÅÄÖ]))\s*")
_NUMBERED = re.compile(r"(?:\d{1,2}|[a-zA-Z])[.)]\s+\S|\d{1,2}(?:\.\d{1,2})+\.?\s+\S")
_SENTENCE_ENDS = re.compile(r"[.!?:][)”\"’']*$")
_NO_HEADING_ENDS = re.compile(r"[.,;:][)”\"’']*$")
_WORD = re.compile(r"[^\W\d_]{2}")
_HYPHENS = "-\u00ad\u2010"
# "arbets- och fritid": the hyphen stands for the part that both words share.
_SUSPENDED = re.compile(r"(?:och|eller|samt|respektive|till|and|or|to)\b")
_PAGE_NUMBER = re.compile(
    r"\W*(?:sidan?|page|s\.|p\.)?\s*(?:#+|[ivxl]+)\s*(?:(?:av|of|[/(|])\s*#+)?\W*"
)
# "2.1 Syfte ........ 7": the table of contents says only what the headings say.
_LEADS_TO_PAGE = re.compile(r"(?:\s?[.…_]){4,}\s*(?:\d+|[ivxl]+)$")


class Line(NamedTuple):
    """A line of a page; places and sizes are in points, from the lower left corner.

    `is_cut` is a line that ends within a word.
    """

    text: str
    page: int
    left: float
    right: float
    y: float
    size: float
    is_bold: bool = False
    is_cut: bool = False


class Piece(NamedTuple):
    """A paragraph or a heading, with where it begins and the size of its letters.

    `level` is 0 for text, else 1 for the largest headings.
    """

    text: str
    page: int
    y: float
    size: float
    level: int = 0
    is_item: bool = False


def pieces(lines: Sequence[Line]) -> list[Piece]:
    """Return what the lines of a file make up, without what is repeated on its pages."""
    body = _body_size(lines)
    kept = list(_without_edges(lines, body))
    if not kept:
        return []
    levels = _Levels(kept, body)
    usual = _usual_gap(kept)
    columns = _Columns(kept)
    found: list[Piece] = []
    together: list[Line] = []
    for line in kept:
        if together and _parts(together[-1], line, levels, usual, columns):
            found.append(_piece(together, levels))
            together = []
        together.append(line)
    found.append(_piece(together, levels))
    return [piece for piece in found if piece.text]


def joined(lines: Iterable[Line]) -> str:
    """Return lines as one text; a word that the end of a line cuts is whole again."""
    said: list[str] = []
    before: Line | None = None
    for line in lines:
        if before is not None:
            said.append(_between(before, line.text))
        said.append(line.text.rstrip(_HYPHENS) if _ends_in_hyphen(line) else line.text)
        before = line
    if before is not None and _ends_in_hyphen(before):
        said.append("-")
    return clean("".join(said))


def _between(before: Line, after: str) -> str:
    """Return what stands between two lines: nothing, a hyphen, a space, or both."""
    if not (before.is_cut or _ends_in_hyphen(before)):
        return " "
    if _SUSPENDED.match(after):
        return "- "
    # "Väst-Sverige", "VFU-perioden" and "2024-2025" have a hyphen of their own.
    last = before.text.rstrip(_HYPHENS)[-1:]
    has_own = not after[:1].islower() or last.isupper() or last.isdigit()
    return "-" if has_own else ""


def _ends_in_hyphen(line: Line) -> bool:
    """Tell whether a line ends in a hyphen behind a word: a dash stands behind a space."""
    return line.text[-1:] in _HYPHENS and line.text[-2:-1].isalnum()


# --- what is repeated ---------------------------------------------------------------------------


def _without_edges(lines: Sequence[Line], body: float) -> Iterator[Line]:
    """Leave out the headers, footers and numbers of pages: what most pages have at their edges."""
    edges = _edges(lines)
    pages = len({line.page for line in lines})
    enough = max(_REPEATED_ON_PAGES, pages * _REPEATED_ON_SHARE)
    at_edges = {(_pattern(lines[number]), lines[number].page) for number in edges}
    on_pages = Counter(pattern for pattern, _ in at_edges if len(pattern) <= _LONGEST_HEADING)
    for number, line in enumerate(lines):
        if _LEADS_TO_PAGE.search(line.text[-_LONGEST_HEADING:]):
            continue
        if number in edges and line.size < body * _LARGER:
            pattern = _pattern(line)
            if on_pages[pattern] >= enough or (pages > 1 and _is_page_number(pattern)):
                continue
        yield line


def _edges(lines: Sequence[Line]) -> set[int]:
    """Return the numbers of the lines that stand first and last on their pages, by place."""
    by_page: dict[int, list[int]] = defaultdict(list)
    for number, line in enumerate(lines):
        by_page[line.page].append(number)
    found: set[int] = set()
    for numbers in by_page.values():
        ranked = sorted(numbers, key=lambda number: lines[number].y)
        found.update(ranked[:_EDGE_LINES], ranked[-_EDGE_LINES:])
    return found


def _is_page_number(pattern: str) -> bool:
    return len(pattern) <= _LONGEST_PAGE_NUMBER and bool(_PAGE_NUMBER.fullmatch(pattern))


def _pattern(line: Line) -> str:
    return re.sub(r"\d", "#", clean(line.text).casefold())


# --- sizes and places ---------------------------------------------------------------------------


def _body_size(lines: Iterable[Line]) -> float:
    """Return the size that most of the text is set in."""
    sizes: Counter[float] = Counter()
    for line in lines:
        sizes[round(line.size * 2) / 2] += len(line.text)
    return max(sizes, key=lambda size: (sizes[size], -size), default=0.0)


class _Levels:
    """Which lines are headings, and of which level, by their sizes."""

    def __init__(self, lines: Sequence[Line], body: float) -> None:
        self._body = body
        large = {round(line.size) for line in lines if line.size >= body * _LARGER}
        self._by_size = {size: level for level, size in enumerate(sorted(large, reverse=True), 1)}
        characters = [(line.is_bold, len(line.text)) for line in lines]
        bold = sum(length for is_bold, length in characters if is_bold)
        # Where most is bold, it says nothing.
        self._bold_counts = bold * 2 < sum(length for _, length in characters)

    def of(self, line: Line) -> int:
        """Return the level of a line by how it looks; 0 if it looks like text."""
        if line.size >= self._body * _LARGER:
            return min(self._by_size.get(round(line.size), _LEVELS), _LEVELS)
        is_bold = line.is_bold and self._bold_counts
        return _LEVELS + 1 if is_bold and line.size > self._body * (1 - _SAME_SIZE) else 0

    def of_piece(self, line: Line, text: str) -> int:
        """Return the level of a piece: what is long or ends as a sentence does is text."""
        level = self.of(line)
        longest = _LONGEST_BOLD_HEADING if level > _LEVELS else _LONGEST_HEADING
        is_heading = len(text) <= longest and _WORD.search(text)
        ends_as_text = _NO_HEADING_ENDS.search(text)
        return min(level, _LEVELS) if is_heading and not ends_as_text else 0


def _usual_gap(lines: Sequence[Line]) -> float:
    """Return the gap between the lines of a paragraph, in sizes: a small one among all."""
    gaps = sorted(
        gap
        for before, after in itertools.pairwise(lines)
        if before.page == after.page
        and _SMALLEST_GAP <= (gap := (before.y - after.y) / max(after.size, 1)) <= _LARGEST_GAP
    )
    return gaps[len(gaps) // 4] if gaps else _USUAL_GAP


class _Columns:
    """How far to the right lines reach: those of a page that begin at the same place."""

    def __init__(self, lines: Iterable[Line]) -> None:
        self._on_page: dict[tuple[int, int], list[float]] = defaultdict(list)
        self._anywhere: dict[int, float] = defaultdict(float)
        for line in lines:
            place = self._place(line)
            self._on_page[line.page, place].append(line.right)
            self._anywhere[place] = max(self._anywhere[place], line.right)
        self._ends = {key: max(rights) for key, rights in self._on_page.items()}

    def end(self, line: Line) -> float:
        """Return where the column of a line ends; a few lines alone do not tell."""
        place = self._place(line)
        key = line.page, place
        is_told = len(self._on_page[key]) >= _LINES_OF_A_COLUMN
        return self._ends[key] if is_told else self._anywhere[place]

    def _place(self, line: Line) -> int:
        return int(line.left // _COLUMN_POINTS)


def _parts(
    before: Line,
    after: Line,
    levels: _Levels,
    usual: float,
    columns: _Columns,
) -> bool:
    """Tell whether a line begins something new."""
    is_other = levels.of(before) != levels.of(after) or _differ(before.size, after.size)
    if is_other or _BULLET.match(after.text):
        return True
    if before.is_cut:
        return False
    goes_on = after.text[:1].islower()
    gap = (before.y - after.y) / max(after.size, 1)
    if before.page != after.page or gap < 0:
        # The next page or column: a sentence may go on there.
        return not goes_on or bool(_SENTENCE_ENDS.search(before.text))
    return gap > usual * _WIDER_GAP or not (goes_on or _runs_on(before, after, columns))


def _runs_on(before: Line, after: Line, columns: _Columns) -> bool:
    """Tell whether a line with a capital can stand inside a paragraph."""
    is_new = _NUMBERED.match(after.text) or _is_indented(before, after)
    return not is_new and not _ends_early(before, after, columns)


def _differ(one: float, other: float) -> bool:
    return abs(one - other) > _SAME_SIZE * max(one, other)


def _is_indented(before: Line, after: Line) -> bool:
    is_right = after.left > before.left + _INDENT * after.size
    return is_right and bool(_SENTENCE_ENDS.search(before.text))


def _ends_early(before: Line, after: Line, columns: _Columns) -> bool:
    """Tell whether the next word would have fitted on the line: then it was ended on purpose."""
    word = after.text.split(" ", 1)[0]
    needed = (len(word) * _LETTER_WIDTH + 1) * after.size
    return before.right + needed < columns.end(before)


def _piece(lines: Collection[Line], levels: _Levels) -> Piece:
    first = next(iter(lines))
    text = joined(lines)
    is_item = False
    if bullet := _BULLET.match(text):
        text, is_item = text[bullet.end() :], True
    level = 0 if is_item else levels.of_piece(first, text)
    return Piece(text, first.page, first.y, first.size, level, is_item)
