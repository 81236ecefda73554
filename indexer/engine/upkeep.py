"""How the index is kept: what the job that builds it tells of itself, in a note beside it.

The job writes the note at its end, however that came; the search API shows it. Neither trusts the
other: the note may be damaged, or of another version, and what is not understood of it is left
out. No address and no name stands in it, so there is nothing in it to forget.
"""

from __future__ import annotations

import datetime as dt
import re
from collections import Counter
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, TypeVar

import orjson

if TYPE_CHECKING:
    from collections.abc import Callable, Iterable, Iterator, Mapping

STATUS_NOTE = "status"
"""The name of the note."""

OUTCOMES = ("published", "unchanged", "refused", "failed", "stopped")
"""How a run may end."""

HARVESTS = ("crawl", "import")
"""Jobs that fill a store and publish nothing."""

UNREADABLE, BUSY = "unreadable", "busy"
"""What stands for the outcome of a shard whose store is damaged, or held on to by a process."""

_RUNS = 60
_MOST = 1000
_BIGGEST = 10**12
_WORD = re.compile(r"[a-z0-9_-]{1,64}")

Item = TypeVar("Item")
Sample = tuple["Mapping[str, str]", float]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceUpkeep:
    """A source: when all of it was last asked and it was there, and why not since, in a word.

    `tried` is when it was last asked at all, `problem` "" when it was there then.
    """

    name: str
    documents: int
    reached: dt.datetime | None = None
    tried: dt.datetime | None = None
    problem: str = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class ShardUpkeep:
    """One of `total` shards of the crawl: when it last ran, and its outcome; None where it has not.

    `is_there` tells whether its store is; that of a shard which another machine crawls need not be.
    """

    number: int
    total: int
    is_there: bool = False
    documents: int = 0
    ran: dt.datetime | None = None
    outcome: str = ""

    @property
    def name(self) -> str:
        """The shard as the command line has it."""
        return f"{self.number}/{self.total}"

    @property
    def is_failing(self) -> bool:
        """Whether its last run failed, or its store cannot be read, or is gone after a run here."""
        is_gone = self.ran is not None and not self.is_there
        return is_gone or self.outcome in {"failed", UNREADABLE}


@dataclass(frozen=True, slots=True, kw_only=True)
class RunUpkeep:
    """A run of a job: its outcome, and what it did to the documents; None where it got not so far.

    `documents` is how many there were at its end.
    """

    id: int
    job: str
    outcome: str
    started: dt.datetime
    finished: dt.datetime
    documents: int | None = None
    added: int = 0
    changed: int = 0
    removed: int = 0

    @property
    def is_harvest(self) -> bool:
        """Whether it only filled a store."""
        return self.job in HARVESTS


@dataclass(frozen=True, slots=True, kw_only=True)
class Upkeep:
    """All of it. `runs` come the newest first; `failures` count pages by reason, most first.

    `succeeded` is when a run last ended well: published, or with nothing to publish. There are
    `shards` where several crawls share the hosts.
    """

    written: dt.datetime
    succeeded: dt.datetime | None = None
    sources: tuple[SourceUpkeep, ...] = ()
    runs: tuple[RunUpkeep, ...] = ()
    failures: tuple[tuple[str, int], ...] = ()
    shards: tuple[ShardUpkeep, ...] = ()

    @property
    def last(self) -> RunUpkeep | None:
        """The last run that was to publish something."""
        return next(
            (run for run in self.runs if run.outcome in OUTCOMES and not run.is_harvest), None
        )

    def to_bytes(self) -> bytes:
        """Return it as the note."""
        plain = asdict(self) | {"failures": dict(self.failures)}
        return orjson.dumps(plain, option=orjson.OPT_INDENT_2)

    @classmethod
    def read(cls, data: bytes | None) -> Upkeep | None:
        """Return what can be understood of a note, or None when that is nothing at all."""
        try:
            plain = orjson.loads(data or b"")
        except orjson.JSONDecodeError:
            return None
        written = _moment(plain.get("written")) if isinstance(plain, dict) else None
        if written is None:
            return None
        sources = {one.name: one for one in _items(plain.get("sources"), _source)}
        failures = plain.get("failures")
        counted = Counter[str]()
        for reason, count in failures.items() if isinstance(failures, dict) else ():
            if _WORD.fullmatch(reason) and len(counted) < _MOST:
                counted[reason] = _count(count) or 0
        return cls(
            written=written,
            succeeded=_moment(plain.get("succeeded")),
            sources=tuple(sources.values()),
            runs=newest(_items(plain.get("runs"), _run)),
            failures=tuple((+counted).most_common()),
            shards=tuple(_items(plain.get("shards"), _shard)),
        )

    def gauges(self) -> Iterator[tuple[str, str, list[Sample]]]:
        """Yield what a monitor may ask for: name, meaning, and the values by their labels."""
        yield (
            "samsok_source_documents",
            "Documents of a source.",
            [({"source": one.name}, one.documents) for one in self.sources],
        )
        yield (
            "samsok_source_reached_timestamp_seconds",
            "When a source was last there.",
            [({"source": it.name}, at.timestamp()) for it in self.sources if (at := it.reached)],
        )
        yield (
            "samsok_source_failing",
            "1 when a source was not there the last time it was asked.",
            [({"source": one.name}, float(bool(one.problem))) for one in self.sources],
        )
        yield (
            "samsok_sources_failing",
            "Sources that were not there the last time they were asked.",
            [({}, sum(bool(one.problem) for one in self.sources))],
        )
        yield (
            "samsok_failing_pages",
            "Pages that could not be had the last time they were asked for, by reason.",
            [({"reason": reason}, count) for reason, count in self.failures],
        )
        if self.shards:
            yield from _gauges_of_shards(self.shards)
        if self.succeeded:
            told = "When a run last ended well."
            seconds = self.succeeded.timestamp()
            yield "samsok_last_success_timestamp_seconds", told, [({}, seconds)]
        if self.last:
            yield from _gauges_of_run(self.last)


