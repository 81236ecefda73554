"""The stores of four shards, indexed in a cluster night after night by what changed."""

from __future__ import annotations

import uuid
from pathlib import Path

import pytest

from indexer.engine.opensearch_backend import OpenSearchIndex
from tests.support.cluster import deleted, urls
from tests.support.faux_site import Reply
from tests.support.nights import Nights
from tests.support.region import HOSTS, region

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]


def test_a_night_of_few_changes_is_built_on_what_is_in_service(tmp_path: Path) -> None:
    nodes = ", ".join(f'"{url}"' for url in urls())
    index = (
        f"index: {{backend: opensearch, url: [{nodes}], prefix: test-{uuid.uuid4().hex[:12]}, "
        "shards: 3, replicas: 0}\n"
    )
    with region() as sites:
        nights = Nights(tmp_path, sites, index=index)
        assert isinstance(nights.index, OpenSearchIndex)
        with deleted(nights.index):
            nights.crawl()
            assert nights.reindex().outcome == "published"
            assert nights.indexed() == (0, nights.stored())
            assert nights.reindex().outcome == "unchanged"

            sites[HOSTS[0]].page("/sida-5/", title="Ny", html="<h1>Ny</h1><p>Havsörnar.</p>")
            sites[HOSTS[-1]].reply("/sida-5/", Reply(status=410))
            nights.crawl()
            assert nights.reindex().outcome == "published"
            assert nights.indexed() == (1, nights.stored())

            assert nights.reindex(update=False).outcome == "published"
            assert nights.indexed() == (0, nights.stored())
