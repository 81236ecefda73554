"""JSON Lines: a document a line, for programs."""

from __future__ import annotations

from typing import TYPE_CHECKING

import orjson

from search_api.serialize import document_body

if TYPE_CHECKING:
    from collections.abc import Sequence

    from indexer.engine import Document

_LEFT_OUT = {"sections"}
_OF_PERSONS = ("name", "role", "title", "organisation")


def write(documents: Sequence[Document]) -> bytes:
    """Return the facts of each document as JSON, as the API gives them one by one."""
    return b"".join(map(_line, documents))


def _line(document: Document) -> bytes:
    body = {name: value for name, value in document_body(document).items() if name not in _LEFT_OUT}
    body["persons"] = [{name: person[name] for name in _OF_PERSONS} for person in body["persons"]]
    return orjson.dumps(body, option=orjson.OPT_APPEND_NEWLINE)
