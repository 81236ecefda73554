"""Looks at everything a search depends on, and says what is wrong, why it matters, what to do.

Nothing is written, and a running job is not disturbed.
"""

from __future__ import annotations

import datetime as dt
import os
import shutil
from contextlib import suppress
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from indexer import config
from indexer.counting import counted
from indexer.engine import Generation, IndexUnreachable, SearchIndex, open_index
from indexer.engine.generations import GenerationDirectory
from indexer.engine.versions import RENEWED, is_older
from indexer.errors import ConfigError, EngineError, GenerationUnknown, IndexMissing
from indexer.jobs.cluster import is_nearly_full, told
from indexer.jobs.findings import Finding, fine, problem, warning
from indexer.jobs.gate import in_service
from indexer.jobs.indexing import BUNDLE_PREFIX
from indexer.jobs.lock import LOCK, running_job
from indexer.jobs.restore import STAGED
from indexer.jobs.run_checks import job_findings, success_finding
from indexer.jobs.shards import shards_of
from indexer.jobs.source_checks import source_findings
from indexer.jobs.store_checks import shard_findings, store_findings
from indexer.jobs.stores import store_files
from indexer.jobs.switch import DECIDED, WHOLE

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

    from indexer.config import Config

_MB = 1_000_000
_LEAST_FREE_MB = 200
_CLOCK_SLACK = dt.timedelta(minutes=5)
_REBUILD = "run `samsok reindex --from-store`: it builds a new generation and sends no request"
_ROLLBACK = f"`samsok rollback` puts an older generation into service; or {_REBUILD}"


@dataclass(frozen=True, slots=True, kw_only=True)
class Checkup:
    """All that `samsok doctor` found. A warning is not yet a problem."""

    findings: tuple[Finding, ...]

    @property
    def is_well(self) -> bool:
        """Tell whether nothing is wrong."""
        return not any(finding.state == "problem" for finding in self.findings)

    def plain(self) -> dict[str, Any]:
        """Return it as plain JSON values."""
        return {
            "is_well": self.is_well,
            "findings": [
                {
                    "check": finding.check,
                    "state": finding.state,
                    "said": finding.said,
                    "advice": finding.advice,
                }
                for finding in self.findings
            ],
        }


def doctor(path: Path, *, now: dt.datetime, online: bool = False) -> Checkup:
    """Check the configuration in `path` and all that it leads to, its sources if `online`."""
    try:
        loaded = config.load(path)
    except ConfigError as error:
        found = (problem("configuration", line, "correct it") for line in str(error).splitlines())
        return Checkup(findings=tuple(found))
    well = fine("configuration", f"{path} is fine; sources: {len(loaded.sources)}")
    findings = (well, *_Examination(loaded, now=now).findings())
    return Checkup(findings=findings + (source_findings(loaded) if online else ()))


