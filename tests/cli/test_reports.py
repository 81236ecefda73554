from __future__ import annotations

import datetime as dt
import sqlite3
from contextlib import closing
from typing import Any

import orjson
import pytest
from prometheus_client.parser import text_string_to_metric_families

from indexer.engine.upkeep import Upkeep
from tests.support.command import Samsok
from tests.support.faux_site import FauxSite, Reply
from tests.support.webhook import Webhook

pytestmark = pytest.mark.jobs

PATHS = ("/", "/avtal", "/projekt")


def go_down(site: FauxSite) -> None:
    for path in PATHS:
        site.reply(path, Reply(hangup="before_headers"))


def age(samsok: Samsok, *, days: int) -> None:
    """Make all that has been noted so far so many days older."""

    def older(moment: str) -> str:
        return (dt.datetime.fromisoformat(moment) - dt.timedelta(days=days)).isoformat()

    with closing(sqlite3.connect(samsok.directory / "var" / "crawl.db")) as raw, raw:
        raw.create_function("older", 1, older)
        raw.execute("UPDATE crawls SET finished = older(finished)")
        for number, report in raw.execute("SELECT id, report FROM runs").fetchall():
            plain = orjson.loads(report)
            plain["finished"] = older(plain["finished"])
            raw.execute("UPDATE runs SET report = ? WHERE id = ?", (orjson.dumps(plain), number))


def note(samsok: Samsok) -> Upkeep:
    found = Upkeep.read((samsok.directory / "var" / "index" / "status.json").read_bytes())
    assert found is not None
    return found


def test_a_run_is_shown_again_as_it_was_told_at_its_end(samsok: Samsok, site: FauxSite) -> None:
    before = samsok("report")
    assert (before.code, before.out) == (1, "")
    assert "samsok reindex" in before.err

    first = samsok("reindex").out
    site.page("/projekt", html="<h1>Projekt</h1><p>Nu om hälsa och annat.</p>")
    second = samsok("reindex").out

    head, _, text = samsok("report").out.partition("\n")
    assert head.startswith("run 2: reindex, published, 20")
    assert text == second
    assert samsok("report", "1").out.partition("\n")[2] == first
    plain: Any = samsok("report", "last", "--json").json
    assert plain["id"] == 2
    assert plain["report"]["crawl"]["sources"][0]["changed"] == 1

    listed = samsok("report", "--list").out.splitlines()
    assert [line.split()[0] for line in listed] == ["#2", "#1"]
    assert "3 documents  +0 ~1 -0" in listed[0]
    for number in ("3", "99999999999"):
        unknown = samsok("report", number)
        assert unknown.code == 2
        assert "samsok report --list" in unknown.err
    assert samsok("report", "first").code == 2


def test_a_run_that_failed_is_shown_too_and_noted(samsok: Samsok) -> None:
    samsok("reindex")
    store = samsok.directory / "var" / "crawl.db"
    kept = store.read_bytes()
    store.write_bytes(b"this is not a database, and long enough to be looked at as one" * 100)
    for more in ("-wal", "-shm"):
        store.with_name(store.name + more).unlink(missing_ok=True)

    told = samsok("reindex")

    assert told.code == 1
    assert "Traceback" not in told.err
    assert [run.outcome for run in note(samsok).runs] == ["failed", "published"]
    store.write_bytes(kept)
    assert samsok("status").code == 0


def test_a_source_that_is_down_keeps_its_documents_and_says_since_when(
    samsok: Samsok, site: FauxSite
) -> None:
    assert samsok("reindex").code == 0
    well = note(samsok)
    assert [(it.name, it.documents, it.problem) for it in well.sources] == [("exempel", 3, "")]
    assert well.succeeded == well.runs[0].finished
    age(samsok, days=3)
    assert samsok("status", "--check", "--max-age-hours", "80").out == "fresh\n"
    stale = samsok("status", "--check")
    assert stale.code == 1
    assert stale.out.startswith("STALE: no run has ended well for 3 days")

    go_down(site)
    assert samsok("reindex").code == 1

    status = samsok("status").out
    assert (
        "exempel  3  documents  NOT REACHED for 3 days: dropped; its documents are kept" in status
    )
    assert "not reached: exempel" in status
    assert f"1  dropped  such as {site.url('/')}" in status
    assert "samsok explain URL" in status
    assert "documents over the last 2 runs:\n  3 ▁▁ 3\n" in status
    plain: Any = samsok("status", "--json").json
    (source,) = plain["sources"]
    assert (source["documents"], source["problem"]) == (3, "dropped")
    assert source["reached"] < source["tried"]
    assert site.url("/") in source["detail"]
    (down,) = note(samsok).sources
    assert (down.documents, down.problem, down.reached) == (3, "dropped", down.reached)
    assert down.reached is not None
    assert dict(note(samsok).failures) == {"dropped": 1}
    assert site.url("").encode() not in note(samsok).to_bytes()


