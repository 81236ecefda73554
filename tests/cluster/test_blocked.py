"""Jobs while a cluster takes no writes, as when its disks are full: told, and nothing is lost."""

from __future__ import annotations

import uuid
from pathlib import Path

import httpx
import pytest

from tests.support.cluster import urls
from tests.support.command import CONFIG, Samsok
from tests.support.faux_site import FauxSite

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]


def test_jobs_say_what_to_do_and_what_serves_goes_on_serving(tmp_path: Path) -> None:
    prefix, samsok, node = f"test-{uuid.uuid4().hex[:12]}", Samsok(tmp_path), urls()[0]

    def block(*, on: bool | None) -> None:
        body = {"index.blocks.read_only_allow_delete": on}
        httpx.put(f"{node}/{prefix}-*/_settings", json=body).raise_for_status()

    def found(words: str) -> object:
        return samsok("search", words, "--json").json["total"]

    with FauxSite() as site:
        site.page("/", html="<h1>Samverkan</h1><p>Om partnerskapsavtal, av Åsa Ek.</p>")
        samsok.config.write_text(
            CONFIG.format(url=site.url("/"), canaries="")
            + f"index: {{backend: opensearch, url: [{node}], replicas: 0, prefix: {prefix}}}\n",
            encoding="utf-8",
        )
        try:
            assert samsok("reindex").code == 0
            block(on=True)
            site.page("/", html="<h1>Samverkan</h1><p>Om cykelbanor.</p>")
            failed = [
                samsok(*verb)
                for verb in (
                    ("reindex",),
                    ("reindex", "--from-store"),
                    ("forget", site.url("/")),
                )
            ]
            assert (found("partnerskapsavtal"), found("cykelbanor")) == (1, 0)
            block(on=None)
            again = samsok("reindex", "--from-store")
            assert (found("partnerskapsavtal"), found("cykelbanor")) == (0, 1)
        finally:
            httpx.delete(f"{node}/{prefix}-*")

    for told in failed:
        assert told.code == 1, told.err
        assert "takes no writes: its disks are nearly full" in told.err
        assert "Free space on its nodes" in told.err
        assert "Traceback" not in told.err
    assert again.code == 0, again.err
