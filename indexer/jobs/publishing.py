"""Puts a generation that is already built into service: an older one, or one that was refused.

What was done by hand stands among the runs in the store, as what a timer did does.
"""

from __future__ import annotations

import datetime as dt
from contextlib import ExitStack, contextmanager, suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer.counting import counted
from indexer.engine import Generation, IndexDamaged, IndexMissing, SearchIndex, open_index
from indexer.errors import GateRefused, GenerationUnknown, StoreError
from indexer.jobs.conclusion import record
from indexer.jobs.erasure import erasing, holds_erased, standing_erasures
from indexer.jobs.gate import Gate, in_service
from indexer.jobs.lock import job_lock
from indexer.jobs.status import age
from indexer.jobs.stores import harvested
from indexer.jobs.switch import WHOLE
from indexer.store import DocumentStore

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from indexer.config import Config
    from indexer.crawl import StoreSet
    from indexer.jobs.verdict import Verdict


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """What serves now. `before` is what served until then, `damaged` what was passed over.

    `verdict` is what the gate found, where it was asked.
    """

    generation: Generation
    before: str | None
    damaged: tuple[str, ...] = ()
    verdict: Verdict | None = None

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "outcome": "published",
            "generation": self.generation.name,
            "documents": self.generation.documents,
            "before": self.before,
            "damaged": list(self.damaged),
            "differences": self.verdict.plain() if self.verdict else None,
        }


@dataclass(frozen=True, slots=True, kw_only=True)
class Refused:
    """The gate found the generation not good enough; what served before goes on serving."""

    generation: Generation
    verdict: Verdict

    @property
    def objections(self) -> tuple[str, ...]:
        """What the gate has against it."""
        return self.verdict.objections

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "outcome": "refused",
            "generation": self.generation.name,
            "documents": self.generation.documents,
            "objections": list(self.objections),
            "differences": self.verdict.plain(),
        }


def rollback(config: Config, generation: str | None = None) -> Published:
    """Put an older generation into service: the one named, or the newest whole one before.

    Raises:
        JobLocked: If a job is running.
        GateRefused: If it was built before something was forgotten.
        GenerationUnknown: If there is none of that name; the message says which there are.
        IndexDamaged: If the one named is damaged.
        IndexMissing: If there is none to go back to.
    """
    with _index(config) as index, _stores(config) as (book, _):
        before = in_service(index)
        damaged: tuple[str, ...] = ()
        if generation:
            chosen = _sound(index, _find(index, generation))
        else:
            chosen, damaged = _newest_sound(index, _older(index, before))
        _put_into_service(index, chosen, config.data_dir)
        done = Published(generation=chosen, before=before, damaged=damaged)
        _report("rollback", done, config=config, book=book)
        return done


def publish(
    config: Config, generation: str | None = None, *, force: bool = False
) -> Published | Refused:
    """Put a generation into service, the newest unless one is named, if the gate lets it.

    Raises:
        JobLocked: If a job is running.
        GateRefused: If it was built before something was forgotten, with `force`, too.
        GenerationUnknown: If there is none of that name; the message says which there are.
        IndexDamaged: If it is damaged; `force` does not help against that.
        IndexMissing: If nothing has been built.
    """
    gate = Gate(config)
    with _index(config) as index, _stores(config) as (book, held):
        before = in_service(index)
        newest = index.generations()[-1]
        chosen = _sound(index, _find(index, generation) if generation else newest)
        verdict = None if force else gate.judge(chosen, index=index, store=held)
        if verdict and verdict.objections:
            done: Published | Refused = Refused(generation=chosen, verdict=verdict)
        else:
            _put_into_service(index, chosen, config.data_dir)
            done = Published(generation=chosen, before=before, verdict=verdict)
        _report("publish", done, config=config, book=book, forced=force)
        return done


def _report(
    job: str,
    done: Published | Refused,
    *,
    config: Config,
    book: DocumentStore | None,
    forced: bool = False,
) -> None:
    """Keep what was done among the runs, if there is a store that can be written."""
    now = dt.datetime.now(dt.UTC).isoformat()
    said = {"job": job, "started": now, "finished": now, "by_hand": True, **done.plain()}
    if forced:
        said["forced"] = "by hand, without asking the gate"
    with suppress(StoreError):
        if book:
            record(config, book, said)


@contextmanager
def _stores(
    config: Config,
) -> Iterator[tuple[DocumentStore | None, DocumentStore | StoreSet | None]]:
    """Open the book and what was harvested, or give None: an index must be put right without."""
    book, held = config.data_dir / WHOLE, None
    with ExitStack() as stack:
        opened = None
        with suppress(StoreError):
            opened = stack.enter_context(DocumentStore.open(book)) if book.exists() else None
        with suppress(StoreError):
            held = stack.enter_context(harvested(config, despite_damage=True))
        yield opened, held


@contextmanager
def _index(config: Config) -> Iterator[SearchIndex]:
    """Open the index for a job that changes what is in service."""
    index = open_index(config.index.plain(), config.data_dir / "index")
    if not index.generations():
        # Without a lock: a wrong configuration must not leave a data directory behind.
        raise IndexMissing(
            f"no whole generation in {config.data_dir / 'index'}: run `samsok reindex` first"
        )
    with job_lock(config.data_dir):
        # Where it is unknown what must be hidden, no generation can be put into service.
        index.suppressed()
        yield index


def _put_into_service(index: SearchIndex, generation: Generation, data_dir: Path) -> None:
    with erasing(data_dir):
        if holds_erased(index, generation.name, standing_erasures(data_dir)):
            why = (
                f"{generation.name} was built before something was forgotten, and holds it still: "
                "it cannot be put into service; `samsok reindex --from-store` builds one without "
                "it, and `samsok forget --list` tells what was forgotten when"
            )
            raise GateRefused((why,))
        index.publish(generation.name)


def _find(index: SearchIndex, name: str) -> Generation:
    held = index.generations()
    for generation in held:
        if generation.name == name:
            return generation
    if problems := _problems(index, name):
        raise IndexDamaged(f"generation {name} is damaged: {problems[0]}")
    current, now = in_service(index), dt.datetime.now(dt.UTC)
    there_are = "\n".join(
        f"  {generation.name}  {counted(generation.documents, 'document')}, "
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
