"""Every job over TLS, with an account, in front of a real node: as one runs it, from a shell."""

from __future__ import annotations

import uuid
from pathlib import Path

import httpx
import pytest
import trustme

from tests.support.cluster import urls
from tests.support.cluster_proxy import standing_in
from tests.support.command import CONFIG, Samsok
from tests.support.faux_site import FauxSite

pytestmark = [pytest.mark.cluster, pytest.mark.timeout(300)]

USER, PASSWORD = "indexskrivaren", "h€mligt-å"


def test_jobs_run_over_tls_with_an_account(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    authority = trustme.CA()
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    monkeypatch.setenv("SAMSOK_USER", USER)
    monkeypatch.setenv("SAMSOK_PASSWORD", PASSWORD)
    prefix, samsok = f"test-{uuid.uuid4().hex[:12]}", Samsok(tmp_path)
    with (
        FauxSite() as site,
        standing_in(
            lambda _method, _path: None,
            urls()[0],
            certificate=authority.issue_cert("127.0.0.1"),
            credentials=f"{USER}:{PASSWORD}",
        ) as proxy,
    ):
        site.page("/", html="<h1>Samverkan</h1><p>Om partnerskapsavtal mellan parter.</p>")
        samsok.config.write_text(
            CONFIG.format(url=site.url("/"), canaries="")
            + f"index: {{backend: opensearch, url: [{proxy.url}], ca_file: ca.pem, replicas: 0, "
            f"prefix: {prefix}, username: env:SAMSOK_USER, password: env:SAMSOK_PASSWORD}}\n",
            encoding="utf-8",
        )
        try:
            told = [
                samsok(*verb, timeout=120)
                for verb in (
                    ("reindex",),
                    ("reindex", "--from-store"),
                    ("search", "partnerskapsavtal", "--json"),
                    ("status",),
                    ("doctor", "--offline"),
                )
            ]
        finally:
            httpx.delete(f"{urls()[0]}/{prefix}-*")

    assert [it.code for it in told] == [0] * len(told), [it.err for it in told]
    assert told[2].json["total"] == 1
    assert "OpenSearch 2." in told[3].out
    for it in told:
        assert USER not in it.out + it.err
        assert PASSWORD not in it.out + it.err
