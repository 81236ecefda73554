"""Looks at a generation before anybody searches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.engine import (
    Generation,
    IndexDamaged,
    Searcher,
    SearchIndex,
    SearchRequest,
    search,
)
from indexer.evaluate import Run, compare, evaluate, read_judgments
from indexer.jobs.differences import Differences, SourceDifference, differences
from indexer.jobs.verdict import CanaryRanks, Evaluated, QueryFall, Verdict
from indexer.jobs.waiting import opened_in_service

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.config import Canary, Config, EvaluationSettings
    from indexer.crawl import StoreSet
    from indexer.store import DocumentStore

FEW = 10
"""Documents that a source may lose whatever their share: a small one changes much in a night."""

MOST_OF_IT = 0.75
"""The share that even a small source may not lose: what is left is often a page that says sorry."""

_DEPTH = 100
_SHOWN = 5


class Gate:
    """What `config` asks of a generation. The judged queries are read when it is made.

    Raises:
        ConfigError: If they cannot be read; better before a crawl than after it.
    """

    def __init__(self, config: Config) -> None:
        self._settings = config.publish
        self._sources = [source.name for source in config.sources]
        wanted = config.publish.evaluation
        self._judgments = read_judgments(wanted.judgments) if wanted else None

    def judge(
        self, candidate: Generation, *, index: SearchIndex, store: DocumentStore | StoreSet | None
    ) -> Verdict:
        """Compare `candidate` with what is in service; `store` tells why documents are gone."""

        def why_gone(document_id: str) -> str:
            held = store.get(document_id) if store else None
            return held.removed_reason if held else ""

        with index.searcher(candidate.name) as now, opened_in_service(index) as serving:
            found = differences(serving, now, why_gone=why_gone)
            canaries = tuple(_ranks(it, serving, now) for it in self._settings.canaries)
            evaluation = self._evaluated(serving, now)
            objections = (
                *self._losses(candidate, serving, found),
                *(said for it in canaries if (said := _missed(it, now))),
                *(_fallen(evaluation) if evaluation else ()),
            )
        return Verdict(
            objections=objections,
            differences=found,
            canaries=canaries,
            evaluation=evaluation,
        )

    def _losses(
        self, candidate: Generation, serving: Searcher | None, found: Differences
    ) -> Iterator[str]:
        allowed = self._settings.max_loss_percent
        before = serving.generation.documents if serving else 0
        lost = before - candidate.documents
        if candidate.documents == 0:
            yield "the new index holds no document at all"
        elif lost > 0 and 100 * lost > allowed * before:
            # Each source would only say it again.
            share = 100 * lost / before
            yield (
                f"{lost} of {before} documents are gone ({share:.0f} %, allowed {allowed:g} %): "
                "look at the sources that lost them"
            )
        else:
            for one in found.sources:
                if one.source in self._sources:
                    yield from _lost(one, allowed)

    def _evaluated(self, serving: Searcher | None, now: Searcher) -> Evaluated | None:
        wanted = self._settings.evaluation
        if wanted is None or self._judgments is None:
            return None
        measured = evaluate(now, self._judgments.judged)
        before = evaluate(serving, self._judgments.judged) if serving else None
        return _evaluated(wanted, measured, before)


def in_service(index: SearchIndex) -> str | None:
    """Return the name of the generation in service, or None where it cannot be told.

    What is damaged must not stop the job that repairs it.
    """
    try:
        return index.current()
    except IndexDamaged:
        return None


def _lost(source: SourceDifference, allowed: float) -> Iterator[str]:
    """Yield what a source has lost: one that was emptied by mistake hides among many."""
    lost = source.before - source.now
    most_of_it = MOST_OF_IT * source.before
    if lost > 0 and 100 * lost > allowed * source.before and lost >= min(FEW, most_of_it):
        yield (
            f"{lost} of {source.before} documents of {source.source} are gone (allowed "
            f"{allowed:g} %): look at that site, and at `samsok explain URL` for one of them"
        )
    if source.before and source.repeats > 0 and source.repeats >= min(FEW, most_of_it):
        yield (
            f"{source.repeats} of {source.now} documents of {source.source} say word for word what "
            "another one says, and did not before: look whether that site asks to log in, or "
            "says sorry; when it is well again, `samsok reindex --full` reads all of it"
        )


def _ranks(canary: Canary, serving: Searcher | None, now: Searcher) -> CanaryRanks:
    return CanaryRanks(
        q=canary.q,
        url=canary.url,
        top=canary.top,
        before=_rank(canary, serving) if serving else None,
        now=_rank(canary, now),
    )


def _rank(canary: Canary, searcher: Searcher) -> int | None:
    answer = search(searcher, SearchRequest(text=canary.q, limit=_DEPTH))
    urls = [ranked.document.url for ranked in answer.results]
    return urls.index(canary.url) + 1 if canary.url in urls else None


def _missed(canary: CanaryRanks, searcher: Searcher) -> str | None:
    if canary.now is not None and canary.now <= canary.top:
        return None
    answer = search(searcher, SearchRequest(text=canary.q, limit=1))
    first = next((ranked.document.url for ranked in answer.results), None)
    instead = f"first is {first}" if first else "nothing is"
    return f"“{canary.q}” does not find {canary.url} among its first {canary.top}; {instead}"


def _evaluated(wanted: EvaluationSettings, now: Run, before: Run | None) -> Evaluated:
    comparison = compare(now, before) if before else None
    return Evaluated(
        judgments=wanted.judgments.name,
        floor=wanted.floor,
        before=before.means()["ndcg@10"] if before else None,
        now=now.means()["ndcg@10"],
        fell=tuple(
            QueryFall(
                q=one.now.query,
                before=one.before.measure("ndcg@10"),
                now=one.now.measure("ndcg@10"),
            )
            for one in (comparison.differences if comparison else ())
            if one.gain < 0
        )[:_SHOWN],
        missing=len(now.missing),
    )


def _fallen(found: Evaluated) -> Iterator[str]:
    if found.now >= found.floor:
        return
    missing = f"; judged pages that are not in the index: {found.missing}" if found.missing else ""
    fell = "; ".join(fall.line() for fall in found.fell)
    most = f"; what fell most: {fell}" if fell else ""
    yield (
        f"nDCG@10 of {found.judgments} is {found.now:.3f}, below its floor {found.floor:g}"
        f"{missing}{most}"
    )
