"""Looks at the jobs themselves: does one hang, and when did the last one succeed?"""

from __future__ import annotations

import datetime as dt
from typing import TYPE_CHECKING

from indexer.jobs.findings import Finding, fine, warning
from indexer.jobs.lock import LOCK, lock_of, running_since
from indexer.store import peek_runs

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

LONGEST = dt.timedelta(hours=12)
"""What a job may take before it is thought to hang; `samsok schedule` ends it after as long."""

_STALE = dt.timedelta(days=3)
_SUCCESS = frozenset({"published", "unchanged"})


def job_findings(
    check: str, data_dir: Path, stores: tuple[Path, ...], *, now: dt.datetime
) -> Iterator[Finding]:
    """Tell which jobs hold the lock of the directory or of a shard, and for how long."""
    # Of shards that go on beside each other the directory's lock knows the one that came last.
    locks = dict.fromkeys((data_dir / LOCK, *map(lock_of, stores)))
    held = dict(holder for lock in locks if (holder := running_since(lock)))
    if not held:
        yield fine(check, "none is running")
    for process, since in held.items():
        yield _job_finding(check, process, since, now=now)


def _job_finding(check: str, process: int, since: dt.datetime, *, now: dt.datetime) -> Finding:
    said = f"process {process} has been working since {since:%Y-%m-%d %H:%M} UTC"
    if now - since < LONGEST:
        return fine(check, said)
    return warning(
        check,
        said,
        f"it seems to hang, and no other job can begin: look at its log, then `kill {process}`; "
        "nothing is lost by that, and the next run goes on from there",
    )


def success_finding(check: str, database: Path, *, now: dt.datetime) -> Finding:
    """Tell when a reindex last succeeded."""
    runs = peek_runs(database, job="reindex")
    if not runs:
        return fine(check, "no reindex has been recorded here yet")
    last = next((run for run in runs if run.report.get("outcome") in _SUCCESS), None)
    if last and now - last.at < _STALE:
        return fine(check, f"the last run that succeeded ended {last.at:%Y-%m-%d %H:%M} UTC")
    since = f"since {last.at:%Y-%m-%d %H:%M} UTC" if last else "yet, as far back as is known"
    newest = runs[0]
    why = newest.report.get("problem") or "; ".join(newest.report.get("objections", ()))
    reason = f"; the last one {newest.report.get('outcome', 'ended')}: {why}" if why else ""
    return warning(
        check,
        f"no run has succeeded {since}{reason}",
        "searches are answered from an old index; is the timer on (`systemctl list-timers`)? "
        "`samsok status` shows the last runs",
    )
