"""TLS and accounts: what is right works, and what is not is told without a secret."""

from __future__ import annotations

import datetime as dt
import logging
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import falcon.testing
import pytest
import trustme

from indexer import cli, config
from indexer.engine import open_index
from indexer.engine.opensearch_backend import ClusterSettings, OpenSearchIndex
from indexer.engine.opensearch_backend.bulk import BulkWriter
from indexer.errors import IndexUnreachable
from search_api.app import create_app
from search_api.settings import Settings
from tests.support.cluster_proxy import Answer, Rule, standing_in, welcome
from tests.support.command import CONFIG

USER, PASSWORD = "indexskrivaren", "h€mligt-å"
OURS = "127.0.0.1"
NAMED = f"User [name={USER}, backend_roles=[]]"


def alive(_method: str, path: str) -> Answer | None:
    return welcome() if path == "/" else None


@dataclass(frozen=True)
class Installation:
    """The configuration of somebody whose cluster has an authority of its own."""

    authority: trustme.CA
    directory: Path

    def config(
        self, url: str, *, ca_file: str = "ca.pem", variable: str = "SAMSOK_PASSWORD"
    ) -> Path:
        path = self.directory / "crawl_config.yaml"
        named = f"ca_file: {ca_file}, " if ca_file else ""
        path.write_text(
            CONFIG.format(url="http://127.0.0.1:9/", canaries="")
            + f"index: {{backend: opensearch, url: [{url}], {named}"
            f"username: env:SAMSOK_USER, password: env:{variable}}}\n",
            encoding="utf-8",
        )
        return path


@pytest.fixture(scope="module")
def authority() -> trustme.CA:
    return trustme.CA()


@pytest.fixture
def here(authority: trustme.CA, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Installation:
    authority.cert_pem.write_to_path(str(tmp_path / "ca.pem"))
    trustme.CA().cert_pem.write_to_path(str(tmp_path / "other.pem"))
    (tmp_path / "text.pem").write_text("no certificate", encoding="utf-8")
    (tmp_path / "var").mkdir()
    monkeypatch.setenv("SAMSOK_USER", USER)
    monkeypatch.setenv("SAMSOK_PASSWORD", PASSWORD)
    monkeypatch.setenv("SAMSOK_WRONG", "fel-lösen")
    monkeypatch.delenv("SAMSOK_UNSET", raising=False)
    return Installation(authority, tmp_path)


@contextmanager
def node(certificate: trustme.LeafCert | None, rule: Rule = alive) -> Iterator[str]:
    with standing_in(rule, certificate=certificate, credentials=f"{USER}:{PASSWORD}") as proxy:
        yield proxy.url


def test_a_node_with_tls_and_accounts_is_asked(here: Installation) -> None:
    with node(here.authority.issue_cert(OURS)) as url:
        settings = config.load(here.config(url))
        index = open_index(settings.index.plain(), settings.data_dir / "index")

        assert index.current() is None


def test_every_mistake_is_told_with_the_way_out_and_no_secret(
    here: Installation, capfd: pytest.CaptureFixture[str], caplog: pytest.LogCaptureFixture
) -> None:
    caplog.set_level(logging.DEBUG)
    now = dt.datetime.now(dt.UTC)
    day = dt.timedelta(days=1)
    good = here.authority.issue_cert(OURS)
    cases: tuple[tuple[trustme.LeafCert, dict[str, str], str, str], ...] = (
        (good, {"ca_file": "other.pem"}, "not signed by what index.ca_file", "name there the cert"),
        (
            good,
            {"ca_file": ""},
            "nobody whom this machine trusts has signed it",
            "as index.ca_file",
        ),
        (good, {"ca_file": "text.pem"}, "holds no certificate", "as PEM"),
        (
            here.authority.issue_cert("search-1.example.org"),
            {},
            "mismatch",
            "Write in index.url a name that the certificate holds",
        ),
        (
            here.authority.issue_cert(OURS, not_before=now - 3 * day, not_after=now - day),
            {},
            "it has expired",
            "give the nodes a new one",
        ),
        (
            here.authority.issue_cert(OURS, not_before=now + day, not_after=now + 3 * day),
            {},
            "it is not valid yet",
            "look at the clocks",
        ),
        (good, {"variable": "SAMSOK_WRONG"}, "does not let us in (401)", "check index.username"),
        (good, {"variable": "SAMSOK_UNSET"}, "no variable SAMSOK_UNSET", "set it"),
    )
    for certificate, said, what, way_out in cases:
        with node(certificate) as url:
            path = str(here.config(url, **said))
            codes = [
                cli.main([*verb, "--config", path]) for verb in (("search", "avtal"), ("status",))
            ]
            told = capfd.readouterr()

            assert what in told.err, (said, told.err)
            assert way_out in told.err, (said, told.err)
            assert codes[0] in {1, 2}, told.err
            everything = told.out + told.err + caplog.text
            _is_discreet(everything)
            caplog.clear()


@pytest.mark.parametrize(
    ("scheme", "told"),
    [
        ("http", "If the nodes speak TLS, write https:// in index.url"),
        ("https", "speaks no TLS: write http:// in index.url"),
    ],
)
def test_the_other_scheme_is_told_of(here: Installation, scheme: str, told: str) -> None:
    certificate = here.authority.issue_cert(OURS) if scheme == "http" else None
    with node(certificate) as url:
        settings = config.load(here.config(f"{scheme}://{url.partition('://')[2]}"))
        index = open_index(settings.index.plain(), settings.data_dir / "index")

        with pytest.raises(IndexUnreachable, match=told):
            index.current()


def test_a_cluster_that_names_the_user_is_not_quoted(
    here: Installation, caplog: pytest.LogCaptureFixture
) -> None:
    """The security plugin says who may not do what; neither answers nor logs do."""
    caplog.set_level(logging.DEBUG)
    error = {"type": "security_exception", "reason": f"no permissions for [x] and {NAMED}"}
    denied: Answer = (403, {"error": error | {"root_cause": [error]}, "status": 403})
    item = {"index": {"_id": "doc-001", "status": 403, "error": error}}

    def rule(_method: str, path: str) -> Answer | None:
        if path == "/":
            return welcome()
        return (200, {"errors": True, "items": [item]}) if path.endswith("_bulk") else denied

    with node(None, rule) as url:
        given = ClusterSettings(
            urls=(url,),
            username="env:SAMSOK_USER",
            password="env:SAMSOK_PASSWORD",  # noqa: S106 - the name of a variable
        )
        index = OpenSearchIndex(given, cache=here.directory)
        client = falcon.testing.TestClient(
            create_app(index, Settings(data_dir=str(here.directory / "var")))
        )
        answer = client.simulate_get("/api/v1/search?q=avtal")
        with pytest.raises(IndexUnreachable, match=r"\(403\).*what that user may do") as refused:
            index.cluster.ask("GET", "/_cluster/health")
        writer = BulkWriter(index.cluster, "samsok-gen-000001")
        writer.put("doc-001", {"id": "doc-001"})
        with pytest.raises(IndexUnreachable, match=r"\(403\).*what that user may do"):
            writer.flush()
        writer.close()

    assert answer.status_code == 503
    assert answer.json["code"] == "index_unreachable"
    assert refused.value.__suppress_context__
    _is_discreet(answer.text + caplog.text)


def _is_discreet(text: str) -> None:
    assert USER not in text
    assert PASSWORD not in text
    assert "fel-lösen" not in text
    assert "Traceback" not in text
