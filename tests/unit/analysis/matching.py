"""Does a query find a text? The rule of every backend, on analysis alone.

All clauses must match; a clause matches by all its words or by what stands instead of them; a
word by any alternative; stop words need not match unless there is nothing else.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Mapping

from indexer.analysis import Alternative, Analyzer, Clause, QueryWord, Terms

Places = dict[str, dict[str, set[int]]]


def places(terms: Terms) -> Places:
    """Return chain -> term -> positions."""
    found: Places = {}
    for chain in ("exact", "lemma", "stem", "parts"):
        by_term: dict[str, set[int]] = defaultdict(set)
        for posting in getattr(terms, chain):
            by_term[posting.term].add(posting.position)
        found[chain] = by_term
    return found


def finds(analyzer: Analyzer, query: str, texts: Mapping[str, str]) -> set[str]:
    """Return those of `texts` (text -> language) that match, after a correction if none does."""
    documents = {
        text: places(analyzer.terms(text, language=language)) for text, language in texts.items()
    }
    phrase = re.fullmatch(r'"(.+)"', query)
    if phrase:
        terms = analyzer.phrase(phrase[1])
        return {text for text, places in documents.items() if _in_order(places["exact"], terms)}
    found = _matching(documents, analyzer.query(query))
    if not found:
        corrected = analyzer.correct(query)
        found = _matching(documents, analyzer.query(corrected)) if corrected else found
    return found


def _matching(documents: dict[str, Places], clauses: tuple[Clause, ...]) -> set[str]:
    needed = [clause for clause in clauses if not all(word.stop for word in clause.words)]
    return {
        text
        for text, places in documents.items()
        if clauses and all(_clause(places, clause) for clause in needed or clauses)
    }


def _clause(places: Places, clause: Clause) -> bool:
    words = [word for word in clause.words if not word.stop] or list(clause.words)
    return all(_word(places, word) for word in words) or any(
        _alternative(places, alternative) for alternative in clause.instead
    )


def _word(places: Places, word: QueryWord) -> bool:
    return any(_alternative(places, alternative) for alternative in word.alternatives)


def _alternative(places: Places, alternative: Alternative) -> bool:
    chain = places[alternative.chain]
    if alternative.phrase:
        return _in_order(chain, alternative.terms)
    return all(term in chain for term in alternative.terms)


def _in_order(chain: dict[str, set[int]], terms: tuple[str, ...]) -> bool:
    if not terms or any(term not in chain for term in terms):
        return False
    return any(
        all(start + step in chain[term] for step, term in enumerate(terms))
        for start in chain[terms[0]]
    )
