from __future__ import annotations

import orjson
import pytest

from tests.support.command import Samsok
from tests.support.faux_site import FauxSite

pytestmark = pytest.mark.jobs


def harvest(samsok: Samsok, site: FauxSite) -> None:
    site.page(
        "/avtal",
        html="<h1>Avtal</h1><p>Om verksamhetsförlagd utbildning (VFU) i Norrtuna kommun.</p>",
    )
    site.page("/projekt", html="<h1>Vård</h1><p>Simulering tillsammans med Norrtuna kommun.</p>")
    samsok("crawl")


def test_proposals_come_with_the_pages_that_say_so(samsok: Samsok, site: FauxSite) -> None:
    assert "run `samsok reindex`" in samsok("vocabulary", "suggest").out
    harvest(samsok, site)
    asked = len(site.requested)
    told = samsok("vocabulary", "suggest")
    assert (told.code, told.err) == (0, "")
    assert "VFU = verksamhetsförlagd utbildning (1 page)" in told.out
    assert f"explained in the text: {site.url('/avtal')}" in told.out
    assert "Norrtuna kommun (2 pages)" in told.out
    assert len(site.requested) == asked


def test_one_kind_can_be_asked_for_and_so_many_of_it(samsok: Samsok, site: FauxSite) -> None:
    harvest(samsok, site)
    (one,) = orjson.loads(samsok("vocabulary", "suggest", "--abbreviations", "--json").out)
    assert (one["kind"], one["name"]) == ("abbreviation", "VFU")
    assert one["evidence"] == [{"url": site.url("/avtal"), "place": "explained in the text"}]
    assert "the vocabulary knows" in samsok("vocabulary", "suggest", "--areas").out
    both = samsok("vocabulary", "suggest", "--partners", "--abbreviations", "--top", "1").out
    assert "partners" in both
    assert "abbreviations" in both


def test_what_is_copied_into_the_configuration_is_not_proposed_again(
    samsok: Samsok, site: FauxSite
) -> None:
    harvest(samsok, site)
    yaml = samsok("vocabulary", "suggest", "--yaml").out
    assert '    - name: "Norrtuna kommun"  # 2 pages\n' in yaml
    assert '    "VFU": ["verksamhetsförlagd utbildning"]  # 1 page\n' in yaml
    with samsok.config.open("a", encoding="utf-8") as config:
        config.write(yaml)
    assert samsok("check").code == 0
    assert samsok("vocabulary", "suggest", "--yaml").out == "# nothing to propose\n"


def test_wrong_use_is_told_in_one_line(samsok: Samsok) -> None:
    assert samsok("vocabulary").code == 2
    assert samsok("vocabulary", "suggest", "--top", "0").code == 2
    told = samsok("vocabulary", "suggest", "--source", "annan")
    assert told.code == 2
    assert "there is no source 'annan'" in told.err
