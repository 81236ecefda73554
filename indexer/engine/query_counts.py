"""How often what was searched for, day by day, without ever writing down a rare query.

    var/insight/2026-11-28.json           the day's sums, and the queries seen `min_count` times
    var/insight/2026-11-28.1f0c….pending  keyed digests of the rarer ones, with their counts
    var/insight/lock                      held while the two are replaced

Search processes count in memory and add what they counted here every few seconds. A query that
all of them together have seen fewer than `min_count` times on one day is on the disk as a keyed
digest alone. The key is only ever in the memory of one server and its processes: a digest that
outlives them can be compared with nothing, not even with the digest of a guess. Days are UTC.
"""

from __future__ import annotations

import datetime as dt
import fcntl
import os
import re
from collections import Counter
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

import orjson

from indexer.engine.durable import replace_file
from indexer.errors import EngineError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator, Mapping
    from pathlib import Path

MOST_PENDING = 20_000
"""Rare queries of a server and a day that are remembered; those beyond are in the sums alone."""

_DAY = re.compile(r"\.?(\d{4}-\d{2}-\d{2})\.(?:json|[0-9a-f]{8}\.pending)(?:\.new)?")


@dataclass(slots=True, kw_only=True)
class Counts:
    """Searches, those of them that found nothing, and how often each text was among them.

    `texts` and `fruitless` hold what may be told of, as it is told; the sums hold everything.
    """

    searches: int = 0
    without_hits: int = 0
    texts: Counter[str] = field(default_factory=Counter)
    fruitless: Counter[str] = field(default_factory=Counter)

    def add(self, other: Counts) -> None:
        """Add the counts of `other` to these."""
        self.searches += other.searches
        self.without_hits += other.without_hits
        self.texts.update(other.texts)
        self.fruitless.update(other.fruitless)


@dataclass(frozen=True, slots=True)
class DayCounts:
    """What is told of a day."""

    day: dt.date
    counts: Counts


class QueryCounts:
    """Adds to the counts on disk; several processes may, each with the `key` of their server."""

    def __init__(self, directory: Path, *, min_count: int, key: bytes) -> None:
        self._directory = directory
        self._min_count = min_count
        self._key = key
        self._server = blake2b(b"server", key=key, digest_size=4).hexdigest()

    def prepare(self) -> None:
        """Make the directory and see whether it can be written.

        Raises:
            OSError: If it cannot be.
        """
        self._directory.mkdir(parents=True, exist_ok=True)
        with _locked(self._directory):
            probe = self._directory / ".probe"
            probe.write_bytes(b"\n")
            probe.unlink()

    def add(self, counted: Counts, *, day: dt.date) -> None:
        """Add what a process has counted; either all of it is added, or an error is raised.

        Raises:
            OSError: If the disk does not take it.
            EngineError: If what is there already cannot be read.
        """
        kept_path = self._directory / f"{day}.json"
        pending_path = self._directory / f"{day}.{self._server}.pending"
        with _locked(self._directory):
            kept = _read_day(kept_path)
            pending = _read_pending(pending_path)
            self._merge(counted, kept, pending)
            # In this order: a process that is killed in between has lost counts, not told them
            # twice.
            replace_file(pending_path, orjson.dumps(pending))
            replace_file(kept_path, orjson.dumps(_plain(kept)))

    def _merge(self, counted: Counts, kept: Counts, pending: dict[str, list[int]]) -> None:
        kept.searches += counted.searches
        kept.without_hits += counted.without_hits
        for text, seen in counted.texts.items():
            new = [seen, counted.fruitless[text]]
            if text not in kept.texts:
                digest = self._digest(text)
                new = [sum(pair) for pair in zip(new, pending.pop(digest, (0, 0)), strict=True)]
                if new[0] < self._min_count:
                    if len(pending) < MOST_PENDING:
                        pending[digest] = new
                    continue
            kept.texts[text] += new[0]
            kept.fruitless[text] += new[1]

    def _digest(self, text: str) -> str:
        return blake2b(text.encode(), key=self._key, digest_size=16).hexdigest()


