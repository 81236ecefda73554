"""YAML with line numbers, and none of the parts of YAML that surprise people.

What a plain word means is settled by YAML 1.2 (core schema), not 1.1: NO is an abbreviation and
not "false", 2026-01-31 is text, and so is 12:30. No tags, no anchors, no key twice.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, Final, Self

import yaml

from indexer.config.syntax import syntax_problem
from indexer.errors import ConfigProblem

if TYPE_CHECKING:
    from collections.abc import Mapping

MAX_BYTES: Final = 1_000_000
_MAX_DEPTH: Final = 20

Path = tuple[str | int, ...]

_CONSTANTS: Final[Mapping[str, bool | None]] = dict.fromkeys(("", "~", "null", "Null", "NULL")) | {
    word: word.lower() == "true" for word in ("true", "True", "TRUE", "false", "False", "FALSE")
}
_INTEGER: Final = re.compile(r"[-+]?(?:0|[1-9][0-9]{0,17})", re.ASCII)
_FLOAT: Final = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]{1,3})?")
_PLAIN_KEY: Final = re.compile(r"[\w<>/-]+")
_VARIABLE: Final = re.compile(r"env:([A-Za-z_][A-Za-z0-9_]*)")
_SURROGATE: Final = re.compile("[\ud800-\udfff]")


class EnvironmentText(str):
    """The value of an environment variable: text that may be meant as a number."""

    __slots__ = ("variable",)
    variable: str

    def __new__(cls, value: str = "", *, variable: str = "") -> Self:
        """Remember the name of the variable, for secrets: these are handed on by name."""
        text = super().__new__(cls, value)
        text.variable = variable
        return text


@dataclass(frozen=True, slots=True, kw_only=True)
class YamlTree:
    """Plain values, and where and how each was written.

    `lines` maps the path of a value to the line of its key (from 1), `written` that of a scalar
    to its text in the file; for ``env:NAME`` that is the name, never the value.
    """

    data: Any = None
    lines: Mapping[Path, int] = field(default_factory=dict)
    written: Mapping[Path, str] = field(default_factory=dict)
    problems: tuple[ConfigProblem, ...] = ()

    def problem(self, path: Path, message: str) -> ConfigProblem:
        """Return a problem at `path`, with its line or that of the nearest block around it."""
        ends = range(len(path), -1, -1)
        line = next((self.lines[path[:end]] for end in ends if path[:end] in self.lines), None)
        return ConfigProblem(key=dotted(path), message=message, line=line)


def dotted(path: Path) -> str:
    """Return a path as people write it: ``sources[0].aliases["admin.example.org"]``."""
    text = ""
    for step in path:
        if isinstance(step, int):
            text += f"[{step}]"
        elif _PLAIN_KEY.fullmatch(step):
            text += f".{step}" if text else step
        else:
            text += f"[{shown(step)}]" if text else shown(step)
    return text


def shown(text: str) -> str:
    """Return text as it may stand in a message: quoted, short, without control characters."""
    quoted = ascii(text) if not text.isprintable() else f'"{text}"'
    return quoted if len(quoted) <= 62 else quoted[:60] + "…"  # noqa: PLR2004 - to fit on a line


def resolve(text: str) -> str | int | float | bool | None:
    """Return what a plain scalar means by the core schema of YAML 1.2, without hex and octal."""
    if text in _CONSTANTS:
        return _CONSTANTS[text]
    if _INTEGER.fullmatch(text):
        return int(text)
    return float(text) if _FLOAT.fullmatch(text) else text


def read(text: str) -> YamlTree:
    """Read YAML; what cannot be read is a problem in the answer, not an exception."""
    reader = _Reader()
    try:
        data = reader.document(text)
    except _Refused as refused:
        return YamlTree(problems=(refused.problem,))
    return YamlTree(
        data=data, lines=reader.lines, written=reader.written, problems=tuple(reader.problems)
    )


class _Refused(Exception):
    def __init__(self, problem: ConfigProblem) -> None:
        super().__init__(str(problem))
        self.problem = problem


class _Events:
    """The parser's events, with every complaint of the parser as a problem of the file."""

    def __init__(self, text: str) -> None:
        self._text = text
        self._loader: yaml.SafeLoader | None = None

    def next(self) -> yaml.Event:
        try:
            if self._loader is None:
                self._loader = yaml.SafeLoader(self._text)
            event: yaml.Event = self._loader.get_event()  # type: ignore[no-untyped-call]  # as its stubs are
        except yaml.YAMLError as error:
            raise _Refused(syntax_problem(error, self._text)) from None
        except (ValueError, OverflowError):
            # An escape such as "\UFFFFFFFF" names no character.
            line = self._loader.get_mark().line + 1 if self._loader else 1
            message = r"holds an escape (\u, \U) of no character; write the character itself"
            raise _Refused(ConfigProblem(key="", message=message, line=line)) from None
        return event


