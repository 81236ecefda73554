from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.command import Samsok
from tests.support.faux_site import FauxSite


@pytest.fixture
def site() -> Iterator[FauxSite]:
    with FauxSite() as served:
        served.page(
            "/", html="<h1>Samverkan</h1><p>Om samverkan.</p>", links=["/avtal", "/projekt"]
        )
        served.page("/avtal", html="<h1>Avtal</h1><p>Partnerskapsavtalet gäller i tre år.</p>")
        served.page("/projekt", html="<h1>Projekt</h1><p>Projektet handlar om hälsa.</p>")
        yield served


@pytest.fixture
def samsok(tmp_path: Path, site: FauxSite) -> Samsok:
    command = Samsok(tmp_path)
    command.write_config(site.url("/"))
    return command
