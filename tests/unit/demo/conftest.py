from collections.abc import Iterator

import pytest

from indexer.cli.demo.rendering import SiteContent
from indexer.cli.demo.server import DemoSite


@pytest.fixture(scope="package")
def content() -> SiteContent:
    return SiteContent()


@pytest.fixture(scope="package")
def shared_site() -> Iterator[DemoSite]:
    with DemoSite() as site:
        yield site


@pytest.fixture
def site(shared_site: DemoSite) -> DemoSite:
    shared_site.requested.clear()
    return shared_site