class _Reader:
    """Builds values from events, so that depth and anchors are seen before they cost."""

    def __init__(self) -> None:
        self.lines: dict[Path, int] = {}
        self.written: dict[Path, str] = {}
        self.problems: list[ConfigProblem] = []
        self._events = _Events("")

    def document(self, text: str) -> Any:
        self._events = _Events(text)
        while not isinstance(event := self._events.next(), yaml.NodeEvent):
            if isinstance(event, yaml.StreamEndEvent):
                return None
        value = self._value(event, ())
        while not isinstance(event := self._events.next(), yaml.StreamEndEvent):
            if isinstance(event, yaml.DocumentStartEvent):
                self._refuse(event, "a second document begins here; take the line --- out")
        return value

    def _value(self, event: yaml.Event, path: Path) -> Any:
        self.lines.setdefault(path, _line(event))
        if isinstance(event, yaml.AliasEvent) or getattr(event, "anchor", None):
            self._refuse(
                event,
                "anchors (&) and aliases (*) are not used here; write the value out, and put "
                "text that begins with & or * in quotes",
            )
        if getattr(event, "tag", None):
            self._refuse(
                event, 'tags (!) are not used here; put text that begins with "!" in quotes'
            )
        if len(path) > _MAX_DEPTH:
            self._refuse(event, f"is nested more than {_MAX_DEPTH} deep")
        if isinstance(event, yaml.MappingStartEvent):
            return self._mapping(path)
        if isinstance(event, yaml.SequenceStartEvent):
            return self._sequence(path)
        return self._scalar(event, path)

    def _sequence(self, path: Path) -> list[Any]:
        items: list[Any] = []
        while not isinstance(event := self._events.next(), yaml.SequenceEndEvent):
            items.append(self._value(event, (*path, len(items))))
        return items

    def _mapping(self, path: Path) -> dict[str, Any]:
        values: dict[str, Any] = {}
        while not isinstance(event := self._events.next(), yaml.MappingEndEvent):
            key = self._key(event, path)
            here = (*path, key)
            if key in values:
                message = f"stands in line {self.lines[here]} and in line {_line(event)}; keep one"
                self._note(here, message, event)
            self.lines.setdefault(here, _line(event))
            value = self._value(self._events.next(), here)
            values.setdefault(key, value)
        return values

    def _key(self, event: yaml.Event, path: Path) -> str:
        if not isinstance(event, yaml.ScalarEvent) or event.anchor or event.tag:
            self._refuse(event, "a key must be a plain word", path)
        return self._text(event, path)

    def _scalar(self, event: yaml.Event, path: Path) -> Any:
        text = self._text(event, path)
        plain = bool(getattr(event, "implicit", (False,))[0])
        self.written.setdefault(path, text if plain and text.isprintable() else shown(text))
        if text.startswith("env:"):
            return self._from_environment(text, path, event)
        return resolve(text) if plain else text

    def _from_environment(self, text: str, path: Path, event: yaml.Event) -> str:
        named = _VARIABLE.fullmatch(text)
        if named is None:
            example = "env: is followed by the name of a variable, such as env:SAMSOK_AGENT"
            self._note(path, example, event)
            return EnvironmentText()
        name = named.group(1)
        self.written[path] = f"the value of the environment variable {name}"
        value = os.environ.get(name)
        if not value:
            self._note(
                path, f"the environment has no variable {name}, or it is empty; set it", event
            )
        # Bytes that are not UTF-8 arrive as surrogates, which nothing could print.
        return EnvironmentText(_SURROGATE.sub("\ufffd", value or ""), variable=name)

    def _text(self, event: yaml.Event, path: Path) -> str:
        text = str(getattr(event, "value", ""))
        if _SURROGATE.search(text):
            self._refuse(event, r"holds half a character (\ud800-\udfff); write it whole", path)
        return text

    def _note(self, path: Path, message: str, event: yaml.Event) -> None:
        problem = ConfigProblem(key=dotted(path), message=message, line=_line(event))
        self.problems.append(problem)

    def _refuse(self, event: yaml.Event, message: str, path: Path = ()) -> None:
        raise _Refused(ConfigProblem(key=dotted(path), message=message, line=_line(event)))


def _line(event: yaml.Event) -> int:
    return event.start_mark.line + 1 if event.start_mark else 1
