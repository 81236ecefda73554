from array import array
from collections.abc import Sequence
from typing import Any, Self

from numpy.typing import NDArray

MODEL_FILE: str

class LanguageIdentifier:
    nb_ptc: NDArray[Any]
    nb_pc: NDArray[Any]
    nb_classes: list[str]
    tk_nextmove: array[int]
    tk_output: list[int]
    tk_row: array[int]
    def __init__(
        self,
        nb_ptc: NDArray[Any],
        nb_pc: NDArray[Any],
        nb_classes: list[str],
        tk_nextmove: array[int],
        tk_output: list[int],
        *,
        tk_row: array[int],
    ) -> None: ...
    @classmethod
    def from_model_file(cls, model_file: str, *, norm_probs: bool = ...) -> Self: ...
    def set_languages(self, langs: Sequence[str] | None = ...) -> None: ...
    def classify(self, text: str) -> tuple[str, float]: ...
