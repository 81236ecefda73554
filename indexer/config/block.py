"""What every block of the file is: no key but those named, no value but of its own type."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, TypeVar

from pydantic import BaseModel, ConfigDict, model_validator

from indexer.config import agreement

if TYPE_CHECKING:
    from collections.abc import Iterable

BlockT = TypeVar("BlockT", bound="Block")


class Block(BaseModel):
    """A block of the file."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    @model_validator(mode="before")
    @classmethod
    def _nothing_is_the_default(cls, data: Any) -> Any:
        """Take a key without a value, or with null, as if it did not stand there."""
        if not isinstance(data, dict):
            return data
        known = cls.model_fields
        return {key: value for key, value in data.items() if value is not None or key not in known}


def agreed(block: BlockT, found: Iterable[agreement.Conflict]) -> BlockT:
    """Return the block, or raise what its entries contradict each other in."""
    conflicts = agreement.Conflicts(found)
    if conflicts.found:
        raise conflicts
    return block
