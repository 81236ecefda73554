from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.support.faux_site import FauxSite
from tests.support.operator import Operator


@pytest.fixture
def site() -> Iterator[FauxSite]:
    with FauxSite() as site:
        yield site


@pytest.fixture
def operator(site: FauxSite, tmp_path: Path) -> Iterator[Operator]:
    operator = Operator(site, tmp_path)
    with operator.store:
        yield operator
