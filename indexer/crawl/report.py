"""What a crawl did, source by source: the operator's first look when something is wrong."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

MAX_EXAMPLES = 20
_CUT_SHORT = frozenset({"host_busy", "max_pages"})


@dataclass(frozen=True, slots=True, kw_only=True)
class ReasonCount:
    """How often something happened for one reason, and up to twenty URLs it happened to."""

    count: int
    examples: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class HostTiming:
    """How a host answered. Seconds from request to the last byte, redirects included."""

    host: str
    requests: int
    mean_s: float
    max_s: float


Reasons = Mapping[str, ReasonCount]


@dataclass(frozen=True, slots=True, kw_only=True)
class SourceReport:
    """The crawl of one source.

    `fetched` counts pages that came with a body and `not_modified` those that answered 304.
    `added`, `changed` and `unchanged` count documents; `documents` is how many the source has
    now. `removed`, `skipped`, `denied` and `failed` say why. `problem` is empty unless the
    source as a whole failed, or could not be finished. `bytes` is after decompression. `not_due`
    counts the known URLs that were left alone because they change seldom. `wrong_rules` are the
    keys of site rules that found nothing on the pages that were read.
    """

    source: str
    started: dt.datetime
    finished: dt.datetime
    resumed: bool = False
    problem: str = ""
    detail: str = ""
    fetched: int = 0
    not_modified: int = 0
    reextracted: int = 0
    added: int = 0
    changed: int = 0
    unchanged: int = 0
    documents: int = 0
    bytes: int = 0
    left_queued: int = 0
    not_due: int = 0
    removed: Reasons = field(default_factory=dict)
    skipped: Reasons = field(default_factory=dict)
    denied: Reasons = field(default_factory=dict)
    failed: Reasons = field(default_factory=dict)
    spent_patterns: Mapping[str, int] = field(default_factory=dict)
    wrong_rules: Reasons = field(default_factory=dict)
    slowest_hosts: tuple[HostTiming, ...] = ()

    @property
    def is_failed(self) -> bool:
        """Whether the source as a whole failed; one that was merely cut short did not."""
        return bool(self.problem) and self.problem not in _CUT_SHORT

    def lines(self) -> Iterator[str]:
        """Yield the report as text."""
        seconds = (self.finished - self.started).total_seconds()
        state = f" FAILED: {self.problem}" if self.is_failed else ""
        yield f"{self.source}:{state} {self.documents} documents in {seconds:.1f} s"
        if self.detail:
            yield f"  {self.detail}"
        yield (
            f"  {self.fetched} fetched ({self.bytes / 1e6:.1f} MB),"
            f" {self.not_modified} not modified, {self.reextracted} read again from the store"
        )
        resting = f", {self.not_due} not due yet" if self.not_due else ""
        yield f"  {self.added} added, {self.changed} changed, {self.unchanged} unchanged{resting}"
        for title in ("removed", "skipped", "denied", "failed"):
            yield from _reason_lines(title, getattr(self, title))
        for what, counted in self.wrong_rules.items():
            pages = f"{counted.count} pages" if counted.count > 1 else "a page"
            yield (
                f"  site rule: {what} finds nothing on {pages}, such as {counted.examples[0]};"
                " the text was found without it"
            )
        for pattern, count in self.spent_patterns.items():
            yield f"  pattern budget spent: {pattern} ({count} URLs left out)"
        if self.left_queued:
            yield f"  {self.left_queued} URLs left for the next crawl"
        for host in self.slowest_hosts:
            yield (
                f"  {host.host}: {host.requests} requests,"
                f" {host.mean_s:.2f} s each, slowest {host.max_s:.2f} s"
            )


@dataclass(frozen=True, slots=True, kw_only=True)
class CrawlReport:
    """A crawl of one or more sources."""

    started: dt.datetime
    finished: dt.datetime
    sources: tuple[SourceReport, ...] = ()

    @property
    def failed_sources(self) -> tuple[str, ...]:
        """The names of the sources that failed as a whole."""
        return tuple(report.source for report in self.sources if report.is_failed)

    def total(self, count: str) -> int:
        """Return the sum over the sources of one of their numbers, such as ``"added"``.

        A count by reason is summed over its reasons.
        """
        return sum(_number(getattr(report, count)) for report in self.sources)

    def to_json(self) -> dict[str, Any]:
        """Return the report as plain JSON values; times are ISO 8601."""
        return {
            "kind": "crawl",
            **_plain(dataclasses.asdict(self)),
            "failed_sources": list(self.failed_sources),
        }

    def lines(self) -> Iterator[str]:
        """Yield the report as text."""
        for report in self.sources:
            yield from report.lines()


def _reason_lines(title: str, reasons: Reasons) -> Iterator[str]:
    for reason, counted in sorted(reasons.items(), key=lambda item: (-item[1].count, item[0])):
        example = f", such as {counted.examples[0]}" if counted.examples else ""
        yield f"  {title}: {counted.count} {reason}{example}"


def _number(value: int | Reasons) -> int:
    if isinstance(value, int):
        return value
    return sum(counted.count for counted in value.values())


def _plain(value: Any) -> Any:
    if isinstance(value, dt.datetime):
        return value.isoformat()
    if isinstance(value, dict):
        return {key: _plain(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [_plain(item) for item in value]
    return value
