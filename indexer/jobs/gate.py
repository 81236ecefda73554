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

if TYPE_CHECKING:
    from indexer.config import Canary, PublishSettings


def objections(
    candidate: Generation, *, index: SearchIndex, settings: PublishSettings
) -> tuple[str, ...]:
    """Return why `candidate` should not be published; nothing when it should."""
    found = []
    if loss := _loss(candidate, index=index, allowed=settings.max_loss_percent):
        found.append(loss)
    with index.searcher(candidate.name) as searcher:
        found += [
            objection
            for canary in settings.canaries
            if (objection := _canary(canary, searcher)) is not None
        ]
    return tuple(found)


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


def _canary(canary: Canary, searcher: Searcher) -> str | None:
    answer = search(searcher, SearchRequest(text=canary.q, limit=canary.top))
    urls = [ranked.document.url for ranked in answer.results]
    if canary.url in urls:
        return None
    instead = f"; first is {urls[0]}" if urls else "; nothing is"
    return f"“{canary.q}” does not find {canary.url} among its first {canary.top}{instead}"
