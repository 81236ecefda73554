from __future__ import annotations

import datetime as dt
import logging
import shlex
import socket
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import psutil
import pytest

from indexer.config import Config, NotifySettings
from indexer.jobs import notify
from indexer.jobs.notify import event_of, tell
from indexer.store import StoredRun
from tests.support.webhook import Webhook

NIGHT = "2026-03-01T02:00:00+00:00"


def reindex(outcome: str = "published", /, *down: str, up: tuple[str, ...] = ()) -> dict[str, Any]:
    sources = [
        {"source": name, "started": NIGHT, "finished": NIGHT, "documents": 3}
        for name in (*down, *up)
    ]
    crawl = {"sources": sources, "failed_sources": list(down)} if sources else None
    return {
        "job": "reindex",
        "outcome": outcome,
        "started": NIGHT,
        "finished": NIGHT,
        "crawl": crawl,
        "documents": 3,
        "generation": "gen-000007",
        "objections": ["half is gone"] if outcome == "refused" else [],
        "problem": "the disk is full" if outcome == "failed" else "",
    }


def stored(*reports: dict[str, Any]) -> list[StoredRun]:
    """The runs before, the newest first."""
    at = dt.datetime.fromisoformat(NIGHT)
    return [
        StoredRun(id=len(reports) - number, at=at, report=report)
        for number, report in enumerate(reports)
    ]


# --- what is worth telling ----------------------------------------------------------------------

WELL = reindex(up=("a", "b"))
A_DOWN = reindex("published", "a", up=("b",))


def of_shard(shard: str, outcome: str = "crawled", /, *down: str) -> dict[str, Any]:
    """A crawl of a shard, which asks the source "a" and those that are down."""
    up = () if "a" in down or outcome == "failed" else ("a",)
    crawl = reindex(outcome, *down, up=up)["crawl"] or {}
    return {"job": "crawl", "shard": shard, "started": NIGHT, "finished": NIGHT} | (
        {"outcome": outcome} if outcome != "crawled" else crawl
    )


@pytest.mark.parametrize(
    ("report", "before", "event"),
    [
        (WELL, [], None),
        (WELL, [WELL], None),
        (reindex("unchanged"), [WELL], None),
        (reindex("failed"), [], "failed"),
        (reindex("failed"), [reindex("failed")], "failed"),
        (reindex("refused"), [WELL], "refused"),
        (WELL, [reindex("failed"), WELL], "recovered"),
        (WELL, [reindex("refused"), WELL], "recovered"),
        (WELL, [WELL, reindex("failed")], None),
        (reindex("unchanged"), [reindex("failed")], "recovered"),
        (A_DOWN, [WELL], "sources_failed"),
        (A_DOWN, [A_DOWN, WELL], None),
        (reindex("published", "a", "b"), [A_DOWN, WELL], "sources_failed"),
        (WELL, [A_DOWN, WELL], "recovered"),
        (reindex("published", up=("b",)), [A_DOWN], None),
        (reindex("published", up=("a",)), [reindex("published", "a", "b")], None),
        (reindex("published", up=("a",)), [A_DOWN], "recovered"),
        (reindex("unchanged"), [A_DOWN, WELL], None),
        (A_DOWN, [reindex("failed"), A_DOWN], "runs_again"),
        (WELL, [reindex("stopped"), reindex("failed")], "recovered"),
        (
            WELL,
            [{"job": "crawl", "sources": [], "failed_sources": []}, reindex("failed")],
            "recovered",
        ),
        (of_shard("1/2"), [], None),
        (of_shard("1/2", "failed"), [of_shard("2/2")], "failed"),
        (of_shard("2/2"), [of_shard("1/2", "failed")], None),
        (of_shard("1/2"), [of_shard("2/2"), of_shard("1/2", "failed")], "recovered"),
        (of_shard("1/2"), [of_shard("2/2", "failed"), of_shard("1/2", "failed")], "runs_again"),
        (
            of_shard("2/2"),
            [of_shard("1/2"), of_shard("2/2", "failed"), of_shard("1/2", "failed")],
            "recovered",
        ),
        (of_shard("1/2"), [reindex("refused"), of_shard("1/2", "failed")], "runs_again"),
        (reindex("unchanged"), [reindex("refused"), of_shard("1/2", "failed")], "runs_again"),
        (
            of_shard("1/2"),
            [of_shard("1/2", "crawled", "a"), of_shard("2/2", "failed")],
            "runs_again",
        ),
        (of_shard("1/2"), [of_shard("1/2", "failed"), of_shard("2/3", "failed")], "recovered"),
        (WELL, [reindex("failed"), of_shard("2/3", "failed")], "recovered"),
        (of_shard("1/2", "crawled", "a"), [of_shard("2/2")], "sources_failed"),
        (of_shard("1/2", "crawled", "a"), [of_shard("1/2", "crawled", "a")], None),
        (of_shard("2/2"), [of_shard("1/2", "crawled", "a")], None),
        (of_shard("1/2"), [of_shard("2/2"), of_shard("1/2", "crawled", "a")], "recovered"),
        (of_shard("1/3"), [of_shard("2/2", "crawled", "a")], None),
        (reindex("unchanged"), [of_shard("1/2", "crawled", "a")], None),
    ],
)
def test_what_is_told_is_what_is_new(
    report: dict[str, Any], before: list[dict[str, Any]], event: str | None
) -> None:
    assert event_of(report, stored(*before)) == event


