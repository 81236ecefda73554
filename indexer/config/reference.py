"""Every key that the file may hold, read off the model: for messages and for the documentation."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache
from types import NoneType
from typing import TYPE_CHECKING, Annotated, Any, get_args, get_origin

from pydantic import BaseModel
from pydantic_core import PydanticUndefined

from indexer.config.expected import Expected
from indexer.config.file_model import ConfigFile, HttpBlock, WebsiteBlock

if TYPE_CHECKING:
    from collections.abc import Iterator

    from pydantic.fields import FieldInfo

    from indexer.config.yaml_tree import Path


@dataclass(frozen=True, slots=True, kw_only=True)
class Key:
    """A key of the file. `path` is as in messages, with ``[]`` for any item of a list.

    `expects` ends the sentence "must be …"; `default` is as it would be written, or "" when the
    key is required or what holds without it is told in `meaning`.
    """

    path: str
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
    """Return every key, blocks before what stands in them."""
    return tuple(_keys_of(ConfigFile, ""))


def names_at(path: Path) -> tuple[str, ...]:
    """Return the keys that the block at `path` may hold."""
    model: type[BaseModel] = ConfigFile
    for step in path:
        if isinstance(step, str) and step in model.model_fields:
            model = _block_in(model.model_fields[step].annotation) or model
    return tuple(model.model_fields)


def _keys_of(model: type[BaseModel], prefix: str) -> Iterator[Key]:
    # A block's own keys come before those that it shares with another.
    fields = model.model_fields
    for name in sorted(fields, key=lambda name: model is WebsiteBlock and _is_shared(name)):
        field = fields[name]
        block = _block_in(field.annotation)
        many = get_origin(field.annotation) is list
        path = f"{prefix}{name}"
        yield Key(
            path=path,
            expects=_expects(field.annotation, field),
            default=_default(field, shared=model is WebsiteBlock and _is_shared(name)),
            required=field.is_required(),
            meaning=field.description or "",
        )
        if block is not None:
            yield from _keys_of(block, f"{path}[]." if many else f"{path}.")


def _is_shared(name: str) -> bool:
    return name in HttpBlock.model_fields


def _default(field: FieldInfo, *, shared: bool) -> str:
    value = field.default
    if shared:
        return "as in `http`"
    if value is PydanticUndefined or isinstance(value, (BaseModel, list, dict)) or value is None:
        return ""
    if isinstance(value, str):
        return f"`{value}`" if value else '`""`'
    return f"`{value:g}`" if isinstance(value, float) else f"`{value}`"


def _block_in(annotation: Any) -> type[BaseModel] | None:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return annotation
    if get_origin(annotation) is list:
        return _block_in(get_args(annotation)[0])
    return None


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
