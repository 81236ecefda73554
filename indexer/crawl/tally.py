"""Counting while a source is crawled; the report is made from it."""

from __future__ import annotations

from collections import Counter, defaultdict
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal
from urllib.parse import urlsplit

from indexer.crawl.report import MAX_EXAMPLES, HostTiming, ReasonCount, SourceReport
from indexer.crawl.scope import FORGOTTEN

if TYPE_CHECKING:
    import datetime as dt
    from collections.abc import Iterable

    from indexer.store import Change

Category = Literal["removed", "skipped", "denied", "failed"]

_SLOWEST = 5


class Reasons:
    """Counts by reason, with the first few URLs of each."""

    def __init__(self) -> None:
        self._counts: Counter[str] = Counter()
        self._examples: defaultdict[str, list[str]] = defaultdict(list)

    def add(self, reason: str, url: str) -> None:
        self._counts[reason] += 1
        if FORGOTTEN in reason:
            return
        examples = self._examples[reason]
        if len(examples) < MAX_EXAMPLES and url not in examples:
            examples.append(url)

    def include(self, other: Reasons) -> None:
        """Count what another has counted too."""
        for reason, counted in other.counted().items():
            self._counts[reason] += counted.count
            examples = self._examples[reason]
            examples += counted.examples[: MAX_EXAMPLES - len(examples)]

    def counted(self) -> dict[str, ReasonCount]:
        return {
            reason: ReasonCount(count=count, examples=tuple(self._examples[reason]))
            for reason, count in self._counts.items()
        }


@dataclass(slots=True)
class _Timing:
    requests: int = 0
    total_s: float = 0.0
    max_s: float = 0.0


@dataclass(slots=True, kw_only=True)
class Tally:
    """The counts of one source, so far."""

    source: str
    fetched: int = 0
    not_modified: int = 0
    reextracted: int = 0
    bytes: int = 0
    handed_over: int = 0
    taken_in: int = 0
    changes: Counter[Change] = field(default_factory=Counter)
    removed: Reasons = field(default_factory=Reasons)
    skipped: Reasons = field(default_factory=Reasons)
    denied: Reasons = field(default_factory=Reasons)
    failed: Reasons = field(default_factory=Reasons)
    _ruled: Counter[str] = field(default_factory=Counter)
    _missed: Reasons = field(default_factory=Reasons)
    _hosts: defaultdict[str, _Timing] = field(default_factory=lambda: defaultdict(_Timing))

    def answered(self, url: str, *, size: int, elapsed_s: float) -> None:
        """Count a page that came with its body."""
        self.fetched += 1
        self.bytes += size
        timing = self._hosts[urlsplit(url).netloc]
        timing.requests += 1
        timing.total_s += elapsed_s
        timing.max_s = max(timing.max_s, elapsed_s)

    def read_by_rule(self, url: str, *, rule: str, missed: Iterable[str]) -> None:
        """Count a page that a site rule was applied to, and the keys that found nothing there."""
        if rule:
            self._ruled[rule] += 1
            for key in missed:
                self._missed.add(f"{key} of {rule}", url)

    def _wrong_rules(self) -> dict[str, ReasonCount]:
        """What found nothing: a `main` anywhere, and any other field on all pages of its rule."""
        return {
            what: counted
            for what, counted in self._missed.counted().items()
            if what.startswith("main of ")
            or counted.count == self._ruled[what.partition(" of ")[2]]
        }

    def report(
        self,
        *,
        started: dt.datetime,
        finished: dt.datetime,
        resumed: bool,
        problem: str,
        detail: str,
        documents: int,
        left_queued: int,
        not_due: int,
        spent_patterns: dict[str, int],
    ) -> SourceReport:
        """Return the counts as they are now."""
        return SourceReport(
            source=self.source,
            started=started,
            finished=finished,
            resumed=resumed,
            problem=problem,
            detail=detail,
            fetched=self.fetched,
            not_modified=self.not_modified,
            reextracted=self.reextracted,
            added=self.changes["added"],
            changed=self.changes["changed"],
            unchanged=self.changes["unchanged"],
            documents=documents,
            bytes=self.bytes,
            handed_over=self.handed_over,
            taken_in=self.taken_in,
            left_queued=left_queued,
            not_due=not_due,
            removed=self.removed.counted(),
            skipped=self.skipped.counted(),
            denied=self.denied.counted(),
            failed=self.failed.counted(),
            spent_patterns=spent_patterns,
            wrong_rules=self._wrong_rules(),
            slowest_hosts=self._slowest(),
        )

    def _slowest(self) -> tuple[HostTiming, ...]:
        timings = (
            HostTiming(
                host=host,
                requests=timing.requests,
                mean_s=round(timing.total_s / timing.requests, 4),
                max_s=round(timing.max_s, 4),
            )
            for host, timing in self._hosts.items()
        )
        return tuple(sorted(timings, key=lambda timing: -timing.mean_s)[:_SLOWEST])
