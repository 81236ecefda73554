"""The Whoosh schema: a field for every chain of every searched field."""

from __future__ import annotations

from collections import defaultdict
from typing import TYPE_CHECKING

from whoosh.fields import ID, STORED, FieldType, Schema
from whoosh.formats import Existence, Positions

from indexer.analysis import CHAINS, Chain, Posting
from indexer.engine import schema

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

    from indexer.engine.query import FieldName

PHRASE_CHAINS: frozenset[Chain] = frozenset({"exact", "lemma"})
"""Positions cost half of the index; only these chains are ever asked for phrases."""


class TermsField(FieldType):
    """A field that is given terms and positions, for our own analysis has already run."""

    def __init__(self, *, phrases: bool) -> None:
        self.format = Positions() if phrases else Existence()
        self.scorable = True
        self.stored = False
        self.unique = False
        self.analyzer = None

    def index(
        self, value: Sequence[Posting], **_: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield each term with its frequency, weight and encoded positions."""
        places: dict[str, list[int]] = defaultdict(list)
        for term, position in value:
            places[term].append(position)
        encode = self.format.encode
        for term, where in places.items():
            # The frequency travels as the weight, which Whoosh keeps whatever the format.
            yield term.encode(), len(where), float(len(where)), encode(where)


def field_name(field: FieldName, chain: Chain) -> str:
    """Return what Whoosh calls a chain of a field."""
    return f"{field}_{chain}"


def whoosh_schema() -> Schema:
    """Return the schema of a new generation."""
    return Schema(
        id=ID(stored=True, unique=True),
        document=STORED,
        **{
            field_name(field, chain): TermsField(phrases=chain in PHRASE_CHAINS)
            for field in schema.FIELDS
            for chain in CHAINS
        },
    )
