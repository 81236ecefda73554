"""Every key that the file may hold, read off the model: for messages and for the documentation."""

from __future__ import annotations

import inspect
from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from indexer.config.expected import Expected
from indexer.config.file_model import ConfigFile
from indexer.config.source_blocks import (
    SOURCE_BLOCKS,
    HttpBlock,
    HttpExceptionBlock,
    RequestBlock,
    SourceBlock,
    type_of,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from indexer.config.yaml_tree import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of the file. `path` is as in messages, with ``[]`` for any item of a list.

    `types` are the types of source that have the key, if it stands in a source itself.
    `expects` ends the sentence "must be …"; `default` is as it would be written, or "" when the
    key is required or what holds without it is told in `meaning`.
    """

    path: str
    types: tuple[str, ...] = ()
    expects: str
    default: str
    required: bool
    meaning: str

    @property
    def name(self) -> str:
        """The key itself, without the blocks around it."""
        return self.path.rpartition(".")[2].removesuffix("[]")

    @property
    def block(self) -> str:
        """The block that the key stands in, or "" at the top."""
        return self.path.rpartition(".")[0]


@cache
def keys() -> tuple[Key, ...]:
    """Return every key, blocks before what stands in them.

    A key of sources stands here once for each meaning that it has: `url` is one thing to a feed
    and another to a repository.
    """
    return tuple(_keys_of(ConfigFile, ""))


def names_at(path: Path, data: Any) -> tuple[str, ...]:
    """Return the keys that the block at `path` of the file may hold; `data` is the whole file."""
    model: type[BaseModel] = ConfigFile
    for step in path:
        data = _inside(data, step)
        if isinstance(step, str) and step in model.model_fields:
            model = _block_in(model.model_fields[step].annotation) or model
        elif model is SourceBlock and (kind := type_of(data)):
            model = SOURCE_BLOCKS[kind]
    return tuple(_own_before_shared(model))


def types_with(name: str) -> tuple[str, ...]:
    """Return the types of source that have the key `name`."""
    return tuple(kind for kind, model in SOURCE_BLOCKS.items() if name in model.model_fields)


def _inside(data: Any, step: str | int) -> Any:
    try:
        return data[step]
    except (LookupError, TypeError):
        return None


def _keys_of(model: type[BaseModel], prefix: str) -> Iterator[Key]:
    for name in _own_before_shared(model):
        field = model.model_fields[name]
        yield from _keys_from(field, f"{prefix}{name}", shared=_shared_with(model, name))


def _own_before_shared(model: type[BaseModel]) -> list[str]:
    return sorted(model.model_fields, key=lambda name: bool(_shared_with(model, name)))


def _keys_from(
    field: FieldInfo, path: str, *, shared: str = "", types: tuple[str, ...] = ()
) -> Iterator[Key]:
    yield Key(
        path=path,
        types=types,
        expects=_expects(field.annotation, field),
        default=f"as in {shared}" if shared else _default(field),
        required=field.is_required(),
        meaning=field.description or "",
    )
    block = _block_in(field.annotation)
    if block is SourceBlock:
        yield from _keys_of_sources(f"{path}[].")
    elif block is not None:
        many = get_origin(field.annotation) is list
        yield from _keys_of(block, f"{path}[]." if many else f"{path}.")


def _keys_of_sources(prefix: str) -> Iterator[Key]:
    """Yield the keys of all types of source, then those of several, then those of one."""
    found: dict[tuple[type[BaseModel], str], tuple[str, ...]] = {}
    for kind, model in SOURCE_BLOCKS.items():
        for name in model.model_fields:
            place = (_declares(model, name), name)
            found[place] = (*found.get(place, ()), kind)
    for owner, name in sorted(found, key=lambda place: (-len(found[place]), _is_http(place[1]))):
        yield from _keys_from(
            owner.model_fields[name],
            f"{prefix}{name}",
            shared=_shared_with(SourceBlock, name),
            types=found[owner, name],
        )


def _is_http(name: str) -> bool:
    return name in HttpBlock.model_fields


def _declares(model: type[BaseModel], name: str) -> type[BaseModel]:
    """Return the class that the key was declared in: `model` or what it inherits from."""
    return next(base for base in model.__mro__ if name in inspect.get_annotations(base))


def _shared_with(model: type[BaseModel], name: str) -> str:
    """Return where a key that goes before another has its default from."""
    if issubclass(model, HttpExceptionBlock):
        return "the source" if name in RequestBlock.model_fields else ""
    if issubclass(model, SourceBlock):
        return "`http`" if _is_http(name) else ""
    return ""


def _default(field: FieldInfo) -> str:
    value = field.default
    if value is PydanticUndefined or isinstance(value, (BaseModel, list, dict)) or value is None:
        return ""
    if isinstance(value, bool):
        return "`true`" if value else "`false`"
    if isinstance(value, str):
        return f"`{value}`" if value else '`""`'
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _block_in(annotation: Any) -> type[BaseModel] | None:
    """Return the class of the block that a value is, or that the items of a list are.

    The types of source have one class in common, which is the answer for all of them.
    """
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return SourceBlock if issubclass(annotation, SourceBlock) else annotation
    inner = get_args(annotation)
    return _block_in(inner[0]) if inner and get_origin(annotation) is not dict else None


def _expects(annotation: Any, field: FieldInfo | None = None) -> str:
    """Return what a value is, as the end of the sentence "must be …"."""
    marks = field.metadata if field else getattr(annotation, "__metadata__", ())
    if words := next((mark.words for mark in marks if isinstance(mark, Expected)), None):
        return str(words)
    if get_origin(annotation) is Annotated:
        return _expects(get_args(annotation)[0])
    inner = [_expects(part) for part in get_args(annotation) if part is not NoneType]
    if get_origin(annotation) is dict:
        return f"a block of `name: value`; each name {inner[0]}; each value {inner[1]}"
    if get_origin(annotation) is list:
        return "a list of blocks" if _block_in(annotation) else f"a list; each item {inner[0]}"
    return inner[0] if inner else "a block of keys"
