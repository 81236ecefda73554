"""A machine whose clock is wrong for a night, or moves while the job runs: a real process sees it.

The clock is moved by libfaketime, for `samsok` and every process that it starts with it.
"""

from __future__ import annotations

import re
import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.fault.editions import PAGES, Patient, answering, edition, write_pages
from tests.support.command import Outcome
from tests.support.faux_site import FauxSite

pytestmark = [
    pytest.mark.fault,
    pytest.mark.timeout(600),
    pytest.mark.skipif(not shutil.which("faketime"), reason="no faketime here"),
]

NOTHING = "+0"
AHEAD = "+40d"
BEHIND = "-40d"


class Clock(Patient):
    """Runs the command by a clock that can be set."""

    @property
    def _setting(self) -> Path:
        return self.directory / "clock"

    def set(self, offset: str) -> None:
        """Move the clock: of what starts from now on, and of what runs."""
        fresh = self._setting.with_suffix(".new")
        fresh.write_text(offset, encoding="utf-8")
        fresh.replace(self._setting)

    def _environment(self) -> dict[str, str]:
        return super()._environment() | {
            "LD_PRELOAD": preloaded(),
            "FAKETIME_TIMESTAMP_FILE": str(self._setting),
            "FAKETIME_CACHE_DURATION": "1",
            "FAKETIME_DONT_FAKE_MONOTONIC": "1",  # as on a real machine
        }


def preloaded() -> str:
    """Return where the library lies, as its own command knows it."""
    told = subprocess.run(
        ["faketime", "-f", "+0", "env"], capture_output=True, text=True, check=True
    )
    (library,) = (line for line in told.stdout.splitlines() if line.startswith("LD_PRELOAD="))
    return library.removeprefix("LD_PRELOAD=")


@pytest.fixture
def site() -> Iterator[FauxSite]:
    with FauxSite() as served:
        yield served


@pytest.fixture
def samsok(tmp_path: Path, site: FauxSite) -> Clock:
    """A directory in which the first edition is published, while the site has the second."""
    command = Clock(tmp_path, plain=True)
    command.write_config(site.url("/"))
    command.set(NOTHING)
    write_pages(site, edition=1)
    assert command("reindex").code == 0
    write_pages(site, edition=2)
    return command


def published(samsok: Clock, expected: str) -> Outcome:
    told = samsok("reindex")
    assert told.code == 0, (told.out, told.err)
    assert edition(samsok) == expected
    return told


@pytest.mark.parametrize("offset", [AHEAD, BEHIND])
def test_a_night_by_a_wrong_clock_publishes_and_the_next_by_the_right_one_too(
    samsok: Clock, site: FauxSite, offset: str
) -> None:
    with answering(samsok) as seen:
        samsok.set(offset)
        published(samsok, "2")
        write_pages(site, edition=3)
        samsok.set(NOTHING)
        published(samsok, "3")
        status = samsok("status")
    assert status.code == 0, (status.out, status.err)
    assert not re.search(r"(?<!\d)-\d+ (second|minute|hour|day)", status.out), status.out
    assert seen >= {"1", "3"}


def test_a_clock_that_was_ahead_is_told_by_doctor_until_what_it_left_is_gone(
    samsok: Clock,
) -> None:
    samsok.set(AHEAD)
    published(samsok, "2")
    samsok.set(NOTHING)

    told = samsok("doctor")

    assert told.code == 1, (told.out, told.err)
    assert "the clock of this machine is wrong, or was" in told.out
    assert "samsok reindex --full" in told.out
    assert samsok("reindex", "--full").code == 0


@pytest.mark.parametrize(("before", "after"), [(NOTHING, AHEAD), (AHEAD, NOTHING)])
def test_a_clock_that_is_set_while_the_job_runs_costs_nothing(
    samsok: Clock, site: FauxSite, before: str, after: str
) -> None:
    samsok.set(before)
    begun = len(site.requests)
    with answering(samsok):
        process = samsok.start("reindex")
        while len(site.requests) < begun + PAGES // 2:
            assert process.poll() is None, process.communicate()
        samsok.set(after)
        out, err = process.communicate(timeout=300)
    assert process.returncode == 0, (out, err)
    assert "Traceback" not in err
    assert edition(samsok) == "2"

    samsok.set(NOTHING)
    write_pages(site, edition=3)
    published(samsok, "3")
