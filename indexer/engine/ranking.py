"""What makes one document a better answer than another: the weights, and the query tree.

The score of a document is the sum over chains and words of BM25 (k1 1.2, b .75; in each field
with its own length norm, times `schema.FIELD_WEIGHTS`) times the weights below, times the mild
preference of `schema.preference`. docs/RELEVANCE.md says what each weight is worth.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, replace
from itertools import pairwise
from typing import TYPE_CHECKING

from indexer.analysis import Alternative, Analyzer, Chain, Clause, QueryWord
from indexer.engine.query import (
    AllOf,
    AnyOf,
    AtLeast,
    Everything,
    Node,
    Phrase,
    PhraseChain,
    Term,
    TermChain,
    Without,
)

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from indexer.engine.query_parser import ParsedQuery, Wanted

PHRASE_WEIGHT = 2.0
"""A quoted phrase against the same words unquoted."""

GRAM_WEIGHT = 1.0
"""Each gram of a word against the word itself."""

STOP_WORD_WEIGHT = 1.0
"""A stop word of the query where a document has it, too; it finds nothing."""

PAIR_WEIGHT = 0.25
"""Two words of the query next to each other against each of them: half of their mean idf."""

LIKE = 0.5
"""The share of a word's grams that make a document like it, where nothing holds the word."""

_FEWEST_GRAMS = 2

_AS_TERM: Mapping[Chain, TermChain] = {
    "exact": "exact",
    "stem": "stem",
    "parts": "parts",
    "gram": "gram",
}
_AS_PHRASE: Mapping[Chain, PhraseChain] = {"exact": "exact", "lemma": "lemma", "stem": "stem"}


@dataclass(frozen=True, slots=True, kw_only=True)
class Interpretation:
    """What a query was taken to mean.

    `strict` wants every word, `loose` any of them, and `like` any word that is written nearly as
    one of them; all want every quoted phrase and leave out what was excluded. `loose` and
    `like` are None where they would find nothing else. `clauses` are the words, for snippets;
    `expanded` names what else is searched, for the reader.
    """

    strict: Node
    loose: Node | None
    like: Node | None
    boosts: tuple[Term, ...]
    pairs: tuple[Phrase, ...]
    clauses: tuple[Clause, ...]
    phrases: tuple[tuple[str, ...], ...]
    expanded: tuple[str, ...]