@contextmanager
def _locked(directory: Path) -> Iterator[None]:
    descriptor = os.open(directory / "lock", os.O_RDWR | os.O_CREAT, 0o644)
    try:
        fcntl.flock(descriptor, fcntl.LOCK_EX)
        yield
    finally:
        os.close(descriptor)


def drop_queries(directory: Path, *, dropped: Callable[[str], bool]) -> int:
    """Take queries out of the counts of all days; the sums stay. Return how many there were.

    Raises:
        OSError: If a file cannot be written.
        EngineError: If one cannot be read.
    """
    if not directory.is_dir():
        return 0
    gone = 0
    with _locked(directory):
        for path in filter(_day_of, sorted(directory.glob("*.json"))):
            counts = _read_day(path)
            if texts := [text for text in counts.texts if dropped(text)]:
                for text in texts:
                    del counts.texts[text], counts.fruitless[text]
                replace_file(path, orjson.dumps(_plain(counts)))
                gone += len(texts)
    return gone


def read_counts(directory: Path, *, since: dt.date, min_count: int) -> tuple[DayCounts, ...]:
    """Return what was counted from `since` on, the oldest day first.

    A text with fewer than `min_count` searches on a day is left out, in case it has been raised.

    Raises:
        EngineError: If a file cannot be read.
    """
    found = []
    for path in sorted(directory.glob("*.json")):
        day = _day_of(path)
        if day and day >= since:
            counts = _read_day(path)
            for text in [text for text, seen in counts.texts.items() if seen < min_count]:
                del counts.texts[text], counts.fruitless[text]
            found.append(DayCounts(day, counts))
    return tuple(found)


def sweep_counts(directory: Path, *, today: dt.date, keep_days: int) -> tuple[str, ...]:
    """Delete what is older than `keep_days`, and digests older than today; name the deleted.

    Raises:
        OSError: If something cannot be deleted.
    """
    gone = []
    for path in sorted(directory.glob("*")) + sorted(directory.glob(".*")):
        day = _day_of(path)
        oldest = today - dt.timedelta(days=keep_days - 1) if path.suffix == ".json" else today
        if day and day < oldest:
            path.unlink(missing_ok=True)
            gone.append(path.name)
    return tuple(gone)


def _day_of(path: Path) -> dt.date | None:
    if match := _DAY.fullmatch(path.name):
        with suppress(ValueError):
            return dt.date.fromisoformat(match[1])
    return None


def _read_day(path: Path) -> Counts:
    """Return the counts of a day; none where there is no file yet."""
    value = _read(path)
    try:
        texts = value.get("queries", {})
        return Counts(
            searches=int(value.get("searches", 0)),
            without_hits=int(value.get("without_hits", 0)),
            texts=Counter({str(text): int(seen) for text, (seen, _) in texts.items()}),
            fruitless=Counter({str(text): int(none) for text, (_, none) in texts.items()}),
        )
    except (TypeError, ValueError, AttributeError) as error:
        raise _unreadable(path, error) from error


def _read_pending(path: Path) -> dict[str, list[int]]:
    value = _read(path)
    try:
        return {str(digest): [int(seen), int(none)] for digest, (seen, none) in value.items()}
    except (TypeError, ValueError) as error:
        raise _unreadable(path, error) from error


def _read(path: Path) -> Mapping[str, Any]:
    try:
        value = orjson.loads(path.read_bytes())
    except FileNotFoundError:
        return {}
    except (OSError, ValueError) as error:
        raise _unreadable(path, error) from error
    if not isinstance(value, dict):
        raise _unreadable(path, TypeError("not an object"))
    return value


def _unreadable(path: Path, error: Exception) -> EngineError:
    return EngineError(
        f"{path} cannot be read ({error}); look at its permissions, or delete it: only the counts "
        "of that day are lost"
    )


def _plain(counts: Counts) -> Mapping[str, object]:
    return {
        "searches": counts.searches,
        "without_hits": counts.without_hits,
        "queries": {
            text: [seen, counts.fruitless[text]] for text, seen in sorted(counts.texts.items())
        },
    }
