from __future__ import annotations

from pathlib import Path

import pytest

from indexer.errors import ConfigError, GateRefused
from indexer.evaluate import Run, check, raise_floors
from tests.unit.evaluate.conftest import result, run_of

POOR = run_of(result("ett", ("/a/", 3, 3)), result("två", ("/a/", 3, 1)))
GOOD = run_of(result("ett", ("/a/", 3, 2)), result("två", ("/a/", 3, 1)))
FEWER = run_of(result("två", ("/a/", 3, 1)))


@pytest.fixture
def baseline(tmp_path: Path) -> Path:
    return tmp_path / "baseline.json"


@pytest.mark.parametrize("run", [POOR, GOOD, FEWER])
def test_a_run_passes_the_floors_that_it_set(baseline: Path, run: Run) -> None:
    floors = raise_floors(run, baseline)

    assert check(run, baseline) == floors
    assert floors["queries"] == len(run.results)
    for name, mean in run.means().items():
        assert mean - 1e-4 < floors[name] <= mean + 1e-9


def test_a_worse_run_is_refused_with_figure_and_floor(baseline: Path) -> None:
    raise_floors(GOOD, baseline)

    with pytest.raises(GateRefused) as refused:
        check(POOR, baseline)

    assert any(reason.startswith("ndcg@10 is 0.75, below") for reason in refused.value.reasons)
    assert not any("recall" in reason for reason in refused.value.reasons)


def test_leaving_hard_queries_out_is_refused(baseline: Path) -> None:
    raise_floors(GOOD, baseline)

    with pytest.raises(GateRefused, match=r"queries is 1, below its floor 2"):
        check(FEWER, baseline)


def test_floors_rise(baseline: Path) -> None:
    before = raise_floors(POOR, baseline)
    after = raise_floors(GOOD, baseline)

    assert after["ndcg@10"] > before["ndcg@10"]
    assert check(GOOD, baseline) == after


def test_floors_never_fall(baseline: Path) -> None:
    raise_floors(GOOD, baseline)
    written = baseline.read_bytes()

    with pytest.raises(GateRefused):
        raise_floors(POOR, baseline)

    assert baseline.read_bytes() == written


def test_a_baseline_may_hold_some_measures_only(baseline: Path) -> None:
    baseline.write_text('{"floors": {"mrr": 0.5}}')

    assert check(POOR, baseline) == {"mrr": 0.5}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("", "is not a baseline"),
        ("[]", "is not a baseline"),
        ('{"floors": {}}', "is not a baseline"),
        ('{"floors": {"mrr": "hög"}}', "is not a baseline"),
        ('{"floors": {"mrr": null}}', "is not a baseline"),
        ('{"floors": {"mmr": 0.5}}', "names 'mmr'; there are: queries, ndcg@10, mrr"),
    ],
)
def test_what_is_no_baseline_is_told(baseline: Path, text: str, told: str) -> None:
    baseline.write_text(text)

    with pytest.raises(ConfigError, match=told):
        check(GOOD, baseline)
    with pytest.raises(ConfigError, match=told):
        raise_floors(GOOD, baseline)
    assert baseline.read_text() == text


def test_a_baseline_that_is_not_there_is_told(baseline: Path) -> None:
    with pytest.raises(ConfigError, match="cannot be read"):
        check(GOOD, baseline)
