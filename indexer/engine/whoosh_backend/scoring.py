"""How a posting scores: our own BM25, and Whoosh's, which proves that the arrays are exact."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray
from whoosh.util.numeric import byte_to_length, length_to_byte

from indexer.engine import schema

if TYPE_CHECKING:
    from collections.abc import Callable, Mapping

    from indexer.engine.schema import FieldName

Floats = NDArray[np.float64]

K1 = 1.2
B = 0.75
"""Robertson and Zaragoza 2009; tuning them on our test collections is worth .003."""


def saturated(often: NDArray[np.integer], norms: NDArray[np.floating]) -> Floats:
    """Return what a term counts for that stands somewhere so often: less and less each time."""
    counted: Floats = often * (K1 + 1) / (often + norms)
    return counted


@dataclass(frozen=True, slots=True, kw_only=True)
class Scoring:
    """BM25 with what engines differ in.

    `idf` takes document frequencies and the number of documents. `lengths` are those of the
    field in every document as the engine remembers them; `mean` is the mean of the true ones.
    """

    weights: Mapping[FieldName, float]
    gram_weights: Mapping[FieldName, float]
    idf: Callable[[NDArray[np.int64], int], Floats]
    lengths: Callable[[Floats], Floats]
    mean: Callable[[Floats], float]

    def norm(self, lengths: Floats) -> Floats:
        """Return what the frequency of a term is weighed against in each document."""
        norm: Floats = K1 * (1 - B + B * self.lengths(lengths) / (self.mean(lengths) or 1.0))
        return norm


def idf(holding: NDArray[np.int64], documents: int) -> Floats:
    """Return how rare terms are that `holding` of all documents hold; never negative."""
    rare: Floats = np.log1p((documents - holding + 0.5) / (holding + 0.5))
    return rare


def _mean_of_filled(lengths: Floats) -> float:
    filled = lengths[lengths > 0]
    return float(filled.mean()) if len(filled) else 1.0


RECIPE = Scoring(
    weights=schema.FIELD_WEIGHTS,
    gram_weights=schema.GRAM_WEIGHTS,
    idf=idf,
    lengths=lambda lengths: lengths,
    mean=_mean_of_filled,
)

_BYTES = np.array([byte_to_length(byte) for byte in range(256)], np.float64)


def _one_byte(lengths: Floats) -> Floats:
    whole = lengths.astype(np.int64)
    table = np.array([length_to_byte(length) for length in range(int(whole.max(initial=0)) + 1)])
    remembered: Floats = _BYTES[table[whole]]
    return remembered


WHOOSH = Scoring(
    weights=schema.FIELD_WEIGHTS,
    gram_weights=schema.GRAM_WEIGHTS,
    idf=lambda holding, documents: np.log(documents / (holding + 1)) + 1,
    lengths=_one_byte,
    mean=lambda lengths: float(lengths.mean()) if len(lengths) else 1.0,
)
"""`whoosh.scoring.BM25F`, to its lengths of one byte."""