def test_the_status_is_a_file_for_prometheus(samsok: Samsok, site: FauxSite) -> None:
    file = samsok.directory / "samsok.prom"
    samsok("reindex")
    go_down(site)
    samsok("reindex")

    told = samsok("status", "--prometheus", str(file))

    assert (told.code, told.out, told.err) == (0, "", "")
    families = list(text_string_to_metric_families(file.read_text(encoding="utf-8")))
    samples = {
        (sample.name, *sample.labels.values()): sample.value
        for family in families
        for sample in family.samples
    }
    assert samples["samsok_index_documents",] == 3
    assert samples["samsok_source_documents", "exempel"] == 3
    assert samples["samsok_source_failing", "exempel"] == 1
    assert samples["samsok_sources_failing",] == 1
    assert samples["samsok_failing_pages", "dropped"] == 1
    assert samples["samsok_last_run_outcome", "unchanged"] == 1
    assert samples["samsok_last_run_outcome", "failed"] == 0
    created = samples["samsok_index_created_timestamp_seconds",]
    assert created < samples["samsok_last_success_timestamp_seconds",]
    assert samples["samsok_source_reached_timestamp_seconds", "exempel"] < created
    assert all(family.documentation and family.type == "gauge" for family in families)
    assert list(samsok.directory.glob(".samsok.prom*")) == []
    nowhere = samsok("status", "--prometheus", "/nowhere/samsok.prom")
    assert nowhere.code == 1
    assert "/nowhere/samsok.prom cannot be written" in nowhere.err


def test_who_is_named_is_told_of_a_refused_run_and_that_all_is_well_again(
    samsok: Samsok, site: FauxSite, monkeypatch: pytest.MonkeyPatch
) -> None:
    with Webhook() as webhook:
        monkeypatch.setenv("SAMSOK_WEBHOOK", webhook.url)
        text = samsok.config.read_text("utf-8") + "notify: {webhook: 'env:SAMSOK_WEBHOOK'}\n"
        samsok.config.write_text(text, "utf-8")
        said = [samsok("check"), samsok("reindex", "-vv")]
        site.reply("/avtal", Reply(status=410))
        refused = samsok("reindex", "-vv")
        well = samsok("reindex", "-vv", "--from-store", "--force", "avtalet har gått ut")
        again = samsok("report", "1", "--notify")
        webhook.status = 500
        lost = samsok("report", "--notify")
        unheard = samsok("reindex", "--full", "--source", "exempel")

    assert (refused.code, well.code, unheard.code) == (3, 0, 0)
    assert webhook.events == ["refused", "recovered", "test", "test"]
    assert "1 of 3 documents are gone" in webhook.told[0]["text"]
    assert webhook.told[2]["report"]["outcome"] == "published"
    assert (again.code, again.out) == (0, "the report of run 1 was taken by the webhook\n")
    assert lost.code == 1
    assert "nobody was told by the webhook: answered 500" in lost.out
    assert "a webhook at 127.0.0.1" in said[0].out
    everything = [*said, refused, well, again, lost, unheard]
    assert not any("s3cret" in it.out + it.err for it in everything)


def test_that_nobody_could_be_told_is_a_warning_in_the_report(samsok: Samsok) -> None:
    text = samsok.config.read_text("utf-8") + "notify: {command: [/nowhere/mail, -s, Samsök]}\n"
    samsok.config.write_text(text, "utf-8")
    assert "WHICH IS NOT ON THIS MACHINE" in samsok("check").out
    (samsok.directory / "var").mkdir()
    (samsok.directory / "var" / "index").write_text("not a directory")

    told = samsok("reindex")

    assert told.code == 1
    warning = "nobody was told by the command mail: cannot be started: No such file or directory"
    assert warning in told.err
    (samsok.directory / "var" / "index").unlink()
    shown = samsok("report").out
    assert "reindex, failed" in shown
    assert f"warning: {warning}" in shown
    assert "FAILED after" in shown


def test_a_test_of_telling_needs_somebody_to_tell(samsok: Samsok) -> None:
    samsok("reindex")

    told = samsok("report", "last", "--notify")

    assert told.code == 2
    assert "notify.webhook" in told.err
