"""Where things stand: what is in service, what is in the store, how the last runs went."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager, nullcontext
from dataclasses import asdict, dataclass
from itertools import chain
from typing import TYPE_CHECKING, Any

from indexer.engine import ClusterHealth, Generation, SourceUpkeep, Upkeep, open_index
from indexer.engine.upkeep import newest
from indexer.engine.versions import is_older
from indexer.jobs.looks import looks, shards
from indexer.jobs.reports import is_well, last_of_sources, numbers, why
from indexer.jobs.switch import WHOLE
from indexer.store import DocumentStore, StoredRun

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from indexer.config import Config
    from indexer.jobs.looks import StoreLook

LOOKED_AT = 200
"""How many of the last runs of each job and shard tell where things stand."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Failing:
    """How many pages of all sources cannot be had for one reason, and one of them."""

    reason: str
    count: int
    example: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything `samsok status` shows. `current` is the name of the generation in service.

    `details` say more of the sources that were not there; `upkeep` is None before the first run.
    """

    current: str | None
    generations: tuple[Generation, ...]
    details: Mapping[str, str]
    upkeep: Upkeep | None = None
    failing: tuple[Failing, ...] = ()
    runs: tuple[StoredRun, ...] = ()
    cluster: ClusterHealth | None = None

    @property
    def in_service(self) -> Generation | None:
        """The generation in service, where it is whole."""
        return next((held for held in self.generations if held.name == self.current), None)

    def plain(self) -> dict[str, Any]:
        """Return the status as plain JSON values."""
        sources = self.upkeep.sources if self.upkeep else ()
        succeeded = self.upkeep.succeeded if self.upkeep else None
        return {
            "current": self.current,
            "generations": [
                {
                    "name": generation.name,
                    "documents": generation.documents,
                    "created": generation.created.isoformat(),
                    "in_service": generation.name == self.current,
                    "older_version": is_older(generation),
                }
                for generation in self.generations
            ],
            "succeeded": _text(succeeded),
            "sources": [
                {
                    "name": source.name,
                    "documents": source.documents,
                    "reached": _text(source.reached),
                    "tried": _text(source.tried),
                    "problem": source.problem,
                    "detail": self.details.get(source.name, ""),
                }
                for source in sources
            ],
            "shards": [
                asdict(shard) | {"ran": _text(shard.ran)}
                for shard in (self.upkeep.shards if self.upkeep else ())
            ],
            "failing": [asdict(failing) for failing in self.failing],
            "changes": [
                asdict(run)
                | {"started": run.started.isoformat(), "finished": run.finished.isoformat()}
                for run in (self.upkeep.runs if self.upkeep else ())
            ],
            "runs": [
                {"id": run.id, "at": run.at.isoformat(), "report": dict(run.report)}
                for run in self.runs
            ],
            "cluster": asdict(self.cluster) if self.cluster else None,
        }


def status(config: Config, *, runs: int = 5) -> Status:
    """Gather the status of `config`; reading it disturbs no running job.

    Raises:
        StoreError, EngineError: If store or index cannot be read.
    """
    index = open_index(config.index.plain(), config.data_dir / "index")
    current, generations, cluster = index.current(), index.generations(), index.health()
    found = looks(config)
    with _book(config) as book:
        if not found and book is None:
            return Status(current=current, generations=generations, details={}, cluster=cluster)
        last = book.runs_of_each(LOOKED_AT) if book else []
        told = last_of_sources(last)
        return Status(
            current=current,
            generations=generations,
            upkeep=upkeep(config, found, last),
            details={name: source["detail"] for name, source in told.items()},
            failing=failing(config, found),
            runs=tuple(book.runs(runs) if book else ()),
            cluster=cluster,
        )


@contextmanager
def _book(config: Config) -> Iterator[DocumentStore | None]:
    path = config.data_dir / WHOLE
    with DocumentStore.open(path) if path.exists() else nullcontext() as book:
        yield book


def upkeep(
    config: Config,
    found: Sequence[StoreLook],
    runs: Sequence[StoredRun],
    *,
    now: dt.datetime | None = None,
) -> Upkeep:
    """Return what anybody may know of how the index is kept; `runs` come the newest first.

    Documents that two shards hold count for both.
    """
    told = last_of_sources(runs)
    return Upkeep(
        written=now or dt.datetime.now(dt.UTC),
        succeeded=next((numbers(run).finished for run in runs if is_well(run.report)), None),
        sources=tuple(_source(source.name, found, told) for source in config.sources),
        runs=newest(map(numbers, runs)),
        failures=tuple((one.reason, one.count) for one in failing(config, found)),
        shards=shards(config.data_dir, found, runs),
    )


def failing(config: Config, looked_at: Sequence[StoreLook]) -> tuple[Failing, ...]:
    """Return why pages of the sources of today cannot be had, the most first."""
    names = {source.name for source in config.sources}
    found: dict[str, Failing] = {}
    for urls in chain.from_iterable(look.failing for look in looked_at):
        if urls.source in names:
            before = found.get(urls.reason)
            found[urls.reason] = Failing(
                reason=urls.reason,
                count=urls.count + (before.count if before else 0),
                example=before.example if before else urls.example,
            )
    return tuple(sorted(found.values(), key=lambda one: (-one.count, one.reason)))


def _source(
    name: str, found: Sequence[StoreLook], told: Mapping[str, Mapping[str, Any]]
) -> SourceUpkeep:
    """Return how a source stands: as badly as in the shard where it stands worst."""
    crawls = [last for look in found if (last := look.crawls.get(name)) and last.tried]
    problem = next((last.problem for last in crawls if last.problem), "")
    if problem and (report := told.get(name)) and report["is_failed"]:
        problem = why(report)
    return SourceUpkeep(
        name=name,
        documents=sum(look.documents_of.get(name, 0) for look in found),
        reached=min((last.reached for last in crawls if last.reached), default=None),
        tried=max((last.tried for last in crawls if last.tried), default=None),
        problem=problem,
    )


def span(length: dt.timedelta) -> str:
    """Return a length of time as people say it."""
    seconds = length.total_seconds()
    steps: Mapping[str, float] = {"days": 86_400, "hours": 3_600, "minutes": 60}
    for unit, step in steps.items():
        if seconds >= 2 * step:
            return f"{seconds / step:.0f} {unit}"
    return "a moment" if seconds < 60 else "a minute"  # noqa: PLR2004 - a minute


def age(moment: dt.datetime, *, now: dt.datetime) -> str:
    """Return how long ago `moment` was, as people say it."""
    said = span(now - moment)
    return "just now" if said == "a moment" else f"{said} ago"


def _text(moment: dt.datetime | None) -> str | None:
    return moment.isoformat() if moment else None