def interpret(parsed: ParsedQuery, analyzer: Analyzer, *, expand: bool = True) -> Interpretation:
    """Turn a parsed query into trees, with the analysis of the generation to be searched."""
    choices = [
        [_Part.of(wanted, analyzer, expand=expand) for wanted in choice] for choice in parsed.wanted
    ]
    if not any(part.says_something for choice in choices for part in choice):
        # A stop word neither finds nor ranks anything, unless there is nothing else.
        choices = [[part.with_stop_words() for part in choice] for choice in choices]
    parts = [part for choice in choices for part in choice]
    unwanted = tuple(_phrase(terms) for text in parsed.excluded if (terms := analyzer.phrase(text)))
    words: list[Node] = []
    quoted: list[Node] = []
    for choice in choices:
        nodes = [node for part in choice if (node := part.node()) is not None]
        if len(choice) == 1 and choice[0].phrase:
            quoted += nodes
        elif len(choice) == 1:
            words += choice[0].nodes()
        elif nodes:
            words.append(AnyOf(tuple(nodes)))
    clauses = [clause for part in parts for clause in part.clauses]
    every = (*words, *quoted)
    like = _like(clauses) if expand and not quoted else None

    def without(tree: Node) -> Node:
        return Without(wanted=tree, unwanted=AnyOf(unwanted)) if unwanted else tree

    return Interpretation(
        strict=without(AllOf(every) if every else Everything()),
        loose=without(_loose(words, quoted)) if len(words) > 1 else None,
        like=without(like) if like else None,
        boosts=(*_grams(clauses), *_stop_words(part.every for part in parts)),
        pairs=tuple(pair for part in parts for pair in _pairs(part.clauses)),
        clauses=tuple(clauses),
        phrases=tuple(part.phrase for part in parts if part.phrase),
        expanded=_expanded(clauses),
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class _Part:
    """A run of words, as clauses, or a phrase, as its terms.

    `every` are all clauses, also those of stop words only, which `clauses` leaves out.
    """

    clauses: tuple[Clause, ...] = ()
    every: tuple[Clause, ...] = ()
    phrase: tuple[str, ...] = ()

    @classmethod
    def of(cls, wanted: Wanted, analyzer: Analyzer, *, expand: bool) -> _Part:
        if wanted.kind == "phrase":
            return cls(phrase=analyzer.phrase(wanted.text))
        every = analyzer.query(wanted.text, expand=expand)
        content = tuple(
            clause
            for clause in every
            if clause.instead or not all(word.stop for word in clause.words)
        )
        return cls(clauses=content, every=every)

    @property
    def says_something(self) -> bool:
        return bool(self.clauses or self.phrase)

    def with_stop_words(self) -> _Part:
        return replace(self, clauses=self.every)

    def nodes(self) -> list[Node]:
        return [_phrase(self.phrase)] if self.phrase else [_clause(it) for it in self.clauses]

    def node(self) -> Node | None:
        nodes = self.nodes()
        if len(nodes) > 1:
            return AllOf(tuple(nodes))
        return nodes[0] if nodes else None


def _loose(words: list[Node], quoted: list[Node]) -> Node:
    some = AnyOf(tuple(words))
    return AllOf((some, *quoted)) if quoted else some


def _clause(clause: Clause) -> Node:
    words = [
        _any(word.alternatives) for word in clause.words if not word.stop or not clause.instead
    ]
    itself = words[0] if len(words) == 1 else AllOf(tuple(words))
    if not clause.instead:
        return itself
    return AnyOf((itself, _any(clause.instead)))


def _any(alternatives: Iterable[Alternative]) -> Node:
    nodes = tuple(map(_way, alternatives))
    return nodes[0] if len(nodes) == 1 else AnyOf(nodes)


def _way(alternative: Alternative) -> Node:
    terms, weight = alternative.terms, alternative.weight
    if alternative.phrase and len(terms) > 1:
        return Phrase(chain=_AS_PHRASE[alternative.chain], terms=terms, weight=weight)
    chain = _AS_TERM[alternative.chain]
    found = tuple(Term(chain=chain, text=text, weight=weight) for text in terms)
    return found[0] if len(found) == 1 else AllOf(found)


def _phrase(terms: tuple[str, ...]) -> Node:
    return _way(Alternative(chain="exact", terms=terms, weight=PHRASE_WEIGHT, phrase=True))


def _content(clauses: Iterable[Clause]) -> Iterator[QueryWord]:
    for clause in clauses:
        yield from (word for word in clause.words if not word.stop)


def _grams(clauses: Iterable[Clause]) -> Iterator[Term]:
    found = dict.fromkeys(gram for word in _content(clauses) for gram in word.grams)
    for gram in found:
        yield Term(chain="gram", text=gram, weight=GRAM_WEIGHT)


def _stop_words(runs: Iterable[tuple[Clause, ...]]) -> Iterator[Term]:
    """Yield the stop words as they were typed: "var" and "när" find nothing, but they tell."""
    words = (word for run in runs for clause in run for word in clause.words if word.stop)
    for text in dict.fromkeys(word.alternatives[0].terms[0] for word in words):
        yield Term(chain="exact", text=text, weight=STOP_WORD_WEIGHT)


def _like(clauses: Iterable[Clause]) -> Node | None:
    """Return what finds words that are written nearly as those of the query."""
    nodes = [
        AtLeast(
            count=max(_FEWEST_GRAMS, math.ceil(LIKE * len(word.grams))),
            terms=tuple(Term(chain="gram", text=gram, weight=0.0) for gram in word.grams),
        )
        for word in _content(clauses)
        if len(word.grams) >= _FEWEST_GRAMS
    ]
    return AnyOf(tuple(nodes)) if nodes else None


def _pairs(clauses: Iterable[Clause]) -> Iterator[Phrase]:
    """Yield the stems of each two words of a run that only stop words stand between."""
    stems = dict.fromkeys(pairwise(word.stem for word in _content(clauses)))
    for first, second in stems:
        if first and second and first != second:
            yield Phrase(chain="stem", terms=(first, second), weight=PAIR_WEIGHT)


def _expanded(clauses: Iterable[Clause]) -> tuple[str, ...]:
    """Return what else is searched, each once: an area and an abbreviation may both name it."""
    shown = (
        alternative.shown
        for clause in clauses
        for alternatives in (*(word.alternatives for word in clause.words), clause.instead)
        for alternative in alternatives
        if alternative.shown
    )
    once: dict[str, str] = {}
    for text in shown:
        once.setdefault(text.casefold(), text)
    return tuple(once.values())
