"""Telling somebody that a run went wrong, and once that it, or all, is well again.

To whom is the operator's to say: a webhook, a command, or nobody. That telling fails is a warning
in the report, and never a failure of the run.
"""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import tempfile
from contextlib import suppress
from typing import TYPE_CHECKING, Any, Literal

import orjson

from indexer.engine.upkeep import HARVESTS
from indexer.fetch import post
from indexer.jobs.reports import (
    crawl_of,
    division,
    job_of,
    last_of_parts,
    outcome_of,
    report_lines,
)

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping, Sequence

    from indexer.config import Config
    from indexer.store import StoredRun

Event = Literal["failed", "refused", "sources_failed", "runs_again", "recovered", "test"]

_WEBHOOK_S = 15.0
_COMMAND_S = 60.0
_SAID = 200
_WRONG = frozenset({"failed", "refused"})
_HEADLINES: Mapping[Event, str] = {
    "failed": "the run failed; the old index goes on serving",
    "refused": "the new index was refused; the old one goes on serving",
    "sources_failed": "a source could not be reached; its documents are kept",
    "runs_again": "{job} runs well again; not all is well yet",
    "recovered": "all is well again",
    "test": "this is a test; nothing is wrong",
}


def event_of(report: Mapping[str, Any], before: Sequence[StoredRun]) -> Event | None:
    """Return what of a run is worth telling, or None; `before` are the runs before, newest first.

    A run that failed or was refused always is; a source that is down is told once, and so is
    the first run that is well again, and whether nothing is wrong any more then.
    """
    if (outcome := outcome_of(report)) in _WRONG:
        return "failed" if outcome == "failed" else "refused"
    if outcome == "stopped":
        return None  # of what it did not get to, nothing is known
    shard, crawl = str(report.get("shard", "")), crawl_of(report)
    failed = {(name, shard) for name in crawl.get("failed_sources", ())}
    asked = {(source["source"], shard) for source in crawl.get("sources", ())}
    was_down = {part for part, it in last_of_parts(before).items() if it["is_failed"]}
    if asked:
        # What was down when the crawl was divided otherwise is nobody's any more.
        was_down = {part for part in was_down if division(part[1]) == division(shard)}
    if failed - was_down:
        return "sources_failed"
    still_down = failed | was_down - asked
    wrong = _wrong_jobs(report, before)
    if job_of(report) not in wrong and not (was_down and not still_down):
        return None
    return "runs_again" if still_down or wrong - {job_of(report)} else "recovered"


def _wrong_jobs(report: Mapping[str, Any], before: Sequence[StoredRun]) -> set[str]:
    """Return the jobs, each of its shard, whose last run before this one went wrong.

    Those from before the crawl was divided otherwise are nobody's any more; of a run that was
    stopped, nothing is known.
    """
    told = (report, *(it.report for it in before))
    harvests = (it for it in told if it.get("job") in HARVESTS or crawl_of(it).get("sources"))
    now = next((_division(it) for it in harvests), "")
    last: dict[str, str] = {}
    for it in told[1:]:
        is_ours = it.get("job") not in HARVESTS or _division(it) == now
        if is_ours and outcome_of(it) != "stopped":
            last.setdefault(job_of(it), outcome_of(it))
    return {job for job, outcome in last.items() if outcome in _WRONG}


def _division(report: Mapping[str, Any]) -> str:
    return division(str(report.get("shard", "")))


def tell(config: Config, report: Mapping[str, Any], event: Event, *, run: int | None) -> list[str]:
    """Tell those whom the configuration names; return what of it did not work.

    `run` is the number under which the report is kept, if it is.
    """
    text = "\n".join(_lines(report, event, run=run)) + "\n"
    return [f"nobody was told by {problem}" for problem in _problems(config, report, event, text)]


def _problems(config: Config, report: Mapping[str, Any], event: Event, text: str) -> Iterator[str]:
    notify = config.notify
    if notify.webhook:
        body = {"event": event, "host": socket.gethostname(), "text": text, "report": report}
        content = orjson.dumps(body)
        agent = config.user_agent
        if problem := post(notify.webhook, content, user_agent=agent, limit_s=_WEBHOOK_S):
            yield f"the webhook: {problem}"
    if notify.command and (problem := _run(notify.command, text, event)):
        yield f"the command {os.path.basename(notify.command[0])}: {problem}"  # noqa: PTH119 - as it was written


def _lines(report: Mapping[str, Any], event: Event, *, run: int | None) -> Iterator[str]:
    yield f"Samsök on {socket.gethostname()}: {_HEADLINES[event].format(job=job_of(report))}"
    yield ""
    yield from report_lines(report)
    yield ""
    number = f"; `samsok report {run}` shows this again" if run is not None else ""
    yield f"`samsok status` shows where things stand{number}"


def _run(command: Sequence[str], text: str, event: Event) -> str:
    """Run a command with the text on its standard input; return what went wrong, or ""."""
    with tempfile.TemporaryFile() as said:
        try:
            process = subprocess.Popen(  # noqa: S603 - the operator's own command, and no shell
                command,
                stdin=subprocess.PIPE,
                stdout=subprocess.DEVNULL,
                stderr=said,
                env={**os.environ, "SAMSOK_EVENT": event},
                start_new_session=True,
            )
        except (OSError, ValueError) as error:
            return f"cannot be started: {getattr(error, 'strerror', None) or error}"
        try:
            # What does not care to read it all may be satisfied all the same.
            with suppress(BrokenPipeError):
                process.communicate(text.encode(), timeout=_COMMAND_S)
            code = process.wait()
        except subprocess.TimeoutExpired:
            with suppress(ProcessLookupError):
                os.killpg(process.pid, signal.SIGKILL)
            process.wait()
            return f"did not end within {_COMMAND_S:g} s and was killed"
        if code == 0:
            return ""
        said.seek(0)
        last = said.read(10_000).decode(errors="replace").strip().rpartition("\n")[2]
        return f"ended with exit code {code}" + (f": {last[:_SAID]}" if last else "")
