"""Puts a generation that is already built into service: an older one, or one that was refused."""

from __future__ import annotations

import datetime as dt
from contextlib import contextmanager
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer.engine import Generation, IndexDamaged, IndexMissing, SearchIndex, open_index
from indexer.errors import GenerationUnknown
from indexer.jobs.gate import in_service, objections
from indexer.jobs.lock import job_lock
from indexer.jobs.status import age

if TYPE_CHECKING:
    from collections.abc import Iterator

    from indexer.config import Config


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What serves now. `before` is what served until then, `damaged` what was passed over."""

    generation: Generation
    before: str | None
    damaged: tuple[str, ...] = ()

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "outcome": "published",
            "generation": self.generation.name,
            "documents": self.generation.documents,
            "before": self.before,
            "damaged": list(self.damaged),
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The gate found the generation not good enough; what served before goes on serving."""

    generation: Generation
    objections: tuple[str, ...]

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "outcome": "refused",
            "generation": self.generation.name,
            "documents": self.generation.documents,
            "objections": list(self.objections),
        }


def rollback(config: Config, generation: str | None = None) -> Published:
    """Put an older generation into service: the one named, or the newest whole one before.

    Raises:
        JobLocked: If a job is running.
        GenerationUnknown: If there is none of that name; the message says which there are.
        IndexDamaged: If the one named is damaged.
        IndexMissing: If there is none to go back to.
    """
    with _index(config) as index:
        before = in_service(index)
        damaged: tuple[str, ...] = ()
        if generation:
            chosen = _sound(index, _find(index, generation))
        else:
            chosen, damaged = _newest_sound(index, _older(index, before))
        index.publish(chosen.name)
        return Published(generation=chosen, before=before, damaged=damaged)


def publish(
    config: Config, generation: str | None = None, *, force: bool = False
) -> Published | Refused:
    """Put a generation into service, the newest unless one is named, if the gate lets it.

    Raises:
        JobLocked: If a job is running.
        GenerationUnknown: If there is none of that name; the message says which there are.
        IndexDamaged: If it is damaged; `force` does not help against that.
        IndexMissing: If nothing has been built.
    """
    with _index(config) as index:
        before = in_service(index)
        newest = index.generations()[-1]
        chosen = _sound(index, _find(index, generation) if generation else newest)
        if not force:
            found = objections(chosen, index=index, config=config)
            if found:
                return Refused(generation=chosen, objections=found)
        index.publish(chosen.name)
        return Published(generation=chosen, before=before)


@contextmanager
def _index(config: Config) -> Iterator[SearchIndex]:
    """Open the index for a job that changes what is in service."""
    index = open_index(config.index.backend, config.data_dir / "index")
    if not index.generations():
        # Without a lock: a wrong configuration must not leave a data directory behind.
        raise IndexMissing(
            f"no whole generation in {config.data_dir / 'index'}: run `samsok reindex` first"
        )
    with job_lock(config.data_dir):
        # Where it is unknown what must be hidden, no generation can be put into service.
        index.suppressed()
        yield index


def _find(index: SearchIndex, name: str) -> Generation:
    held = index.generations()
    for generation in held:
        if generation.name == name:
            return generation
    if problems := _problems(index, name):
        raise IndexDamaged(f"generation {name} is damaged: {problems[0]}")
    current, now = in_service(index), dt.datetime.now(dt.UTC)
    there_are = "\n".join(
        f"  {generation.name}  {generation.documents} documents, "
        f"{age(generation.created, now=now)}{', in service' if generation.name == current else ''}"
        for generation in reversed(held)
    )
    raise GenerationUnknown(f"there is no generation {name!r}; there are:\n{there_are}")


def _older(index: SearchIndex, current: str | None) -> list[Generation]:
    """Return what can be gone back to, the newest first; all, where CURRENT says nothing."""
    return [
        generation
        for generation in reversed(index.generations())
        if current is None or _order(generation.name) < _order(current)
    ]


def _order(name: str) -> tuple[int, str]:
    return len(name), name


def _newest_sound(
    index: SearchIndex, candidates: list[Generation]
) -> tuple[Generation, tuple[str, ...]]:
    damaged: list[str] = []
    for candidate in candidates:
        if not _problems(index, candidate.name):
            return candidate, tuple(damaged)
        damaged.append(candidate.name)
    told = f"; damaged: {', '.join(damaged)}" if damaged else ""
    raise IndexMissing(f"there is no older generation to go back to{told}; `samsok doctor` looks")


def _sound(index: SearchIndex, generation: Generation) -> Generation:
    if problems := _problems(index, generation.name):
        raise IndexDamaged(f"generation {generation.name} is damaged: {problems[0]}")
    return generation


def _problems(index: SearchIndex, name: str) -> tuple[str, ...]:
    """Return what is wrong with a generation: with its files, or else with opening it."""
    try:
        if problems := index.verify(name):
            return problems
        index.searcher(name).close()
    except GenerationUnknown:
        return ()
    except IndexDamaged as error:
        return (str(error),)
    return ()
