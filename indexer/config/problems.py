"""What is wrong with the file, in words of its reader: key, line, and what to write instead."""

from __future__ import annotations

import difflib
from typing import TYPE_CHECKING, Any

from indexer.config.agreement import Conflicts
from indexer.config.expected import EXPECTED
from indexer.config.reference import keys, names_at, types_with
from indexer.config.source_blocks import SOURCE_BLOCKS, SOURCE_TYPE, type_of
from indexer.config.values import MODE, URLS
from indexer.config.yaml_tree import EnvironmentText, shown

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from pydantic_core import ErrorDetails

    from indexer.config.yaml_tree import Path, YamlTree
    from indexer.errors import ConfigProblem

_ENOUGH = 3
"""So many letters say which key they are a part of."""

_IN_A_SOURCE = 3
"""The length of a path such as sources[0].url."""

_BLOCK = "must be a block: `key: value` lines, indented below it"

_WORDS: Mapping[str, str] = {
    "missing": "is required",
    "list_type": "must be a list: [one, another], or lines that begin with a dash",
    "too_short": "must name at least one",
    "dict_type": _BLOCK,
    "model_type": _BLOCK,
    "model_attributes_type": _BLOCK,
}


def explain(errors: Iterable[ErrorDetails], tree: YamlTree) -> Iterator[tuple[Path, ConfigProblem]]:
    """Yield pydantic's errors as problems of the file, each with its path."""
    for error in errors:
        steps, value = error["loc"], error["input"]
        if isinstance(value, EnvironmentText) and not value:
            continue  # that the variable is not there has been said
        path = tuple(step for place, step in enumerate(steps) if not _is_branch(steps, place))
        conflicts = error.get("ctx", {}).get("error")
        if error["type"] == SOURCE_TYPE:
            yield from _no_source(value, path, tree)
        elif isinstance(conflicts, Conflicts):
            for inner, message in conflicts.found:
                yield (*path, *inner), tree.problem((*path, *inner), message)
        else:
            yield path, tree.problem(path, _message(error, path, tree))


def _is_branch(steps: Path, place: int) -> bool:
    """Tell whether a step in the path of an error is one that the file does not have."""
    step, before = steps[place], steps[:place]
    if step == "[key]":
        return True
    of_sitemaps = step in {MODE, URLS} and before[-1:] == ("sitemaps",)
    return of_sitemaps or (step in SOURCE_BLOCKS and len(before) == 2 and before[0] == "sources")  # noqa: PLR2004 - sources[0]


def _no_source(value: Any, path: Path, tree: YamlTree) -> Iterator[tuple[Path, ConfigProblem]]:
    """Yield what is wrong with an entry of `sources` that is of no type."""
    if not isinstance(value, dict):
        yield path, tree.problem(path, _BLOCK)
        return
    here, said = (*path, "type"), value.get("type")
    if isinstance(said, EnvironmentText) and not said:
        return  # that the variable is not there has been said
    known = f"one of {', '.join(SOURCE_BLOCKS)}"
    message = f"must be {known}, not {_written(said, here, tree)}{_near(said, known)}"
    yield here, tree.problem(here, _WORDS["missing"] if said is None else message)


def _message(error: ErrorDetails, path: Path, tree: YamlTree) -> str:
    kind, context = error["type"], error.get("ctx", {})
    if kind == "extra_forbidden":
        return _unknown_key(path, tree.data)
    if kind == EXPECTED:
        is_key = error["loc"][-1] == "[key]"
        found = _near(error["input"], str(context["words"])) if is_key else ""
        advice = found or context["advice"]
        return f"must be {context['words']}, not {_written(error['input'], path, tree)}{advice}"
    if kind == "value_error":
        return _without_secrets(str(context["error"]), error["input"])
    message = _WORDS.get(kind, error["msg"])
    if kind == "list_type" and path in tree.written:
        return f"must be a list: [{tree.written[path]}]"
    return message


def _written(value: Any, path: Path, tree: YamlTree) -> str:
    if isinstance(value, dict):
        return "a block"
    if isinstance(value, list):
        return "a list"
    if path and value == path[-1]:
        return shown(str(value))
    return tree.written.get(path) or "nothing"


def _without_secrets(message: str, value: Any) -> str:
    """Return the message without the value, when that came from the environment."""
    if isinstance(value, EnvironmentText) and value:
        return message.replace(value, "the value of the variable")
    return message


def _near(word: Any, known: str) -> str:
    names = known.removeprefix("one of ").split(", ")
    near = difflib.get_close_matches(str(word), names, n=1)
    return f"; did you mean `{near[0]}`?" if near else ""


def _unknown_key(path: Path, data: Any) -> str:
    name, here = str(path[-1]), names_at(path[:-1], data)
    if name.isdecimal():
        return "there is no such key; if 1,5 is meant as a number, write 1.5"
    if len(path) == _IN_A_SOURCE and path[0] == "sources" and (owners := types_with(name)):
        kind = type_of(data["sources"][path[1]])
        return f"there is no such key in a source of type {kind}; it belongs to {_or(owners)}"
    parts = [key for key in here if len(name) >= _ENOUGH and _is_part(name, key)]
    if near := parts or difflib.get_close_matches(name, here, n=1, cutoff=0.8):
        return f"there is no such key; did you mean `{near[0]}`?"
    elsewhere = sorted({key.block or "the top of the file" for key in keys() if key.name == name})
    if elsewhere:
        return f"there is no such key here; it belongs in {' or '.join(elsewhere)}"
    if near := difflib.get_close_matches(name, here, n=1, cutoff=0.6):
        return f"there is no such key; did you mean `{near[0]}`?"
    return f"there is no such key; there are: {', '.join(here)}"


def _is_part(name: str, key: str) -> bool:
    return key.startswith(name) or key.endswith(f"_{name}")


def _or(names: tuple[str, ...]) -> str:
    *first, last = names
    return f"{', '.join(first)} or {last}" if first else last
