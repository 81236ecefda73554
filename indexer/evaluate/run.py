"""A run: every judged query asked of one generation, and where the judged pages came.

A run keeps facts (ranks and grades); its measures are computed from them, also when it is read
back years later.
"""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from functools import partial
from statistics import fmean
from typing import TYPE_CHECKING, Any, Final

import orjson

from indexer.engine import SearchRequest, search
from indexer.errors import ConfigError, ConfigProblem
from indexer.evaluate.judgments import BEST_GRADE, read_text
from indexer.evaluate.measures import (
    Interval,
    bootstrap_interval,
    ndcg_at,
    recall_at,
    reciprocal_rank,
)
from indexer.evaluate.pages import names

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Mapping
    from pathlib import Path

    from indexer.engine import SearchAnswer, Searcher
    from indexer.evaluate.judgments import Judgment

DEPTH: Final = 100
"""So many hits of a query are looked at."""

_SHOWN: Final = 10
_VERSION: Final = 1


@dataclass(frozen=True, slots=True, kw_only=True)
class JudgedPage:
    """A page that was judged, and its rank from 1; None when it is not among the first 100."""

    page: str
    grade: int
    rank: int | None


@dataclass(frozen=True, slots=True, kw_only=True)
class QueryResult:
    """What became of one query. `first` are the URLs of its first ten hits."""

    query: str
    trait: str
    total: int
    relaxed: bool
    suggestion: str | None
    judged: tuple[JudgedPage, ...]
    first: tuple[str, ...]

    @property
    def ranked(self) -> tuple[int, ...]:
        """The grades of the ranking as far down as anything was judged."""
        grades: dict[int, int] = {page.rank: page.grade for page in self.judged if page.rank}
        return tuple(grades.get(rank, 0) for rank in range(1, max(grades, default=0) + 1))

    @property
    def grades(self) -> tuple[int, ...]:
        """The grades of all judged pages, found or not."""
        return tuple(page.grade for page in self.judged)

    def measure(self, name: str) -> float:
        """Return a measure of `MEASURES` for this query alone."""
        return MEASURES[name](self)


def _ndcg(result: QueryResult, *, k: int) -> float:
    return ndcg_at(result.ranked, result.grades, k=k)


def _recall(result: QueryResult, *, k: int) -> float:
    return recall_at(result.ranked, result.grades, k=k)


