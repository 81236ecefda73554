"""What the reports of jobs say: as text for people, and in a few numbers.

A report is plain JSON values, as it is kept, of this version or of an older one. Its text is made
of these and of nothing else, so that a run reads the same at its end and a year later.
"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING, Any

from indexer.counting import counted
from indexer.crawl import crawl_lines, import_lines
from indexer.engine import RunUpkeep
from indexer.jobs.verdict import Verdict

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Mapping

    from indexer.store import StoredRun

_WELL = frozenset({"published", "unchanged"})


def report_lines(report: Mapping[str, Any]) -> list[str]:
    """Return a report as lines for people."""
    job, outcome = report.get("job"), outcome_of(report)
    lines = [f"shard {report['shard']}:"] if report.get("shard") else []
    if outcome == "imported":
        lines += import_lines(report)
    else:
        lines += crawl_lines(crawl_of(report))
        if job != "crawl" or outcome != "crawled":
            lines += _index_lines(report)
    return lines + [f"warning: {warning}" for warning in report.get("warnings", ())]


def _index_lines(report: Mapping[str, Any]) -> Iterator[str]:
    reextracted = report.get("reextracted") or {}
    if reextracted.get("read"):
        counts = ", ".join(f"{count} {what}" for what, count in reextracted.items())
        yield f"read again from the store: {counts}"
    outcome, name = outcome_of(report), report.get("generation") or ""
    documents = counted(report.get("documents", 0), "document")
    seconds = _seconds(report)
    yield {
        "published": f"published {name}: {documents} in {seconds:.1f} s",
        "unchanged": f"nothing changed: {documents}, nothing to publish",
        "refused": f"NOT published: {name}, and the old index goes on serving",
        "failed": f"FAILED after {seconds:.1f} s: {report.get('problem', '')}",
        "stopped": f"STOPPED after {seconds:.1f} s: {report.get('problem', '')}",
    }.get(outcome, outcome)
    objections = report.get("objections", ())
    if report.get("forced") and objections:
        yield f"  by force: {report['forced']}"
    word = "although" if outcome == "published" else "because"
    yield from (f"  {word} {objection}" for objection in objections)
    yield from _difference_lines(report)


def _difference_lines(report: Mapping[str, Any]) -> Iterator[str]:
    """Yield what the generation does otherwise: all that is known of it where it was refused."""
    if held := report.get("differences"):
        verdict = Verdict.from_plain(held)
        refused = outcome_of(report) == "refused"
        yield from verdict.lines() if refused else (f"  {line}" for line in verdict.short())


def remark(report: Mapping[str, Any]) -> str:
    """Return in one line why a run failed or was not published, or why it was all the same."""
    if problem := report.get("problem"):
        return str(problem)
    objections = "; ".join(report.get("objections", ()))
    forced = report.get("forced")
    if objections:
        return f"by force, {forced}: {objections}" if forced else objections
    if report.get("by_hand"):
        return f"{report.get('generation')}, {forced or 'by hand'}"
    failed = ", ".join(crawl_of(report).get("failed_sources", ()))
    return f"not reached: {failed}" if failed else ""


def crawl_of(report: Mapping[str, Any]) -> Mapping[str, Any]:
    """Return what a report says of crawling; nothing where the job did not crawl."""
    crawl: Mapping[str, Any] = report if report.get("job") == "crawl" else report.get("crawl") or {}
    return crawl


def job_of(report: Mapping[str, Any]) -> str:
    """Return what kind of job a run was, and for which shard of the crawl."""
    return f"{report.get('job', '')} {report.get('shard', '')}".rstrip()


def outcome_of(report: Mapping[str, Any]) -> str:
    """Return how a run ended, in a word."""
    return str(report.get("outcome") or "crawled")


def is_well(report: Mapping[str, Any]) -> bool:
    """Tell whether a run looked at the sources and ended well: published, or nothing to publish."""
    return report.get("job") == "reindex" and outcome_of(report) in _WELL


def numbers(run: StoredRun) -> RunUpkeep:
    """Return a run in a few numbers."""
    report = run.report
    changes = [*crawl_of(report).get("sources", ()), report.get("reextracted") or {}]
    if outcome_of(report) == "imported":
        changes.append(report)
    started, finished = report.get("started"), report.get("finished")
    return RunUpkeep(
        id=run.id,
        job=str(report.get("job", "")),
        outcome=outcome_of(report),
        started=dt.datetime.fromisoformat(started) if started else run.at,
        finished=dt.datetime.fromisoformat(finished) if finished else run.at,
        documents=report.get("documents"),
        added=sum(one.get("added", 0) for one in changes),
        changed=sum(one.get("changed", 0) for one in changes),
        removed=sum(_removed(one.get("removed", 0)) for one in changes),
    )


def last_of_parts(runs: Iterable[StoredRun]) -> dict[tuple[str, str], Mapping[str, Any]]:
    """Return the newest report of each source from each shard, "" where the crawl is not shared.

    `runs` come the newest first; those from before the crawl was divided otherwise tell nothing of
    now. `is_failed` is added to what a source reports.
    """
    found: dict[tuple[str, str], Mapping[str, Any]] = {}
    now: str | None = None
    for run in runs:
        crawl, shard = crawl_of(run.report), str(run.report.get("shard", ""))
        sources, failed = crawl.get("sources", ()), crawl.get("failed_sources", ())
        if not sources:
            continue
        now = division(shard) if now is None else now
        for source in sources if division(shard) == now else ():
            name = source["source"]
            found.setdefault((name, shard), {**source, "is_failed": name in failed})
    return found


def last_of_sources(runs: Iterable[StoredRun]) -> dict[str, Mapping[str, Any]]:
    """Return the newest report of each source; of shards, of one where it failed, if it did."""
    found: dict[str, Mapping[str, Any]] = {}
    for (name, shard), source in last_of_parts(runs).items():
        if name not in found or (source["is_failed"] and not found[name]["is_failed"]):
            detail = source.get("detail", "")
            said = f"shard {shard}: {detail}" if shard and detail else detail
            found[name] = {**source, "detail": said}
    return found


def division(shard: str) -> str:
    """Return into how many the crawl is divided that a shard is of; "" where it is not."""
    return shard.partition("/")[2]


def why(source: Mapping[str, Any]) -> str:
    """Return in a word why a source was not there: what most of its pages answered."""
    reasons = {**source.get("denied", {}), **source.get("failed", {})}
    most = max(reasons, key=lambda reason: reasons[reason]["count"], default="")
    return most or str(source.get("problem", ""))


def _removed(value: int | Mapping[str, Any]) -> int:
    if isinstance(value, int):
        return value
    return sum(counted["count"] for counted in value.values())


def _seconds(report: Mapping[str, Any]) -> float:
    started, finished = (dt.datetime.fromisoformat(report[key]) for key in ("started", "finished"))
    return (finished - started).total_seconds()
