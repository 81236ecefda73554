"""What each test of the hostile site is about, in words; README.md is the table of them.

A case is said where it is tested, with `@case`. `python -m tests.hostile.cases` writes the table.
"""

from __future__ import annotations

import importlib
import inspect
import itertools
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from types import FunctionType, ModuleType
from typing import Any, TypeVar

import pytest

Test = TypeVar("Test", bound=Callable[..., None])

README = Path(__file__).with_name("README.md")
_GROUPS = (
    "robots",
    "politeness",
    "urls",
    "scope",
    "redirects",
    "guard",
    "protocol",
    "pages",
    "sitemaps",
    "lifecycle",
    "traps",
    "resume",
    "bombs",
)
_INTRODUCTION = """\
# The hostile site

A web that is malicious, or merely broken, on loopback: every case below is a site that does the one
thing and a crawl that has to do the other. Every request is logged. Whatever the case, each must be
a GET with our User-Agent and without cookies, credentials or a referrer; no error may be one of
ours; and the crawl must end by itself.

The table is made from the tests (`python -m tests.hostile.cases`), and a test holds it in step. A
case that the crawler does not meet is marked `not_yet` beside its test, with what is missing; it
fails as soon as it is met, so that the mark goes.

`./scripts/test` runs it but for what is slow, most of what kills processes, and the last group,
which measures memory; `./scripts/test --all` runs these too.
"""


@dataclass(frozen=True)
class Case:
    """One row: what the site does, and what must happen."""

    name: str
    does: str
    must: str


def case(does: str, must: str) -> Callable[[Test], Test]:
    """Say what the site of a test does and what must happen.

    Names in braces are filled in with the parameters of the test, one case for each.
    """

    def said(test: Test) -> Test:
        vars(test)["case"] = (does, must)
        return test

    return said


def not_yet(reason: str) -> pytest.MarkDecorator:
    """Mark a case that the crawler does not meet, with what is missing."""
    return pytest.mark.xfail(strict=True, reason=reason)


def groups() -> Iterator[tuple[str, ModuleType]]:
    """Yield each group of cases and the module that tests it."""
    for group in _GROUPS:
        yield group, importlib.import_module(f"tests.hostile.test_{group}")


def tests(module: ModuleType) -> list[FunctionType]:
    """Return the tests of a module in the order in which they stand."""
    found = inspect.getmembers(module, inspect.isfunction)
    own = [one for name, one in found if name.startswith("test_")]
    return sorted(own, key=lambda one: one.__code__.co_firstlineno)


def cases(test: FunctionType) -> Iterator[Case]:
    """Yield the cases of a test; none, if it does not say what it is about."""
    said = vars(test).get("case")
    if said is None:
        return
    name = test.__name__.removeprefix("test_").replace("_", " ")
    for values in _parameters(test):
        which = ", ".join(str(getattr(value, "name", value)) for value in values.values())
        yield Case(
            f"{name} ({which})" if which else name,
            said[0].format_map(values),
            said[1].format_map(values),
        )


def _parameters(test: FunctionType) -> Iterator[Mapping[str, Any]]:
    marks = [mark for mark in vars(test).get("pytestmark", []) if mark.name == "parametrize"]
    for chosen in itertools.product(*(_values(*mark.args[:2]) for mark in reversed(marks))):
        yield {name: value for some in chosen for name, value in some.items()}


def _values(names: str | tuple[str, ...], rows: Any) -> list[dict[str, Any]]:
    plain = [row.values if isinstance(row, pytest.ParameterSet) else row for row in rows]
    if isinstance(names, str):
        return [{names: row[0] if isinstance(row, tuple) else row} for row in plain]
    return [dict(zip(names, row, strict=True)) for row in plain]


def table() -> str:
    """Return the whole of README.md."""
    lines = [_INTRODUCTION]
    for group, module in groups():
        lines += [f"## {group}", "", (module.__doc__ or "").split("\n\n")[0].strip(), ""]
        lines += ["| case | what the site does | what must happen |", "| --- | --- | --- |"]
        for row in itertools.chain.from_iterable(map(cases, tests(module))):
            cells = (row.name, row.does, row.must)
            lines.append("| " + " | ".join(cell.replace("|", "\\|") for cell in cells) + " |")
        lines.append("")
    return "\n".join(lines)


if __name__ == "__main__":
    README.write_text(table(), encoding="utf-8")
