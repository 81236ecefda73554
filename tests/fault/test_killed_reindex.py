from __future__ import annotations

import random
import signal
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.command import Samsok
from tests.support.faux_site import FauxSite

pytestmark = pytest.mark.fault

PAGES = 40
KILLS = 12


@pytest.fixture
def site() -> Iterator[FauxSite]:
    with FauxSite() as served:
        write_pages(served, edition=1)
        yield served


def write_pages(site: FauxSite, *, edition: int) -> None:
    site.page(
        "/", html=f"<h1>Start</h1><p>Utgåva{edition}.</p>", links=[f"/{n}" for n in range(PAGES)]
    )
    for number in range(PAGES):
        site.page(f"/{number}", html=f"<h1>Sida {number}</h1><p>Samverkan utgåva{edition}.</p>")


@pytest.mark.timeout(300)
def test_a_reindex_killed_at_any_moment_leaves_the_published_index_answering(
    tmp_path: Path, site: FauxSite
) -> None:
    samsok = Samsok(tmp_path)
    samsok.write_config(site.url("/"))
    started = time.monotonic()
    assert samsok("reindex").code == 0
    whole_run = time.monotonic() - started
    chance = random.Random(1)

    editions = {1}
    for edition in range(2, KILLS + 2):
        write_pages(site, edition=edition)
        editions.add(edition)
        process = samsok.start("reindex")
        time.sleep(chance.uniform(0.1, whole_run))
        process.send_signal(signal.SIGKILL)
        process.communicate()

        found: Any = samsok("search", "samverkan", "--json").json
        assert found["total"] == PAGES
        seen = {word for hit in found["results"] for word in hit["snippet"].lower().split()}
        assert seen & {f"utgåva{number}." for number in editions}

    told = samsok("reindex", "-v")
    assert told.code == 0, told.err
    last: Any = samsok("search", f"utgåva{KILLS + 1}", "--json").json
    assert last["total"] == PAGES + 1
    assert not (tmp_path / "var" / "index" / "building").exists()
