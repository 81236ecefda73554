"""What a crawl did, source by source: the operator's first look when something is wrong."""

from __future__ import annotations

import dataclasses
import datetime as dt
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from indexer.counting import counted

MAX_EXAMPLES = 20
CUT_SHORT = frozenset({"host_busy", "max_pages"})
"""Problems of a source that is there, and was not crawled to its end."""


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
    keys of site rules that found nothing on the pages that were read. `handed_over` counts the
    URLs found for other shards of the crawl, `taken_in` those that they found for this one.
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
    handed_over: int = 0
    taken_in: int = 0
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
        return bool(self.problem) and self.problem not in CUT_SHORT

    def lines(self) -> Iterator[str]:
        """Yield the report as text."""
        return _source_lines(_plain(dataclasses.asdict(self)), failed=self.is_failed)


_NUMBERS = tuple(field.name for field in dataclasses.fields(SourceReport) if field.default == 0)


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
        return crawl_lines(self.to_json())


def crawl_lines(crawl: Mapping[str, Any]) -> Iterator[str]:
    """Yield the report of a crawl, one that `CrawlReport.to_json` returned at any time, as text."""
    for source in crawl.get("sources", ()):
        yield from _source_lines(source, failed=source["source"] in crawl.get("failed_sources", ()))


def _source_lines(source: Mapping[str, Any], *, failed: bool) -> Iterator[str]:
    told: dict[str, Any] = dict.fromkeys(_NUMBERS, 0) | {"problem": "", "detail": ""} | dict(source)
    seconds = _seconds(source)
    state = f" FAILED ({told['problem']}) after {seconds:.1f} s, and keeps" if failed else ""
    took = "" if failed else f" in {seconds:.1f} s"
    yield f"{told['source']}:{state} {counted(told['documents'], 'document')}{took}"
    if told["detail"]:
        yield f"  {told['detail']}"
    yield (
        f"  {told['fetched']} fetched ({told['bytes'] / 1e6:.1f} MB),"
        f" {told['not_modified']} not modified, {told['reextracted']} read again from the store"
    )
    counts = ", ".join(f"{told[what]} {what}" for what in ("added", "changed", "unchanged"))
    yield f"  {counts}" + (f", {told['not_due']} not due yet" if told["not_due"] else "")
    for title in ("removed", "skipped", "denied", "failed"):
        yield from reason_lines(title, source.get(title, {}))
    yield from _odd_lines(source)
    if told["handed_over"] or told["taken_in"]:
        yield (
            f"  {counted(told['handed_over'], 'URL')} found for other shards,"
            f" {told['taken_in']} taken in from them"
        )
    if told["left_queued"]:
        yield f"  {counted(told['left_queued'], 'URL')} left for the next crawl"
    for host in source.get("slowest_hosts", ()):
        yield (
            f"  {host['host']}: {counted(host['requests'], 'page')},"
            f" {host['mean_s']:.2f} s each, slowest {host['max_s']:.2f} s"
        )


def reason_lines(title: str, reasons: Mapping[str, Any]) -> Iterator[str]:
    """Yield counts by reason, as plain JSON values, as text; the most frequent first."""
    for reason, held in sorted(reasons.items(), key=lambda item: (-item[1]["count"], item[0])):
        example = f", such as {held['examples'][0]}" if held["examples"] else ""
        yield f"  {title}: {held['count']} {reason}{example}"


def _odd_lines(source: Mapping[str, Any]) -> Iterator[str]:
    for what, held in source.get("wrong_rules", {}).items():
        pages = f"{held['count']} pages" if held["count"] > 1 else "a page"
        yield (
            f"  site rule: {what} finds nothing on {pages}, such as {held['examples'][0]};"
            " the text was found without it"
        )
    for pattern, count in source.get("spent_patterns", {}).items():
        yield f"  pattern budget spent: {pattern} ({counted(count, 'URL')} left out)"


def _seconds(span: Mapping[str, Any]) -> float:
    started, finished = (dt.datetime.fromisoformat(span[key]) for key in ("started", "finished"))
    return (finished - started).total_seconds()


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
