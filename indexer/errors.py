"""Every exception this project raises.

* SamsokError
  x ConfigError            crawl_config.yaml is wrong; names the key, the line and the way out
  x StoreError             var/crawl.db cannot be read or written
    + StoreBusy            another process holds on to it; try again when that is done
  x RunUnknown             no report of a run of that number is kept
  x JobLocked              another job holds the data directory; try again when it is done
  x ArchiveError           a backup cannot be made, read or restored; names the part
  x RequestUnclear         what was asked for may mean several things; says how to ask
  x GateRefused            a new generation or a ranking was not good enough
  x EngineError
    + IndexMissing         nothing has been published yet
    + IndexLocked          another writer holds the index
    + GenerationUnknown    no generation has that name
    + IndexDamaged         a generation's files are incomplete or of another version
    + IndexUnwritable      the disk is full, or does not let us write
    + IndexUnreachable     the cluster that keeps the index does not answer, or not to us

What is not an error is a value: a page that robots.txt denies is a `Denied`, a page that
did not change is a `NotModified`, a page that cannot be parsed is an `Extraction` with a
reason (see `indexer.model`).
"""

from __future__ import annotations

from dataclasses import dataclass


class SamsokError(Exception):
    """Base class of every error below; its text says what to do next."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ConfigProblem:
    """One thing that is wrong in the configuration.

    `key` is the dotted path (``sources[0].max_dept``), `line` counts from 1 and is None when
    the problem has no place in the file, `message` says what to write instead.
    """

    key: str
    message: str
    line: int | None = None

    def __str__(self) -> str:
        place = f"line {self.line}: " if self.line else ""
        return f"{place}{self.key}: {self.message}" if self.key else f"{place}{self.message}"


class ConfigError(SamsokError):
    """The configuration cannot be used."""

    def __init__(self, path: str, problems: tuple[ConfigProblem, ...]) -> None:
        self.path = path
        self.problems = problems
        super().__init__("\n".join(f"{path}: {problem}" for problem in problems))


class StoreError(SamsokError):
    """The document store cannot be read or written."""


class StoreBusy(StoreError):
    """Another process holds on to the document store."""


class RunUnknown(SamsokError):
    """There is no report of such a run; `samsok report --list` names those that are kept."""


class JobLocked(SamsokError):
    """Another job is running on the same data directory."""


class ArchiveError(SamsokError):
    """A backup cannot be made, read or restored; nothing was changed."""


class RequestUnclear(SamsokError):
    """What was asked for may mean several things, or nothing; the text says how to ask."""


class GateRefused(SamsokError):
    """Something was looked at and found not good enough: a generation, or a ranking."""

    def __init__(self, reasons: tuple[str, ...]) -> None:
        self.reasons = reasons
        super().__init__("; ".join(reasons))


class EngineError(SamsokError):
    """The search index could not do what it was asked."""


class IndexMissing(EngineError):
    """Nothing has been published yet; `samsok reindex` does it."""


class IndexLocked(EngineError):
    """Another writer holds the index."""


class GenerationUnknown(EngineError):
    """No generation has that name."""


class IndexDamaged(EngineError):
    """A generation cannot be read; `samsok reindex --from-store` builds a new one."""


class IndexUnwritable(EngineError):
    """The disk does not take what is to be written; what is in service goes on serving."""


class IndexUnreachable(EngineError):
    """The cluster that keeps the index does not answer, or is not what was expected there."""
