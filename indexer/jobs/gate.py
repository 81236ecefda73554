"""Looks at a generation before anybody searches it."""

from __future__ import annotations

from typing import TYPE_CHECKING

from indexer.engine import (
    EngineError,
    Generation,
    IndexDamaged,
    Query,
    Searcher,
    SearchIndex,
    SearchRequest,
    search,
)

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.config import Canary, Config

FEW = 10
"""Documents that a source may lose whatever their share: a small one changes much in a night."""


def objections(candidate: Generation, *, index: SearchIndex, config: Config) -> tuple[str, ...]:
    """Return why `candidate` should not be published; nothing when it should."""
    loss = _loss(candidate, index=index, allowed=config.publish.max_loss_percent)
    with index.searcher(candidate.name) as searcher:
        # Where too much is gone in all, each source would only say it again.
        losses = [loss] if loss else [*_losses(searcher, _searcher_in_service(index), config)]
        canaries = (_canary(canary, searcher) for canary in config.publish.canaries)
        return (*losses, *(objection for objection in canaries if objection))


def in_service(index: SearchIndex) -> str | None:
    """Return the name of the generation in service, or None where it cannot be told.

    What is damaged must not stop the job that repairs it.
    """
    try:
        return index.current()
    except IndexDamaged:
        return None


def _loss(candidate: Generation, *, index: SearchIndex, allowed: float) -> str | None:
    if candidate.documents == 0:
        return "the new index holds no document at all"
    current = in_service(index)
    before = next((item.documents for item in index.generations() if item.name == current), 0)
    lost = 100 * (before - candidate.documents) / max(1, before)
    if lost <= allowed:
        return None
    return (
        f"{before - candidate.documents} of {before} documents are gone ({lost:.0f} %, allowed "
        f"{allowed:g} %): see what was removed in `samsok status`; if it is meant, "
        "raise publish.max_loss_percent and run again"
    )


def _searcher_in_service(index: SearchIndex) -> Searcher | None:
    """Open what serves, or give None where nothing does that can be opened."""
    try:
        return index.searcher()
    except EngineError:
        return None


def _losses(candidate: Searcher, serving: Searcher | None, config: Config) -> Iterator[str]:
    """Yield what each source has lost: one that was emptied by mistake hides among many."""
    if serving is None:
        return
    allowed = config.publish.max_loss_percent
    with serving:
        for source in (it.name for it in config.sources):
            before, now = _documents(serving, source), _documents(candidate, source)
            lost = before - now
            if lost and 100 * lost > allowed * before and (lost >= FEW or not now):
                yield (
                    f"{lost} of {before} documents of {source} are gone (allowed {allowed:g} %): "
                    f"look at {source} with `samsok status` and `samsok explain URL`; if it is "
                    "meant, `samsok publish --force` publishes it all the same"
                )


def _documents(searcher: Searcher, source: str) -> int:
    return searcher.search(Query(filters={"source": (source,)}, limit=1)).total


def _canary(canary: Canary, searcher: Searcher) -> str | None:
    answer = search(searcher, SearchRequest(text=canary.q, limit=canary.top))
    urls = [ranked.document.url for ranked in answer.results]
    if canary.url in urls:
        return None
    instead = f"; first is {urls[0]}" if urls else "; nothing is"
    return f"“{canary.q}” does not find {canary.url} among its first {canary.top}{instead}"
