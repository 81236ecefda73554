"""The Whoosh schema: the words of every searched field, and the documents."""

from __future__ import annotations

from typing import TYPE_CHECKING

from whoosh.columns import VarBytesColumn
from whoosh.fields import ID, FieldType, Schema
from whoosh.formats import Existence

from indexer.engine.whoosh_backend.forward import FIELDS, WordChain

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping

    from indexer.engine.schema import FieldName

CHAIN: WordChain = "exact"
"""The chain that Whoosh holds; the arrays derive all of them from the words of the documents."""


class TermsField(FieldType):
    """A field that is given terms and their frequencies, for our own analysis has already run."""

    def __init__(self) -> None:
        self.format = Existence()
        self.scorable = True
        self.stored = False
        self.unique = False
        self.analyzer = None

    def index(
        self, value: Mapping[str, int], **_: object
    ) -> Iterator[tuple[bytes, int, float, bytes]]:
        """Yield each term with its frequency, which Whoosh keeps as the weight."""
        for term, often in value.items():
            yield term.encode(), often, float(often), b""


class DocumentField(FieldType):
    """The document as it is stored, in a column: not compressed, and read from its file."""

    def __init__(self) -> None:
        self.format = Existence()
        self.indexed = False
        self.stored = False
        self.unique = False
        self.analyzer = None
        self.column_type = VarBytesColumn()

    def to_column_value(self, value: bytes) -> bytes:
        """Return what the column keeps of a value: all of it."""
        return value


def field_name(field: FieldName) -> str:
    """Return what Whoosh calls a searched field."""
    return f"{field}_{CHAIN}"


def whoosh_schema() -> Schema:
    """Return the schema of a new generation."""
    return Schema(
        id=ID(stored=True, unique=True),
        document=DocumentField(),
        **{field_name(field): TermsField() for field in FIELDS},
    )
