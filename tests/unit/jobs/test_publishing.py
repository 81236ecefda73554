from __future__ import annotations

import dataclasses
import re

import pytest

from indexer.config import Canary, Config, PublishSettings
from indexer.engine.whoosh_backend import WhooshIndex
from indexer.errors import GenerationUnknown, IndexDamaged, IndexMissing, JobLocked
from indexer.jobs import job_lock
from indexer.jobs.publishing import Published, Refused, publish, rollback


def damage(settings: Config, name: str) -> None:
    path = next((settings.data_dir / "index" / name / "segments").glob("*.document.col"))
    path.write_bytes(b"\x00" * path.stat().st_size)


def test_a_rollback_goes_one_back_and_another_one_more(
    settings: Config, index: WhooshIndex
) -> None:
    first = rollback(settings)
    assert (first.before, first.generation.name) == ("gen-000003", "gen-000002")
    assert index.current() == "gen-000002"

    rollback(settings)
    assert index.current() == "gen-000001"
    with pytest.raises(IndexMissing, match="no older generation"):
        rollback(settings)
    assert index.current() == "gen-000001"


def test_a_rollback_goes_to_the_one_named(settings: Config, index: WhooshIndex) -> None:
    assert rollback(settings, "gen-000001").generation.documents == 1
    assert index.current() == "gen-000001"
    assert rollback(settings, "gen-000003").before == "gen-000001"


def test_a_damaged_generation_is_passed_over_and_refused_when_it_is_named(
    settings: Config, index: WhooshIndex
) -> None:
    damage(settings, "gen-000002")

    with pytest.raises(IndexDamaged, match="gen-000002 is damaged"):
        rollback(settings, "gen-000002")
    done = rollback(settings)

    assert done.damaged == ("gen-000002",)
    assert index.current() == "gen-000001"


def test_an_unknown_name_is_answered_with_those_there_are(
    settings: Config, index: WhooshIndex
) -> None:
    with pytest.raises(GenerationUnknown) as refused:
        rollback(settings, "gen-000042")

    told = str(refused.value).splitlines()[1:]
    assert [line.split()[0] for line in told] == ["gen-000003", "gen-000002", "gen-000001"]
    assert re.search(r"3 documents, [a-z0-9 ]+, in service", told[0])
    assert index.current() == "gen-000003"


@pytest.mark.parametrize("content", ["?", "gen-000009"])
def test_a_rollback_mends_a_damaged_current(
    settings: Config, index: WhooshIndex, content: str
) -> None:
    (settings.data_dir / "index" / "CURRENT").write_text(content)

    assert rollback(settings).generation.name == "gen-000003"
    assert index.current() == "gen-000003"


def test_what_is_newer_than_a_lost_generation_is_not_gone_back_to(
    settings: Config, index: WhooshIndex
) -> None:
    index.publish("gen-000002")
    damage(settings, "gen-000002")
    (settings.data_dir / "index" / "gen-000002" / "manifest.json").unlink()

    assert rollback(settings).generation.name == "gen-000001"


def test_neither_runs_beside_another_job(settings: Config, index: WhooshIndex) -> None:
    with job_lock(settings.data_dir):
        with pytest.raises(JobLocked):
            rollback(settings)
        with pytest.raises(JobLocked):
            publish(settings)

    assert index.current() == "gen-000003"


def test_without_an_index_nothing_is_made(settings: Config) -> None:
    for verb in (rollback, publish):
        with pytest.raises(IndexMissing, match="samsok reindex"):
            verb(settings)
    assert not settings.data_dir.exists()


def test_while_it_is_unknown_what_must_be_hidden_nothing_is_changed(
    settings: Config, index: WhooshIndex
) -> None:
    (settings.data_dir / "index" / "suppressed.json").write_text("[")

    with pytest.raises(IndexDamaged, match=r"suppressed\.json"):
        rollback(settings)
    assert index.current() == "gen-000003"


# --- publish ------------------------------------------------------------------------------------


@pytest.fixture
def strict(settings: Config) -> Config:
    """A configuration whose canary finds nothing."""
    canary = Canary(q="sida", url="https://www.example.org/nowhere", top=3)
    return dataclasses.replace(settings, publish=PublishSettings(canaries=(canary,)))


def test_what_the_gate_refuses_is_published_by_force_only(
    strict: Config, index: WhooshIndex
) -> None:
    index.publish("gen-000001")

    refused = publish(strict)
    assert isinstance(refused, Refused)
    assert "does not find" in refused.objections[0]
    assert index.current() == "gen-000001"

    done = publish(strict, force=True)
    assert isinstance(done, Published)
    assert (done.before, index.current()) == ("gen-000001", "gen-000003")


def test_the_gate_asks_how_much_is_lost(settings: Config, index: WhooshIndex) -> None:
    refused = publish(settings, "gen-000001")

    assert isinstance(refused, Refused)
    assert "2 of 3 documents are gone" in refused.objections[0]
    assert index.current() == "gen-000003"


def test_force_does_not_publish_what_is_damaged(settings: Config, index: WhooshIndex) -> None:
    index.publish("gen-000001")
    damage(settings, "gen-000003")

    with pytest.raises(IndexDamaged, match="gen-000003 is damaged"):
        publish(settings, force=True)
    assert index.current() == "gen-000001"
