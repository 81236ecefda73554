"""How a document lies in an index: the fields it is found, filtered, counted and sorted by.

Terms are made here, in Python, and sent in a form that the cluster only cuts apart: terms of one
position joined by `_TOGETHER`, a position without a term as `_GAP`, a line as a value of its own.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from typing import TYPE_CHECKING, Any

from indexer.analysis.folding import fold
from indexer.engine import schema
from indexer.engine.preference import ABOUT, COPY, Standing
from indexer.engine.query import TERM_CHAINS

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

    from indexer.analysis import Analyzer, Posting
    from indexer.engine.query import FilterName
    from indexer.engine.schema import FieldName
    from indexer.model import Document

_TOGETHER, _GAP = "\ue000", "\ue001"
_LONGEST = 200
"""Characters of a term; what is longer is found by its beginning."""

_GRAM = 4
_APART = 1_000
"""Positions between two lines: no phrase is longer."""

PLACED = ("exact", "lemma", "stem")
"""The chains that phrases are looked for in."""

UNPLACED = ("parts", "gram")

FIRST, LAST = 0, 4_000_000
"""Open ends of a span, as days since 0001-01-01."""

_FREQUENCIES = {
    "type": "text",
    "index_options": "freqs",
    "search_analyzer": "terms",
}
_MATCHING = {
    "type": "text",
    "index_options": "docs",
    "norms": False,
    "search_analyzer": "terms",
}
_ANALYZERS = {"parts": "terms", "gram": "grams"}
_STORED = {"type": "keyword", "index": False, "doc_values": False}
_NUMBER = {"type": "integer"}
_VALUE = {"type": "keyword", "ignore_above": 8_000}


def name(field: FieldName, chain: str) -> str:
    """Return what a chain of a field is called in the index."""
    return f"{field}_{chain}"


def anywhere(chain: str) -> str:
    """Return what the terms of a chain are called whatever field they stand in: they only match.

    A query has a limited number of clauses; where nothing is to be scored, one for a term will do.
    """
    return f"any_{chain}"


def facet(filter_name: FilterName) -> str:
    """Return what the values of a filter are called in the index."""
    return f"of_{filter_name}"


def settings(*, shards: int) -> dict[str, Any]:
    """Return the settings of an index that is being built."""
    return {
        "number_of_shards": shards,
        # Nobody searches it yet: copies and refreshes would only cost.
        "number_of_replicas": 0,
        "refresh_interval": "-1",
        "index.unassigned.node_left.delayed_timeout": "15s",
        "similarity": {
            # Several terms of one position all count for the length of a field.
            "default": {"type": "BM25", "k1": 1.2, "b": 0.75, "discount_overlaps": False}
        },
        "analysis": {
            "tokenizer": {"terms": {"type": "whitespace", "max_token_length": 10_000}},
            "filter": {
                "apart": {
                    "type": "pattern_capture",
                    "preserve_original": False,
                    "patterns": [f"([^{_TOGETHER}]+)"],
                },
                "gap": {"type": "stop", "stopwords": [_GAP]},
                "grams": {"type": "ngram", "min_gram": _GRAM, "max_gram": _GRAM},
            },
            "analyzer": {
                "terms": {"type": "custom", "tokenizer": "terms"},
                "placed": {"type": "custom", "tokenizer": "terms", "filter": ["apart", "gap"]},
                "grams": {"type": "custom", "tokenizer": "terms", "filter": ["grams"]},
            },
        },
    }


def mapping() -> dict[str, Any]:
    """Return the mapping; of what is analysed nothing is stored but the document itself."""
    properties: dict[str, Any] = {
        "document": _STORED,
        "id": {"type": "keyword"},
        "title_key": {"type": "keyword", "index": False},
        "start": _NUMBER,
        "end": _NUMBER,
        "day": _NUMBER,
        "latest": _NUMBER,
        "standing": {"type": "float"},
        "same": {"type": "keyword"},
        "copy": {"type": "boolean"},
    }
    properties |= {facet(filter_name): _VALUE for filter_name in schema.FILTER_VALUES}
    for field in schema.FIELDS:
        for chain in PLACED:
            properties[name(field, chain)] = {
                "type": "text",
                "analyzer": "placed",
                "search_analyzer": "terms",
                "position_increment_gap": _APART,
            }
        for chain in UNPLACED:
            properties[name(field, chain)] = _FREQUENCIES | {"analyzer": _ANALYZERS[chain]}
        for chain in TERM_CHAINS:
            properties[name(field, chain)]["copy_to"] = anywhere(chain)
    for chain in TERM_CHAINS:
        properties[anywhere(chain)] = _MATCHING | {"analyzer": _ANALYZERS.get(chain, "placed")}
    return {"dynamic": "strict", "_source": {"includes": ["document"]}, "properties": properties}


def body(document: Document, analyzer: Analyzer, *, is_copy: bool) -> dict[str, Any]:
    """Return a document as the index takes it."""
    first, last = schema.span(document)
    dated = first is not None or last is not None
    standing = Standing.of(document)
    found: dict[str, Any] = {
        "document": schema.dump(document).decode(),
        "id": document.id,
        "title_key": schema.title_key(document.title)[:_LONGEST],
        "start": (first.toordinal() if first else FIRST) if dated else None,
        "end": (last.toordinal() if last else LAST) if dated else None,
        "day": _ordinal(schema.day(document)),
        "latest": _ordinal(standing.latest),
        "standing": ABOUT[document.kind] * (COPY if is_copy else 1.0),
        "same": same_key(standing),
        "copy": True if is_copy else None,
    }
    for filter_name, read in schema.FILTER_VALUES.items():
        found[facet(filter_name)] = list(dict.fromkeys(read(document)))
    for field, text in schema.FIELDS.items():
        found |= _terms(field, text(document), document.language, analyzer)
    return {key: value for key, value in found.items() if value not in (None, [], "")}


def same_key(standing: Standing) -> str | None:
    """Return what documents have in common that are copies of each other."""
    if not standing.same:
        return None
    return hashlib.blake2b("\n".join(standing.same).encode(), digest_size=12).hexdigest()


def term(text: str) -> str:
    """Return a term as the index holds it."""
    cut = text[:_LONGEST]
    if cut.isalnum():
        return cut
    return "".join(
        "_" if character in {_TOGETHER, _GAP} or character.isspace() else character
        for character in cut
    )


def gram(text: str) -> str:
    """Return a gram as the index holds it: those of one letter are made as long as others."""
    return text.ljust(_GRAM, "_")


def _terms(
    field: FieldName, text: str, language: str, analyzer: Analyzer
) -> Iterator[tuple[str, object]]:
    lines: defaultdict[str, list[str]] = defaultdict(list)
    for line in text.split("\n"):
        terms = analyzer.terms(line, language=language)
        for chain in PLACED:
            if placed := _placed(getattr(terms, chain)):
                lines[chain].append(placed)
        if terms.parts:
            lines["parts"].append(" ".join(term(posting.term) for posting in terms.parts))
        if padded := _padded(line, language, analyzer):
            lines["gram"].append(padded)
    for chain in PLACED:
        yield name(field, chain), lines[chain]
    for chain in UNPLACED:
        yield name(field, chain), " ".join(lines[chain])


def _placed(postings: Sequence[Posting]) -> str:
    if not postings:
        return ""
    held: dict[int, list[str]] = {}
    for posting in postings:
        held.setdefault(posting.position, []).append(term(posting.term))
    last = max(held)
    return " ".join(_TOGETHER.join(held[at]) if at in held else _GAP for at in range(last + 1))


def _padded(line: str, language: str, analyzer: Analyzer) -> str:
    """Return the words of a line that have grams, as the cluster can cut these from them."""
    return " ".join(
        gram(f"_{fold(term(segment.exact))}_")
        for surface in analyzer.surfaces(line)
        for segment in analyzer.analysed(surface, language=language).segments
        if segment.lemma
    )


def grams_of(values: Iterable[str]) -> set[str]:
    """Return the grams that the cluster cuts from padded words."""
    return {
        word[at : at + _GRAM]
        for words in values
        for word in words.split(" ")
        for at in range(len(word) - _GRAM + 1)
    }


def _ordinal(day: Any) -> int | None:
    return day.toordinal() if day else None
