"""What makes one document a better answer than another: the weights, and the query tree.

The score of a document is the sum over fields, chains and words of BM25 (k1 1.2, b .75; each
chain of each field with its own length norm) times the weights below.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from indexer.analysis import Alternative, Analyzer, Clause
from indexer.engine.query import (
    AllOf,
    AnyOf,
    Everything,
    FieldName,
    Node,
    Phrase,
    Preferring,
    Term,
    Without,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    from indexer.engine.query_parser import ParsedQuery

WEIGHTS: Mapping[FieldName, float] = {
    "title": 2.0,
    "headings": 1.0,
    "text": 1.0,
    "names": 1.5,
    "vocabulary": 1.0,
}
"""How much a word counts in each field."""

PHRASE_WEIGHT = 2.0
"""A quoted phrase against the same words unquoted."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation:
    """What a query was taken to mean.

    `strict` wants every word; `loose` wants any of them, and puts first what `strict` matches.
    Both want every quoted phrase and leave out what was excluded. `clauses` are the words, for
    snippets; `expanded` names what else is searched, for the reader.
    """

    strict: Node
    loose: Node
    clauses: tuple[Clause, ...]
    phrases: tuple[tuple[str, ...], ...]
    expanded: tuple[str, ...]


def interpret(parsed: ParsedQuery, analyzer: Analyzer, *, expand: bool = True) -> Interpretation:
    """Turn a parsed query into trees, with the analysis of the generation to be searched."""
    clauses = [clause for run in parsed.runs for clause in analyzer.query(run, expand=expand)]
    # A stop word neither finds nor ranks anything, unless there is nothing else.
    content = [
        clause
        for clause in clauses
        if clause.instead or not all(word.stop for word in clause.words)
    ]
    if not content and not parsed.phrases:
        content = clauses
    phrases = [terms for text in parsed.phrases if (terms := analyzer.phrase(text))]
    unwanted = tuple(_phrase(terms) for text in parsed.excluded if (terms := analyzer.phrase(text)))
    quoted = tuple(map(_phrase, phrases))
    words = tuple(map(_clause, content))
    strict: Node = AllOf((*words, *quoted)) if words or quoted else Everything()
    loose = strict
    if len(words) > 1:
        some: Node = AnyOf(words) if not quoted else AllOf((AnyOf(words), *quoted))
        loose = Preferring(wanted=some, first=strict)
    if unwanted:
        strict = Without(wanted=strict, unwanted=AnyOf(unwanted))
        loose = Without(wanted=loose, unwanted=AnyOf(unwanted))
    return Interpretation(
        strict=strict,
        loose=loose,
        clauses=tuple(content),
        phrases=tuple(phrases),
        expanded=_expanded(content),
    )


def _clause(clause: Clause) -> Node:
    words = [
        _any(word.alternatives) for word in clause.words if not word.stop or not clause.instead
    ]
    itself = words[0] if len(words) == 1 else AllOf(tuple(words))
    if not clause.instead:
        return itself
    return AnyOf((itself, _any(clause.instead)))


def _any(alternatives: Iterable[Alternative]) -> Node:
    return AnyOf(
        tuple(
            _within(alternative, field, alternative.weight * weight)
            for alternative in alternatives
            for field, weight in WEIGHTS.items()
        )
    )


def _within(alternative: Alternative, field: FieldName, weight: float) -> Node:
    terms, chain = alternative.terms, alternative.chain
    if len(terms) == 1:
        return Term(field=field, chain=chain, text=terms[0], weight=weight)
    if alternative.phrase:
        return Phrase(field=field, chain=chain, terms=terms, weight=weight)
    return AllOf(tuple(Term(field=field, chain=chain, text=text, weight=weight) for text in terms))


def _phrase(terms: tuple[str, ...]) -> Node:
    alternative = Alternative(
        chain="exact", terms=terms, weight=PHRASE_WEIGHT, phrase=len(terms) > 1
    )
    return _any((alternative,))


def _expanded(clauses: Iterable[Clause]) -> tuple[str, ...]:
    shown = (
        alternative.shown
        for clause in clauses
        for alternatives in (*(word.alternatives for word in clause.words), clause.instead)
        for alternative in alternatives
    )
    return tuple(dict.fromkeys(text for text in shown if text))
