"""What a crawl would ask for, without asking: `samsok crawl --dry-run`."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer.config import WebsiteSource
from indexer.crawl import Allowed, Shard, Share, scope_of
from indexer.jobs.shards import shards_of
from indexer.jobs.stores import catch_up
from indexer.jobs.switch import WHOLE
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Collection, Iterator
    from pathlib import Path

    from indexer.config import Config, SourceSettings
    from indexer.store import KnownUrl


@dataclass(frozen=True, slots=True, kw_only=True)
class PlannedVisit:
    """A URL that would be asked for, and why now."""

    url: str
    why: str


@dataclass(frozen=True, slots=True, kw_only=True)
class SourcePlan:
    """What the crawl of one source would do.

    `lists` are read anew to find out what else there is; `resting` counts the URLs that are not
    due, the first of them at `next_due`; `out_of_scope` those that would be forgotten.
    """

    source: str
    lists: tuple[str, ...]
    visits: tuple[PlannedVisit, ...]
    resting: int
    out_of_scope: int
    next_due: dt.datetime | None

    def plain(self) -> dict[str, Any]:
        """Return the plan as plain JSON values."""
        return {
            "source": self.source,
            "lists": list(self.lists),
            "visits": [{"url": visit.url, "why": visit.why} for visit in self.visits],
            "resting": self.resting,
            "out_of_scope": self.out_of_scope,
            "next_due": self.next_due.isoformat() if self.next_due else None,
        }


def plan(
    config: Config,
    sources: Collection[str] | None = None,
    *,
    full: bool = False,
    shard: Shard | None = None,
) -> tuple[SourcePlan, ...]:
    """Return what a crawl begun now would ask for, source by source; nothing is changed.

    With `full` that is what is not due, too. With `shard`, what that one would: of what the other
    shards found, only what it took in before. Without, what all of them would, where there are any.

    Raises:
        StoreError: If a store cannot be read.
    """
    catch_up(config)
    chosen = [one for one in config.sources if sources is None or one.name in sources]
    divided = (shard,) if shard is not None else shards_of(config.data_dir)
    if not divided:
        return _of_store(config.data_dir / WHOLE, chosen, full=full)
    found: dict[str, SourcePlan] = {}
    for one in divided:
        share = Share(one, config)
        parts = [part for source in chosen if (part := share.part_of(source))]
        for planned in _of_store(one.store(config.data_dir), parts, full=full):
            before = found.get(planned.source)
            found[planned.source] = _together(before, planned) if before else planned
    return tuple(found[source.name] for source in chosen if source.name in found)


def _of_store(
    path: Path, sources: Collection[SourceSettings], *, full: bool
) -> tuple[SourcePlan, ...]:
    if not path.exists():
        return tuple(_first(source) for source in sources)
    with DocumentStore.open(path) as store:
        return tuple(_next(source, store, full=full) for source in sources)


def _together(one: SourcePlan, other: SourcePlan) -> SourcePlan:
    return SourcePlan(
        source=one.source,
        lists=tuple(dict.fromkeys(one.lists + other.lists)),
        visits=one.visits + other.visits,
        resting=one.resting + other.resting,
        out_of_scope=one.out_of_scope + other.out_of_scope,
        next_due=min((at for at in (one.next_due, other.next_due) if at), default=None),
    )


def _first(source: SourceSettings) -> SourcePlan:
    starts = source.start if isinstance(source, WebsiteSource) else ()
    return SourcePlan(
        source=source.name,
        lists=_lists(source),
        visits=tuple(PlannedVisit(url=url, why="a start page") for url in starts),
        resting=0,
        out_of_scope=0,
        next_due=None,
    )


def _next(source: SourceSettings, store: DocumentStore, *, full: bool) -> SourcePlan:
    if not isinstance(source, WebsiteSource):
        # Which records have changed is the repository's to say.
        return _first(source)
    now, scope = store.now(), scope_of(source, forbids=store.erasures.forbids)
    known = list(store.frontier.known(source.name))
    if not known:
        return _first(source)
    allowed = [one for one in known if isinstance(scope.decide(one.url, one.depth), Allowed)]
    due = [one for one in allowed if full or _is_due(one, now)]
    due.sort(key=lambda one: (one.depth, one.visited_at or dt.datetime.min.replace(tzinfo=dt.UTC)))
    return SourcePlan(
        source=source.name,
        lists=_lists(source),
        visits=tuple(
            PlannedVisit(url=one.url, why=_why(one, now)) for one in due[: source.max_pages]
        ),
        resting=len(allowed) - len(due),
        out_of_scope=len(known) - len(allowed),
        next_due=min((at for one in allowed if (at := one.due_at) and at > now), default=None),
    )


def _is_due(known: KnownUrl, now: dt.datetime) -> bool:
    if known.due_at is None or known.due_at <= now:
        return True
    return known.visited_at is not None and known.visited_at > now


def _lists(source: SourceSettings) -> tuple[str, ...]:
    if not isinstance(source, WebsiteSource):
        return (source.url,)
    if isinstance(source.sitemaps, tuple):
        return (*source.sitemaps, *source.feeds)
    named = ("the sitemaps that robots.txt names, else /sitemap.xml",)
    return (*(named if source.sitemaps == "auto" else ()), *source.feeds)


def _why(known: KnownUrl, now: dt.datetime) -> str:
    if known.visited_at is None:
        return "new"
    if known.missing:
        return "missing in the last run"
    if known.outcome == "failed":
        return f"failed last time: {known.reason}"
    if known.depth == 0:
        return "a start page"
    return "due" if _is_due(known, now) else "not due yet"


def lines(plans: Collection[SourcePlan], *, at_most: int) -> Iterator[str]:
    """Yield the plans as text, with no more than so many URLs of each source."""
    for one in plans:
        yield f"{one.source}: URLs due {len(one.visits)}, not due yet {one.resting}"
        yield from (f"  reads  {url}" for url in one.lists)
        yield from (f"  asks   {visit.url}  ({visit.why})" for visit in one.visits[:at_most])
        if len(one.visits) > at_most:
            yield f"  …and {len(one.visits) - at_most} more; --json lists them all"
        if one.out_of_scope:
            yield f"  {one.out_of_scope} known URLs are out of scope now and would be forgotten"
        if one.next_due is not None:
            yield f"  the next is due on {one.next_due:%Y-%m-%d %H:%M} UTC"
