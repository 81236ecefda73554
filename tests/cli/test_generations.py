from __future__ import annotations

from typing import Any

import pytest

from tests.support.command import Samsok
from tests.support.faux_site import FauxSite

pytestmark = pytest.mark.jobs


def test_doctor_finds_damage_and_rollback_mends_it(samsok: Samsok, site: FauxSite) -> None:
    assert samsok("reindex").code == 0
    site.page("/projekt", html="<h1>Projekt</h1><p>Nu om hälsa och annat.</p>")
    assert "published gen-000002" in samsok("reindex").out
    well = samsok("doctor")
    assert (well.code, well.err) == (0, "")
    assert "nothing is wrong" in well.out
    assert "gen-000002 is in service: 3 documents" in well.out

    current = samsok.directory / "var" / "index" / "gen-000002"
    next((current / "segments").glob("*.document.col")).unlink()
    ill = samsok("doctor")
    assert ill.code == 1
    assert "PROBLEM" in ill.out
    assert "samsok rollback" in ill.out
    plain: Any = samsok("doctor", "--json").json
    assert plain["is_well"] is False
    broken = samsok("search", "avtal")
    assert broken.code == 1
    assert "samsok rollback" in broken.err

    for verb in ("rollback", "publish"):
        told = samsok(verb, "gen-000009")
        assert told.code == 2
        assert "gen-000001" in told.err
        assert "Traceback" not in told.err
    back = samsok("rollback")
    assert back.code == 0, back.err
    assert back.out == "gen-000001 is in service instead of gen-000002: 3 documents\n"
    assert samsok("search", "partnerskapsavtal", "--json").json["total"] == 1


def test_a_reindex_mends_a_current_that_says_nothing(samsok: Samsok) -> None:
    samsok("reindex")
    for content in ("nonsense", "gen-000009"):
        (samsok.directory / "var" / "index" / "CURRENT").write_text(content)

        told = samsok("reindex")

        assert told.code == 0, told.err
        assert "published gen-0000" in told.out
        assert samsok("search", "partnerskapsavtal", "--json").json["total"] == 1


def test_a_refused_generation_is_published_when_it_is_meant(samsok: Samsok, site: FauxSite) -> None:
    samsok("reindex")
    samsok.write_config(site.url("/"), canaries=f'{{q: "hälsa", url: "{site.url("/avtal")}"}}')
    site.page("/projekt", html="<h1>Projekt</h1><p>Nu om hälsa och annat.</p>")
    assert samsok("reindex").code == 3

    refused = samsok("publish")
    assert refused.code == 3
    assert "NOT published: gen-000002" in refused.out
    assert samsok("publish", "--json").json["outcome"] == "refused"
    done = samsok("publish", "--force", "--json")
    assert done.code == 0
    assert done.json["generation"] == "gen-000002"
    assert samsok("publish", "--force").out == "gen-000002 was in service already: 3 documents\n"


def test_doctor_of_a_new_place_warns_and_is_content(samsok: Samsok) -> None:
    told = samsok("doctor")

    assert told.code == 0
    assert "samsok reindex" in told.out
    assert not (samsok.directory / "var").exists()
