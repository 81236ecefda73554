"""nDCG@10 on a test collection, as typed, with a typing error and without å ä ö; ours and peers'.

    from benchmarks.engine.relevance import measure, ours
    collection = read_collection(Path(...))
    with built(directory, collection.documents).searcher() as searcher:
        print(measure(ours(searcher), collection))

asks an index that stands already, so that weights can be tried without building anew.
"""

from __future__ import annotations

import random
import tempfile
import time
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from benchmarks.engine import peers
from benchmarks.engine.collection import (
    Collection,
    read_collection,
    with_typo,
    without_diacritics,
)
from benchmarks.engine.ours import built
from indexer.engine import SearchRequest, search
from indexer.evaluate import ndcg_at

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence

    from benchmarks.engine.peers import AskWords
    from indexer.engine import Searcher
    from indexer.evaluate import Judgment

SEEDS = range(5)
DEPTH = 10
WANTED = {"swefaq-dev": (0.755, 0.69, 0.75), "squad-sv-dev": (0.87, 0.84, 0.86)}
"""As typed, with a typing error, without å ä ö; for the collections that the project knows."""

OURS = "Samsök"


@dataclass(frozen=True, slots=True, kw_only=True)
class Scores:
    """Mean nDCG@10 of three ways to type the same queries, and CPU milliseconds per query."""

    as_typed: float
    typo: float
    bare: float
    cpu_ms: float


def measure(ask: AskWords, collection: Collection, *, seeds: Iterable[int] = SEEDS) -> Scores:
    """Ask every query in the three ways; typing errors are the mean over `seeds`."""
    judged = collection.judged
    typed = [judgment.query for judgment in judged]
    started = time.process_time()
    as_typed = ndcg(ask, judged, typed)
    cpu_s = time.process_time() - started
    wrong = [ndcg(ask, judged, with_typos(typed, seed)) for seed in seeds]
    return Scores(
        as_typed=as_typed,
        typo=sum(wrong) / len(wrong),
        bare=ndcg(ask, judged, [without_diacritics(text) for text in typed]),
        cpu_ms=1000 * cpu_s / len(judged),
    )


def with_typos(queries: Iterable[str], seed: int) -> list[str]:
    """Return the queries with one typing error each, the same ones for the same seed."""
    chance = random.Random(seed)  # noqa: S311 - the same errors every time
    return [with_typo(text, chance) for text in queries]


def ndcg(ask: AskWords, judged: Sequence[Judgment], queries: Sequence[str]) -> float:
    """Return the mean nDCG@10 when each judgment's query is typed as in `queries`."""
    total = 0.0
    for judgment, query in zip(judged, queries, strict=True):
        ranked = [judgment.grades.get(name, 0) for name in ask(query)]
        total += ndcg_at(ranked, judgment.grades.values(), k=DEPTH)
    return total / len(judged)


def ours(searcher: Searcher, *, stages: Counter[str] | None = None) -> AskWords:
    """Return what asks the product; `stages` then counts where the answers came from."""

    def ask(text: str) -> list[str]:
        answer = search(searcher, SearchRequest(text=text, limit=DEPTH))
        if stages is not None:
            stages["queries"] += 1
            stages["all words"] += answer.with_all_words > 0
            stages["all words only"] += 0 < answer.with_all_words == answer.total
            stages["nothing"] += answer.total == 0
            stages["corrected"] += answer.suggestion is not None
        return [found.document.id for found in answer.results]

    return ask


def main(directory: Path, *, queries: int | None, engines: Sequence[str]) -> None:
    """Print the table of one collection."""
    collection = read_collection(directory, queries=queries)
    print(
        f"{collection.name}: {len(collection.documents)} texts, {len(collection.judged)} queries,"
        f" nDCG@{DEPTH}"
    )
    print(f"{'':20}{'as typed':>10}{'one typo':>10}{'no å ä ö':>10}{'CPU ms':>10}")
    with tempfile.TemporaryDirectory() as temporary:
        root = Path(temporary)
        for name in peers.with_words():
            if name in engines:
                try:
                    ask = peers.by_words(name, root / name, collection.documents)
                except ImportError:
                    _print(name, None)
                else:
                    _print(name, measure(ask, collection))
        if OURS in engines:
            _measure_ours(root / "ours", collection)
    if wanted := WANTED.get(collection.name):
        print(f"{'wanted of Samsök':20}{''.join(f'{value:10.3f}' for value in wanted)}")


def _measure_ours(directory: Path, collection: Collection) -> None:
    stages: Counter[str] = Counter()
    with built(directory, collection.documents).searcher() as searcher:
        _print(OURS, measure(ours(searcher), collection))
        counting = ours(searcher, stages=stages)
        for judgment in collection.judged:
            counting(judgment.query)
    shares = ", ".join(
        f"{stages[name] / stages['queries']:.1%} {what}"
        for name, what in (
            ("all words", "had pages with all words"),
            ("all words only", "had no others"),
            ("corrected", "were corrected"),
            ("nothing", "found nothing"),
        )
    )
    print(f"  Samsök, as typed: {shares}")


def _print(name: str, scores: Scores | None) -> None:
    if scores is None:
        print(f"{name:20}  left out: it is not installed (scripts/setup peers)", flush=True)
        return
    shown = "".join(f"{value:10.3f}" for value in (scores.as_typed, scores.typo, scores.bare))
    print(f"{name:20}{shown}{scores.cpu_ms:10.2f}", flush=True)