def newest(runs: Iterable[RunUpkeep]) -> tuple[RunUpkeep, ...]:
    """Return so many of `runs`, the newest first, as a note holds.

    Harvests, of which each shard has as many as the index, are counted apart from the others.
    """
    counted = Counter[bool]()
    kept = []
    for run in runs:
        counted[run.is_harvest] += 1
        if counted[run.is_harvest] <= _RUNS:
            kept.append(run)
    return tuple(kept)


def _gauges_of_shards(
    shards: tuple[ShardUpkeep, ...],
) -> Iterator[tuple[str, str, list[Sample]]]:
    documents: list[Sample] = [({"shard": one.name}, one.documents) for one in shards]
    yield "samsok_shard_documents", "Documents in the store of a shard of the crawl.", documents
    yield (
        "samsok_shard_last_run_timestamp_seconds",
        "When a crawl of a shard, or an import into it, last ended.",
        [({"shard": one.name}, at.timestamp()) for one in shards if (at := one.ran)],
    )
    yield (
        "samsok_shard_failing",
        "1 when the last run of a shard failed, or its store is unreadable or gone.",
        [({"shard": one.name}, float(one.is_failing)) for one in shards],
    )


def _gauges_of_run(run: RunUpkeep) -> Iterator[tuple[str, str, list[Sample]]]:
    told = "When the last run ended."
    yield "samsok_last_run_timestamp_seconds", told, [({}, run.finished.timestamp())]
    seconds = max(0.0, (run.finished - run.started).total_seconds())
    yield "samsok_last_run_duration_seconds", "Seconds that the last run took.", [({}, seconds)]
    outcomes: list[Sample] = [({"outcome": one}, float(one == run.outcome)) for one in OUTCOMES]
    yield "samsok_last_run_outcome", "1 for how the last run ended, 0 for the others.", outcomes


def _items(value: object, read: Callable[[Mapping[str, Any]], Item | None]) -> Iterator[Item]:
    for plain in value[:_MOST] if isinstance(value, list) else ():
        if isinstance(plain, dict) and (item := read(plain)) is not None:
            yield item


def _source(plain: Mapping[str, Any]) -> SourceUpkeep | None:
    name, documents = _word(plain.get("name")), _count(plain.get("documents"))
    if not name or documents is None:
        return None
    return SourceUpkeep(
        name=name,
        documents=documents,
        reached=_moment(plain.get("reached")),
        tried=_moment(plain.get("tried")),
        problem=_word(plain.get("problem")),
    )


def _shard(plain: Mapping[str, Any]) -> ShardUpkeep | None:
    number, total = _count(plain.get("number")), _count(plain.get("total"))
    if not number or not total:
        return None
    return ShardUpkeep(
        number=number,
        total=total,
        is_there=plain.get("is_there") is True,
        documents=_count(plain.get("documents")) or 0,
        ran=_moment(plain.get("ran")),
        outcome=_word(plain.get("outcome")),
    )


def _run(plain: Mapping[str, Any]) -> RunUpkeep | None:
    started, finished = _moment(plain.get("started")), _moment(plain.get("finished"))
    outcome = _word(plain.get("outcome"))
    if started is None or finished is None or not outcome:
        return None
    return RunUpkeep(
        id=_count(plain.get("id")) or 0,
        job=_word(plain.get("job")),
        outcome=outcome,
        started=started,
        finished=finished,
        documents=_count(plain.get("documents")),
        added=_count(plain.get("added")) or 0,
        changed=_count(plain.get("changed")) or 0,
        removed=_count(plain.get("removed")) or 0,
    )


def _word(value: object) -> str:
    return value if isinstance(value, str) and _WORD.fullmatch(value) else ""


def _count(value: object) -> int | None:
    if not isinstance(value, int) or isinstance(value, bool):
        return None
    return value if 0 <= value < _BIGGEST else None


def _moment(value: object) -> dt.datetime | None:
    try:
        moment = dt.datetime.fromisoformat(value) if isinstance(value, str) else None
        return moment.astimezone(dt.UTC) if moment and moment.tzinfo else None
    except (ValueError, OverflowError):
        return None
