"""Where things stand: what is in service, what is in the store, how the last runs went."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer.engine import Generation, open_index
from indexer.store import DocumentStore, StoredRun

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Mapping

    from indexer.config import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceStatus:
    """A source of the configuration, and how many of its documents the store holds."""

    name: str
    documents: int


@dataclass(frozen=True, slots=True, kw_only=True)
class Status:
    """Everything `samsok status` shows. `current` is the name of the generation in service."""

    current: str | None
    generations: tuple[Generation, ...]
    sources: tuple[SourceStatus, ...]
    runs: tuple[StoredRun, ...]

    def plain(self) -> dict[str, Any]:
        """Return the status as plain JSON values."""
        return {
            "current": self.current,
            "generations": [
                {
                    "name": generation.name,
                    "documents": generation.documents,
                    "created": generation.created.isoformat(),
                    "in_service": generation.name == self.current,
                }
                for generation in self.generations
            ],
            "sources": [
                {"name": source.name, "documents": source.documents} for source in self.sources
            ],
            "runs": [{"at": run.at.isoformat(), "report": dict(run.report)} for run in self.runs],
        }


def status(config: Config, *, runs: int = 5) -> Status:
    """Gather the status of `config`; reading it disturbs no running job.

    Raises:
        StoreError, EngineError: If store or index cannot be read.
    """
    index = open_index(config.index.backend, config.data_dir / "index")
    path = config.data_dir / "crawl.db"
    sources: tuple[SourceStatus, ...] = ()
    last: tuple[StoredRun, ...] = ()
    if path.exists():
        with DocumentStore.open(path) as store:
            sources = tuple(
                SourceStatus(name=source.name, documents=store.count(source.name))
                for source in config.sources
            )
            last = tuple(store.runs(runs))
    return Status(
        current=index.current(), generations=index.generations(), sources=sources, runs=last
    )


def age(moment: dt.datetime, *, now: dt.datetime) -> str:
    """Return how long ago `moment` was, as people say it."""
    seconds = (now - moment).total_seconds()
    steps: Mapping[str, float] = {"days": 86_400, "hours": 3_600, "minutes": 60}
    for unit, length in steps.items():
        if seconds >= 2 * length:
            return f"{seconds / length:.0f} {unit} ago"
    return "just now" if seconds < 60 else "a minute ago"  # noqa: PLR2004 - a minute
