from __future__ import annotations

import orjson

from tests.support.command import Samsok
from tests.support.faux_site import FauxSite


def test_proposals_come_with_the_pages_that_say_so(samsok: Samsok, site: FauxSite) -> None:
    assert "run `samsok reindex`" in samsok("vocabulary", "suggest").out
    site.page("/avtal", html="<h1>Avtal</h1><p>Om verksamhetsförlagd utbildning (VFU) här.</p>")
    samsok("crawl")
    told = samsok("vocabulary", "suggest")
    assert told.code == 0
    assert "VFU = verksamhetsförlagd utbildning (1 page)" in told.out
    assert f"explained in the text: {site.url('/avtal')}" in told.out
    (one,) = orjson.loads(samsok("vocabulary", "suggest", "--json").out)
    assert one["name"] == "VFU"
    assert (
        '  VFU: ["verksamhetsförlagd utbildning"]' in samsok("vocabulary", "suggest", "--yaml").out
    )
    assert samsok("vocabulary").code == 2
