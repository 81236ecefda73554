"""Saying what a value must be in the operator's words instead of the validator's."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Final

from pydantic import ValidationError
from pydantic_core import PydanticCustomError, core_schema

from indexer.config.yaml_tree import EnvironmentText, resolve

if TYPE_CHECKING:
    from pydantic import GetCoreSchemaHandler

EXPECTED: Final = "expected"
"""The type of an error whose context holds `words`, and `advice` or an empty text."""


@dataclass(frozen=True, slots=True)
class Expected:
    """Marks a type with what its values are, as the end of the sentence "must be …"."""

    words: str

    def __get_pydantic_core_schema__(
        self, source: Any, handler: GetCoreSchemaHandler
    ) -> core_schema.CoreSchema:
        """Wrap the schema of the type so that any refusal is told in `words`."""
        return core_schema.no_info_wrap_validator_function(self._validate, handler(source))

    def _validate(self, value: Any, inner: core_schema.ValidatorFunctionWrapHandler) -> Any:
        try:
            return inner(value)
        except ValidationError as error:
            reason = error.errors()[0]["type"]
        if isinstance(value, EnvironmentText):
            # The environment holds text only; "8080" there is as good as 8080 in the file.
            try:
                return inner(resolve(value))
            except ValidationError:
                pass
        advice = ""
        if isinstance(value, (bool, int, float)) and reason == "string_type":
            advice = "; put it in quotes"
        context = {"words": self.words, "advice": advice}
        raise PydanticCustomError(EXPECTED, "must be {words}", context)