# --- a webhook ----------------------------------------------------------------------------------


def by_webhook(settings: Config, url: str) -> Config:
    return replace(settings, notify=NotifySettings(webhook=url))


def test_a_webhook_is_sent_the_report_and_its_text(settings: Config) -> None:
    with Webhook() as webhook:
        warnings = tell(by_webhook(settings, webhook.url), reindex("refused"), "refused", run=7)

    assert warnings == []
    (body,), (headers,) = webhook.told, webhook.headers
    assert body["event"] == "refused"
    assert body["host"] == socket.gethostname()
    assert body["report"]["objections"] == ["half is gone"]
    assert "the new index was refused" in body["text"]
    assert "because half is gone" in body["text"]
    assert "`samsok report 7`" in body["text"]
    assert headers["content-type"].startswith("application/json")
    assert headers["user-agent"] == settings.user_agent


def test_what_runs_again_is_named(settings: Config) -> None:
    with Webhook() as webhook:
        tell(by_webhook(settings, webhook.url), of_shard("1/2"), "runs_again", run=8)

    (body,) = webhook.told
    assert body["event"] == "runs_again"
    assert ": crawl 1/2 runs well again; not all is well yet\n" in body["text"]


@pytest.mark.parametrize(
    ("status", "said"), [(500, "answered 500"), (404, "answered 404"), (302, "it is elsewhere now")]
)
def test_a_webhook_that_refuses_is_a_warning(settings: Config, status: int, said: str) -> None:
    with Webhook(status=status) as webhook:
        (warning,) = tell(by_webhook(settings, webhook.url), reindex("failed"), "failed", run=1)

    assert said in warning
    assert len(webhook.told) == 1


def test_a_webhook_that_is_silent_is_given_up(
    settings: Config, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "_WEBHOOK_S", 0.3)
    begun = time.monotonic()
    with Webhook(stall_s=2) as webhook:
        (warning,) = tell(by_webhook(settings, webhook.url), reindex("failed"), "failed", run=1)
        took = time.monotonic() - begun

    assert "within 0.3 s" in warning or "for 0.3 s" in warning
    assert took < 1.9


@pytest.mark.parametrize("url", ["http://127.0.0.1:9/s3cret", "http://nowhere.invalid/s3cret"])
def test_no_message_and_no_log_repeats_the_address_of_a_webhook(
    settings: Config, caplog: pytest.LogCaptureFixture, url: str
) -> None:
    caplog.set_level(logging.DEBUG)
    warnings = tell(by_webhook(settings, url), reindex("failed"), "failed", run=1)
    with Webhook() as webhook:
        tell(by_webhook(settings, webhook.url), reindex("failed"), "failed", run=1)

    assert len(warnings) == 1
    told = f"{warnings} {caplog.text} {by_webhook(settings, url)!r}"
    assert "s3cret" not in told
    assert "als0-secret" not in told


# --- a command ----------------------------------------------------------------------------------


def by_command(settings: Config, *command: str) -> Config:
    return replace(settings, notify=NotifySettings(command=command))


def test_a_command_reads_the_text_on_its_input(settings: Config, tmp_path: Path) -> None:
    code = (
        "import os, pathlib, sys; pathlib.Path(sys.argv[1]).write_bytes("
        "sys.stdin.buffer.read() + os.environ['SAMSOK_EVENT'].encode())"
    )
    mail = tmp_path / "mail; echo $HOME"  # no shell takes that apart
    config = by_command(settings, sys.executable, "-c", code, str(mail))

    assert tell(config, reindex("failed"), "failed", run=3) == []

    text = mail.read_text(encoding="utf-8")
    assert text.startswith(f"Samsök on {socket.gethostname()}: the run failed")
    assert "FAILED after 0.0 s: the disk is full" in text
    assert text.endswith("shows this again\nfailed")


@pytest.mark.parametrize(
    ("command", "said"),
    [
        ("/nowhere/mail", "the command mail: cannot be started: No such file"),
        ("sh -c 'cat > /dev/null; echo no route >&2; exit 69'", "exit code 69: no route"),
        ("sh -c 'exit 1'", "the command sh: ended with exit code 1"),
    ],
)
def test_a_command_that_fails_is_a_warning(settings: Config, command: str, said: str) -> None:
    config = by_command(settings, *shlex.split(command))

    (warning,) = tell(config, reindex("failed"), "failed", run=3)

    assert said in warning


def test_a_command_may_leave_its_input_unread(settings: Config) -> None:
    long = {**reindex("failed"), "problem": "x" * 1_000_000}

    assert tell(by_command(settings, "true"), long, "failed", run=3) == []


def test_a_command_that_does_not_end_is_killed_with_its_children(
    settings: Config, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(notify, "_COMMAND_S", 1.0)
    noted = tmp_path / "pid"
    config = by_command(settings, "sh", "-c", f"sleep 300 & echo $! > {noted}; wait")

    (warning,) = tell(config, reindex("failed"), "failed", run=3)

    assert "did not end within 1 s" in warning
    child = int(noted.read_text())
    deadline = time.monotonic() + 10
    while psutil.pid_exists(child) and psutil.Process(child).status() != psutil.STATUS_ZOMBIE:
        assert time.monotonic() < deadline
        time.sleep(0.05)