class _Examination:
    """One look at one data directory."""

    def __init__(self, settings: Config, *, now: dt.datetime) -> None:
        self._data_dir = settings.data_dir
        self._book = settings.data_dir / WHOLE
        self._stores = store_files(settings)
        self._directory = GenerationDirectory(settings.data_dir / "index")
        self._index: SearchIndex = open_index(settings.index.plain(), self._directory.root)
        self._now = now

    def findings(self) -> Iterator[Finding]:
        checks: Mapping[str, Callable[[str], Iterator[Finding]]] = {
            "data directory": self._place,
            "free space": self._space,
            "store": self._store,
            "shards": self._shards,
            "cluster": self._cluster,
            "index": self._service,
            "generation": self._generations,
            "suppressions": self._suppressions,
            "leftovers": self._leftovers,
            "clock": self._clock,
            "running job": self._job,
            "last success": self._success,
        }
        for name, check in checks.items():
            try:
                yield from check(name)
            except OSError as error:
                said = f"{error.filename or self._data_dir} cannot be looked at: {error.strerror}"
                yield problem(name, said, "check its owner and permissions")
            if not self._data_dir.is_dir():
                return

    # --- the data directory ---------------------------------------------------------------------

    def _place(self, check: str) -> Iterator[Finding]:
        place = self._data_dir
        stores = (self._book, *self._stores)
        parts = (place, self._directory.root, self._directory.root / "CURRENT", *stores)
        closed = [part for part in parts if part.exists() and not os.access(part, _needed(part))]
        if not place.exists():
            advice = "run `samsok reindex`, which makes it; or correct data_dir"
            yield warning(check, f"{place} is not there", advice)
        elif not place.is_dir():
            advice = "nothing can be kept there; set data_dir to another place"
            yield problem(check, f"{place} is not a directory", advice)
        elif closed:
            advice = "jobs of this user fail; run them as its owner, or change its permissions"
            yield problem(check, f"this user may not write {closed[0]}", advice)
        else:
            yield fine(check, f"{place} can be written")

    def _space(self, check: str) -> Iterator[Finding]:
        free = shutil.disk_usage(self._data_dir).free // _MB
        newest = self._directory.names()[-1:]
        size = sum(_size(self._directory.root / name) for name in newest) // _MB
        wanted = _LEAST_FREE_MB + 2 * size
        said = f"{free} MB free; building the next generation may take {wanted} MB"
        if free >= wanted:
            yield fine(check, said)
            return
        tell = warning if free >= _LEAST_FREE_MB + size else problem
        yield tell(
            check,
            said,
            "the next run may fail, and what serves goes on serving; free some space, or lower "
            "index.keep_generations",
        )

    def _store(self, check: str) -> Iterator[Finding]:
        yield from store_findings(check, (self._book, *self._stores))

    def _shards(self, check: str) -> Iterator[Finding]:
        yield from shard_findings(check, self._data_dir)

    # --- the index ------------------------------------------------------------------------------

    def _cluster(self, check: str) -> Iterator[Finding]:
        try:
            health = self._index.health()
        except EngineError as error:
            yield problem(check, str(error), "searches answer 503 until it answers")
            return
        if health is None:
            return
        if health.state == "red":
            advice = "a part of an index is missing: start the nodes that are gone"
            yield problem(check, told(health), advice)
        elif health.state == "yellow":
            advice = (
                "every document is there, and some copies are not: start the nodes that are gone, "
                "or set index.replicas lower"
            )
            yield warning(check, told(health), advice)
        elif is_nearly_full(health):
            low, high, flood = health.watermarks
            advice = (
                f"from {low} on a node takes no more, from {high} on it gives away, from {flood} "
                "on nothing can be written: free space, or add a node"
            )
            yield warning(check, told(health), advice)
        else:
            yield fine(check, told(health))

    def _service(self, check: str) -> Iterator[Finding]:
        try:
            with self._index.searcher() as searcher:
                held = searcher.generation
        except IndexMissing:
            how = " --from-store" if shards_of(self._data_dir) else ""
            advice = f"searches find nothing; run `samsok reindex{how}`"
            yield warning(check, "nothing is in service", advice)
        except EngineError as error:
            advice = f"a search process that starts now cannot answer; {_ROLLBACK}"
            yield problem(check, str(error), advice)
        else:
            said = f"{held.name} is in service: {counted(held.documents, 'document')}"
            yield warning(check, said, RENEWED) if is_older(held) else fine(check, said)

    def _generations(self, check: str) -> Iterator[Finding]:
        for name in self._names():
            try:
                problems = self._index.verify(name)
            except GenerationUnknown:
                continue  # a job has deleted it meanwhile
            if not problems:
                yield fine(check, f"{name}: every file is what was written")
                continue
            more = f" (and {len(problems) - 1} more)" if len(problems) > 1 else ""
            advice = (
                f"it is in service, and damaged; {_ROLLBACK}"
                if in_service(self._index) == name
                else "it is damaged and cannot be gone back to; is the disk failing?"
            )
            yield problem(check, f"{name}: {problems[0]}{more}", advice)

    def _names(self) -> tuple[str, ...]:
        # On this disk also those that are damaged so much that the index does not list them.
        return self._directory.names() or tuple(held.name for held in self._held())

    def _held(self) -> tuple[Generation, ...]:
        try:
            return self._index.generations()
        except IndexUnreachable:
            return ()  # said by the check of the cluster

    def _suppressions(self, check: str) -> Iterator[Finding]:
        try:
            hidden = self._index.suppressed()
        except EngineError as error:
            yield problem(check, str(error), "no search process can start until it can be read")
        else:
            yield fine(check, f"hidden documents: {len(hidden)}")

    def _leftovers(self, check: str) -> Iterator[Finding]:
        staged = [path for path in map(self._data_dir.joinpath, (STAGED, DECIDED)) if path.exists()]
        builds = (*self._directory.leftovers(), *self._data_dir.glob(f"{BUNDLE_PREFIX}*"))
        found = (*builds, *staged)
        names = ", ".join(path.name for path in found)
        if not found:
            yield fine(check, "none")
        elif holder := running_job(self._data_dir / LOCK):
            yield fine(check, f"{names}: a job seems to be at work (process {holder})")
        else:
            size = sum(map(_size, found)) // _MB
            advice = "they do no harm; the next run that builds a generation sweeps them"
            if self._data_dir / DECIDED in staged:
                advice = (
                    f"the restore in {DECIDED} is decided: `samsok status`, or the next job, "
                    "completes it, without an index of the archive; then run `samsok reindex "
                    "--from-store`"
                )
                if len(staged) > 1:
                    advice += f"; what is in {STAGED} changed nothing: delete it"
            elif staged:
                advice = f"the restore that was killed changed nothing; delete {staged[0]}"
            yield warning(check, f"{names}: {size} MB of a job that was killed", advice)

    def _clock(self, check: str) -> Iterator[Finding]:
        newest = max((held.created for held in self._held()), default=self._now)
        if newest <= self._now + _CLOCK_SLACK:
            yield fine(check, f"it is {self._now:%Y-%m-%d %H:%M} UTC")
            return
        yield problem(
            check,
            f"it is {self._now:%Y-%m-%d %H:%M} UTC, and a generation is of {newest:%Y-%m-%d %H:%M}",
            "the clock of this machine is wrong, or was: pages are asked for too often or not at "
            "all; set the clock, then run `samsok reindex --full`",
        )

    # --- the jobs -------------------------------------------------------------------------------

    def _job(self, check: str) -> Iterator[Finding]:
        yield from job_findings(check, self._data_dir, self._stores, now=self._now)

    def _success(self, check: str) -> Iterator[Finding]:
        if self._book.exists():
            yield success_finding(check, self._book, now=self._now)


def _needed(path: Path) -> int:
    return os.W_OK | os.X_OK if path.is_dir() else os.W_OK


def _size(path: Path) -> int:
    """Return how many bytes a file, or a directory with all in it, holds; what vanishes is 0."""
    total = 0
    for part in (path, *path.rglob("*")):
        with suppress(OSError):
            total += part.lstat().st_size
    return total
