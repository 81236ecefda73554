"""A backup as an operator makes it, loses everything, and gets it back."""

from __future__ import annotations

import shutil

import pytest

from tests.support.command import Samsok
from tests.support.faux_site import FauxSite

pytestmark = pytest.mark.jobs


def found(samsok: Samsok, words: str) -> object:
    return samsok("search", words, "--json").json["total"]


def test_everything_is_lost_and_comes_back(samsok: Samsok) -> None:
    assert samsok("reindex").code == 0
    done = samsok("backup", "samsok.tar", "--with-index")
    assert done.code == 0, done.err
    assert "backed up 3 documents and gen-000001: " in done.out

    shutil.rmtree(samsok.directory / "var")
    samsok.config.unlink()
    told = samsok("restore", "samsok.tar")

    assert told.code == 0, told.err
    assert "wrote crawl_config.yaml\n" in told.out
    assert "gen-000001 is in service" in told.out
    assert found(samsok, "partnerskapsavtal") == 1
    assert "nothing is wrong" in samsok("doctor").out


def test_the_first_run_after_a_restore_builds_everything_anew(
    samsok: Samsok, site: FauxSite
) -> None:
    """The store may say the same revision as the index, and mean other documents by it."""
    assert samsok("reindex").code == 0
    assert samsok("backup", "samsok.tar").code == 0
    site.page("/avtal", html="<h1>Avtal</h1><p>Nu handlar sidan om cykelbanor.</p>")
    assert "published gen-000002" in samsok("reindex").out
    assert found(samsok, "cykelbanor") == 1

    told = samsok("restore", "samsok.tar", "--replace")
    assert told.code == 0, told.err
    assert "next: `samsok reindex --from-store`" in told.out
    assert found(samsok, "cykelbanor") == 1  # what serves goes on serving
    site.page("/projekt", html="<h1>Projekt</h1><p>Nu handlar sidan om broar.</p>")
    site.remove("/avtal")
    assert samsok("reindex", "--from-store").code == 0

    assert (found(samsok, "cykelbanor"), found(samsok, "partnerskapsavtal")) == (0, 1)


def test_what_a_user_may_get_wrong_is_said_without_a_traceback(samsok: Samsok) -> None:
    empty = samsok("backup", "samsok.tar")
    assert (empty.code, "nothing to back up yet" in empty.err) == (1, True)
    samsok("reindex")
    assert samsok("backup", "samsok.tar").code == 0

    kept = samsok("restore", "samsok.tar")
    assert kept.code == 2
    assert "is not empty" in kept.err
    assert "--replace" in kept.err
    foreign = samsok("backup", "crawl_config.yaml")
    assert foreign.code == 1
    assert "is not a backup; name another file" in foreign.err
    missing = samsok("restore", "nowhere.tar", "--verify")
    assert missing.code == 1
    assert missing.err == "nowhere.tar cannot be read: No such file or directory\n"
    plain = samsok("restore", "samsok.tar", "--verify", "--json").json
    assert (plain["outcome"], plain["documents"]) == ("whole", 3)

    archive = samsok.directory / "samsok.tar"
    held = bytearray(archive.read_bytes())
    held[len(held) // 2] ^= 1
    archive.write_bytes(held)
    damaged = samsok("restore", "samsok.tar", "--verify")
    assert damaged.code == 1
    assert "is not what was written" in damaged.err
    for told in (empty, kept, foreign, missing, damaged):
        assert "Traceback" not in told.err
