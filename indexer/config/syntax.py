"""What a YAML parser's complaint means to somebody who has never heard of block mappings."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Final

import yaml

from indexer.errors import ConfigProblem

if TYPE_CHECKING:
    from collections.abc import Iterator

_NO_SPACE: Final = re.compile(r"\s*(?:- +)?(\w+):(?!//)[^\s:]")
_INDENTED_BY_TAB: Final = re.compile(r" *\t")
_BARE: Final = re.compile(r"(?:^|[\s\[{,])([@`%*&])")


def syntax_problem(error: yaml.YAMLError, text: str) -> ConfigProblem:
    """Return the problem behind an error of PyYAML, with line, column and what to do."""
    if isinstance(error, yaml.reader.ReaderError):
        line = text.count("\n", 0, error.position) + 1
        message = f"holds the control character U+{int(error.character):04X}; take it out"
        return ConfigProblem(key="", message=message, line=line)
    mark = getattr(error, "problem_mark", None) or getattr(error, "context_mark", None)
    if mark is None:
        return ConfigProblem(key="", message="is not YAML", line=1)
    lines = text.splitlines()
    here = min(mark.line, len(lines) - 1)
    line, reason = next(_causes(error, lines, here), (mark.line, _fallback(error)))
    column = f"column {mark.column + 1}: " if line == mark.line else ""
    return ConfigProblem(key="", message=f"{column}{reason}", line=line + 1)


def colon_without_space(lines: list[str]) -> tuple[int, str] | None:
    """Return the first line (from 0) that looks like ``key:value``, and what to write instead."""
    for number, line in enumerate(lines):
        if found := _NO_SPACE.match(line):
            name = found.group(1)
            return number, f"put a space after the colon: `{name}: …`, not `{name}:…`"
    return None


def _causes(error: yaml.YAMLError, lines: list[str], here: int) -> Iterator[tuple[int, str]]:
    """Yield what may have gone wrong, with its line from 0; the likeliest first."""
    problem, line = str(getattr(error, "problem", "")), lines[here] if lines else ""
    if _INDENTED_BY_TAB.match(line):
        yield here, "is indented with a tab; use spaces"
    yield from _never_closed(error, "quoted scalar", "a quotation mark is opened here, not closed")
    # The parser notices a missing space one line late: it took both for one long word.
    if near := colon_without_space(lines[max(0, here - 1) : here + 1]):
        yield max(0, here - 1) + near[0], near[1]
    yield from _never_closed(
        error, "flow", "a [ or { is opened here; its ] or } is missing, or a comma before it"
    )
    if bare := _BARE.search(line):
        yield here, f"put a value that begins with {bare.group(1)} in quotes"
    if "mapping values" in problem:
        yield here, "a colon too many, or wrong indentation: put a value that holds `: ` in quotes"
    if "<block end>" in problem:
        yield here, "is indented differently from the lines above that it belongs with"


def _never_closed(error: yaml.YAMLError, what: str, message: str) -> Iterator[tuple[int, str]]:
    """Yield `message` at the line where the thing that the parser was reading began."""
    began = getattr(error, "context_mark", None)
    if began is None or what not in str(getattr(error, "context", "")):
        return
    if "escape" in str(getattr(error, "problem", "")):
        message = r"a \ in double quotes begins an escape; use single quotes"
    yield began.line, message


def _fallback(error: yaml.YAMLError) -> str:
    problem = getattr(error, "problem", None) or getattr(error, "context", None)
    return f"is not YAML: {problem or 'it cannot be read'}"