MEASURES: Mapping[str, Callable[[QueryResult], float]] = {
    "ndcg@10": partial(_ndcg, k=10),
    "mrr": lambda result: reciprocal_rank(result.ranked),
    "recall@10": partial(_recall, k=10),
    "recall@100": partial(_recall, k=DEPTH),
    "answered": lambda result: float(result.total > 0),
}
"""What is measured of a query; of a run it is the mean. `answered`: it has any hit at all."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Run:
    """All queries. `missing` are judged pages that are no documents of the generation."""

    generation: str
    expand: bool
    results: tuple[QueryResult, ...]
    missing: tuple[str, ...] = ()

    def means(self) -> dict[str, float]:
        """Return the mean of every measure of `MEASURES`."""
        return {name: self._mean(name, self.results) for name in MEASURES}

    def interval(self, name: str = "ndcg@10") -> Interval:
        """Return the 95 % confidence interval of the mean of a measure."""
        return bootstrap_interval([result.measure(name) for result in self.results])

    def by_trait(self) -> dict[str, tuple[int, float]]:
        """Return the number of queries and the nDCG@10 of each trait, the hardest first."""
        traits = defaultdict(list)
        for result in self.results:
            if result.trait:
                traits[result.trait].append(result)
        means = {
            trait: (len(results), self._mean("ndcg@10", results))
            for trait, results in traits.items()
        }
        return dict(sorted(means.items(), key=lambda item: (item[1][1], item[0])))

    def worst(self, count: int) -> tuple[QueryResult, ...]:
        """Return the `count` queries of the lowest nDCG@10 that are not answered perfectly."""
        bad = [result for result in self.results if result.measure("ndcg@10") < 1]
        return tuple(sorted(bad, key=lambda result: result.measure("ndcg@10"))[:count])

    @staticmethod
    def _mean(name: str, results: Iterable[QueryResult]) -> float:
        return fmean(result.measure(name) for result in results)


def evaluate(
    searcher: Searcher,
    judgments: Iterable[Judgment],
    *,
    expand: bool = True,
    step: Callable[[int], None] | None = None,
) -> Run:
    """Ask `searcher` every query as a user would; `step` hears how many are done."""
    results = []
    for done, judgment in enumerate(judgments, start=1):
        request = SearchRequest(text=judgment.query, limit=DEPTH, expand=expand)
        results.append(_result(judgment, search(searcher, request)))
        if step:
            step(done)
    return Run(
        generation=searcher.generation.name,
        expand=expand,
        results=tuple(results),
        missing=_missing(searcher, results),
    )


def save_run(run: Run, path: Path) -> None:
    """Write `run` as JSON.

    Raises:
        ConfigError: If the file cannot be written.
    """
    plain = {
        "version": _VERSION,
        "generation": run.generation,
        "expand": run.expand,
        "missing": run.missing,
        "results": run.results,
    }
    write_json(plain, path)


def read_run(path: Path) -> Run:
    """Read a run that `save_run` wrote.

    Raises:
        ConfigError: If it cannot be read, or is something else.
    """
    try:
        return _run_from(orjson.loads(read_text(path)))
    except (ValueError, KeyError, TypeError, AttributeError):
        message = "is not a run that this version of `samsok evaluate --save` wrote"
        raise ConfigError(str(path), (ConfigProblem(key="", message=message),)) from None


def write_json(plain: object, path: Path) -> None:
    """Write a value that people may read, too.

    Raises:
        ConfigError: If the file cannot be written.
    """
    data = orjson.dumps(plain, option=orjson.OPT_INDENT_2 | orjson.OPT_APPEND_NEWLINE)
    try:
        path.write_bytes(data)
    except OSError as error:
        message = f"cannot be written: {error.strerror or error}"
        raise ConfigError(str(path), (ConfigProblem(key="", message=message),)) from None


def _result(judgment: Judgment, answer: SearchAnswer) -> QueryResult:
    ranks: dict[str, int] = {}
    for rank, ranked in enumerate(answer.results, start=1):
        # A name that two hosts answer to counts once, where it came first.
        name = next((name for name in names(ranked.document) if name in judgment.grades), None)
        if name is not None:
            ranks.setdefault(name, rank)
    return QueryResult(
        query=judgment.query,
        trait=judgment.trait,
        total=answer.total,
        relaxed=answer.relaxed,
        suggestion=answer.suggestion.text if answer.suggestion else None,
        judged=tuple(
            JudgedPage(page=page, grade=grade, rank=ranks.get(page))
            for page, grade in judgment.grades.items()
        ),
        first=tuple(ranked.document.url for ranked in answer.results[:_SHOWN]),
    )


def _missing(searcher: Searcher, results: Iterable[QueryResult]) -> tuple[str, ...]:
    judged = [page for result in results for page in result.judged]
    unseen = {page.page for page in judged} - {page.page for page in judged if page.rank}
    if unseen:
        unseen.difference_update(name for document in searcher.scan() for name in names(document))
    return tuple(sorted(unseen))


def _run_from(plain: dict[str, Any]) -> Run:
    if plain["version"] != _VERSION or not plain["results"]:
        raise ValueError("another version")
    return Run(
        generation=str(plain["generation"]),
        expand=bool(plain["expand"]),
        missing=tuple(map(str, plain["missing"])),
        results=tuple(map(_result_from, plain["results"])),
    )


def _result_from(plain: dict[str, Any]) -> QueryResult:
    return QueryResult(
        query=str(plain["query"]),
        trait=str(plain["trait"]),
        total=int(plain["total"]),
        relaxed=bool(plain["relaxed"]),
        suggestion=plain["suggestion"],
        judged=tuple(map(_page_from, plain["judged"])),
        first=tuple(map(str, plain["first"])),
    )


def _page_from(plain: dict[str, Any]) -> JudgedPage:
    grade, rank = int(plain["grade"]), plain["rank"]
    if not 0 <= grade <= BEST_GRADE or not (rank is None or 1 <= rank <= DEPTH):
        raise ValueError("no such grade or rank")
    return JudgedPage(page=str(plain["page"]), grade=grade, rank=rank)
